package graph

// Shape is how a node looks.
type Shape uint8

// The shapes.
const (
	Circle Shape = iota // a task
	Box                 // a resource
)

// Node is a task or a resource.
type Node struct {
	Shape  Shape
	Label  string
	Sub    string // small, below it
	Units  int    // of a resource, drawn as dots; 0: none are drawn
	Free   int    // of these, drawn hollow
	Marked bool   // part of what the picture is about
	Faint  bool   // has no part in it
}

// Line is how an edge looks.
type Line uint8

// The lines.
const (
	Dashed Line = iota // a request
	Solid              // an assignment
	Dotted             // a possibility
)

// Edge joins two nodes.
type Edge struct {
	From, To int // indices in Picture.Nodes
	Line     Line
	Label    string
	Marked   bool
}

// Check is a statement with its evidence.
type Check struct {
	Sign     Sign
	Name     string
	Evidence string
}

// Sign is how a Check turned out.
type Sign uint8

// The signs.
const (
	Cross Sign = iota
	Tick
	Tilde
)

// Table is facts in rows.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
}

// Picture is what is drawn: a graph with the finding as its title, a sentence, the
// evidence, and all facts.
type Picture struct {
	Title  string
	Lead   string
	Nodes  []Node
	Edges  []Edge
	Ring   []int    // nodes of the circle that the picture is about, in its order; may be empty
	Note   string   // what the picture leaves out
	Second *Picture // the same seen in another way; may be nil
	Checks []Check
	Foot   string
	Facts  []Table
	Open   bool   // the tables are what it is about, not a supplement
	Quote  string // verbatim, such as Go's own message
	Alt    string // what a teacher would say; empty: made of title and sentence

	tasks [][]uint32 // of a trace: those that each node stands for
}

package protocol

import "encoding/json"

// Execute asks the worker to run one cell.
type Execute struct {
	ID          string            `json:"id"`    // names the cell: everything it prints, whenever, carries this
	Count       int               `json:"count"` // n of "cell[n]" and of the prompt
	Code        string            `json:"code"`
	Silent      bool              `json:"silent,omitempty"`
	AllowStdin  bool              `json:"allow_stdin,omitempty"`
	Expressions map[string]string `json:"expressions,omitempty"` // user_expressions
}

// Done answers Execute. All output of the cell's main part was sent before it.
type Done struct {
	ID          string                `json:"id"`
	Error       *Error                `json:"error,omitempty"` // nil: the cell ran through
	Expressions map[string]Expression `json:"expressions,omitempty"`
	Record      *Record               `json:"record,omitempty"` // nil where the cell declared nothing
	Page        map[string]any        `json:"page,omitempty"`   // help text for the front end's pager, by mime type; with text/plain
	Ends        bool                  `json:"ends,omitempty"`   // the worker's state is beyond trust; replace it
}

// Error is what a front end shows for a failed cell.
type Error struct {
	Name      string   `json:"ename"`  // "panic", "compile error", "interrupted", …
	Value     string   `json:"evalue"` // one line
	Traceback []string `json:"traceback"`
}

// Expression is one evaluated user expression.
type Expression struct {
	Data  map[string]any `json:"data,omitempty"`
	Error *Error         `json:"error,omitempty"`
}

// Record is what a session declares because of one cell: its source with all
// statements blanked out, so that positions stay, and its variables declared
// with their types and no values. Replaying the records in order, as cells,
// restores every declaration and runs nothing of the learner's.
type Record struct {
	Count int      `json:"count"`
	Code  string   `json:"code"`
	Vars  []string `json:"vars,omitempty"` // variables whose values a replay loses
}

// Stream is output of a cell.
type Stream struct {
	Cell string `json:"cell"`
	Name string `json:"name"` // "stdout" or "stderr"
	Text string `json:"text"`
}

// Display is a rich output of a cell.
type Display struct {
	Cell      string         `json:"cell"`
	Kind      string         `json:"kind"` // "display_data", "update_display_data" or "execute_result"
	Data      map[string]any `json:"data"` // by mime type; always with text/plain
	Metadata  map[string]any `json:"metadata,omitempty"`
	DisplayID string         `json:"display_id,omitempty"`
}

// Clear clears the output of a cell.
type Clear struct {
	Cell string `json:"cell"`
	Wait bool   `json:"wait"`
}

// Prompt asks the learner for one line of input.
type Prompt struct {
	Cell     string `json:"cell"`
	Text     string `json:"text"`
	Password bool   `json:"password,omitempty"`
}

// Input answers Prompt.
type Input struct {
	Text string `json:"text"`
	EOF  bool   `json:"eof,omitempty"` // the front end allows no input, or went away
}

// Comm carries one comm message in either direction.
type Comm struct {
	Cell     string          `json:"cell,omitempty"`
	Type     string          `json:"type"` // "comm_open", "comm_msg" or "comm_close"
	ID       string          `json:"comm_id"`
	Target   string          `json:"target_name,omitempty"`
	Data     json.RawMessage `json:"data,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
	Buffers  [][]byte        `json:"buffers,omitempty"`
}

// Complete asks for completions; Cursor counts code points.
type Complete struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor"`
}

// Completions answers Complete; Start and End count code points.
type Completions struct {
	Start   int          `json:"start"`
	End     int          `json:"end"`
	Matches []Completion `json:"matches"`
}

// Completion is one candidate.
type Completion struct {
	Text      string `json:"text"`
	Type      string `json:"type"`      // "function", "variable", "type", "field", "method", "module", "keyword", "constant", "magic"
	Signature string `json:"signature"` // "func(a ...any) (n int, err error)", "int"; may be empty
}

// Inspect asks about the name at the cursor.
type Inspect struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor"`
	Detail int    `json:"detail"` // 0 or 1
}

// Inspection answers Inspect.
type Inspection struct {
	Found bool           `json:"found"`
	Data  map[string]any `json:"data,omitempty"`
}

// Completeness answers is_complete.
type Completeness struct {
	Status string `json:"status"` // "complete", "incomplete", "invalid" or "unknown"
	Indent string `json:"indent,omitempty"`
}

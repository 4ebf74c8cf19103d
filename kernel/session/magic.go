package session

import (
	"fmt"
	"strings"

	"interleave/engine/syntax"
	"interleave/kernel/protocol"
	"interleave/kernel/session/assist"
)

// magic is one command that is not Go.
type magic struct {
	name    string // without the percent sign
	usage   string
	about   string // one line
	example string
	lasting bool // a setting that outlives its worker
	run     func(c *cellRun, args []string) error

	// of a magic whose body is the rest of the cell, in place of run
	body func(c *cellRun, m syntax.Magic) *protocol.Error
}

// magicTable lists the magics in the order of %help.
func magicTable() []magic {
	return []magic{
		{"help", "%help", "lists these commands", "%help", false, help, nil},
		{"doc", "%doc NAME", "shows the declaration and documentation of a name, in the pager", "%doc strings.Fields", false, doc, nil},
		{"who", "%who", "lists what the cells declared, with types", "%who", false, who, nil},
		{"limit", "%limit output=SIZE", "sets how much text a cell may print: 500KB, 20MB, 1GB or none", "%limit output=20MB", true, limit, nil},
		{"evaluator", "%evaluator [NAME]", "says what runs the cells, or chooses another; variables lose their values", "%evaluator", true, chooseEvaluator, nil},
		{"machine", "%machine [SETTING=VALUE …]", "shows or sets the machine: cores, seed, slice, policy, watch, caches, costs; in Go: engine.Set", "%machine cores=2 seed=7 slice=10ms", true, setMachine, nil},
		{"test", "%test [REGEXP]", "runs the tests that the cell declares, or those of all cells", "%test Transfer", false, test, nil},
		{"real", "%%real [cores=N]", "runs the cell as a compiled program of its own, on the computer's cores and clock", "%%real cores=2", false, nil, inReal},
		{"reset", "%reset", "forgets all that the cells declared", "%reset", true, reset, nil},
	}
}

func magicList() []assist.Magic {
	var list []assist.Magic
	for _, m := range magicTable() {
		list = append(list, assist.Magic{Name: m.name, Usage: m.usage, About: m.about})
	}
	return list
}

// magics runs the magics of a cell in order, none of them where one is unknown.
// A replay runs the settings among them, but for those of which evaluator it is
// where that has just been chosen.
func (c *cellRun) magics(cell *syntax.Cell) *protocol.Error {
	table := magicTable()
	find := func(name string) (magic, bool) {
		for _, m := range table {
			if m.name == name {
				return m, true
			}
		}
		return magic{}, false
	}
	for _, m := range cell.Magics {
		if known, ok := find(m.Name); !ok || m.Cell != (known.body != nil) {
			return c.magicError(m, unknownMagic(m, table))
		}
	}
	for _, m := range cell.Magics {
		known, _ := find(m.Name)
		if c.replay && !known.lasting || c.moving && known.name == "evaluator" {
			continue
		}
		if m.Cell {
			return known.body(c, m)
		}
		if err := known.run(c, m.Args); err != nil {
			return c.magicError(m, fmt.Sprintf("%%%s: %v\nexample: %s", m.Name, err, known.example))
		}
	}
	return nil
}

// unknownMagic says that a magic is unknown and which one may be meant.
func unknownMagic(m syntax.Magic, table []magic) string {
	sign := "%"
	if m.Cell {
		sign = "%%"
	}
	var names []string
	for _, t := range table {
		names = append(names, t.name)
	}
	text := "unknown magic " + sign + m.Name
	for _, t := range table {
		if t.name == m.Name { // with the wrong number of percent signs
			return text + "\ndid you mean " + strings.Fields(t.usage)[0] + "?"
		}
	}
	if near, ok := nearest(m.Name, names); ok {
		for _, t := range table {
			if t.name == near {
				return text + "\ndid you mean " + strings.Fields(t.usage)[0] + "?"
			}
		}
	}
	return text + "\n%help lists the magics there are"
}

// magicError shows the line of a magic with the first line of text as the
// error and the rest as hints.
func (c *cellRun) magicError(m syntax.Magic, text string) *protocol.Error {
	msg, hint, _ := strings.Cut(text, "\n")
	out := &protocol.Error{Name: "magic error", Value: fmt.Sprintf("%s:%d: %s", c.name, m.Line, msg)}
	entry := paint(bold, fmt.Sprintf("%s:%d:", c.name, m.Line)) + " " + paint(red, msg)
	c.s.mu.Lock()
	line, ok := c.s.sources.line(c.name, m.Line)
	c.s.mu.Unlock()
	if ok {
		entry += "\n    " + firstColumns(strings.TrimSpace(line), excerptWidth)
	}
	if hint != "" {
		entry += "\n" + paint(cyan, "    "+hint)
	}
	out.Traceback = []string{entry}
	return out
}

// withSettings puts the lines of lasting magics back into a record's code: each
// at its own line where that is free, else at the end.
func withSettings(cell *syntax.Cell, code string) string {
	table := magicTable()
	source := strings.Split(cell.Source, "\n")
	lines := strings.Split(code, "\n")
	for _, m := range cell.Magics {
		for _, t := range table {
			if t.name != m.Name || !t.lasting || len(m.Args) == 0 && t.name != "reset" {
				continue
			}
			for len(lines) < m.Line {
				lines = append(lines, "")
			}
			text := strings.TrimRight(source[m.Line-1], " \t\r")
			if strings.TrimSpace(lines[m.Line-1]) == "" {
				lines[m.Line-1] = text
			} else {
				lines = append(lines, text)
			}
		}
	}
	if len(lines) == 1 {
		return lines[0]
	}
	return strings.Join(lines, "\n")
}

// nearest finds the name that is spelt most like word, if any is close.
func nearest(word string, names []string) (string, bool) {
	best, found := 3, ""
	for _, n := range names {
		d := distance(word, n)
		if strings.HasPrefix(n, word) && len(word) > 1 {
			d = 1
		}
		if d < best && d < len(n) {
			best, found = d, n
		}
	}
	return found, found != ""
}

// distance is how many letters must be added, removed, changed or swapped with
// their neighbour to make b of a (restricted Damerau–Levenshtein distance).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

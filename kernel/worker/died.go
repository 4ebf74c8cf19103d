package worker

import (
	"fmt"
	"strings"

	"interleave/kernel/protocol"
)

// Died says what became of a worker process and of the session it held.
type Died struct {
	Reason   string   // in words: "os.Exit(3)", "out of memory: the limit is 2 GiB", "stack overflow"
	Detail   []string // last words of the process worth reading; may be empty
	Lost     []string // variables that keep their type and lost their value
	Unsaved  bool     // a cell was running: what that cell declared is gone
	NotBack  []string // why some declarations could not be restored, one line a cell
	Restored bool     // the session goes on, with the earlier declarations
	Asked    bool     // the learner interrupted the cell, and it did not end by itself
}

// Error is one line.
func (d *Died) Error() string {
	if d.Asked {
		return "interrupted: the cell did not stop by itself, so its process was ended"
	}
	return "the process that ran the cell ended: " + d.Reason
}

// Report is what the learner sees in place of the cell's result.
func (d *Died) Report() protocol.Error {
	name, first := "worker died", d.Error()
	if d.Asked {
		name = "interrupted"
		first = strings.TrimPrefix(first, "interrupted: ")
	}
	lines := []string{"\x1b[31m" + name + ": \x1b[0m" + first}
	lines = append(lines, d.Detail...)
	return protocol.Error{Name: name, Value: d.Error(), Traceback: append(lines, d.consequences()...)}
}

// consequences says what is left of the session.
func (d *Died) consequences() []string {
	if !d.Restored {
		return nil
	}
	var lines []string
	if d.Unsaved {
		lines = append(lines, "All declarations of earlier cells are there again; what this cell declared is not.")
	} else {
		lines = append(lines, "All declarations are there again.")
	}
	switch len(d.Lost) {
	case 0:
		lines = append(lines, "No variable lost a value.")
	case 1:
		lines = append(lines, fmt.Sprintf("The variable %s lost its value: run the cell that sets it again.", d.Lost[0]))
	default:
		lines = append(lines, fmt.Sprintf("These variables lost their values: %s. Run the cells that set them again.", strings.Join(d.Lost, ", ")))
	}
	return append(lines, d.NotBack...)
}

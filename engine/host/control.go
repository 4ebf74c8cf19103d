package host

import (
	"fmt"
	"maps"

	"interleave/engine/machine"
)

// Provide gives functions of packages that are called natively the machine's own
// form, by their full name: "interleave/kernel/engine.Run". Those of plain are
// ordinary functions of the same type. It must be called before the first cell runs.
func (h *Host) Provide(natives map[string]machine.Native, plain map[string]any) {
	maps.Copy(h.natives, natives)
	for name, f := range plain {
		h.plain[name] = deed{f: f}
	}
}

// Away gives functions of packages that are called natively a form that runs outside of
// the machine, while other tasks go on and real time passes: it takes a context, which
// ends when the task that calls is stopped, and then what the program gives. Arguments
// are copies. It must be called before the first cell runs.
func (h *Host) Away(functions map[string]any) {
	for name, f := range functions {
		h.plain[name] = deed{f: f, away: true, busy: true, ends: true}
	}
}

// Stopping tells whether the cell that runs is to stop, for functions that a cell calls
// and that take long.
func (h *Host) Stopping() bool { return h.machine.Hurried() }

// Task is one that lives.
type Task struct {
	ID       int    // never used again: see StopTask
	Number   int    // within its cell, as Go numbers goroutines
	Cell     string // that started it
	Start    string // the function that it began with
	State    string // "ready", "running", "blocked" or "outside"
	Why      string // what it waits for, in Go's words
	Object   string // its name, where it is known
	Position string // where it stands in the learner's code: "cell[3]:12:5"
}

var taskStates = map[machine.State]string{machine.Ready: "ready", machine.Running: "running", machine.Blocked: "blocked", machine.External: "outside"}

// Tasks lists the program's tasks except the running one, in the order in which they
// were started. It is for functions that a cell calls.
func (h *Host) Tasks() []Task {
	var list []Task
	h.names.begin()
	for _, t := range h.machine.Tasks() {
		if t.System || t == h.machine.Running() || t.Cell == nil {
			continue
		}
		k := Task{ID: t.ID, Number: int(t.Number), Cell: t.Cell.Name, Start: h.names.Task(t), State: taskStates[t.State]}
		if w := t.Waiting(); w != nil {
			k.Why = w.Why
			k.Object = h.machine.NameOf(w, t)
		}
		if list := h.frames(t.Stack()); len(list) > 0 {
			k.Position = list[0].Position
		}
		list = append(list, k)
	}
	return list
}

// StopTask ends a task, without its deferred calls.
func (h *Host) StopTask(id int) error {
	for _, t := range h.machine.Tasks() {
		if t.ID != id || t.System {
			continue
		}
		if t == h.machine.Running() || h.around(t.Cell) != nil && t.Number == 1 {
			return fmt.Errorf("task %d is the cell itself: interrupt it to end it", id)
		}
		h.machine.StopTask(t)
		return nil
	}
	return fmt.Errorf("there is no task %d: engine.Tasks() lists those there are", id)
}

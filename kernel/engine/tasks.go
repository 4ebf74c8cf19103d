package engine

import (
	"fmt"
	"strconv"
	"strings"

	"interleave/engine/host"
	"interleave/kernel/display"
)

// Task is a goroutine that lives.
type Task struct {
	ID    int    // for Stop
	Name  string // "g2": its number within its cell
	Cell  string // that started it
	Start string // the function that it began with
	State string // "ready", "running", "blocked" or "outside"
	For   string // what it waits for
	Line  string // where it stands: "cell[3]:12:5"
}

// TaskList shows itself as a table.
type TaskList []Task

func tasksOf(list []host.Task) TaskList {
	tasks := TaskList{}
	for _, t := range list {
		why := t.Why
		if t.Object != "" {
			why += " (" + t.Object + ")"
		}
		tasks = append(tasks, Task{t.ID, fmt.Sprintf("g%d", t.Number), t.Cell, t.Start, t.State, why, t.Position})
	}
	return tasks
}

// String is the table as text.
func (l TaskList) String() string { return l.Display()["text/plain"].(string) }

// Display shows the table.
func (l TaskList) Display() display.Bundle {
	if len(l) == 0 {
		return display.AsText("no goroutines besides this one")
	}
	rows := [][]string{strings.Fields("id task cell start state for line")}
	for _, t := range l {
		rows = append(rows, []string{strconv.Itoa(t.ID), t.Name, t.Cell, t.Start, t.State, t.For, t.Line})
	}
	return display.AsTable(rows)
}

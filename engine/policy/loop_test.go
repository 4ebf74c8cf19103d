package policy

import (
	"fmt"
	"strings"
	"testing"

	"interleave/engine/trace"
)

// TestLoop follows one turn after the other by hand.
func TestLoop(t *testing.T) {
	const ms = 1_000_000
	var said []string
	l := NewLoop()
	l.Start(Setup{Cores: 2, Note: func(now int64, n Note) { said = append(said, fmt.Sprintf("%d %s %d", now, n.Words, n.Arg)) }})
	tasks := map[string]*Task{}
	for i, name := range strings.Split("abcdefgr", "") {
		tasks[name] = &Task{ID: i + 1}
	}
	tasks["r"].Priority = 1
	a := tasks["a"]
	runs := func(now int64, want string) {
		t.Helper()
		got := "nobody"
		if d := l.Pick(now, 0); d.Task != nil {
			for name, task := range tasks {
				if task == d.Task {
					got = name
				}
			}
		}
		if got != want {
			t.Errorf("at %d %s runs, want %s", now, got, want)
		}
	}
	ready := func(now int64, name string, why Why, by *Task, want Look) {
		t.Helper()
		if got := l.Ready(now, tasks[name], why, by); got != want {
			t.Errorf("at %d %s is ready: %v, want %v", now, name, got, want)
		}
	}
	ready(0, "a", New, nil, Look{0, 0})
	runs(0, "a")
	ready(1, "b", New, a, Nobody)
	ready(2, "c", New, a, Nobody)
	l.Stop(3, 0, a, Outside)
	runs(3, "b") // the next turn: b, c
	ready(4, "d", Woken, nil, Nobody)
	ready(5, "a", Woken, nil, Nobody)
	ready(6, "e", New, tasks["b"], Nobody)
	ready(7, "r", Woken, tasks["b"], Nobody)
	l.Stop(8, 0, tasks["b"], Yielded)
	ready(8, "b", Yielded, nil, Nobody)
	runs(8, "c") // nothing overtakes the turn
	l.Stop(9, 0, tasks["c"], Ended)
	runs(9, "r") // between two turns
	runs(9, "e") // what was ready, then from outside, then timers
	runs(9, "b")
	runs(9, "a")
	runs(9, "d")
	if d := l.Pick(9, 1); d.Task != nil {
		t.Error("the second core runs something")
	}
	runs(10, "nobody")
	ready(10+2*ms+1, "f", New, nil, Look{0, 10 + 3*ms}) // epoll counts whole milliseconds
	l.Stop(10+2*ms, 0, a, Outside)
	ready(10+2*ms+5, "a", Woken, nil, Look{0, 10 + 2*ms + 5}) // but for what comes from outside it wakes at once
	runs(10+2*ms+5, "a")
	runs(10+2*ms+6, "f")
	want := strings.NewReplacer("turn", trace.LoopTurn, "select", trace.LoopSleep).Replace("0 turn 1, 3 turn 2, 9 turn 4, 10 select 0, 2000015 turn 2")
	if got := strings.Join(said, ", "); got != want {
		t.Errorf("noted %s\nwant %s", got, want)
	}
}

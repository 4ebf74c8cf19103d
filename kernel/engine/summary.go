package engine

import (
	"fmt"
	"html"
	"strings"
	"time"

	"interleave/engine/trace"
	"interleave/kernel/display"
)

// Summary is a run in figures. All times are of the virtual clock.
type Summary struct {
	Cell        string
	Ended       string // "returned", "deadlock", "panic", "fatal", "exit", "limit" or "interrupted"
	Wall        time.Duration
	Speedup     float64       // the time that goroutines ran, all together, by Wall: how many cores were busy on average
	Switches    int           // a core took up another goroutine than its last
	Stalled     time.Duration // of all goroutines, while they ran: memory kept their core waiting; see Memory
	Preemptions int           // a goroutine lost its core before it wanted to
	Events      int           // in the trace
	Dropped     int           // earlier events, which did not fit: the figures lack them
	Tasks       []TaskUse
	Cores       []CoreUse
	Token       string // for Replay
	Cost        string // the cost model in words
}

// TaskUse is what one goroutine did.
type TaskUse struct {
	Name    string // "g2"
	Start   string // its first function
	Line    string // of the statement that started it
	Running time.Duration
	Ready   time.Duration // it could run, and no core was free
	Blocked time.Duration
	Outside time.Duration // in the outside world
	Waits   []Wait
	Ended   string // how; empty: it has not
}

// Wait is the time that a goroutine waited for one thing.
type Wait struct {
	For   string // "chan receive ch"
	Times int
	Time  time.Duration
}

// CoreUse is what one core did.
type CoreUse struct {
	Busy        time.Duration
	Utilization float64 // of Wall, 0 to 1
	Switches    int
}

// cut is how a trace ends that did not take the whole run.
const cut = "cut"

func summarize(t *trace.Trace) *Summary {
	from := trace.Summarize(t)
	s := &Summary{
		Cell: t.Head.Cell, Ended: t.Head.End, Wall: time.Duration(from.Wall), Speedup: from.Speedup,
		Switches: from.Switches, Preemptions: from.Preemptions, Events: from.Events, Dropped: from.Dropped,
		Token: t.Head.Token, Cost: t.Head.Cost,
	}
	for _, u := range t.Memory {
		s.Stalled += time.Duration(u.Stall)
	}
	for _, u := range from.Tasks {
		info := t.Tasks[u.Task]
		use := TaskUse{
			Name: u.Name, Start: info.Start, Line: t.PlaceName(info.Place), Ended: u.Ended,
			Running: time.Duration(u.Running), Ready: time.Duration(u.Ready), Blocked: time.Duration(u.Blocked), Outside: time.Duration(u.Outside),
		}
		for _, w := range u.Waits {
			what := w.Reason
			if w.Object != 0 {
				what += " " + t.ObjectName(w.Object)
			}
			use.Waits = append(use.Waits, Wait{what, w.Times, time.Duration(w.Time)})
		}
		s.Tasks = append(s.Tasks, use)
	}
	for _, c := range from.Cores {
		s.Cores = append(s.Cores, CoreUse{time.Duration(c.Busy), c.Utilization, c.Switches})
	}
	return s
}

// line is the summary in one line.
func (s *Summary) line() string {
	end, of := s.Ended, s.Cell
	switch {
	case of == "":
		of = "processes"
	case end == "returned":
		end = "main returned"
	}
	return fmt.Sprintf("run of %s: %s on %s, %v, %.2f cores busy on average, %s; %s",
		of, count(len(s.Tasks), "task"), count(len(s.Cores), "core"), short(s.Wall), s.Speedup, count(s.Switches, "switch"), end)
}

func count(n int, what string) string {
	if n != 1 {
		if strings.HasSuffix(what, "ch") {
			what += "e"
		}
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// short is a time with four digits at most.
func short(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 10_000 {
		unit *= 10
	}
	return d.Round(unit)
}

// mostTasks bounds the goroutines that the table shows.
const mostTasks = 200

func (s *Summary) tables() (tasks, cores [][]string) {
	tasks = [][]string{{"task", "start", "ran", "ready", "blocked", "for", "ended"}}
	for _, u := range s.Tasks[:min(len(s.Tasks), mostTasks)] {
		var waits []string
		for _, w := range u.Waits {
			text := fmt.Sprintf("%s %v", w.For, short(w.Time))
			if w.Times > 1 {
				text += fmt.Sprintf(" (%d×)", w.Times)
			}
			waits = append(waits, text)
		}
		if u.Outside > 0 {
			waits = append(waits, fmt.Sprintf("the outside world %v", short(u.Outside)))
		}
		ended := u.Ended
		if ended == "" {
			ended = "still there"
		}
		tasks = append(tasks, []string{
			u.Name, u.Start, short(u.Running).String(), short(u.Ready).String(), short(u.Blocked + u.Outside).String(), strings.Join(waits, ", "), ended,
		})
	}
	cores = [][]string{{"core", "busy", "utilization", "switches"}}
	for i, c := range s.Cores {
		cores = append(cores, []string{fmt.Sprint(i), short(c.Busy).String(), fmt.Sprintf("%.1f%%", 100*c.Utilization), fmt.Sprint(c.Switches)})
	}
	return tasks, cores
}

// notes are what stands below the tables.
func (s *Summary) notes() []string {
	var list []string
	if n := len(s.Tasks) - mostTasks; n > 0 {
		list = append(list, fmt.Sprintf("and %s", count(n, "more task")))
	}
	if s.Ended == cut {
		list = append(list, "the trace ends before the run does: there were too many goroutines, channels and locks; the figures are of what it has")
	}
	if s.Dropped > 0 {
		list = append(list, fmt.Sprintf("the trace holds the last %d events only: %d earlier ones are missing in these figures", s.Events, s.Dropped))
	}
	if s.Stalled > 0 {
		list = append(list, fmt.Sprintf("while goroutines ran, memory kept their cores waiting for %v in all: see Memory", short(s.Stalled)))
	}
	if s.Token != "" {
		list = append(list, "replay with "+s.Token)
	}
	return append(list, "virtual time: "+s.Cost)
}

// String is the summary as text.
func (s *Summary) String() string { return s.Display()["text/plain"].(string) }

// Display shows the summary as tables.
func (s *Summary) Display() display.Bundle {
	tasks, cores := s.tables()
	of := func(b display.Bundle, mime string) string {
		text, _ := b[mime].(string)
		return strings.TrimRight(text, "\n")
	}
	t, c := display.AsTable(tasks), display.AsTable(cores)
	text := []string{s.line(), "", of(t, "text/plain"), "", of(c, "text/plain"), ""}
	page := "<p>" + html.EscapeString(s.line()) + "</p>\n" + of(t, "text/html") + "\n" + of(c, "text/html") + "\n<p><small>"
	for i, n := range s.notes() {
		text = append(text, n)
		if i > 0 {
			page += "<br>"
		}
		page += html.EscapeString(n)
	}
	return display.Bundle{"text/html": page + "</small></p>", "text/plain": strings.Join(text, "\n")}
}

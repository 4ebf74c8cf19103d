package engine

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"interleave/engine/trace"
	"interleave/kernel/display"
)

// Caches gives the machine caches and one bus to memory: every access of the program's
// own code to memory that goroutines could share then takes the time it needs. Local
// variables that nothing else can reach are in registers, and cost nothing. There are an L1
// of 32 KB and an L2 of 256 KB for each core, and an L3 of 2 MB for all; with "off"
// none. What is to be different is listed:
//
//	engine.Caches("L1=4KB, L2=32KB, L3=256KB, memory=100ns, bus=16ns, transfer=60ns, prefetch=off")
//
// See Execution.Memory.
func Caches(different ...string) Option {
	text := strings.Join(different, ", ")
	if text != "off" {
		text = "on " + text
	}
	return Option{name: "caches", value: text}
}

// Memory is where the accesses of a run found what they wanted. It shows itself.
type Memory struct {
	MemoryUse             // of all tasks together
	Tasks     []MemoryUse // of each
	Lines     []FalseLine // the most frequent first
	Cost      string      // the cost model in words

	off bool
}

// MemoryUse is what one task had of the memory. Each access of one line is counted in
// just one of L1, L2, L3, Memory and Others.
type MemoryUse struct {
	Task     string // "g2"; empty: all together
	Accesses int
	L1       int
	L2       int
	L3       int
	Memory   int // InRow of these followed one another, and were foreseen
	Others   int // in another core's cache, which had written it

	InRow       int
	Upgrades    int           // writes for which other cores had to give up the line
	TrueShares  int           // misses because another core has since written what was accessed
	FalseShares int           // misses because another core has written something else in the same line
	Running     time.Duration // in all
	Stalled     time.Duration // of these: its core stood still
	BusWait     time.Duration // of these: until the bus was free
}

// FalseLine is a variable whose cache line others took for another one.
type FalseLine struct {
	Task  string
	Name  string // "counts[1]"
	Times int
}

// Misses is how many accesses were not found in L1.
func (u MemoryUse) Misses() int { return u.Accesses - u.L1 }

// Memory tells where the accesses to memory went, task by task. It is empty, and says
// so, where the machine had no caches: see Caches.
func (e *Execution) Memory() *Memory {
	t := e.of().Trace
	m := &Memory{Cost: t.Head.Cost, off: len(t.Memory) == 0}
	running := map[uint32]int64{}
	for _, u := range trace.Summarize(t).Tasks {
		running[u.Task] = u.Running
	}
	for _, u := range t.Memory {
		use := MemoryUse{
			Task: t.TaskName(u.Task), Accesses: u.Accesses, L1: u.L1, L2: u.L2, L3: u.L3, Memory: u.Memory, Others: u.Others, InRow: u.InRow,
			Upgrades: u.Upgrades, TrueShares: u.TrueShares, FalseShares: u.FalseShares,
			Running: time.Duration(running[u.Task]), Stalled: time.Duration(u.Stall), BusWait: time.Duration(u.BusWait),
		}
		m.Tasks = append(m.Tasks, use)
		m.add(use)
	}
	for _, f := range t.FalseShares {
		m.Lines = append(m.Lines, FalseLine{t.TaskName(f.Task), t.ObjectName(f.Object), f.Times})
	}
	return m
}

func (u *MemoryUse) add(o MemoryUse) {
	u.Accesses += o.Accesses
	u.L1 += o.L1
	u.L2 += o.L2
	u.L3 += o.L3
	u.Memory += o.Memory
	u.Others += o.Others
	u.InRow += o.InRow
	u.Upgrades += o.Upgrades
	u.TrueShares += o.TrueShares
	u.FalseShares += o.FalseShares
	u.Running += o.Running
	u.Stalled += o.Stalled
	u.BusWait += o.BusWait
}

func (m *Memory) line() string {
	if m.off {
		return "This run had no caches: nothing is known of its memory. Run it with engine.Caches()."
	}
	if m.Accesses == 0 {
		return fmt.Sprintf("No single accesses were followed; goroutines that streamed stood still for %v, %v of it because the bus was not free", short(m.Stalled), short(m.BusWait))
	}
	share := func(n int) string {
		if m.Accesses == 0 {
			return "0 %"
		}
		return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(m.Accesses))
	}
	text := fmt.Sprintf("%d accesses to lines: %s found in L1, %s in memory", m.Accesses, share(m.L1), share(m.Memory))
	if m.Others > 0 {
		text += fmt.Sprintf(", %s in another core's cache", share(m.Others))
	}
	if m.Running > 0 {
		text += fmt.Sprintf("; cores stood still for %.0f %% of the time that they ran", 100*float64(m.Stalled)/float64(m.Running))
	}
	return text
}

// mostLines bounds the variables that are listed.
const mostLines = 8

func (m *Memory) rows() (tasks, lines [][]string) {
	tasks = [][]string{{"task", "accesses", "L1", "L2", "L3", "memory", "in a row", "other core", "upgrades", "ran", "stood still", "for the bus"}}
	all := m.MemoryUse
	all.Task = "all"
	for _, u := range append(slices.Clone(m.Tasks[:min(len(m.Tasks), mostTasks)]), all) {
		row := []string{u.Task}
		for _, n := range []int{u.Accesses, u.L1, u.L2, u.L3, u.Memory, u.InRow, u.Others, u.Upgrades} {
			row = append(row, fmt.Sprint(n))
		}
		for _, d := range []time.Duration{u.Running, u.Stalled, u.BusWait} {
			row = append(row, short(d).String())
		}
		tasks = append(tasks, row)
	}
	for _, l := range m.Lines[:min(len(m.Lines), mostLines)] {
		if lines == nil {
			lines = [][]string{{"false sharing of", "by", "times"}}
		}
		lines = append(lines, []string{l.Name, l.Task, fmt.Sprint(l.Times)})
	}
	return tasks, lines
}

func (m *Memory) notes() []string {
	list := []string{"virtual time: " + m.Cost}
	if m.TrueShares+m.FalseShares > 0 {
		list = append([]string{fmt.Sprintf("misses because another core had written the line: %d, where it had written what was wanted (true sharing), and %d, where it had written something else (false sharing)", m.TrueShares, m.FalseShares)}, list...)
	}
	if n := len(m.Lines) - mostLines; n > 0 {
		list = append([]string{fmt.Sprintf("and %s with false sharing", count(n, "more variable"))}, list...)
	}
	return list
}

// String is the table as text.
func (m *Memory) String() string { return m.Display()["text/plain"].(string) }

// Display shows the figures of each task.
func (m *Memory) Display() display.Bundle {
	if m.off {
		return display.AsText(m.line())
	}
	text, page := []string{m.line(), ""}, "<p>"+html.EscapeString(m.line())+"</p>\n"
	tasks, lines := m.rows()
	for _, rows := range [][][]string{tasks, lines} {
		if rows == nil {
			continue
		}
		b := display.AsTable(rows)
		text = append(text, strings.TrimRight(b["text/plain"].(string), "\n"), "")
		page += b["text/html"].(string) + "\n"
	}
	page += "<p><small>"
	for i, n := range m.notes() {
		text = append(text, n)
		if i > 0 {
			page += "<br>"
		}
		page += html.EscapeString(n)
	}
	return display.Bundle{"text/html": page + "</small></p>", "text/plain": strings.Join(text, "\n")}
}

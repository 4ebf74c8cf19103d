package machine

import (
	"cmp"
	"maps"
	"slices"
	"unsafe"

	"interleave/engine/memory"
	"interleave/engine/trace"
)

// cached is the memory behind the cores' caches, with what each task had of it. Only
// the program's own code is seen: what library code reads and writes, locks and maps
// included, costs nothing here.
type cached struct {
	system *memory.System
	uses   map[*Task]*memory.Counts
	shared map[sharedLine]int
}

// sharedLine is where a task met a line that was taken from it for no need.
type sharedLine struct {
	task   *Task
	object uint32
}

func newCached(c *memory.Config, cores int) *cached {
	if c == nil {
		return nil
	}
	return &cached{system: memory.New(*c, cores), uses: map[*Task]*memory.Counts{}, shared: map[sharedLine]int{}}
}

func (c *cached) clone() *cached {
	if c == nil {
		return nil
	}
	d := &cached{system: c.system.Clone(), uses: make(map[*Task]*memory.Counts, len(c.uses)), shared: maps.Clone(c.shared)}
	for t, n := range c.uses {
		copy := *n
		d.uses[t] = &copy
	}
	return d
}

// access charges the running task t for an access, in order of time.
func (m *Machine) access(t *Task, p unsafe.Pointer, size uintptr, write bool) {
	n := m.cached.uses[t]
	if n == nil {
		n = &memory.Counts{}
		m.cached.uses[t] = n
	}
	before := n.FalseShares
	m.owed += m.cached.system.Access(m.Now(), int(t.core), m.Address(p), int64(size), write, n)
	if n.FalseShares > before && m.rec != nil {
		m.cached.shared[sharedLine{t, m.object(trace.Memory, p, t)}]++
	}
}

// memoryUse puts into the trace what the tasks had of the memory.
func (r *recording) memoryUse(m *Machine) {
	uses := map[*Task]memory.Counts{}
	shared := map[sharedLine]int(nil)
	if m.cached != nil {
		shared = m.cached.shared
		for t, n := range m.cached.uses {
			uses[t] = *n
		}
	}
	for t, n := range m.bus.uses {
		sum := uses[t]
		sum.Add(*n)
		uses[t] = sum
	}
	for t, n := range uses {
		r.trace.Memory = append(r.trace.Memory, trace.MemoryUse{
			Task: m.taskNumber(t), Accesses: n.Accesses, L1: n.L1, L2: n.L2, L3: n.L3, Memory: n.Memory, Others: n.Others, InRow: n.InRow,
			Upgrades: n.Upgrades, TrueShares: n.TrueShares, FalseShares: n.FalseShares, Stall: n.Stall, BusWait: n.BusWait,
		})
	}
	for l, n := range shared {
		r.trace.FalseShares = append(r.trace.FalseShares, trace.FalseShare{Task: m.taskNumber(l.task), Object: l.object, Times: n})
	}
	slices.SortFunc(r.trace.Memory, func(a, b trace.MemoryUse) int { return cmp.Compare(a.Task, b.Task) })
	slices.SortFunc(r.trace.FalseShares, func(a, b trace.FalseShare) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Task, b.Task), cmp.Compare(a.Object, b.Object))
	})
}

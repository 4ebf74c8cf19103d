package machine

import (
	"container/heap"
	"unsafe"

	"interleave/engine/layout"
)

// Config sets a machine up. The zero value of a field stands for its default.
type Config struct {
	Cores int    // virtual cores; default 4
	Seed  uint64 // default 1
	Slice int64  // ns a task may run before another's turn; default 10 ms, as Go's
	Heap  int64  // bytes; default 1 GiB
	Cost  Cost
}

// Cost is what things cost in virtual nanoseconds.
type Cost struct {
	Instruction int64 // default 1
	Call        int64 // default 2
	Switch      int64 // a core takes up another task; default 200
	Wake        int64 // an idle core notices work; default 1,000
	Spawn       int64 // default 300
}

// Machine runs tasks on virtual cores in virtual time. It decides everything by
// itself, from its seed: two machines with equal configurations that run equal
// programs make the same steps in the same order. It is not safe for concurrent
// use, and starts no native goroutine.
type Machine struct {
	Errors  Errors
	Report  func(t *Task, p *Panicking) // a task died of a panic or fatal error
	Print   func(t *Task, text []byte)  // of the built-in functions print and println
	Measure func(more int64) int64      // memory in use in truth, and more, when the account says too much
	Outside Outside                     // nil: no task ever leaves the machine

	config    Config
	cost      Cost
	exec      Exec
	cores     []*Core
	tasks     map[int]*Task
	lastTask  int
	queue     []*Task // ready tasks that no core's queue holds
	timers    timers
	seq       uint64
	rand      Rand
	horizon   int64 // the running core may do synchronisation steps up to this time
	watch     bool
	waits     map[queueKey]*waitQueue
	heapUse   int64
	heapLimit int64
}

// Outside completes waits in the outside world. What tasks do out there is done
// by others at the same time; the machine takes notice of it only in Poll.
type Outside interface {
	// Pending tells whether tasks are outside, and whether one of them is busy
	// there: real time then passes on the virtual clock. A task that waits for the
	// world to turn to it, as a server does, is not busy.
	Pending() (some, busy bool)
	// Poll applies the completions that have arrived, in the order in which they
	// came; it waits up to that many ns for the first. Negative: for ever.
	// It gives the ns of real time for which it waited.
	Poll(wait int64) int64
}

// Core is a virtual processor.
type Core struct {
	ID    int
	clock int64 // virtual ns
	task  *Task
	wake  bool // idle, and will look for work at clock
	queue []*Task
	next  *Task // runs before the queue: what the running task woke last
	slice int64 // when the running task's time slice ends
	busy  int64 // ns spent running tasks
}

// New returns a machine.
func New(c Config) *Machine {
	if c.Cores == 0 {
		c.Cores = 4
	}
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.Slice == 0 {
		c.Slice = 10e6
	}
	def := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	def(&c.Cost.Instruction, 1)
	def(&c.Cost.Call, 2)
	def(&c.Cost.Switch, 200)
	def(&c.Cost.Wake, 1000)
	def(&c.Cost.Spawn, 300)
	def(&c.Heap, 1<<30)
	m := &Machine{heapLimit: c.Heap, Measure: func(int64) int64 { return 0 }, Print: func(*Task, []byte) {}, config: c, cost: c.Cost, tasks: map[int]*Task{}, rand: Rand{c.Seed}, waits: map[queueKey]*waitQueue{}}
	for i := range c.Cores {
		m.cores = append(m.cores, &Core{ID: i})
	}
	return m
}

// Rand is a small generator of our own, so that a seed means the same sequence
// under every version of Go. (SplitMix64, Steele, Lea and Flood 2014.)
type Rand struct{ state uint64 }

// Uint64 is the next number.
func (r *Rand) Uint64() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Intn is a number from 0 to n-1.
func (r *Rand) Intn(n int) int { return int(r.Uint64() % uint64(n)) }

// Rand is the machine's generator.
func (m *Machine) Rand() *Rand { return &m.rand }

// Now is the virtual time at the running instruction, in ns since the machine
// was made.
func (m *Machine) Now() int64 {
	if t := m.exec.T; t != nil && t.core >= 0 {
		c := m.cores[t.core]
		return c.clock - t.left
	}
	return m.minClock()
}

// Spend charges the running task for work of the given time.
func (x *Exec) Spend(ns int64) { x.T.left -= ns }

// InOrder must be asked by every step that other tasks can notice, before it
// does anything: false means that a core that is behind in time goes first, and
// the step must return Again.
func (x *Exec) InOrder() bool {
	m := x.M
	return m.cores[x.T.core].clock-x.T.left <= m.horizon
}

func (m *Machine) minClock() int64 {
	low := int64(-1)
	for _, c := range m.cores {
		if c.task != nil || c.wake {
			if low < 0 || c.clock < low {
				low = c.clock
			}
		}
	}
	if low < 0 {
		for _, c := range m.cores {
			low = max(low, c.clock)
		}
	}
	return low
}

func (m *Machine) alloc(t *layout.Type) unsafe.Pointer {
	m.heapUse += int64(t.Size)
	return t.New()
}

// Alloc allocates memory for a value of t on the machine's account.
func (m *Machine) Alloc(t *layout.Type) unsafe.Pointer { return m.alloc(t) }

// watched is asked before each access to memory while accesses are watched.
func (m *Machine) watched(t *Task, i *Ins, at unsafe.Pointer) bool { return false }

// Timer is an event in virtual time.
type Timer struct {
	due   int64
	seq   uint64
	fire  func(now int64)
	index int // in the heap; -1 when it is not in it
}

type timers []*Timer

func (h timers) Len() int { return len(h) }
func (h timers) Less(i, j int) bool {
	if h[i].due != h[j].due {
		return h[i].due < h[j].due
	}
	return h[i].seq < h[j].seq
}
func (h timers) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *timers) Push(v any) {
	t := v.(*Timer)
	t.index = len(*h)
	*h = append(*h, t)
}
func (h *timers) Pop() any {
	old := *h
	t := old[len(old)-1]
	*h = old[:len(old)-1]
	t.index = -1
	return t
}

// After calls fire at the given virtual time. Timers of the same time fire in
// the order in which they were set.
func (m *Machine) After(due int64, fire func(now int64)) *Timer {
	m.seq++
	t := &Timer{due: due, seq: m.seq, fire: fire}
	heap.Push(&m.timers, t)
	return t
}

// Stop removes a timer; false: it has fired or was stopped already.
func (m *Machine) Stop(t *Timer) bool {
	if t == nil || t.index < 0 {
		return false
	}
	heap.Remove(&m.timers, t.index)
	return true
}

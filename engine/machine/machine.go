package machine

import (
	"sync/atomic"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/memory"
	"interleave/engine/policy"
)

// Config sets a machine up. The zero value of a field stands for its default.
type Config struct {
	Cores int    // virtual cores; default 4
	Seed  uint64 // default 1
	Slice int64  // ns a task may run before another's turn; default 10 ms, as Go's
	Heap  int64  // bytes; default 1 GiB
	Cost  Cost

	Policy policy.Policy  // default policy.NewGo()
	Memory *memory.Config // caches and a bus; nil: every access takes the time of its instruction
	Watch  bool           // make every access to shared memory an event of the trace, in order of time
}

// Cost is what things cost in virtual nanoseconds; negative: nothing.
type Cost struct {
	Instruction int64 // default and least 1
	Call        int64 // default 2
	Switch      int64 // a core takes up another task; default 200
	Wake        int64 // an idle core notices work; default 1,000
	Spawn       int64 // default 300
	Jitter      int64 // how far Switch, Wake and Spawn may be off, in percent; default 20
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

	Wrote func(t *Task, p unsafe.Pointer, size uintptr) int64 // the ns that a write to memory costs beside its instruction; see WatchWrites
	Apart bool                                                // its tasks share memory with those of another machine, and must not wake them: see Trespass

	Names Namer // what a trace calls things; nil: they have no names

	config    Config
	cost      Cost
	policy    policy.Policy
	stepper   policy.Stepper // nil: the policy does not care for steps
	chooser   policy.Chooser
	coster    policy.Coster // nil: computing takes as long as it says
	exec      Exec
	cores     []*Core
	firstTask *Task // of those that are not done, in order of creation
	finalTask *Task
	count     int // how many they are
	lastTask  int
	era       int // how often the clock was set back
	timers    timers
	firing    *Timer
	sends     map[*Task]sending // ticks that are on their way to channels of timers
	seq       uint64
	now       int64 // virtual time while no task runs
	rand      Rand
	noise     Rand
	horizon   int64 // the running core may do synchronisation steps up to this time
	owed      int64 // ns that the running task has spent beside its instructions since its grant began
	visible   bool  // accesses to memory are steps: in order of time, and asked of the policy
	writes    bool  // Wrote is asked
	bus       bus
	cached    *cached // nil: memory costs nothing of its own
	loud      bool    // accesses to memory are events of the trace
	watch     bool    // stop at them, for that or for the trail
	split     int     // give way before so many-th access of this grant; 0: do not
	paused    bool
	asks      bool        // within asking
	astray    bool        // the policy has found a schedule not to fit
	hurry     atomic.Bool // see Hurry
	limit     int64       // see Follow
	waits     map[queueKey]*waitQueue
	heapUse   int64
	freed     int64   // what was once counted in heapUse, and found to be in use no more
	settling  []*Task // wait until nobody else can go on
	bubbles   []*Bubble
	heapLimit int64
	rec       *recording // nil: no trace
	records   uint32     // how many there have been
	trail     trail
	spare     []registers
	small     []registers // the spare ones for tasks that call nothing
	addresses addresses
	devices   map[string]*Device
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
	wake  bool  // idle, and will ask the policy at clock
	free  int64 // since when it has been idle
	slice int64 // when the running task's time slice ends
	asked bool  // it ends then because another core's Look said so
	busy  int64 // ns spent running tasks
}

// New returns a machine.
func New(c Config) *Machine {
	m := &Machine{Measure: func(int64) int64 { return 0 }, Print: func(*Task, []byte) {}, waits: map[queueKey]*waitQueue{}, sends: map[*Task]sending{}}
	m.Configure(c)
	return m
}

// Rand is a generator of random numbers.
type Rand = policy.Rand

// A seed's streams of numbers: for what the program leaves to chance, and for the
// jitter of costs. The policy has its own.
const (
	programStream = 0
	noiseStream   = 2
)

// vary is a cost with jitter.
func (m *Machine) vary(cost int64) int64 {
	spread := cost * m.cost.Jitter / 100
	if spread <= 0 {
		return cost
	}
	return cost - spread + int64(m.noise.Uint64()%uint64(2*spread+1))
}

// Vary is a cost in ns with the machine's jitter.
func (m *Machine) Vary(cost int64) int64 { return m.vary(cost) }

// Rand is the machine's generator.
func (m *Machine) Rand() *Rand { return &m.rand }

// Now is the virtual time at the running instruction, in ns since the machine
// was made.
func (m *Machine) Now() int64 {
	if t := m.exec.T; t != nil && t.core >= 0 {
		return m.cores[t.core].clock - t.left + m.owed
	}
	return m.now
}

// Spend charges the running task for work of the given time.
func (x *Exec) Spend(ns int64) { x.T.left -= ns }

// InOrder must be asked by every step that other tasks can notice, before it
// does anything. False means that another task goes first — a core is behind in
// time, or the policy says so — and the step must return Again.
func (x *Exec) InOrder() bool {
	m, t := x.M, x.T
	if t.core < 0 { // see vacate
		return true
	}
	if m.cores[t.core].clock-t.left+m.owed > m.horizon {
		return false
	}
	return m.stepper == nil || m.mayStep(t, policy.Sync)
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

// Policy is the scheduler.
func (m *Machine) Policy() policy.Policy { return m.policy }

package policy

// Policy decides which task runs on which core, and for how long. The machine
// calls it at every change; a call never blocks, and never calls the machine.
// Times are virtual ns. Everything it decides must follow from its calls and
// Setup.Seed.
type Policy interface {
	// Name is the policy with its parameters, as a user writes it: "go", "rr(q=10ms)".
	Name() string

	// Start is called before all others; called again, it begins anew. All cores are
	// idle.
	Start(Setup)

	// Ready says that t can run: it is new, was woken, or has just lost or given
	// up its core (see Why). by is the running task that caused it, or nil. The
	// policy keeps t until it hands it to a core. The Look may have the core of
	// a running task look again at once (preemption) or an idle one.
	Ready(now int64, t *Task, why Why, by *Task) Look

	// Pick gives an idle core its next task.
	Pick(now int64, core int) Decision

	// Stop says that t has left its core. If why is Expired, Preempted or
	// Yielded, Ready follows at once, and then Pick for the core: handing it the
	// same task again costs nothing.
	Stop(now int64, core int, t *Task, why Why)

	// Save returns a copy of the policy's state, and Load goes back to one, as
	// often as is wanted.
	Save() any
	Load(any)
}

// Stepper is a Policy that also decides before every visible step: a memory access,
// a synchronisation, a spawn. The machine then watches memory.
type Stepper interface {
	// Step decides whether t, running on core, may make its next step; it is
	// asked once for each.
	Step(now int64, core int, t *Task) Verdict
}

// Chooser is a Policy that also decides what is open to chance in the program.
type Chooser interface {
	// Choose gives a number from 0 to n-1: which of n ready cases of a select, or
	// of n timers due at the same time, comes first. n is at least 2.
	Choose(now int64, what Choice, n int) int
}

// Coster is a Policy that also says how long computing takes under it.
type Coster interface {
	// Work is the core time that t needs to compute for ns.
	Work(t *Task, ns int64) int64
}

// Failing is a Policy that may come to where it cannot go on. It then has the machine
// pause, and decides nothing more.
type Failing interface {
	// Failure says what has gone wrong; nil: nothing. stalled says that tasks are
	// ready, that no core runs, and that nothing else is to come.
	Failure(stalled bool) error
}

// Extras are the further questions that p wants to be asked; nil: it does not.
func Extras(p Policy) (step Stepper, choose Chooser, cost Coster) {
	step, _ = p.(Stepper)
	choose, _ = p.(Chooser)
	cost, _ = p.(Coster)
	if s, ok := p.(interface{ asked() asked }); ok { // it answers for another
		a := s.asked()
		if !a.steps {
			step = nil
		}
		if !a.chooses {
			choose = nil
		}
		if !a.costs {
			cost = nil
		}
	}
	return step, choose, cost
}

// asked says which of the further questions a policy was asked.
type asked struct{ steps, chooses, costs bool }

// Setup is what a policy knows of the machine.
type Setup struct {
	Cores int
	Seed  uint64
	Slice int64 // the default time slice
	Now   int64 // the time

	// Note puts into the trace what the policy does by rules of its own, such as to
	// lower a task's level; now is as in the call in which it happens. Never nil.
	Note func(now int64, n Note)
}

// Note is something that a policy does and that no change of a task's state shows.
type Note struct {
	Task  *Task  // whom it is about; nil: all of them
	Cause *Task  // who brought it about; nil: nobody in particular
	Words string // "to queue %d", "boost"; a policy has a few dozen different ones at most: numbers go into Arg
	Arg   int64  // stands for %d in Words
}

// Task is what a policy knows of a task, and the only thing of a task that it may
// compare or keep.
type Task struct {
	ID    int   // from 1, in order of creation
	Core  int   // where it ran last; -1: nowhere yet
	Ran   int64 // core time it has had, up to its last Stop
	Since int64 // when it last became ready
	Began int64 // when it got its core, the switch done
	Next  Op    // the visible step it stands before, if it stopped at one
	Call  Call  // how its present computing stands to its interpreter's lock

	slot int32 // where the policy keeps its own account of it: see book

	Traits
}

// Traits are what a user gives a task for the policies to go by. A task has those of
// the task that started it, except its Burst, unless it is given others.
type Traits struct {
	Group    int   // its process or interpreter, from 0
	Nice     int   // -20 to 19
	Priority int   // the higher the sooner
	Tickets  int   // of a lottery or a stride's share; 0 stands for the policy's default
	Burst    int64 // core time until its next wait, where that is known; 0: it is not
}

// Call is how what a task computes stands to its interpreter's lock, for policies that
// have one. The machine has a task's core ask anew when it changes.
type Call uint8

// The calls.
const (
	Bytecode Call = iota // the lock is needed, and can be asked for between any two steps
	Holding              // native code that keeps the lock to its end, whoever asks
	Released             // native code that needs no lock, and has given it back
)

// Op is a visible step to come.
type Op uint8

// The visible steps.
const (
	NoOp   Op = iota // none: it runs freely up to its first
	Sync             // a channel, lock, timer, spawn, output: see the trace for which
	Reads            // memory
	Writes           // memory
)

// Why says why a task became ready or left its core.
type Why uint8

// The reasons. Ready gets New, Woken, Expired, Preempted and Yielded; Stop the
// last three, Blocked, Outside and Ended.
const (
	New       Why = iota
	Woken         // what it waited for has come
	Expired       // its slice ended
	Preempted     // a Look or a Verdict took the core
	Yielded       // it gave up the core by itself
	Blocked       // it waits for another task or a timer
	Outside       // it waits for the world outside: a device, a file, a socket
	Ended
)

// Look has a core ask the policy anew: the running task's slice ends then, an idle
// core calls Pick (after the cost of waking).
type Look struct {
	Core int   // -1: none
	At   int64 // not before now
}

// Nobody is the Look that asks no core.
var Nobody = Look{Core: -1}

// Decision is what a core does next.
type Decision struct {
	Task  *Task // nil: it idles
	For   int64 // until the core asks again: with a task the slice; 0: no limit
	Delay int64 // what it costs beyond the machine's own switch: migration, a lock handed over
	Look  Look  // another core to look again
	Pause bool  // nothing yet: the machine stops, and asks again when it is told to go on
}

// Verdict is what happens to a task before a visible step.
type Verdict struct {
	Give  bool  // it gives up the core and stands before the step
	Stall int64 // the core stands still for so long
}

// Choice says what is to be chosen.
type Choice uint8

// The choices.
const (
	SelectCase Choice = iota
	TimerOrder
)

package trace

// Kind says what happened.
type Kind uint8

// The kinds, with what Object, Arg, Cause and Reason mean where they are used.
const (
	None Kind = iota

	Create  // the task came to be; Cause: its parent
	Ready   // it can run; Cause: who woke it, Object: the timer that did; both 0 for a new task's first
	Run     // it runs on Core from now on; Arg: 1 if it ran last on another core
	Preempt // the core was taken from it; Reason: "slice" or "policy"
	Yield   // it gave the core away by itself
	Block   // it waits; Reason in Go's words, Object: for what
	Case    // follows the Block of a select: it also waits for Object; Arg: 1 to send, 0 to receive
	Outside // it waits for the outside world; Reason: for what; of a Device, Arg: for how many µs until its turn there
	End     // it is done; Reason: "returned", "goexit", "panic", "fatal", "exit" or "stopped"

	Lock    // it holds Object, a mutex or the writing side of a RWMutex; Arg: 1 by a try, which does not wait; 2 since before the trace
	Unlock  // it gave it back
	RLock   // it holds the reading side; Arg: as above
	RUnlock // it gave it back
	Count   // a wait group's counter changed; Arg: its new value
	Signal  // a condition variable's waiters were woken; Arg: how many

	Make    // channel Object was made; Arg: its capacity
	Send    // a value was sent; Arg: how many are in the buffer afterwards
	Receive // a value was received; Arg: as above; -1: the zero value of a closed channel
	Close   // the channel was closed
	Select  // a select went on with case Arg; -1: its default; Object: the channel

	Set  // timer Object was set; Arg: in how many µs it is due (capped)
	Fire // it fired
	Stop // it was stopped before it fired

	Atomic // an atomic operation on Object; Arg: its size in bytes
	Load   // Arg bytes of memory Object were read; only while watched
	Store  // … were written

	Panic // a panic began
	Mark  // the program said so; Reason: its words
	Note  // the policy said so, of Task or, where that is 0, of all; Cause: who brought it about; Reason: its words, Arg: the number that stands for %d in them: see NoteText

	kinds
)

var kindNames = [kinds]string{
	"none", "create", "ready", "run", "preempt", "yield", "block", "case", "outside", "end",
	"lock", "unlock", "rlock", "runlock", "count", "signal",
	"make", "send", "receive", "close", "select",
	"set", "fire", "stop", "atomic", "load", "store", "panic", "mark", "note",
}

func (k Kind) String() string {
	if k >= kinds {
		return "unknown"
	}
	return kindNames[k]
}

// Event is one step.
type Event struct {
	Time   int64  // virtual ns since the machine was made
	Task   uint32 // index in Trace.Tasks; 0: the machine itself
	Cause  uint32 // index in Trace.Tasks
	Object uint32 // index in Trace.Objects
	Place  uint32 // index in Trace.Places
	Arg    int32
	Core   int16 // -1: none
	Kind   Kind
	Reason uint8 // index in Trace.Reasons
}

// Task is one goroutine, process, thread or coroutine.
type Task struct {
	Number int    // within its cell, as Go numbers goroutines: the cell's main is 1
	Cell   string // the cell that started it
	Start  string // its first function
	Name   string // that the program gave it; empty: none
	Parent uint32 // index in Trace.Tasks; 0: none, or not in the trace
	Place  uint32 // of the statement that started it
	System bool   // the machine's own; not one of the program
}

// ObjectKind says what an object is.
type ObjectKind uint8

// The kinds of object.
const (
	Other ObjectKind = iota
	Chan
	Mutex
	RWMutex
	WaitGroup
	Cond
	Timer
	Memory // one or more bytes at one address
	Map
	Device // of the simulated outside world
	objectKinds
)

var objectNames = [objectKinds]string{"object", "chan", "mutex", "rwmutex", "waitgroup", "cond", "timer", "memory", "map", "device"}

func (k ObjectKind) String() string {
	if k >= objectKinds {
		return "unknown"
	}
	return objectNames[k]
}

// Object is something that tasks share.
type Object struct {
	Kind   ObjectKind
	Number int    // among those of its kind, from 1, in order of first appearance
	Name   string // the variable's name where it is known
	Place  uint32 // where it was made, or, where that is not known, first used
	Copied bool   // of a lock: it is a copy of one that was held, and nobody has taken it
	Keeper string // of a lock: who has taken it before the trace begins, and is no more; empty: it is not known
}

// Place is a position in the source.
type Place struct {
	File         string
	Line, Column int
	Func         string
}

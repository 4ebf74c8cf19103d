package machine

import (
	"go/token"
	"slices"
	"unsafe"

	"interleave/engine/layout"
)

// State is what a task is doing.
type State uint8

const (
	Ready    State = iota // in a run queue
	Running               // on a core
	Blocked               // waits for another task or a timer
	External              // in the outside world: file, socket, process, input
	Done
)

// Task is one goroutine as data: frames, registers, deferred calls, panics.
type Task struct {
	ID     int // from 1, in order of creation; never used again
	Number int // within its cell, as Go numbers goroutines: its main is 1
	Parent int // the task that started it; 0 for the first of a cell
	Cell   *Cell
	Start  *Func
	State  State

	frames []Frame
	n      []uint64
	p      []unsafe.Pointer
	left   int64 // what is left of the grant while it runs, in ns of virtual time

	panics  []*Panicking
	thrown  Thrown
	cont    func(*Exec) Status // runs in place of the next instruction when the task is scheduled again
	waiting *Wait
	sleep   *Timer
	core    int
	dying   bool // it unwinds because the cell was stopped: deferred calls do not run
	System  bool // not one of the program: it is not counted or shown
}

// Frame is one activation.
type Frame struct {
	fn      *Func
	pc      int32 // offset in fn.Code of the next instruction
	n, p    int32 // base in the task's register files, in words
	kind    frameKind
	defers  *Deferred
	panicky *Panicking // the panic (or nil) whose unwinding called this frame as a deferred function
	after   func(*Exec, *Func) Status
	failed  func(*Exec, *Panicking) Status
}

type frameKind uint8

const (
	plainFrame    frameKind = iota
	deferredFrame           // called by a return or RunDefers of the frame below
	unwoundFrame            // called while a panic unwinds the frame below
	hostFrame               // called by a native function, which goes on in Frame.after
)

// Deferred is one deferred call of a frame.
type Deferred struct {
	fn   *Func
	args []Val
	next *Deferred
}

// Panicking is a panic under way, or a Goexit.
type Panicking struct {
	Value     Val // an interface
	Goexit    bool
	Recovered bool
	Aborted   bool
	depth     int // frames below this index are still to be unwound
	Trace     []Position
	Fatal     string // a fatal error instead of a panic: nobody can recover it
}

// Position is one line of a stack trace.
type Position struct {
	Func *Func
	PC   int32
}

// Wait says what a blocked task waits for.
type Wait struct {
	Why    string // "chan receive", "chan send", "select", "sync.Mutex.Lock", "sleep", …: Go's words
	Object unsafe.Pointer
	Since  int64
}

// Cell is what tasks of one cell have in common.
type Cell struct {
	Name    string
	Host    any // output, input: the evaluator's business
	live    int // tasks that are not done
	stopped bool
	last    int // number of the task started last
}

// newTask makes a task that will call fn with args.
func (m *Machine) newTask(parent int, cell *Cell, fn *Func, args []Val) *Task {
	m.lastTask++
	t := &Task{ID: m.lastTask, Parent: parent, Cell: cell, Start: fn, core: -1}
	m.prepare(fn)
	t.grow(int(fn.N+fn.OutN), int(fn.P+fn.OutP))
	t.frames = append(make([]Frame, 0, 4), Frame{fn: fn})
	for i, v := range args {
		t.set(0, 0, fn.Params[i], v)
	}
	m.tasks[t.ID] = t
	if cell != nil {
		cell.live++
		cell.last++
		t.Number = cell.last
	}
	return t
}

func (t *Task) grow(n, p int) {
	if n > len(t.n) {
		bigger := make([]uint64, max(n, 2*len(t.n), 16))
		copy(bigger, t.n)
		t.n = bigger
	}
	if p > len(t.p) {
		bigger := make([]unsafe.Pointer, max(p, 2*len(t.p), 8))
		copy(bigger, t.p)
		t.p = bigger
	}
}

func (t *Task) set(nBase, pBase int32, r Reg, v Val) {
	setVal(t.base(nBase), t.pbase(pBase), r, v)
}

// base and pbase are addresses that may lie just behind the registers of a
// function that has none; they are then never used.
func (t *Task) base(w int32) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(unsafe.SliceData(t.n)), int(w)*8)
}

func (t *Task) pbase(w int32) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(unsafe.SliceData(t.p)), int(w)*8)
}

// Depth is the number of frames.
func (t *Task) Depth() int { return len(t.frames) }

// Waiting says what a blocked task waits for; nil when it is not blocked.
func (t *Task) Waiting() *Wait { return t.waiting }

// Stack lists the task's frames, innermost first.
func (t *Task) Stack() []Position {
	list := make([]Position, 0, len(t.frames))
	for i := len(t.frames) - 1; i >= 0; i-- {
		f := &t.frames[i]
		list = append(list, Position{f.fn, max(f.pc-insSize, 0)})
	}
	return list
}

// Thrown is a panic that an instruction raised and the loop has yet to start.
type Thrown struct {
	Value  Val
	Fatal  string
	Goexit bool
}

// interfaceVal makes an interface value.
func interfaceVal(t *layout.Type, v Val) Val {
	return Val{P: unsafe.Pointer(t), Q: Box(t, v)}
}

// Tasks lists the tasks that are not done, in order of their numbers.
func (m *Machine) Tasks() []*Task {
	list := make([]*Task, 0, len(m.tasks))
	for _, t := range m.tasks {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *Task) int { return a.ID - b.ID })
	return list
}

// Calling is a function without parameters that calls fn with args and then
// runs after, which finds fn's results at the Exec.
func Calling(fn *Func, args []Val, after func(x *Exec)) *Func {
	call := func(x *Exec) Status {
		return x.CallBack(fn, args, func(x *Exec, _ *Func) Status {
			after(x)
			return Next
		})
	}
	return &Func{
		Name: fn.Name, Recover: -1, Hidden: true,
		Code: []Ins{{Op: OpStep}, {Op: OpRet}}, Steps: []Step{call}, Lines: make([]token.Pos, 2),
	}
}

package machine

import (
	"go/token"
	"slices"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/policy"
)

// Origin is the go statement that started a task.
type Origin struct {
	Func   *Func // nil: none did
	PC     int32
	Number int32 // of the goroutine that executed it, within its cell
}

// State is what a task is doing.
type State uint8

const (
	Ready    State = iota // in a run queue
	Running               // on a core
	Blocked               // waits for another task or a timer
	External              // in the outside world: file, socket, process, input
	Done
)

// ending is what becomes of a task that is stopped.
type ending uint8

const (
	leaves  ending = iota + 1 // it comes out of a library first: see vacate
	stopped                   // its deferred calls do not run
)

// Task is one goroutine as data: frames, registers, deferred calls, panics.
type Task struct {
	sched policy.Task // the first field: see TaskOf

	ID     int   // from 1, in order of creation; never used again
	Number int32 // within its cell, as Go numbers goroutines: its main is 1
	Parent int32 // the task that started it; 0 for the first of a cell
	Cell   *Cell
	Start  *Func
	Made   Origin
	Bubble *Bubble // nil: it is in none
	given  *given  // nil: nothing

	State  State
	System bool   // not one of the program: it is not counted or shown
	gave   bool   // the policy took the core before a step
	ending ending // how it comes to be ended; 0: it does not
	asked  asked  // of the policy, by the running instruction
	core   int32  // that it runs on; -1: none
	intoOK int32  // where it goes whether there was something to receive; -1: nowhere

	frames []Frame
	n      []uint64
	p      []unsafe.Pointer
	left   int64 // what is left of the grant while it runs, in ns of virtual time
	work   int64 // for how long it still computes before its next instruction: see Exec.Work

	panic   *Panicking         // the last one under way
	cont    func(*Exec) Status // runs in place of the next instruction when the task is scheduled again
	waiting *Wait
	wait    Wait   // what waiting points to while it waits for a channel
	alone   waiter // its place in that channel's queue
	into    *Reg   // where what it receives goes
	sleep   *Timer
	held    *held // the locks that it holds for the library, the last first
	ended   int64 // when it was done
	mark    mark
	before  *Task // in Machine.firstTask's list
	behind  *Task
}

// given is what the program gave a task, which few tasks have. It does not change:
// copies of the task share it.
type given struct {
	name  string
	local unsafe.Pointer
}

// Name is what the program called the task; empty: it has no name.
func (t *Task) Name() string {
	if t.given == nil {
		return ""
	}
	return t.given.name
}

func (t *Task) setName(name string) {
	if name != t.Name() {
		t.given = &given{name, t.Local()}
	}
}

// Local is what a package of the program keeps of its task: see package async of cells.
func (t *Task) Local() unsafe.Pointer {
	if t.given == nil {
		return nil
	}
	return t.given.local
}

// SetLocal sets it.
func (t *Task) SetLocal(p unsafe.Pointer) { t.given = &given{t.Name(), p} }

// Frame is one activation.
type Frame struct {
	fn      *Func
	pc      int32 // offset in fn.Code of the next instruction
	n, p    int32 // base in the task's register files, in words
	kind    frameKind
	defers  *Deferred
	panicky *Panicking // the panic (or nil) whose unwinding called this frame as a deferred function
	host    *hostCall  // of a hostFrame
}

// hostCall is how a native function goes on when what it called has ended. It does
// not change: copies of the frame share it.
type hostCall struct {
	after  func(*Exec, *Func) Status
	failed func(*Exec, *Panicking) Status // nil: panics pass
}

type frameKind uint8

const (
	plainFrame    frameKind = iota
	deferredFrame           // called by a return or RunDefers of the frame below
	unwoundFrame            // called while a panic unwinds the frame below
	hostFrame               // called by a native function, which goes on in Frame.host
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
	Trace     []Position // the frames when it was raised, down to that of a deferred call
	During    *Panicking // whose unwinding made that call; nil: the frames are all there were
	below     *Panicking // the one that was under way before it
	Fatal     string     // a fatal error instead of a panic: nobody can recover it
	Exit      *int       // the code of a call of os.Exit
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
	cases  *[]Case // of a select: what it waits for
	Aside  bool    // until a run of its own making is over: see Machine.RecordWithin
}

// Cases are what a select waits for.
func (w *Wait) Cases() []Case {
	if w.cases == nil {
		return nil
	}
	return *w.cases
}

// Cell is what tasks of one cell have in common.
type Cell struct {
	Name    string
	Host    any // output, input: the evaluator's business
	live    int // tasks that are not done
	stopped bool
	last    int32 // number of the task started last
}

// newTask makes a task that will call fn with args.
func (m *Machine) newTask(parent *Task, cell *Cell, fn *Func, args []Val) *Task {
	m.lastTask++
	t := &Task{ID: m.lastTask, Cell: cell, Start: fn, core: -1}
	t.sched.ID, t.sched.Core = t.ID, -1
	if parent != nil {
		t.Parent, t.Made = int32(parent.ID), parent.origin()
		t.sched.Traits = parent.sched.Traits
		t.sched.Burst = 0
		t.join(parent.Bubble)
	}
	m.prepare(fn)
	m.outfit(t, fn)
	t.frames = append(t.frames, Frame{fn: fn})
	for i, v := range args {
		t.set(0, 0, fn.Params[i], v)
	}
	m.link(t)
	if cell != nil {
		cell.live++
		cell.last++
		t.Number = cell.last
	}
	return t
}

// origin is where t stands.
func (t *Task) origin() Origin {
	for i := len(t.frames) - 1; i >= 0; i-- {
		if fn := t.frames[i].fn; !fn.Hidden {
			return Origin{fn, t.at(i), t.Number}
		}
	}
	return Origin{}
}

// link adds a task to the list of those that are not done.
func (m *Machine) link(t *Task) {
	t.before = m.finalTask
	if t.before != nil {
		t.before.behind = t
	} else {
		m.firstTask = t
	}
	m.finalTask = t
	m.count++
}

func (m *Machine) unlink(t *Task) {
	if t.before != nil {
		t.before.behind = t.behind
	} else {
		m.firstTask = t.behind
	}
	if t.behind != nil {
		t.behind.before = t.before
	} else {
		m.finalTask = t.before
	}
	t.before, t.behind = nil, nil
	m.count--
}

// Panics lists the panics under way, the oldest first; of a task that died, to the
// one that nobody recovered.
func (t *Task) Panics() []*Panicking {
	var list []*Panicking
	for p := t.panic; p != nil; p = p.below {
		list = append(list, p)
	}
	slices.Reverse(list)
	return list
}

// Exited tells whether a task that is done was ended by Goexit.
func (t *Task) Exited() bool {
	return t.State == Done && t.panic != nil && t.panic.Goexit
}

// Depth is the number of frames.
func (t *Task) Depth() int { return len(t.frames) }

// Waiting says what a blocked task waits for; nil when it is not blocked.
func (t *Task) Waiting() *Wait { return t.waiting }

// Stack lists the task's frames, innermost first. A deferred function that a panic
// called stands above the frames that the panic left, as in Go.
func (t *Task) Stack() []Position { return t.panicked(Thrown{}).Stack() }

// panicked is a panic that the task raises now.
func (t *Task) panicked(th Thrown) *Panicking {
	p := &Panicking{Value: th.Value, Goexit: th.Goexit, Fatal: th.Fatal, Exit: th.Exit}
	p.Trace = make([]Position, 0, len(t.frames))
	for _, name := range th.Through {
		p.Trace = append(p.Trace, Position{Func: inRuntime(name)})
	}
	p.Trace = append(p.Trace, th.Earlier...)
	for i := len(t.frames) - 1; i >= 0; i-- {
		f := &t.frames[i]
		p.Trace = append(p.Trace, Position{f.fn, t.at(i)})
		if f.panicky != nil {
			p.During = f.panicky
			break
		}
	}
	return p
}

// at is the instruction that a frame is in the middle of. One that runs deferred
// calls is repeated after each of them.
func (t *Task) at(frame int) int32 {
	if frame+1 < len(t.frames) && t.frames[frame+1].kind == deferredFrame {
		return t.frames[frame].pc
	}
	return max(t.frames[frame].pc-insSize, 0)
}

// Stack lists the frames that the task had when the panic was raised, innermost first.
func (p *Panicking) Stack() []Position {
	list := slices.Clip(p.Trace)
	for p = p.During; p != nil; p = p.During {
		name := "runtime.gopanic"
		if p.Goexit {
			name = "runtime.Goexit"
		}
		list = append(append(list, Position{Func: inRuntime(name)}), p.Trace...)
	}
	return list
}

// inRuntime stands for a function of Go's runtime, which has no place in the code.
func inRuntime(name string) *Func { return &Func{Name: name, Library: true} }

// Thrown is a panic that an instruction raised and the loop has yet to start.
type Thrown struct {
	Value  Val
	Fatal  string
	Exit   *int
	Goexit bool

	Through []string   // the functions of Go's runtime that raise it, innermost first
	Earlier []Position // the frames from which it has come here, innermost first
}

// interfaceVal makes an interface value.
func interfaceVal(t *layout.Type, v Val) Val {
	return Val{P: unsafe.Pointer(t), Q: Box(t, v)}
}

// Tasks lists the tasks that are not done, in order of their numbers.
func (m *Machine) Tasks() []*Task {
	list := make([]*Task, 0, m.count)
	for t := m.firstTask; t != nil; t = t.behind {
		list = append(list, t)
	}
	return list
}

// Count is the number of tasks that are not done.
func (m *Machine) Count() int { return m.count }

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

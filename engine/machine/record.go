package machine

import (
	"fmt"
	"go/token"
	"math"
	"strings"
	"unsafe"

	"interleave/engine/policy"
	"interleave/engine/trace"
)

// Namer knows what the program calls things.
type Namer interface {
	// Place gives the position that a token.Pos stands for.
	Place(pos token.Pos) token.Position
	// Func gives a function's name.
	Func(f *Func) string
	// Task gives the name of the function that a task begins with.
	Task(t *Task) string
	// Gone says who the task of an ID was, which is no more, and how it ended. Empty: it
	// is not known.
	Gone(id uint32) string
	// Variable names what lies at p, or, of a channel or map, what refers to it, at
	// this step of task t. place is where it was made, or is used first. Empty: it is
	// not known.
	Variable(kind trace.ObjectKind, p unsafe.Pointer, t *Task, place trace.Place) string
}

// recording is the writing of one trace.
type recording struct {
	trace    *trace.Trace
	number   uint32 // of the recording: what was marked by another one is new
	tasks    int    // how many there had been at its beginning
	origin   int64  // virtual time at its beginning; events count from there
	places   map[token.Pos]uint32
	same     map[trace.Place]uint32 // places of several positions
	objects  objects
	names    map[string]int // how many objects have each name
	memory   map[string]int // how many pieces of memory have
	outer    *recording     // the one that goes on afterwards
	replaced []replaced     // its marks
	ended    bool           // see EndTrace
}

// replaced is a mark of an outer recording in whose place stands one of this.
type replaced struct {
	at  *mark
	old mark
}

// mark is the number of a task or object in the trace that is being written.
type mark struct {
	recording, number uint32
	place             uint32 // where a task was seen last
	named             bool   // a channel's name was asked for
}

// set puts a mark of this recording.
func (m *Machine) set(at *mark, number, place uint32) {
	old, r := *at, m.rec
	if r.outer != nil && old.recording != 0 {
		r.replaced = append(r.replaced, replaced{at, old})
	}
	*at = mark{recording: r.number, number: number, place: place}
	if m.trail.on() {
		m.OnRestore(func() { *at = old })
	}
}

// Record writes what happens from now on into t, whose time begins now; nil ends
// that, and puts the token that replays the run into the trace's head. Tasks that
// exist already are entered as they are.
func (m *Machine) Record(t *trace.Trace) {
	m.endRecord()
	if t != nil {
		m.record(t, nil)
	}
}

// RecordWithin does so for a part of a run: the recording that it interrupts goes
// on after EndWithin, and notices nothing of what is between.
func (m *Machine) RecordWithin(t *trace.Trace) { m.record(t, m.rec) }

// EndWithin ends what RecordWithin began.
func (m *Machine) EndWithin() {
	r := m.rec
	m.endRecord()
	for i := len(r.replaced) - 1; i >= 0; i-- {
		*r.replaced[i].at = r.replaced[i].old
	}
	m.rec = r.outer
}

// Recording tells whether a trace is being written.
func (m *Machine) Recording() bool { return m.rec != nil }

// EndTrace ends the trace before the recording: it shows nothing of what follows.
func (m *Machine) EndTrace() {
	if m.rec != nil {
		m.rec.ended = true
	}
}

// MarkBound writes into the trace that the run went on until its bound, and was ended
// there: what a task did at last is then seen to its end.
func (m *Machine) MarkBound() {
	if m.rec == nil || m.rec.ended || m.limit == forever {
		return
	}
	m.rec.trace.Add(trace.Event{Kind: trace.Mark, Time: m.limit - m.rec.origin, Core: -1, Reason: m.rec.trace.Reason("the run was ended by its limit")})
}

// Quietly runs f, which is no part of the program, without a trace of it.
func (m *Machine) Quietly(f func()) {
	r := m.rec
	m.rec = nil
	f()
	m.rec = r
}

func (m *Machine) endRecord() {
	if m.rec != nil {
		m.rec.trace.Head.Token = m.Token()
		m.rec.memoryUse(m)
	}
	m.rec = nil
}

func (m *Machine) record(t *trace.Trace, outer *recording) {
	m.records++
	m.rec = &recording{
		trace: t, number: m.records, tasks: m.lastTask, origin: m.Now(), outer: outer,
		places: map[token.Pos]uint32{}, same: map[trace.Place]uint32{}, objects: newObjects(), names: map[string]int{}, memory: map[string]int{},
	}
	t.Head = m.head()
	for task := m.firstTask; task != nil; task = task.behind {
		if task.Aside() {
			continue
		}
		m.emit(task, trace.Event{Kind: trace.Create})
		switch task.State {
		case Ready:
			m.emit(task, trace.Event{Kind: trace.Ready})
		case Running:
			m.emit(task, trace.Event{Kind: trace.Run})
		case Blocked:
			m.emitWait(task, trace.Block, task.waiting, 0)
		case External:
			m.emitWait(task, trace.Outside, task.waiting, 0)
		}
	}
}

// Aside tells whether a task stands still until the run that it began is over.
func (t *Task) Aside() bool { return t.State == Blocked && t.waiting != nil && t.waiting.Aside }

// head describes the machine.
func (m *Machine) head() trace.Head {
	c, cached := m.cost, ""
	if m.cached != nil {
		cached = "; " + m.config.Memory.String()
	}
	return trace.Head{
		Policy: m.policy.Name(), Seed: m.config.Seed, Cores: len(m.cores), Token: m.Token(),
		Cost: fmt.Sprintf("instruction %d ns, call %d ns, switch %d ns, wake %d ns, spawn %d ns, jitter %d %%", c.Instruction, c.Call, c.Switch, c.Wake, c.Spawn, c.Jitter) + cached,
	}
}

// emit writes an event of task t, or of the machine where t is nil. It fills in
// time, core and, where none is given, the place.
func (m *Machine) emit(t *Task, e trace.Event) {
	if m.rec.ended {
		return
	}
	e.Time, e.Core = m.Now()-m.rec.origin, -1
	if t != nil {
		e.Task, e.Core = m.taskNumber(t), int16(t.core)
		if e.Place == 0 {
			if e.Place = m.placeOf(t); e.Place != 0 {
				t.mark.place = e.Place
			} else { // it has not come to code of the program's, or has left it
				e.Place = m.rec.trace.Tasks[e.Task].Place
				if e.Place == 0 || e.Kind == trace.End {
					e.Place = t.mark.place
				}
			}
		}
	}
	m.rec.trace.Add(e)
	if t != nil && t == m.exec.T && e.Kind != trace.End && m.rec.trace.Describing() {
		m.describe(t)
	}
}

func (m *Machine) emitWait(t *Task, kind trace.Kind, w *Wait, arg int64) {
	e := trace.Event{Kind: kind, Arg: small(arg)}
	if w == nil {
		m.emit(t, e)
		return
	}
	e.Reason = m.rec.trace.Reason(w.Why)
	if w.Object != nil {
		m.noteHolder(w, t)
		e.Object = m.waitObject(w, t)
	}
	m.emit(t, e)
	for _, c := range w.Cases() {
		if c.Chan != nil {
			m.emit(t, trace.Event{Kind: trace.Case, Object: m.chanUsed(c.Chan, t), Arg: int32(b2i(c.Send))})
			if c.Send {
				m.noteValue(c.Chan, c.Val)
			}
		}
	}
}

// noteHolder writes who holds a lock that a task waits for, where that was so before the
// trace began, or that nobody does: a copy of a lock that is held is locked, too.
func (m *Machine) noteHolder(w *Wait, t *Task) {
	var owner uint32
	kind := waitKind(w)
	switch kind {
	case trace.Mutex:
		owner = (*Mutex)(w.Object).Owner
	case trace.RWMutex:
		owner = (*RWMutex)(w.Object).Writer.Owner
	}
	if owner == 0 || m.rec.ended || *m.rec.objects.number(kind, w.Object) != 0 {
		return
	}
	if int(owner) > m.rec.tasks { // had it locked this one, the trace would say so
		if n := m.object(kind, w.Object, t); n != 0 {
			m.rec.trace.Objects[n].Copied = true
		}
		return
	}
	for o := m.firstTask; o != nil; o = o.behind {
		if o.ID != int(owner) {
			continue
		}
		if !o.Aside() {
			n := m.object(kind, w.Object, t)
			m.rec.trace.Add(trace.Event{Time: m.Now() - m.rec.origin, Core: -1, Task: m.taskNumber(o), Kind: trace.Lock, Object: n, Arg: 2})
		}
		return
	}
	if m.Names != nil {
		if n := m.object(kind, w.Object, t); n != 0 {
			m.rec.trace.Objects[n].Keeper = m.Names.Gone(owner)
		}
	}
}

// NameOf names what a task waits for, if that is known.
func (m *Machine) NameOf(w *Wait, t *Task) string {
	if m.Names == nil || w.Object == nil {
		return ""
	}
	return m.Names.Variable(waitKind(w), w.Object, t, trace.Place{})
}

// waitObject numbers what a task waits for; the words say what it is.
func (m *Machine) waitObject(w *Wait, t *Task) uint32 {
	kind := waitKind(w)
	if kind == trace.Chan {
		return m.chanUsed((*Chan)(w.Object), t)
	}
	return m.object(kind, w.Object, t)
}

func waitKind(w *Wait) trace.ObjectKind {
	switch {
	case w.Why == onDevice:
		return trace.Device
	case strings.HasPrefix(w.Why, "chan "):
		return trace.Chan
	case strings.HasPrefix(w.Why, "sync.Mutex"):
		return trace.Mutex
	case strings.HasPrefix(w.Why, "sync.RWMutex"):
		return trace.RWMutex
	case strings.HasPrefix(w.Why, "sync.WaitGroup"):
		return trace.WaitGroup
	case strings.HasPrefix(w.Why, "sync.Cond"):
		return trace.Cond
	}
	return trace.Other
}

func (m *Machine) emitTurn(t *Task, why policy.Why) {
	switch why {
	case policy.Yielded:
		m.emit(t, trace.Event{Kind: trace.Yield})
	case policy.Expired:
		m.emit(t, trace.Event{Kind: trace.Preempt, Reason: m.rec.trace.Reason("slice")})
	default:
		m.emit(t, trace.Event{Kind: trace.Preempt, Reason: m.rec.trace.Reason("policy")})
	}
}

func (m *Machine) emitEnd(t *Task) {
	how := "returned"
	if t.ending == stopped {
		how = "stopped"
	} else if p := t.panic; p != nil {
		switch {
		case p.Fatal != "":
			how = "fatal"
		case p.Exit != nil:
			how = "exit"
		case p.Goexit:
			how = "goexit"
		default:
			how = "panic"
		}
	}
	m.emit(t, trace.Event{Kind: trace.End, Reason: m.rec.trace.Reason(how)})
}

// Note puts into the trace what becomes of t, by rules that are not the machine's,
// through the running task.
func (m *Machine) Note(t *Task, words string, arg int64) {
	n := policy.Note{Task: &t.sched, Words: words, Arg: arg}
	if by := m.exec.T; by != nil {
		n.Cause = &by.sched
	}
	m.note(m.Now(), n)
}

// note writes what the policy says of itself.
func (m *Machine) note(now int64, n policy.Note) {
	if m.rec == nil || m.rec.ended {
		return
	}
	e := trace.Event{Kind: trace.Note, Core: -1, Time: now - m.rec.origin, Arg: small(n.Arg), Reason: m.rec.trace.Reason(n.Words)}
	if n.Task != nil {
		t := TaskOf(n.Task)
		e.Task, e.Core = m.taskNumber(t), int16(t.core)
	}
	if n.Cause != nil {
		e.Cause = m.taskNumber(TaskOf(n.Cause))
	}
	m.rec.trace.Add(e)
}

// Mark writes the program's own words into the trace.
func (x *Exec) Mark(words string) {
	if m := x.M; m.rec != nil {
		m.emit(x.T, trace.Event{Kind: trace.Mark, Reason: m.rec.trace.Reason(words)})
	}
}

// record writes an event of the running task about an object.
func (x *Exec) record(kind trace.Kind, of trace.ObjectKind, p unsafe.Pointer, arg int64) {
	if m := x.M; m.rec != nil {
		m.emit(x.T, trace.Event{Kind: kind, Object: m.object(of, p, x.T), Arg: small(arg)})
	}
}

// noteChan does so for a channel.
func (x *Exec) noteChan(kind trace.Kind, c *Chan, arg int) {
	if m := x.M; m.rec != nil {
		n := uint32(0)
		if kind == trace.Make { // no variable holds it yet
			n = m.chanNumber(c, x.T)
		} else {
			n = m.chanUsed(c, x.T)
		}
		m.emit(x.T, trace.Event{Kind: kind, Object: n, Arg: small(int64(arg))})
	}
}

// placeOf is where a task stands in the learner's own code.
func (m *Machine) placeOf(t *Task) uint32 {
	if t == nil {
		return 0
	}
	for i := len(t.frames) - 1; i >= 0; i-- {
		f := &t.frames[i]
		if fn := f.fn; !fn.Hidden && !fn.Library {
			return m.rec.place(m, fn, int(t.at(i)/insSize))
		}
	}
	return 0
}

func (r *recording) place(m *Machine, fn *Func, ins int) uint32 {
	if fn.placed != r.number {
		fn.places, fn.placed = make([]uint32, len(fn.Lines)), r.number
	}
	if ins >= len(fn.places) {
		return 0
	}
	if n := fn.places[ins]; n != 0 {
		return n
	}
	pos := fn.Lines[ins]
	for i := ins + 1; !pos.IsValid() && i < len(fn.Lines); i++ { // what the compiler put before the first statement
		pos = fn.Lines[i]
	}
	if !pos.IsValid() {
		return 0
	}
	n, ok := r.places[pos]
	if !ok {
		p := trace.Place{Func: fn.Name}
		if m.Names != nil {
			at := m.Names.Place(pos)
			p.File, p.Line, p.Column, p.Func = at.Filename, at.Line, at.Column, m.Names.Func(fn)
		}
		if n, ok = r.same[p]; !ok {
			n = r.trace.AddPlace(p)
			r.same[p] = n
			m.OnRestore(func() { delete(r.same, p) })
		}
		r.places[pos] = n
		m.OnRestore(func() { delete(r.places, pos) })
	}
	places := fn.places
	places[ins] = n
	m.OnRestore(func() { places[ins] = 0 })
	return n
}

func small(n int64) int32 { return int32(min(max(n, math.MinInt32), math.MaxInt32)) }

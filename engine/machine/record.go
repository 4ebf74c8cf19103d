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

// recording is the writing of one trace.
type recording struct {
	trace   *trace.Trace
	number  uint32 // of the recording: what was marked by another one is new
	places  map[token.Pos]uint32
	objects map[objectKey]uint32
}

type objectKey struct {
	kind trace.ObjectKind
	p    unsafe.Pointer
}

// mark is the number of a task or object in the trace that is being written.
type mark struct{ recording, number uint32 }

// Record writes what happens from now on into t; nil ends that, and puts the token
// that replays the run into the trace's head. Tasks that exist already are entered
// as they are.
func (m *Machine) Record(t *trace.Trace) {
	if m.rec != nil {
		m.rec.trace.Head.Token = m.Token()
	}
	m.rec = nil
	if t == nil {
		return
	}
	m.records++
	m.rec = &recording{trace: t, number: m.records, places: map[token.Pos]uint32{}, objects: map[objectKey]uint32{}}
	t.Head = m.head()
	for task := m.firstTask; task != nil; task = task.behind {
		m.emit(task, trace.Event{Kind: trace.Create})
		switch task.State {
		case Ready:
			m.emit(task, trace.Event{Kind: trace.Ready})
		case Running:
			m.emit(task, trace.Event{Kind: trace.Run})
		case Blocked:
			m.emitWait(task, trace.Block, task.waiting)
		case External:
			m.emitWait(task, trace.Outside, task.waiting)
		}
	}
}

// head describes the machine.
func (m *Machine) head() trace.Head {
	c := m.cost
	return trace.Head{
		Policy: m.policy.Name(), Seed: m.config.Seed, Cores: len(m.cores), Token: m.Token(),
		Cost: fmt.Sprintf("instruction %d ns, call %d ns, switch %d ns, wake %d ns, spawn %d ns, jitter %d %%", c.Instruction, c.Call, c.Switch, c.Wake, c.Spawn, max(c.Jitter, 0)),
	}
}

// Token replays the run so far: seed and policy where they decide everything, else
// the schedule.
func (m *Machine) Token() string {
	if p, ok := m.policy.(policy.Scheduled); ok {
		return p.Schedule().String()
	}
	return (&policy.Schedule{Policy: m.policy.Name(), Seed: m.config.Seed, Cores: len(m.cores), Slice: m.config.Slice}).String()
}

// emit writes an event of task t, or of the machine where t is nil. It fills in
// time, core and, where none is given, the place.
func (m *Machine) emit(t *Task, e trace.Event) {
	e.Time, e.Core = m.Now(), -1
	if t != nil {
		e.Task, e.Core = m.taskNumber(t), int16(t.core)
		if e.Place == 0 {
			e.Place = m.placeOf(t)
		}
	}
	m.rec.trace.Add(e)
}

func (m *Machine) emitWait(t *Task, kind trace.Kind, w *Wait) {
	e := trace.Event{Kind: kind}
	if w == nil {
		m.emit(t, e)
		return
	}
	e.Reason = m.rec.trace.Reason(w.Why)
	if w.Object != nil {
		e.Object = m.waitObject(w)
	}
	m.emit(t, e)
	for _, c := range w.Cases {
		if c.Chan != nil {
			m.emit(t, trace.Event{Kind: trace.Case, Object: m.chanNumber(c.Chan), Arg: int32(b2i(c.Send))})
		}
	}
}

// waitObject numbers what a task waits for; the words say what it is.
func (m *Machine) waitObject(w *Wait) uint32 {
	kind := trace.Other
	switch {
	case strings.HasPrefix(w.Why, "chan "):
		return m.chanNumber((*Chan)(w.Object))
	case strings.HasPrefix(w.Why, "sync.Mutex"):
		kind = trace.Mutex
	case strings.HasPrefix(w.Why, "sync.RWMutex"):
		kind = trace.RWMutex
	case strings.HasPrefix(w.Why, "sync.WaitGroup"):
		kind = trace.WaitGroup
	case strings.HasPrefix(w.Why, "sync.Cond"):
		kind = trace.Cond
	}
	return m.object(kind, w.Object)
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
	if t.dying {
		how = "stopped"
	} else if n := len(t.panics); n > 0 {
		switch p := t.panics[n-1]; {
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

// Mark writes the program's own words into the trace.
func (x *Exec) Mark(words string) {
	if m := x.M; m.rec != nil {
		m.emit(x.T, trace.Event{Kind: trace.Mark, Reason: m.rec.trace.Reason(words)})
	}
}

// note writes an event of the running task about an object.
func (x *Exec) note(kind trace.Kind, of trace.ObjectKind, p unsafe.Pointer, arg int64) {
	if m := x.M; m.rec != nil {
		m.emit(x.T, trace.Event{Kind: kind, Object: m.object(of, p), Arg: small(arg)})
	}
}

// noteChan does so for a channel.
func (x *Exec) noteChan(kind trace.Kind, c *Chan, arg int) {
	if m := x.M; m.rec != nil {
		m.emit(x.T, trace.Event{Kind: kind, Object: m.chanNumber(c), Arg: small(int64(arg))})
	}
}

func (m *Machine) taskNumber(t *Task) uint32 {
	if t == nil {
		return 0
	}
	if t.mark.recording != m.rec.number {
		info := trace.Task{Number: t.Number, Start: t.Start.Name, System: t.System}
		if t.Cell != nil {
			info.Cell = t.Cell.Name
		}
		if by := m.exec.T; by != nil && by != t && by.ID == t.Parent {
			info.Parent, info.Place = m.taskNumber(by), m.placeOf(by)
		}
		t.mark = mark{m.rec.number, m.rec.trace.AddTask(info)}
	}
	return t.mark.number
}

func (m *Machine) chanNumber(c *Chan) uint32 {
	if c == nil {
		return 0
	}
	if c.mark.recording != m.rec.number {
		c.mark = mark{m.rec.number, m.rec.trace.AddObject(trace.Object{Kind: trace.Chan, Place: m.placeOf(m.exec.T)})}
	}
	return c.mark.number
}

func (m *Machine) timerNumber(t *Timer) uint32 {
	if t.mark.recording != m.rec.number {
		t.mark = mark{m.rec.number, m.rec.trace.AddObject(trace.Object{Kind: trace.Timer, Place: m.placeOf(m.exec.T)})}
	}
	return t.mark.number
}

// object numbers what lies at an address. The recording keeps it from being freed,
// so that the address means nothing else later.
func (m *Machine) object(kind trace.ObjectKind, p unsafe.Pointer) uint32 {
	k := objectKey{kind, p}
	n, ok := m.rec.objects[k]
	if !ok {
		o := trace.Object{Kind: kind, Place: m.placeOf(m.exec.T)}
		if m.NameOf != nil {
			o.Name = m.NameOf(p)
		}
		n = m.rec.trace.AddObject(o)
		m.rec.objects[k] = n
	}
	return n
}

// placeOf is where a task stands in the learner's own code.
func (m *Machine) placeOf(t *Task) uint32 {
	if t == nil {
		return 0
	}
	for i := len(t.frames) - 1; i >= 0; i-- {
		f := &t.frames[i]
		if fn := f.fn; !fn.Hidden && !fn.Library {
			return m.rec.place(m, fn, int(max(f.pc-insSize, 0)/insSize))
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
	if !pos.IsValid() {
		return 0
	}
	n, ok := r.places[pos]
	if !ok {
		p := trace.Place{Func: fn.Name}
		if m.Place != nil {
			at := m.Place(pos)
			p.File, p.Line, p.Column = at.Filename, at.Line, at.Column
		}
		n = r.trace.AddPlace(p)
		r.places[pos] = n
	}
	fn.places[ins] = n
	return n
}

func small(n int64) int32 { return int32(min(max(n, math.MinInt32), math.MaxInt32)) }

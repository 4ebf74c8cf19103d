package machine

import (
	"go/token"

	"interleave/engine/policy"
	"interleave/engine/trace"
)

// A task may ask for a run of its own making: it stands aside, the machine comes to
// rest, and whoever runs it sets it up anew for a while.
//
//	StandAside ─▶ Until gives Paused ─▶ Begin ─▶ Spawn, Until … ─▶ Finish ─▶ Wake ─▶ Until …

// StandAside parks the running task and brings the machine to rest; the caller then
// returns Parked.
func (x *Exec) StandAside(why string) {
	x.Park(&Wait{Why: why, Aside: true})
	x.M.paused = true
}

// Interlude keeps how a machine was set up.
type Interlude struct {
	config      Config
	rand, noise policy.Rand
	limit       int64
	cached      *cached
	bus         bus
	devices     map[string]*Device
	writes      bool
}

// Begin sets the machine up with c, while it is at rest, and records in t what
// follows.
func (m *Machine) Begin(c Config, t *trace.Trace) Interlude {
	was := Interlude{m.config, m.rand, m.noise, m.limit, m.cached, m.bus, m.devices, m.writes}
	if m.rec != nil {
		for task := m.firstTask; task != nil; task = task.behind {
			if task.State == Running {
				m.emitTurn(task, policy.Preempted)
			}
		}
	}
	outer := m.rec
	m.rec = nil
	m.Configure(c)
	m.rec = outer
	m.RecordWithin(t)
	return was
}

// Finish ends the recording and sets the machine up as it was before Begin. Its
// policy starts anew; the program's random numbers go on.
func (m *Machine) Finish(was Interlude) {
	m.EndWithin()
	m.Configure(was.config)
	m.rand, m.noise, m.limit, m.cached, m.bus, m.devices = was.rand, was.noise, was.limit, was.cached, was.bus, was.devices
	if was.writes {
		m.WatchWrites()
	}
}

// Sequence is a function without parameters that calls others one after another.
func Sequence(name string, list []*Func) *Func {
	f := &Func{Name: name, Recover: -1, Hidden: true, sequence: true}
	for i, fn := range list {
		f.Code = append(f.Code, Ins{Op: OpStep, A: int32(i)})
		f.Steps = append(f.Steps, func(x *Exec) Status {
			return x.CallBack(fn, nil, func(*Exec, *Func) Status { return Next })
		})
	}
	f.Code = append(f.Code, Ins{Op: OpRet})
	f.Lines = make([]token.Pos, len(f.Code))
	return f
}

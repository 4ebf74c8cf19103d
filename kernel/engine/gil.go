package engine

import (
	"fmt"
	"time"

	"interleave/engine/analyse/gil"
	drawgil "interleave/engine/draw/gil"
	"interleave/engine/machine"
	"interleave/engine/policy"
)

// Native computes for d in native code that needs no interpreter's lock and gives it
// back meanwhile, as numpy or zlib do in CPython: Py_BEGIN_ALLOW_THREADS. Under a policy without a lock it is
// as Work.
func Native(d time.Duration) { panic(elsewhere("Native")) }

// NativeHolding computes for d in native code that keeps the interpreter's lock: whoever
// asks for it has to wait for its end.
func NativeHolding(d time.Duration) { panic(elsewhere("NativeHolding")) }

func nativeNative(c policy.Call) machine.Native {
	return func(x *machine.Exec) machine.Status { return x.Native(c, int64(x.Arg(0).N)) }
}

// GIL draws who held the interpreter's lock, who waited for it, asked, and had to give it
// up: of a run under a policy that has one, such as Policy("gil"). Under another it
// shows who computed when. It takes the view Between.
func (e *Execution) GIL(views ...View) *Drawing {
	return drawn(drawgil.Draw(part(views), drawgil.Run{Contention: gil.Of(e.of().Trace)}))
}

func part(views []View) (p drawgil.Part) {
	for _, v := range views {
		if v.what == between {
			p = drawgil.Part{From: v.from, To: v.to}
		}
	}
	return p
}

// CompareGIL draws runs below each other on one scale, each as Execution.GIL does.
func CompareGIL(runs ...*Execution) *Drawing {
	if len(runs) == 0 {
		panic("engine.CompareGIL: there are no runs")
	}
	var list []drawgil.Run
	for _, e := range runs {
		list = append(list, drawgil.Run{Contention: gil.Of(e.of().Trace)})
	}
	return drawn(drawgil.Draw(drawgil.Part{}, list...))
}

// Contention is how the goroutines of a run, or the threads of a Python, shared an
// interpreter's lock, in figures. Times are of the virtual clock, unless it was measured.
type Contention struct {
	Wall     time.Duration
	Share    float64 // of the time for which the lock was held, 0 to 1; of several on average
	Switches int     // it went to another than the one who had it before
	Rate     float64 // Switches a second
	Computed time.Duration
	Threads  []ThreadUse
}

// ThreadUse is what one goroutine or thread did.
type ThreadUse struct {
	Name     string
	Held     time.Duration // it held the lock
	Waited   time.Duration // for the lock
	Without  time.Duration // it computed without the lock
	Outside  time.Duration // I/O and sleep
	Waits    int           // for the lock
	Median   time.Duration // half of the waits are not longer
	P95      time.Duration // 95 % of them are not longer
	Longest  time.Duration
	Asked    int           // it asked for the lock
	Forced   int           // it gave it up since it was asked
	Missed   int           // it was woken for it, and another had it already
	Answered int           // it went on after I/O or sleep
	Answer   time.Duration // how long after, on average
}

// Contention tells how goroutines shared the lock.
func (e *Execution) Contention() *Contention { return contention(gil.Of(e.of().Trace)) }

// Thread is the one with that name. It panics where there is none.
func (c *Contention) Thread(name string) ThreadUse {
	if c == nil {
		panic(missing("*engine.Contention", "run", "Execution.Contention gives one"))
	}
	for _, t := range c.Threads {
		if t.Name == name {
			return t
		}
	}
	panic(fmt.Sprintf("engine.Contention.Thread: no thread is called %q", name))
}

func contention(c *gil.Contention) *Contention {
	out := &Contention{
		Wall: time.Duration(c.Wall()), Share: c.Share(), Switches: c.Switches, Rate: c.Rate(), Computed: time.Duration(c.Computed()),
	}
	for i := range c.Threads {
		th := &c.Threads[i]
		waits, answers := gil.Sorted(th.Waits), gil.Sorted(th.Answer)
		var sum int64
		for _, a := range answers {
			sum += a
		}
		out.Threads = append(out.Threads, ThreadUse{
			Name: th.Name, Held: time.Duration(th.Time[gil.Holds] + th.Time[gil.Stranded]), Waited: time.Duration(th.Time[gil.Wants]),
			Without: time.Duration(th.Time[gil.Runs]), Outside: time.Duration(th.Time[gil.Outside]),
			Waits: len(waits), Median: time.Duration(gil.Percentile(waits, 0.5)), P95: time.Duration(gil.Percentile(waits, 0.95)), Longest: time.Duration(gil.Percentile(waits, 1)),
			Asked: th.Count[gil.Asked], Forced: th.Count[gil.Forced], Missed: th.Count[gil.Missed],
			Answered: len(answers), Answer: time.Duration(sum / int64(max(len(answers), 1))),
		})
	}
	return out
}

package policy

import (
	"math"
	"math/bits"
)

// FreeThreaded is CPython without its lock, as it can be built from 3.13 on: threads run
// on all cores at once, in turns where there are more of them than cores. A single
// thread pays for it: every computing takes longer by an overhead.
//
// (PEP 703 gives 5 to 6 % for it, in "Performance"; PEP 779 about 10 % for 3.14.)
type FreeThreaded struct {
	called
	overhead int64
	hw       hardware
}

func freeThreadedKind() Kind {
	return Kind{
		Name: "free-threaded", Help: "CPython without its lock (3.13t and later): threads run on all cores, each a little slower", Example: "free-threaded(overhead=6)",
		Params: []Param{{Name: "overhead", Kind: Number, Default: "10", Most: 1000, Help: "by how many percent computing takes longer"}},
		make:   func(c called) Policy { return &FreeThreaded{called: c, overhead: c.num("overhead")} },
	}
}

// Work implements Coster. Native code is as fast as ever.
func (f *FreeThreaded) Work(t *Task, ns int64) int64 {
	if t.Call != Bytecode {
		return ns
	}
	high, low := bits.Mul64(uint64(ns), uint64(100+f.overhead))
	if high >= 50 { // longer than time lasts
		return math.MaxInt64
	}
	n, _ := bits.Div64(high, low, 100)
	return int64(n)
}

// Start implements Policy.
func (f *FreeThreaded) Start(s Setup) { f.hw = newHardware(s) }

// Ready implements Policy.
func (f *FreeThreaded) Ready(now int64, t *Task, why Why, by *Task) Look {
	if why >= Expired {
		f.hw.stay(now, t.Core, t)
	} else {
		f.hw.place(now, t, -1)
	}
	return f.hw.answer()
}

// Pick implements Policy.
func (f *FreeThreaded) Pick(now int64, core int) Decision {
	if t, _ := f.hw.next(core); t != nil {
		return f.hw.run(now, core, t, 0)
	}
	return f.hw.rest(core)
}

// Stop implements Policy.
func (f *FreeThreaded) Stop(now int64, core int, t *Task, why Why) { f.hw.stop(core) }

// Save implements Policy.
func (f *FreeThreaded) Save() any { return &FreeThreaded{f.called, f.overhead, f.hw.clone()} }

// Load implements Policy.
func (f *FreeThreaded) Load(saved any) {
	s := saved.(*FreeThreaded)
	f.overhead, f.hw = s.overhead, s.hw.clone()
}

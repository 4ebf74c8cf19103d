package host

import (
	"cmp"
	"runtime"

	"interleave/engine/machine"
)

// system lists the natives of package runtime that tell about the machine.
func (h *Host) system() map[string]machine.Native {
	return map[string]machine.Native{
		"runtime.Gosched":    func(x *machine.Exec) machine.Status { return x.Yield() },
		"runtime.Goexit":     func(x *machine.Exec) machine.Status { return x.Goexit() },
		"runtime.Breakpoint": func(x *machine.Exec) machine.Status { return x.ThrowFatal("SIGTRAP: trace trap") },
		"runtime.GC":         func(x *machine.Exec) machine.Status { return machine.Next },
		"runtime.Version":    func(x *machine.Exec) machine.Status { return x.Return(machine.StringVal(runtime.Version())) },
		"runtime.NumCPU":     func(x *machine.Exec) machine.Status { return x.Return(number(x.M.Cores())) },
		// The number of cores is the machine's: only %machine changes it.
		"runtime.GOMAXPROCS": func(x *machine.Exec) machine.Status { return x.Return(number(x.M.Cores())) },
		"runtime.NumGoroutine": func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			n := h.dormant
			for _, t := range x.M.Tasks() { // of all cells: together they are the program
				if !t.System {
					n++
				}
			}
			return x.Return(number(n))
		},
		"testing/synctest.bubble": func(x *machine.Exec) machine.Status {
			if x.T.Bubble != nil {
				return x.Throw(x.M.Errors.Text("synctest.Test called from within a synctest bubble"))
			}
			if !x.InOrder() {
				return machine.Again
			}
			fn, args := (*machine.Closure)(x.Arg(0).P).ClosureArgs(nil)
			return x.NewBubble(fn, args)
		},
		"testing/synctest.Wait": func(x *machine.Exec) machine.Status {
			if x.T.Bubble == nil {
				return x.Throw(x.M.Errors.Text("goroutine is not in a bubble"))
			}
			if !x.InOrder() {
				return machine.Again
			}
			return x.Settle()
		},
		"runtime.heap": func(x *machine.Exec) machine.Status {
			now, total := x.M.HeapUse()
			return x.Return(machine.Val{N: uint64(now)}, machine.Val{N: uint64(total)})
		},
		"runtime.stack": func(x *machine.Exec) machine.Status {
			text := h.dump(x.T, "running", x.T.Stack()) + "\n"
			if x.Arg(0).N != 0 {
				for _, t := range x.M.Tasks() {
					if t == x.T || t.System || t.Cell != x.T.Cell {
						continue
					}
					text += "\n" + h.dump(t, cmp.Or(x.M.Reason(t), "runnable"), t.Stack()) + "\n"
				}
			}
			return x.Return(machine.StringVal(text))
		},
	}
}

package host

import (
	"unsafe"

	"interleave/engine/machine"
)

// coroutine is what iter.Pull runs its sequence in: two tasks, of which one runs
// while the other waits for its turn.
type coroutine struct {
	fn      *machine.Closure
	waiting *machine.Task // nil before the first switch
}

// coroutines lists the natives of package iter.
func (h *Host) coroutines() map[string]machine.Native {
	return map[string]machine.Native{
		"iter.newcoro": func(x *machine.Exec) machine.Status {
			return x.Return(address(unsafe.Pointer(&coroutine{fn: (*machine.Closure)(x.Arg(0).P)})))
		},
		"iter.coroswitch": func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			c := (*coroutine)(x.Arg(0).P)
			next := c.waiting
			c.waiting = x.T
			x.Park(&machine.Wait{Why: "coroutine", Object: unsafe.Pointer(c)})
			if next == nil {
				c.start(x)
			} else {
				x.M.Wake(next, x.T)
			}
			return machine.Parked
		},
	}
}

// start makes the task of the coroutine; when its function is at its end, the
// one that waits goes on.
func (c *coroutine) start(x *machine.Exec) {
	fn, args := c.fn.ClosureArgs([]machine.Val{address(unsafe.Pointer(c))})
	x.M.Spawn(x.T, x.T.Cell, machine.Calling(fn, args, func(x *machine.Exec) {
		x.M.Wake(c.waiting, x.T)
	}), nil)
}

// seeded are the library's sources of chance: the machine's generator.
func seeded() map[string]machine.Native {
	next := func(x *machine.Exec) machine.Status { return x.Return(machine.Val{N: x.M.Rand().Uint64()}) }
	return map[string]machine.Native{
		"math/rand/v2.runtime_rand": next,
		"math/rand.runtime_rand":    next,
	}
}

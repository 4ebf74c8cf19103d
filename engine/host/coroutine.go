package host

import (
	"go/token"
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
			if !x.InOrder() {
				return machine.Again
			}
			h.dormant++
			x.M.OnRestore(func() { h.dormant-- })
			return x.Return(address(unsafe.Pointer(&coroutine{fn: (*machine.Closure)(x.Arg(0).P)})))
		},
		"iter.coroswitch": func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			c := (*coroutine)(x.Arg(0).P)
			next := c.waiting
			c.waiting = x.T
			x.M.OnRestore(func() { c.waiting = next })
			x.Park(&machine.Wait{Why: "coroutine", Object: unsafe.Pointer(c)})
			if next == nil {
				h.dormant--
				x.M.OnRestore(func() { h.dormant++ })
				c.start(x)
			} else {
				x.M.Wake(next, x.T)
			}
			return machine.Parked
		},
	}
}

// start makes the task of the coroutine; when its function is at its end, by a
// return or by Goexit, the one that waits goes on.
func (c *coroutine) start(x *machine.Exec) {
	fn, args := c.fn.ClosureArgs([]machine.Val{address(unsafe.Pointer(c))})
	call := func(x *machine.Exec) machine.Status {
		return x.CallBackOr(fn, args, func(x *machine.Exec, _ *machine.Func) machine.Status {
			x.M.Wake(c.waiting, x.T)
			return machine.Next
		}, func(x *machine.Exec, p *machine.Panicking) machine.Status {
			if p.Goexit {
				x.M.Wake(c.waiting, x.T)
				return machine.Next
			}
			return x.Throw(p.Value)
		})
	}
	x.M.Spawn(x.T, x.T.Cell, &machine.Func{
		Name: fn.Name, Recover: -1, Hidden: true,
		Code: []machine.Ins{{Op: machine.OpStep}, {Op: machine.OpRet}}, Steps: []machine.Step{call}, Lines: make([]token.Pos, 2),
	}, nil)
}

// seeded are the library's sources of chance: the machine's generator.
func seeded() map[string]machine.Native {
	next := func(x *machine.Exec) machine.Status { return x.Return(machine.Val{N: x.M.Rand().Uint64()}) }
	return map[string]machine.Native{
		"math/rand/v2.runtime_rand": next,
		"math/rand.runtime_rand":    next,
		"hash/maphash.randUint64":   next,
	}
}

// hashes are hash/maphash's: the hash FNV-1a of 64 bits that begins with the seed,
// its bits mixed by the finalizer of SplitMix64.
func hashes() map[string]machine.Native {
	hash := func(x *machine.Exec) machine.Status {
		h := x.Arg(1).N
		for _, b := range slice(x.Arg(0)) {
			h = (h ^ uint64(b)) * 0x100000001b3
		}
		x.Spend(int64(x.Arg(0).N))
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		return x.Return(machine.Val{N: h ^ h>>31})
	}
	return map[string]machine.Native{"hash/maphash.rthash": hash, "hash/maphash.rthashString": hash}
}

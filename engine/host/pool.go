package host

import (
	"go/types"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// pooled has the layout of the machine's sync.pooled.
type pooled struct {
	x     [2]unsafe.Pointer
	below *pooled
}

// pools is what a sync.Pool cannot do by itself: each is one step, whatever other
// tasks do to the same pool. What package fmt prints passes through one.
func pools(u *layout.Universe) map[string]machine.Native {
	word := u.Of(types.Typ[types.UnsafePointer])
	step := func(f func(x *machine.Exec, top **pooled) machine.Status) machine.Native {
		return func(x *machine.Exec) machine.Status {
			p := x.Arg(0).P
			if p == nil {
				return x.ThrowNil()
			}
			if !x.InOrder() {
				return machine.Again
			}
			x.Overwrite(word, p, 1)
			return f(x, (**pooled)(p))
		}
	}
	return map[string]machine.Native{
		"sync.poolPush": step(func(x *machine.Exec, top **pooled) machine.Status {
			p := (*pooled)(x.Arg(1).P)
			x.Overwrite(word, unsafe.Pointer(&p.below), 1)
			p.below, *top = *top, p
			return x.Return()
		}),
		"sync.poolPop": step(func(x *machine.Exec, top **pooled) machine.Status {
			p := *top
			if p != nil {
				*top = p.below
			}
			return x.Return(machine.Val{P: unsafe.Pointer(p)})
		}),
	}
}

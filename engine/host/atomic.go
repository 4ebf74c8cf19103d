package host

import (
	"unsafe"

	"interleave/engine/machine"
)

const atomicCost = 5 // ns

// atomics is package sync/atomic: each operation is one step, in order of
// virtual time.
func atomics() map[string]machine.Native {
	all := map[string]machine.Native{}
	for _, t := range []struct {
		name string
		size uintptr
		sign bool
	}{{"Int32", 4, true}, {"Uint32", 4, false}, {"Int64", 8, true}, {"Uint64", 8, false}, {"Uintptr", 8, false}} {
		load := func(p unsafe.Pointer) uint64 {
			switch {
			case t.size == 8:
				return *(*uint64)(p)
			case t.sign:
				return uint64(int64(*(*int32)(p)))
			}
			return uint64(*(*uint32)(p))
		}
		store := func(p unsafe.Pointer, v uint64) {
			if t.size == 8 {
				*(*uint64)(p) = v
			} else {
				*(*uint32)(p) = uint32(v)
			}
		}
		add := func(op string, f func(p unsafe.Pointer, x *machine.Exec) []machine.Val) {
			all["sync/atomic."+op+t.name] = func(x *machine.Exec) machine.Status {
				if !x.InOrder() {
					return machine.Again
				}
				p := x.Arg(0).P
				if p == nil {
					return x.ThrowNil()
				}
				x.WatchAtomic(p, t.size)
				x.Spend(atomicCost)
				return x.Return(f(p, x)...)
			}
		}
		update := func(f func(old, v uint64) uint64, newResult bool) func(unsafe.Pointer, *machine.Exec) []machine.Val {
			return func(p unsafe.Pointer, x *machine.Exec) []machine.Val {
				old := load(p)
				store(p, f(old, x.Arg(1).N))
				if newResult {
					old = load(p)
				}
				return []machine.Val{{N: old}}
			}
		}
		add("Load", func(p unsafe.Pointer, x *machine.Exec) []machine.Val { return []machine.Val{{N: load(p)}} })
		add("Store", func(p unsafe.Pointer, x *machine.Exec) []machine.Val { store(p, x.Arg(1).N); return nil })
		add("Add", update(func(old, v uint64) uint64 { return old + v }, true))
		add("And", update(func(old, v uint64) uint64 { return old & v }, false))
		add("Or", update(func(old, v uint64) uint64 { return old | v }, false))
		add("Swap", update(func(_, v uint64) uint64 { return v }, false))
		add("CompareAndSwap", func(p unsafe.Pointer, x *machine.Exec) []machine.Val {
			if load(p) != x.Arg(1).N {
				return []machine.Val{{}}
			}
			store(p, x.Arg(2).N)
			return []machine.Val{{N: 1}}
		})
	}
	pointers(all)
	values(all)
	return all
}

// step wraps an atomic operation on the pointer, or the interface, that the first
// argument points to.
func step(size uintptr, f func(x *machine.Exec, p unsafe.Pointer) machine.Status) machine.Native {
	return func(x *machine.Exec) machine.Status {
		if !x.InOrder() {
			return machine.Again
		}
		p := x.Arg(0).P
		if p == nil {
			return x.ThrowNil()
		}
		x.WatchAtomicPointers(p, size)
		x.Spend(atomicCost)
		return f(x, p)
	}
}

func pointers(all map[string]machine.Native) {
	word := func(p unsafe.Pointer) *unsafe.Pointer { return (*unsafe.Pointer)(p) }
	all["sync/atomic.LoadPointer"] = step(8, func(x *machine.Exec, p unsafe.Pointer) machine.Status {
		return x.Return(machine.Val{P: *word(p)})
	})
	all["sync/atomic.StorePointer"] = step(8, func(x *machine.Exec, p unsafe.Pointer) machine.Status {
		*word(p) = x.Arg(1).P
		return machine.Next
	})
	all["sync/atomic.SwapPointer"] = step(8, func(x *machine.Exec, p unsafe.Pointer) machine.Status {
		old := *word(p)
		*word(p) = x.Arg(1).P
		return x.Return(machine.Val{P: old})
	})
	all["sync/atomic.CompareAndSwapPointer"] = step(8, func(x *machine.Exec, p unsafe.Pointer) machine.Status {
		if *word(p) != x.Arg(1).P {
			return x.Return(machine.Val{})
		}
		*word(p) = x.Arg(2).P
		return x.Return(machine.Val{N: 1})
	})
}

// values is atomic.Value, which holds an interface.
func values(all map[string]machine.Native) {
	get := func(p unsafe.Pointer) machine.Val {
		w := (*[2]unsafe.Pointer)(p)
		return machine.Val{P: w[0], Q: w[1]}
	}
	set := func(p unsafe.Pointer, v machine.Val) { *(*[2]unsafe.Pointer)(p) = [2]unsafe.Pointer{v.P, v.Q} }
	all["(*sync/atomic.Value).Load"] = step(16, func(x *machine.Exec, p unsafe.Pointer) machine.Status { return x.Return(get(p)) })
	all["(*sync/atomic.Value).store"] = step(16, func(x *machine.Exec, p unsafe.Pointer) machine.Status {
		old := get(p)
		set(p, x.Arg(1))
		return x.Return(old)
	})
	all["(*sync/atomic.Value).swapIf"] = step(16, func(x *machine.Exec, p unsafe.Pointer) (st machine.Status) {
		defer x.Comparing(&st)
		now, new := get(p), x.Arg(2)
		if now.P != nil && now.P != new.P {
			return x.Return(machine.Val{}, machine.Val{})
		}
		if !machine.EqualInterface(now, x.Arg(1)) {
			return x.Return(machine.Val{}, machine.Val{N: 1})
		}
		set(p, new)
		return x.Return(machine.Val{N: 1}, machine.Val{N: 1})
	})
	all["sync/atomic.sameType"] = func(x *machine.Exec) machine.Status {
		return x.Return(truth(x.Arg(0).P == x.Arg(1).P))
	}
}

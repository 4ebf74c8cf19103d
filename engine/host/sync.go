package host

import (
	"unsafe"

	"interleave/engine/machine"
)

// locks is package sync.
func locks() map[string]machine.Native {
	at := func(f func(x *machine.Exec, p unsafe.Pointer) machine.Status) machine.Native {
		return func(x *machine.Exec) machine.Status {
			p := x.Pointer(0)
			if p == nil {
				return x.ThrowNil()
			}
			return f(x, p)
		}
	}
	rw := func(f func(*machine.Exec, *machine.RWMutex, bool) (machine.Status, bool), try bool) machine.Native {
		return at(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			st, ok := f(x, (*machine.RWMutex)(p), try)
			if try && st == machine.Next {
				return x.Return(truth(ok))
			}
			return st
		})
	}
	cond := func(p unsafe.Pointer) *machine.Cond {
		q := (**machine.Cond)(unsafe.Add(p, 16)) // behind L
		if *q == nil {
			*q = &machine.Cond{}
		}
		return *q
	}
	return map[string]machine.Native{
		"(*sync.Mutex).Lock":   at(func(x *machine.Exec, p unsafe.Pointer) machine.Status { return x.Lock((*machine.Mutex)(p)) }),
		"(*sync.Mutex).Unlock": at(func(x *machine.Exec, p unsafe.Pointer) machine.Status { return x.Unlock((*machine.Mutex)(p)) }),
		"(*sync.Mutex).TryLock": at(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			got, again := x.TryLock((*machine.Mutex)(p))
			if again {
				return machine.Again
			}
			return x.Return(truth(got))
		}),
		"(*sync.RWMutex).RLock":    rw((*machine.Exec).RLock, false),
		"(*sync.RWMutex).TryRLock": rw((*machine.Exec).RLock, true),
		"(*sync.RWMutex).Lock":     rw((*machine.Exec).WLock, false),
		"(*sync.RWMutex).TryLock":  rw((*machine.Exec).WLock, true),
		"(*sync.RWMutex).RUnlock": at(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			return x.RUnlock((*machine.RWMutex)(p))
		}),
		"(*sync.RWMutex).Unlock": at(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			return x.WUnlock((*machine.RWMutex)(p))
		}),
		"(*sync.WaitGroup).Add": at(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			return x.AddGroup((*machine.WaitGroup)(p), int64(x.Arg(1).N))
		}),
		"(*sync.WaitGroup).Done": at(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			return x.AddGroup((*machine.WaitGroup)(p), -1)
		}),
		"(*sync.WaitGroup).Wait": at(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			return x.WaitFor((*machine.WaitGroup)(p))
		}),
		"sync.condEnter": at(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			return x.Return(machine.Val{N: x.Enter(cond(p))})
		}),
		"sync.condWait": at(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			return x.CondWait(cond(p), p, x.Arg(1).N)
		}),
		"sync.condSignal": at(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			return x.Signal(cond(p), p, x.Arg(1).N != 0)
		}),
	}
}

package machine

import (
	"unsafe"

	"interleave/engine/layout"
)

// Panic is the built-in function.
func (x *Exec) Panic(v Val) Status {
	if v.P == nil {
		return x.Throw(x.M.Errors.NilPanic())
	}
	return x.Throw(v)
}

// ThrowAssertion starts the panic of a failed type assertion.
func (x *Exec) ThrowAssertion(msg string) Status {
	return x.Throw(x.M.Errors.Assertion(msg))
}

// Comparing turns the panic of an uncomparable value, in a step that compares
// or hashes, into the program's own. It is to be deferred.
func (x *Exec) Comparing(st *Status) {
	switch r := recover().(type) {
	case nil:
	case *Uncomparable:
		*st = x.Throw(x.M.Errors.Plain(r.Error()))
	default:
		panic(r)
	}
}

// Charge counts memory on the machine's account.
func (x *Exec) Charge(bytes int) Status {
	m := x.M
	m.heapUse += int64(bytes)
	if m.heapUse > m.heapLimit {
		if m.heapUse = m.Measure(int64(bytes)); m.heapUse > m.heapLimit {
			return x.ThrowFatal("runtime: out of memory")
		}
	}
	return Next
}

// Watch reports an access to memory; true: the task gives way first, and the
// step must return Again.
func (x *Exec) Watch(p unsafe.Pointer, size uintptr, write bool) bool { return false }

// WatchMap does the same for a map.
func (x *Exec) WatchMap(h *Map, write bool) bool { return false }

// Float reads a floating-point value; FloatVal makes one.
func Float(v Val) float64 { return bitsFloat(v.N) }

// FloatVal makes a floating-point value.
func FloatVal(f float64) Val { return Val{N: floatBits(f)} }

// String reads a string value; StringVal makes one.
func String(v Val) string { return unsafe.String((*byte)(v.P), int(v.N)) }

// StringVal makes a string value.
func StringVal(s string) Val {
	return Val{P: unsafe.Pointer(unsafe.StringData(s)), N: uint64(len(s))}
}

// Interface makes an interface value that holds v of type t.
func Interface(t *layout.Type, v Val) Val { return interfaceVal(t, v) }

// WatchAtomic does the same for an atomic operation.
func (x *Exec) WatchAtomic(p unsafe.Pointer, size uintptr) bool { return false }

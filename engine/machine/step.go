package machine

import (
	"strings"
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
		if r.Miss {
			*st = x.ThrowPlain(r.Error())
			return
		}
		*st = x.ThrowRuntime(strings.TrimPrefix(r.Error(), "runtime error: "))
	default:
		panic(r)
	}
}

// Afford tells whether there is memory for so many bytes, which are not counted yet.
// It is asked before much is allocated at once: the process has no room for that
// beside all garbage.
func (x *Exec) Afford(bytes int) Status {
	m, more := x.M, int64(bytes)
	if m.heapUse+more > m.heapLimit {
		if m.measure(more); m.heapUse+more > m.heapLimit {
			return x.ThrowFatal("out of memory")
		}
	}
	return Next
}

// Charge counts memory on the machine's account.
func (x *Exec) Charge(bytes int) Status {
	if st := x.Afford(bytes); st != Next {
		return st
	}
	x.M.heapUse += int64(bytes)
	return Next
}

// measure sets the account right, when more is about to be allocated.
func (m *Machine) measure(more int64) {
	before := m.heapUse
	m.heapUse = m.Measure(more) - more
	m.freed += before - m.heapUse
}

// Relieve lets a program run, in a little memory, where earlier ones filled all there is:
// it may be what frees some.
func (m *Machine) Relieve() {
	little := m.heapLimit / 16
	if m.heapUse+little <= m.heapLimit {
		return
	}
	m.measure(0)
	m.heapLimit = max(m.heapLimit, m.heapUse+little)
}

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

// HeapUse is the memory in use on the machine's account, and all that was ever
// taken, in bytes.
func (m *Machine) HeapUse() (now, total int64) { return m.heapUse, m.heapUse + m.freed }

// Cores is the number of virtual cores.
func (m *Machine) Cores() int { return len(m.cores) }

// PolicyName is the name of the policy that decides what runs.
func (m *Machine) PolicyName() string { return m.policy.Name() }

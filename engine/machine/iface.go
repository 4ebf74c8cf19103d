package machine

import (
	"fmt"
	"hash/maphash"
	"math"
	"reflect"
	"unsafe"

	"interleave/engine/layout"
)

func floatBits(f float64) uint64 { return math.Float64bits(f) }
func bitsFloat(u uint64) float64 { return math.Float64frombits(u) }

// Box makes the data word of an interface that holds v of type t: the pointer
// itself for pointer-like types, else the address of memory that nobody changes.
func Box(t *layout.Type, v Val) unsafe.Pointer {
	switch t.Class {
	case layout.Pointer, layout.Aggregate:
		return v.P
	}
	m := t.New()
	Store(t, m, v)
	return m
}

// Unbox is the inverse of Box. An aggregate is shared: nobody changes it.
func Unbox(t *layout.Type, data unsafe.Pointer) Val {
	switch t.Class {
	case layout.Pointer, layout.Aggregate:
		return Val{P: data}
	}
	return Load(t, data)
}

// Memory gives the address of memory that holds the interface's value.
func Memory(t *layout.Type, data *unsafe.Pointer) unsafe.Pointer {
	if t.Class == layout.Pointer {
		return unsafe.Pointer(data)
	}
	return *data
}

// Uncomparable is raised by Equal and Hash when an interface holds a value that
// == does not apply to.
type Uncomparable struct {
	Type *layout.Type
	Hash bool // as a map key
	Miss bool // of a map without entries, which hashes nothing
}

func (u *Uncomparable) Error() string {
	if u.Miss {
		return "hash of unhashable type: " + u.Type.String()
	}
	if u.Hash {
		return "runtime error: hash of unhashable type " + u.Type.String()
	}
	return "runtime error: comparing uncomparable type " + u.Type.String()
}

// EqualVal compares two values of one type as == does. It panics with
// *Uncomparable where Go panics.
func EqualVal(t *layout.Type, a, b Val) bool {
	switch t.Class {
	case layout.Int:
		return a.N == b.N
	case layout.Float:
		return bitsFloat(a.N) == bitsFloat(b.N)
	case layout.Complex:
		return bitsFloat(a.N) == bitsFloat(b.N) && bitsFloat(a.M) == bitsFloat(b.M)
	case layout.Pointer:
		return a.P == b.P
	case layout.String:
		return unsafe.String((*byte)(a.P), int(a.N)) == unsafe.String((*byte)(b.P), int(b.N))
	case layout.Interface:
		return EqualInterface(a, b)
	case layout.Aggregate:
		return EqualMemory(t, a.P, b.P)
	}
	panic(&Uncomparable{Type: t})
}

// EqualInterface compares two interface values.
func EqualInterface(a, b Val) bool {
	if a.P != b.P {
		return false
	}
	if a.P == nil {
		return true
	}
	t := (*layout.Type)(a.P)
	if !t.Comparable {
		panic(&Uncomparable{Type: t})
	}
	return EqualVal(t, Unbox(t, a.Q), Unbox(t, b.Q))
}

// EqualMemory compares two values in memory.
func EqualMemory(t *layout.Type, a, b unsafe.Pointer) bool {
	switch t.Kind {
	case reflect.Struct:
		for _, f := range t.Fields {
			if f.Name != "_" && !EqualMemory(f.Type, unsafe.Add(a, f.Offset), unsafe.Add(b, f.Offset)) {
				return false
			}
		}
		return true
	case reflect.Array:
		for i := range t.Len {
			off := uintptr(i) * t.Elem.Size
			if !EqualMemory(t.Elem, unsafe.Add(a, off), unsafe.Add(b, off)) {
				return false
			}
		}
		return true
	}
	return EqualVal(t, Load(t, a), Load(t, b))
}

// CheckKey panics, with *Uncomparable, for a key that a map without entries
// cannot be asked for.
func CheckKey(t *layout.Type, k Val) {
	defer func() {
		if u, ok := recover().(*Uncomparable); ok {
			panic(&Uncomparable{Type: u.Type, Miss: true})
		}
	}()
	HashKey(t, k)
}

// HashKey panics, with *Uncomparable, for a key that has no hash.
func HashKey(t *layout.Type, k Val) {
	switch t.Class {
	case layout.Interface, layout.Aggregate:
		var h maphash.Hash
		writeHash(&h, t, k)
	}
}

// hashVal hashes a map key so that equal keys have equal hashes.
func hashVal(seed maphash.Seed, t *layout.Type, v Val) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	writeHash(&h, t, v)
	return h.Sum64()
}

func writeHash(h *maphash.Hash, t *layout.Type, v Val) {
	word := func(u uint64) { maphash.WriteComparable(h, u) }
	number := func(u uint64) {
		if f := bitsFloat(u); f == 0 {
			u = 0 // -0 equals +0
		}
		word(u)
	}
	switch t.Class {
	case layout.Int:
		word(v.N)
	case layout.Float:
		number(v.N)
	case layout.Complex:
		number(v.N)
		number(v.M)
	case layout.Pointer:
		word(uint64(uintptr(v.P)))
	case layout.String:
		h.WriteString(unsafe.String((*byte)(v.P), int(v.N)))
		word(v.N)
	case layout.Interface:
		if v.P == nil {
			word(0)
			return
		}
		dt := (*layout.Type)(v.P)
		if !dt.Comparable {
			panic(&Uncomparable{Type: dt, Hash: true})
		}
		writeHash(h, dt, Unbox(dt, v.Q))
	case layout.Aggregate:
		if t.Kind == reflect.Array {
			for i := range t.Len {
				writeHash(h, t.Elem, Load(t.Elem, unsafe.Add(v.P, uintptr(i)*t.Elem.Size)))
			}
			return
		}
		for _, f := range t.Fields {
			if f.Name != "_" {
				writeHash(h, f.Type, Load(f.Type, unsafe.Add(v.P, f.Offset)))
			}
		}
	default:
		panic(fmt.Sprintf("machine: hash of %s", t))
	}
}

package layout

import (
	"go/types"
	"reflect"
	"unsafe"
)

// Class is how a register file holds a value: how many words that are pointers
// (P) and how many that are not (N).
type Class uint8

const (
	None      Class = iota // zero words: the empty tuple
	Int                    // 1 N: integers, booleans, uintptr; sign- or zero-extended to 64 bits
	Float                  // 1 N: the bits of a float64; a float32 is held rounded, as float64
	Complex                // 2 N: real and imaginary part
	Pointer                // 1 P: pointers, maps, channels, functions, unsafe.Pointer
	String                 // 1 P, 1 N: data and length
	Slice                  // 1 P, 2 N: data, length, capacity
	Interface              // 2 P: dynamic *Type and data
	Aggregate              // 1 P: structs and arrays, a pointer to memory that nobody changes
	Tuple                  // several values one after another
)

// Words gives the number of pointer and of other words of a class; a Tuple has
// none of its own.
func (c Class) Words() (p, n int) {
	switch c {
	case Int, Float:
		return 0, 1
	case Complex:
		return 0, 2
	case Pointer, Aggregate:
		return 1, 0
	case String:
		return 1, 1
	case Slice:
		return 1, 2
	case Interface:
		return 2, 0
	}
	return 0, 0
}

// Type is one Go type. Identical types of a Universe have one Type, so types
// are compared by pointer.
type Type struct {
	Go    types.Type
	Kind  reflect.Kind
	Class Class
	Size  uintptr
	Align uintptr

	Elem   *Type   // array, slice, pointer, channel, map
	Key    *Type   // map
	Len    int     // array
	Fields []Field // struct

	Shape      reflect.Type // memory of the same size whose pointers the collector knows
	Pointers   []uintptr    // offsets of the words that are pointers, ascending
	Comparable bool         // == is defined by the language (an interface within may still panic)
	Methods    any          // the machine's method table; layout does not look into it
	Equal      func(a, b unsafe.Pointer) bool
}

// Field is one field of a struct.
type Field struct {
	Name   string
	Type   *Type
	Offset uintptr
}

// Signed tells whether t is a signed integer.
func (t *Type) Signed() bool { return t.Kind >= reflect.Int && t.Kind <= reflect.Int64 }

func (t *Type) String() string { return TypeString(t.Go) }

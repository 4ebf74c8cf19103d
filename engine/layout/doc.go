// Package layout says how values of Go types lie in memory and in registers.
//
//	types.Type ──► Universe.Of ──► *Type (size, alignment, pointer words, fields, register class)
//
// Memory has the layout that compiled Go gives it on a 64-bit machine, so that
// native library functions can work on it in place, unsafe.Sizeof and casts
// through unsafe.Pointer mean what they say, and the garbage collector of the
// host program knows every pointer. Interfaces are two pointers: the *Type of
// the dynamic value, and its data; maps, channels and functions are pointers to
// objects of the machine.
package layout

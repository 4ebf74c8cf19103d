package layout

import (
	"reflect"
	"unsafe"
)

// New allocates zeroed memory for one value of t.
func (t *Type) New() unsafe.Pointer {
	switch {
	case t.Size > 0 && t.Size < 16 && len(t.Pointers) == 0:
		return unsafe.Pointer(new(alone))
	case t.Size == 8 && len(t.Pointers) == 1:
		return unsafe.Pointer(new(unsafe.Pointer))
	case t.Class == String:
		return unsafe.Pointer(new(string))
	case t.Class == Slice:
		return unsafe.Pointer(new([]byte))
	case t.Class == Interface:
		return unsafe.Pointer(new([2]unsafe.Pointer))
	}
	return reflect.New(t.Shape).UnsafePointer()
}

// NewArray allocates zeroed memory for n values of t in a row.
func (t *Type) NewArray(n int) unsafe.Pointer {
	if n == 0 || t.Size == 0 {
		return unsafe.Pointer(&zero)
	}
	switch {
	case len(t.Pointers) == 0 && uintptr(n) <= 15/t.Size:
		return unsafe.Pointer(new(alone))
	case t.Size == 1:
		return unsafe.Pointer(unsafe.SliceData(make([]byte, n)))
	case t.Size == 8 && len(t.Pointers) == 0:
		return unsafe.Pointer(unsafe.SliceData(make([]uint64, n)))
	}
	return reflect.MakeSlice(reflect.SliceOf(t.Shape), n, n).UnsafePointer()
}

// alone is memory for a few bytes. Smaller objects share theirs with others, and how
// they lie to each other would be seen in their addresses.
type alone [2]uint64

var zero [1]uint64 // the address of every object without size; never written

// Copy copies a value of t from src to dst with the write barriers that the
// collector needs. The two may overlap only if they are the same.
func (t *Type) Copy(dst, src unsafe.Pointer) {
	if len(t.Pointers) == 0 {
		copy(unsafe.Slice((*byte)(dst), t.Size), unsafe.Slice((*byte)(src), t.Size))
		return
	}
	at := uintptr(0)
	for _, p := range t.Pointers {
		copyBytes(dst, src, at, p)
		*(*unsafe.Pointer)(unsafe.Add(dst, p)) = *(*unsafe.Pointer)(unsafe.Add(src, p))
		at = p + 8
	}
	copyBytes(dst, src, at, t.Size)
}

func copyBytes(dst, src unsafe.Pointer, from, to uintptr) {
	if from < to {
		n := to - from
		copy(unsafe.Slice((*byte)(unsafe.Add(dst, from)), n), unsafe.Slice((*byte)(unsafe.Add(src, from)), n))
	}
}

// Clear zeroes a value of t.
func (t *Type) Clear(p unsafe.Pointer) {
	at := uintptr(0)
	for _, w := range t.Pointers {
		clear(unsafe.Slice((*byte)(unsafe.Add(p, at)), w-at))
		*(*unsafe.Pointer)(unsafe.Add(p, w)) = nil
		at = w + 8
	}
	if at < t.Size {
		clear(unsafe.Slice((*byte)(unsafe.Add(p, at)), t.Size-at))
	}
}

// CopyArray copies n values in a row; the two ranges may overlap.
func (t *Type) CopyArray(dst, src unsafe.Pointer, n int) {
	if n == 0 || t.Size == 0 || dst == src {
		return
	}
	if len(t.Pointers) == 0 {
		b := uintptr(n) * t.Size
		copy(unsafe.Slice((*byte)(dst), b), unsafe.Slice((*byte)(src), b))
		return
	}
	if t.Size == 8 {
		copy(unsafe.Slice((*unsafe.Pointer)(dst), n), unsafe.Slice((*unsafe.Pointer)(src), n))
		return
	}
	if uintptr(dst) < uintptr(src) {
		for i := range uintptr(n) {
			t.Copy(unsafe.Add(dst, i*t.Size), unsafe.Add(src, i*t.Size))
		}
		return
	}
	for i := uintptr(n); i > 0; i-- {
		t.Copy(unsafe.Add(dst, (i-1)*t.Size), unsafe.Add(src, (i-1)*t.Size))
	}
}

// Grow returns memory for a slice of t that holds n elements, of which the
// first len are copied from p, with the capacity that append gives it.
func (t *Type) Grow(p unsafe.Pointer, length, capacity, n int) (unsafe.Pointer, int) {
	if t.Size == 0 {
		return unsafe.Pointer(&zero), n
	}
	old := struct {
		p        unsafe.Pointer
		len, cap int
	}{p, length, capacity}
	v := reflect.NewAt(reflect.SliceOf(t.Shape), unsafe.Pointer(&old)).Elem()
	// Grow allocates exactly as append does: both end in the runtime's growslice.
	v.Grow(n - length)
	if c := v.Cap(); uintptr(c)*t.Size < 16 && len(t.Pointers) == 0 {
		grown := unsafe.Pointer(new(alone))
		t.CopyArray(grown, p, length)
		return grown, c
	}
	return v.UnsafePointer(), v.Cap()
}

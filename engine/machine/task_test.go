package machine

import (
	"testing"
	"unsafe"
)

// An address behind the end of a register file would be one of another object,
// which the garbage collector may have freed.
func TestBasesLieWithinTheFiles(t *testing.T) {
	for need := range 200 {
		task := &Task{}
		task.grow(need, need)
		n, p := uintptr(unsafe.Pointer(unsafe.SliceData(task.n))), uintptr(unsafe.Pointer(unsafe.SliceData(task.p)))
		if at := uintptr(task.base(int32(need))); at >= n+uintptr(len(task.n))*8 {
			t.Errorf("%d words: the next frame's base lies %d bytes behind the file", need, at-n-uintptr(len(task.n))*8)
		}
		if at := uintptr(task.pbase(int32(need))); at >= p+uintptr(len(task.p))*8 {
			t.Errorf("%d pointers: the next frame's base lies %d bytes behind the file", need, at-p-uintptr(len(task.p))*8)
		}
	}
}

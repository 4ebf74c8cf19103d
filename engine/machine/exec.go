package machine

import (
	"unsafe"

	"interleave/engine/layout"
)

// Exec is the view that one instruction has of its task's frame.
type Exec struct {
	M    *Machine
	T    *Task
	n, p unsafe.Pointer // bases of the register files of the running frame
	at   Base           // the same place in words, for a native function
	fn   *Func          // the running native function

	thrown *Thrown // by the running instruction, which then gives Raised; nil: nothing
}

// I reads an integer register.
func (x *Exec) I(off int32) int64 { return *(*int64)(unsafe.Add(x.n, off)) }

// U reads an integer register as its 64 bits.
func (x *Exec) U(off int32) uint64 { return *(*uint64)(unsafe.Add(x.n, off)) }

// F reads a floating-point register.
func (x *Exec) F(off int32) float64 { return *(*float64)(unsafe.Add(x.n, off)) }

// P reads a pointer register.
func (x *Exec) P(off int32) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Add(x.p, off)) }

// Str reads a string.
func (x *Exec) Str(r Reg) string {
	return unsafe.String((*byte)(x.P(r.P)), int(x.I(r.N)))
}

// SetI, SetU, SetF, SetP and SetStr write registers.
func (x *Exec) SetI(off int32, v int64) { *(*int64)(unsafe.Add(x.n, off)) = v }

// SetU writes the 64 bits of an integer register.
func (x *Exec) SetU(off int32, v uint64) { *(*uint64)(unsafe.Add(x.n, off)) = v }

// SetF writes a floating-point register.
func (x *Exec) SetF(off int32, v float64) { *(*float64)(unsafe.Add(x.n, off)) = v }

// SetP writes a pointer register.
func (x *Exec) SetP(off int32, v unsafe.Pointer) { *(*unsafe.Pointer)(unsafe.Add(x.p, off)) = v }

// SetBool writes a boolean.
func (x *Exec) SetBool(off int32, v bool) {
	var u uint64
	if v {
		u = 1
	}
	x.SetU(off, u)
}

// SetStr writes a string.
func (x *Exec) SetStr(r Reg, s string) {
	x.SetP(r.P, unsafe.Pointer(unsafe.StringData(s)))
	x.SetI(r.N, int64(len(s)))
}

// Get reads a value of any class.
func (x *Exec) Get(r Reg) (v Val) {
	switch r.Class {
	case layout.Int, layout.Float:
		v.N = x.U(r.N)
	case layout.Complex:
		v.N, v.M = x.U(r.N), x.U(r.N+8)
	case layout.Pointer, layout.Aggregate:
		v.P = x.P(r.P)
	case layout.String:
		v.P, v.N = x.P(r.P), x.U(r.N)
	case layout.Slice:
		v.P, v.N, v.M = x.P(r.P), x.U(r.N), x.U(r.N+8)
	case layout.Interface:
		v.P, v.Q = x.P(r.P), x.P(r.P+8)
	}
	return v
}

// Set writes a value of any class.
func (x *Exec) Set(r Reg, v Val) {
	setVal(x.n, x.p, r, v)
}

func setVal(n, p unsafe.Pointer, r Reg, v Val) {
	switch r.Class {
	case layout.Int, layout.Float:
		*(*uint64)(unsafe.Add(n, r.N)) = v.N
	case layout.Complex:
		*(*uint64)(unsafe.Add(n, r.N)) = v.N
		*(*uint64)(unsafe.Add(n, r.N+8)) = v.M
	case layout.Pointer, layout.Aggregate:
		*(*unsafe.Pointer)(unsafe.Add(p, r.P)) = v.P
	case layout.String:
		*(*unsafe.Pointer)(unsafe.Add(p, r.P)) = v.P
		*(*uint64)(unsafe.Add(n, r.N)) = v.N
	case layout.Slice:
		*(*unsafe.Pointer)(unsafe.Add(p, r.P)) = v.P
		*(*uint64)(unsafe.Add(n, r.N)) = v.N
		*(*uint64)(unsafe.Add(n, r.N+8)) = v.M
	case layout.Interface:
		*(*unsafe.Pointer)(unsafe.Add(p, r.P)) = v.P
		*(*unsafe.Pointer)(unsafe.Add(p, r.P+8)) = v.Q
	}
}

// Load reads a value of type t from memory.
func Load(t *layout.Type, m unsafe.Pointer) (v Val) {
	switch t.Class {
	case layout.Int:
		v.N = loadInt(t, m)
	case layout.Float:
		if t.Size == 4 {
			v.N = floatBits(float64(*(*float32)(m)))
		} else {
			v.N = *(*uint64)(m)
		}
	case layout.Complex:
		if t.Size == 8 {
			c := *(*complex64)(m)
			v.N, v.M = floatBits(float64(real(c))), floatBits(float64(imag(c)))
		} else {
			v.N, v.M = *(*uint64)(m), *(*uint64)(unsafe.Add(m, 8))
		}
	case layout.Pointer:
		v.P = *(*unsafe.Pointer)(m)
	case layout.Aggregate:
		v.P = t.New()
		t.Copy(v.P, m)
	case layout.String:
		v.P, v.N = *(*unsafe.Pointer)(m), *(*uint64)(unsafe.Add(m, 8))
	case layout.Slice:
		v.P, v.N, v.M = *(*unsafe.Pointer)(m), *(*uint64)(unsafe.Add(m, 8)), *(*uint64)(unsafe.Add(m, 16))
	case layout.Interface:
		v.P, v.Q = *(*unsafe.Pointer)(m), *(*unsafe.Pointer)(unsafe.Add(m, 8))
	}
	return v
}

func loadInt(t *layout.Type, m unsafe.Pointer) uint64 {
	switch t.Size {
	case 1:
		if t.Signed() {
			return uint64(int64(*(*int8)(m)))
		}
		return uint64(*(*uint8)(m))
	case 2:
		if t.Signed() {
			return uint64(int64(*(*int16)(m)))
		}
		return uint64(*(*uint16)(m))
	case 4:
		if t.Signed() {
			return uint64(int64(*(*int32)(m)))
		}
		return uint64(*(*uint32)(m))
	}
	return *(*uint64)(m)
}

// Store writes a value of type t to memory.
func Store(t *layout.Type, m unsafe.Pointer, v Val) {
	switch t.Class {
	case layout.Int:
		switch t.Size {
		case 1:
			*(*uint8)(m) = uint8(v.N)
		case 2:
			*(*uint16)(m) = uint16(v.N)
		case 4:
			*(*uint32)(m) = uint32(v.N)
		default:
			*(*uint64)(m) = v.N
		}
	case layout.Float:
		if t.Size == 4 {
			*(*float32)(m) = float32(bitsFloat(v.N))
		} else {
			*(*uint64)(m) = v.N
		}
	case layout.Complex:
		if t.Size == 8 {
			*(*complex64)(m) = complex(float32(bitsFloat(v.N)), float32(bitsFloat(v.M)))
		} else {
			*(*uint64)(m), *(*uint64)(unsafe.Add(m, 8)) = v.N, v.M
		}
	case layout.Pointer:
		*(*unsafe.Pointer)(m) = v.P
	case layout.Aggregate:
		t.Copy(m, v.P)
	case layout.String:
		*(*unsafe.Pointer)(m), *(*uint64)(unsafe.Add(m, 8)) = v.P, v.N
	case layout.Slice:
		*(*unsafe.Pointer)(m), *(*uint64)(unsafe.Add(m, 8)), *(*uint64)(unsafe.Add(m, 16)) = v.P, v.N, v.M
	case layout.Interface:
		*(*unsafe.Pointer)(m), *(*unsafe.Pointer)(unsafe.Add(m, 8)) = v.P, v.Q
	}
}

// Zero is the zero value of t.
func Zero(t *layout.Type) Val {
	if t.Class == layout.Aggregate {
		return Val{P: t.New()}
	}
	return Val{}
}

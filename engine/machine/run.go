package machine

import (
	"unsafe"

	"interleave/engine/layout"
)

// fits tells whether a call of fn needs nothing but a frame: it is compiled, and
// the task has room.
func (t *Task) fits(fn *Func, n, p int32) bool {
	return fn.Compile == nil && fn.Native == nil &&
		int(n+fn.N+fn.OutN) < len(t.n) && int(p+fn.P+fn.OutP) < len(t.p) &&
		len(t.frames) < cap(t.frames) && len(t.frames) < maxFrames && len(t.n) <= maxWords
}

func rn(b unsafe.Pointer, o int32) *int64          { return (*int64)(unsafe.Add(b, o)) }
func ru(b unsafe.Pointer, o int32) *uint64         { return (*uint64)(unsafe.Add(b, o)) }
func rf(b unsafe.Pointer, o int32) *float64        { return (*float64)(unsafe.Add(b, o)) }
func rp(b unsafe.Pointer, o int32) *unsafe.Pointer { return (*unsafe.Pointer)(unsafe.Add(b, o)) }

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// stop says why run came back.
type stop uint8

const (
	spent    stop = iota // the grant is used up
	parked               // the task waits
	gaveWay              // it must be scheduled again before its next instruction
	finished             // its last frame returned
	died                 // a panic or fatal error that nobody recovered: see Task.panic
)

// run executes t until its grant of virtual time is used up or it cannot go on.
// It is the inner loop of everything; instructions that are not hot are Steps.
func (m *Machine) run(t *Task, grant int64) stop {
	x := &m.exec
	x.M, x.T = m, t
	left := grant
	var (
		f    *Frame
		code unsafe.Pointer
		pc   int32
		n, p unsafe.Pointer
		i    *Ins
		cost = m.cost.Instruction

		callee *Func // what call enters, its arguments lie at cn and cp
		cn, cp int32
	)
	watch := m.watch || m.split > 0
	t.asked.again()
enter:
	f = &t.frames[len(t.frames)-1]
	code = unsafe.Pointer(unsafe.SliceData(f.fn.Code))
	if watch {
		code = f.fn.watchedCode()
	}
	pc = f.pc
	n, p = t.base(f.n), t.pbase(f.p)
	x.n, x.p = n, p
	if t.cont != nil {
		cont := t.cont
		t.cont = nil
		t.left = left
		st := cont(x)
		if st != Again {
			t.asked = asked{}
		}
		switch st {
		case finishedTask:
			return finished
		case diedTask:
			return died
		case Called:
			left = t.left
			goto enter
		case Raised:
			left = t.left
			goto throw
		case Parked:
			return parked
		case Again: // cont set itself anew
			return gaveWay
		}
		left = t.left
		n, p = t.base(f.n), t.pbase(f.p) // cont may have moved the Exec and the files
		x.n, x.p = n, p
	}
loop:
	for {
		i = (*Ins)(unsafe.Add(code, pc))
		pc += insSize
		op := i.Op
	dispatch:
		switch op {
		case OpStep:
			f.pc = pc
			t.left = left
			st := f.fn.Steps[i.A](x)
			if st != Again {
				t.asked = asked{}
			}
			switch st {
			case Next:
				left = t.left
				if m.hurry.Load() {
					goto out
				}
				n, p = x.n, x.p
				continue
			case Called:
				left = t.left
				goto enter
			case Raised:
				left = t.left
				goto throw
			case Parked:
				return parked
			case Again:
				goto again
			}
		case OpMovN:
			*rn(n, i.A) = *rn(n, i.B)
		case OpMovP:
			*rp(p, i.A) = *rp(p, i.B)
		case OpKN:
			*ru(n, i.A) = f.fn.Consts[i.B]
		case OpKI:
			*rn(n, i.A) = int64(i.B)
		case OpKP:
			*rp(p, i.A) = f.fn.Ptrs[i.B]
		case OpNilP:
			*rp(p, i.A) = nil
		case OpAdd:
			*rn(n, i.A) = *rn(n, i.B) + *rn(n, i.C)
		case OpSub:
			*rn(n, i.A) = *rn(n, i.B) - *rn(n, i.C)
		case OpMul:
			*rn(n, i.A) = *rn(n, i.B) * *rn(n, i.C)
		case OpAnd:
			*rn(n, i.A) = *rn(n, i.B) & *rn(n, i.C)
		case OpOr:
			*rn(n, i.A) = *rn(n, i.B) | *rn(n, i.C)
		case OpXor:
			*rn(n, i.A) = *rn(n, i.B) ^ *rn(n, i.C)
		case OpAndNot:
			*rn(n, i.A) = *rn(n, i.B) &^ *rn(n, i.C)
		case OpShl:
			*ru(n, i.A) = *ru(n, i.B) << *ru(n, i.C)
		case OpShr:
			*rn(n, i.A) = *rn(n, i.B) >> *ru(n, i.C)
		case OpShrU:
			*ru(n, i.A) = *ru(n, i.B) >> *ru(n, i.C)
		case OpAddI:
			*rn(n, i.A) = *rn(n, i.B) + int64(i.C)
		case OpMulI:
			*rn(n, i.A) = *rn(n, i.B) * int64(i.C)
		case OpAndI:
			*rn(n, i.A) = *rn(n, i.B) & int64(i.C)
		case OpShlI:
			*ru(n, i.A) = *ru(n, i.B) << uint(i.C)
		case OpShrI:
			*rn(n, i.A) = *rn(n, i.B) >> uint(i.C)
		case OpShrUI:
			*ru(n, i.A) = *ru(n, i.B) >> uint(i.C)
		case OpNeg:
			*rn(n, i.A) = -*rn(n, i.B)
		case OpInv:
			*rn(n, i.A) = ^*rn(n, i.B)
		case OpNot:
			*rn(n, i.A) = 1 - *rn(n, i.B)
		case OpDiv:
			if *rn(n, i.C) == 0 {
				goto divide
			}
			*rn(n, i.A) = *rn(n, i.B) / *rn(n, i.C)
		case OpRem:
			if *rn(n, i.C) == 0 {
				goto divide
			}
			*rn(n, i.A) = *rn(n, i.B) % *rn(n, i.C)
		case OpDivU:
			if *rn(n, i.C) == 0 {
				goto divide
			}
			*ru(n, i.A) = *ru(n, i.B) / *ru(n, i.C)
		case OpRemU:
			if *rn(n, i.C) == 0 {
				goto divide
			}
			*ru(n, i.A) = *ru(n, i.B) % *ru(n, i.C)
		case OpS8:
			*rn(n, i.A) = int64(int8(*rn(n, i.B)))
		case OpS16:
			*rn(n, i.A) = int64(int16(*rn(n, i.B)))
		case OpS32:
			*rn(n, i.A) = int64(int32(*rn(n, i.B)))
		case OpU8:
			*rn(n, i.A) = int64(uint8(*rn(n, i.B)))
		case OpU16:
			*rn(n, i.A) = int64(uint16(*rn(n, i.B)))
		case OpU32:
			*rn(n, i.A) = int64(uint32(*rn(n, i.B)))
		case OpEqN:
			*rn(n, i.A) = b2i(*rn(n, i.B) == *rn(n, i.C))
		case OpNeN:
			*rn(n, i.A) = b2i(*rn(n, i.B) != *rn(n, i.C))
		case OpLt:
			*rn(n, i.A) = b2i(*rn(n, i.B) < *rn(n, i.C))
		case OpLe:
			*rn(n, i.A) = b2i(*rn(n, i.B) <= *rn(n, i.C))
		case OpLtU:
			*rn(n, i.A) = b2i(*ru(n, i.B) < *ru(n, i.C))
		case OpLeU:
			*rn(n, i.A) = b2i(*ru(n, i.B) <= *ru(n, i.C))
		case OpEqF:
			*rn(n, i.A) = b2i(*rf(n, i.B) == *rf(n, i.C))
		case OpNeF:
			*rn(n, i.A) = b2i(*rf(n, i.B) != *rf(n, i.C))
		case OpLtF:
			*rn(n, i.A) = b2i(*rf(n, i.B) < *rf(n, i.C))
		case OpLeF:
			*rn(n, i.A) = b2i(*rf(n, i.B) <= *rf(n, i.C))
		case OpEqP:
			*rn(n, i.A) = b2i(*rp(p, i.B) == *rp(p, i.C))
		case OpNeP:
			*rn(n, i.A) = b2i(*rp(p, i.B) != *rp(p, i.C))
		case OpEqS:
			*rn(n, i.A) = b2i(str(n, p, i.B, i.C) == str(n, p, i.D, int32(i.X)))
		case OpLtS:
			*rn(n, i.A) = b2i(str(n, p, i.B, i.C) < str(n, p, i.D, int32(i.X)))
		case OpAddF:
			*rf(n, i.A) = *rf(n, i.B) + *rf(n, i.C)
		case OpSubF:
			*rf(n, i.A) = *rf(n, i.B) - *rf(n, i.C)
		case OpMulF:
			*rf(n, i.A) = *rf(n, i.B) * *rf(n, i.C)
		case OpDivF:
			*rf(n, i.A) = *rf(n, i.B) / *rf(n, i.C)
		case OpNegF:
			*rf(n, i.A) = -*rf(n, i.B)
		case OpF32:
			*rf(n, i.A) = float64(float32(*rf(n, i.B)))
		case OpItoF:
			*rf(n, i.A) = float64(*rn(n, i.B))
		case OpUtoF:
			*rf(n, i.A) = float64(*ru(n, i.B))
		case OpJmp:
			pc = i.A
			left -= int64(i.X) * cost
			if left < 0 {
				goto out
			}
		case OpIf:
			if *rn(n, i.A) != 0 {
				pc = i.B
			} else {
				pc = i.C
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJEq:
			if *rn(n, i.A) == *rn(n, i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJNe:
			if *rn(n, i.A) != *rn(n, i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJLt:
			if *rn(n, i.A) < *rn(n, i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJLe:
			if *rn(n, i.A) <= *rn(n, i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJLtU:
			if *ru(n, i.A) < *ru(n, i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJLeU:
			if *ru(n, i.A) <= *ru(n, i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJEqI:
			if *rn(n, i.A) == int64(i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJNeI:
			if *rn(n, i.A) != int64(i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJLtI:
			if *rn(n, i.A) < int64(i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJLeI:
			if *rn(n, i.A) <= int64(i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJGtI:
			if *rn(n, i.A) > int64(i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpJGeI:
			if *rn(n, i.A) >= int64(i.B) {
				pc = i.C
			} else {
				pc = i.D
			}
			left -= int64(i.X) * cost
			if left < 0 {
				goto turned
			}
		case OpRet:
			left -= int64(i.X) * cost
			if f.defers != nil { // deferred by the body of a range-over-func: no RunDefers stands before
				f.pc = pc
				t.left = left
				switch x.RunDefers() {
				case Called:
					left = t.left
					goto enter
				case Raised:
					left = t.left
					goto throw
				case Parked:
					return parked
				case Again:
					goto again
				}
				left = t.left
			}
			if top := len(t.frames) - 1; top > 0 && f.kind == plainFrame { // what ret does, without the call
				t.frames = t.frames[:top]
				if left < 0 {
					t.left = left
					return spent
				}
				f = &t.frames[top-1]
				goto resume
			}
			goto ret
		case OpLd64:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*ru(n, i.A) = *(*uint64)(b)
		case OpLdP:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rp(p, i.A) = *(*unsafe.Pointer)(b)
		case OpSt64:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*(*uint64)(b) = *ru(n, i.A)
		case OpStP:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*(*unsafe.Pointer)(b) = *rp(p, i.A)
		case OpLdPN:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rp(p, i.A) = *(*unsafe.Pointer)(b)
			*ru(n, i.D) = *(*uint64)(unsafe.Add(b, 8))
		case OpLdSl:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rp(p, i.A) = *(*unsafe.Pointer)(b)
			*ru(n, i.D) = *(*uint64)(unsafe.Add(b, 8))
			*ru(n, i.D+8) = *(*uint64)(unsafe.Add(b, 16))
		case OpLdPP:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rp(p, i.A) = *(*unsafe.Pointer)(b)
			*rp(p, i.A+8) = *(*unsafe.Pointer)(unsafe.Add(b, 8))
		case OpLdI8:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rn(n, i.A) = int64(*(*int8)(b))
		case OpLdI16:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rn(n, i.A) = int64(*(*int16)(b))
		case OpLdI32:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rn(n, i.A) = int64(*(*int32)(b))
		case OpLdU8:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rn(n, i.A) = int64(*(*uint8)(b))
		case OpLdU16:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rn(n, i.A) = int64(*(*uint16)(b))
		case OpLdU32:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rn(n, i.A) = int64(*(*uint32)(b))
		case OpLdF32:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*rf(n, i.A) = float64(*(*float32)(b))
		case OpSt8:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*(*uint8)(b) = uint8(*ru(n, i.A))
		case OpSt16:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*(*uint16)(b) = uint16(*ru(n, i.A))
		case OpSt32:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*(*uint32)(b) = uint32(*ru(n, i.A))
		case OpStF32:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*(*float32)(b) = float32(*rf(n, i.A))
		case OpStPN:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*(*unsafe.Pointer)(b) = *rp(p, i.A)
			*(*uint64)(unsafe.Add(b, 8)) = *ru(n, i.D)
		case OpStSl:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*(*unsafe.Pointer)(b) = *rp(p, i.A)
			*(*uint64)(unsafe.Add(b, 8)) = *ru(n, i.D)
			*(*uint64)(unsafe.Add(b, 16)) = *ru(n, i.D+8)
		case OpStPP:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			b = unsafe.Add(b, i.C)
			*(*unsafe.Pointer)(b) = *rp(p, i.A)
			*(*unsafe.Pointer)(unsafe.Add(b, 8)) = *rp(p, i.A+8)
		case OpIdx:
			k := *ru(n, i.C)
			if k >= *ru(n, i.D) {
				goto index
			}
			*rp(p, i.A) = unsafe.Add(*rp(p, i.B), k*uint64(i.X))
		case OpLdX64:
			k := *ru(n, i.C)
			if k >= *ru(n, i.D) {
				goto index
			}
			*ru(n, i.A) = *(*uint64)(unsafe.Add(*rp(p, i.B), k*8))
		case OpLdX32:
			k := *ru(n, i.C)
			if k >= *ru(n, i.D) {
				goto index
			}
			*rn(n, i.A) = int64(*(*int32)(unsafe.Add(*rp(p, i.B), k*4)))
		case OpLdXU8:
			k := *ru(n, i.C)
			if k >= *ru(n, i.D) {
				goto index
			}
			*ru(n, i.A) = uint64(*(*uint8)(unsafe.Add(*rp(p, i.B), k)))
		case OpLdXP:
			k := *ru(n, i.C)
			if k >= *ru(n, i.D) {
				goto index
			}
			*rp(p, i.A) = *(*unsafe.Pointer)(unsafe.Add(*rp(p, i.B), k*8))
		case OpStX64:
			k := *ru(n, i.C)
			if k >= *ru(n, i.D) {
				goto index
			}
			*(*uint64)(unsafe.Add(*rp(p, i.B), k*8)) = *ru(n, i.A)
		case OpStX8:
			k := *ru(n, i.C)
			if k >= *ru(n, i.D) {
				goto index
			}
			*(*uint8)(unsafe.Add(*rp(p, i.B), k)) = uint8(*ru(n, i.A))
		case OpStXP:
			k := *ru(n, i.C)
			if k >= *ru(n, i.D) {
				goto index
			}
			*(*unsafe.Pointer)(unsafe.Add(*rp(p, i.B), k*8)) = *rp(p, i.A)
		case OpLdS:
			k := *ru(n, i.C)
			if k >= *ru(n, i.D) {
				goto index
			}
			*ru(n, i.A) = uint64(*(*uint8)(unsafe.Add(*rp(p, i.B), k)))
		case OpField:
			b := *rp(p, i.B)
			if Null(b) {
				goto null
			}
			*rp(p, i.A) = unsafe.Add(b, i.C)
		case OpFieldU:
			*rp(p, i.A) = unsafe.Add(*rp(p, i.B), i.C)
		case OpNew:
			typ := (*layout.Type)(f.fn.Ptrs[i.B])
			if m.heapUse+int64(typ.Size) > m.heapLimit {
				if x.Charge(int(typ.Size)) != Next {
					f.pc = pc
					t.left = left
					goto throw
				}
				m.heapUse -= int64(typ.Size) // alloc counts it
			}
			at := m.alloc(typ)
			if i.X != 0 && m.cached != nil {
				m.placeApart(at)
			}
			*rp(p, i.A) = at
		case OpCall:
			f.pc = pc
			callee, cn, cp = f.fn.Funcs[i.A], f.n+i.C, f.p+i.D
			if t.fits(callee, cn, cp) {
				goto call
			}
			t.left = left
			switch m.push(x, callee, cn, cp) {
			case Next: // a native function has returned
				if left = t.left - m.cost.Call; left < 0 || m.hurry.Load() {
					t.left = left
					return spent
				}
				f = &t.frames[len(t.frames)-1] // they may have moved
				n, p = t.base(f.n), t.pbase(f.p)
				x.n, x.p = n, p
				continue
			case Raised:
				left = t.left
				goto throw
			case Parked:
				return parked
			case Again:
				goto again
			}
			left = t.left - m.cost.Call
			if left < 0 {
				t.left = left
				return spent
			}
			goto enter
		case OpCallC:
			f.pc = pc
			c := (*Closure)(*rp(p, i.A))
			if c == nil {
				x.ThrowNil()
				goto throw
			}
			callee, cn, cp = c.Fn, f.n+i.C, f.p+i.D
			if t.fits(callee, cn, cp) {
				for k, first := 0, len(callee.Params)-callee.Free; k < len(c.Free); k++ {
					t.set(cn, cp, callee.Params[first+k], c.Free[k])
				}
				goto call
			}
			t.left = left
			switch m.pushClosure(x, c, cn, cp) {
			case Raised:
				left = t.left
				goto throw
			case Parked:
				return parked
			case Again:
				goto again
			}
			left = t.left - m.cost.Call
			if left < 0 {
				t.left = left
				return spent
			}
			goto enter
		case OpWatched:
			t.left, f.pc = left, pc
			if m.watched(x, &f.fn.Code[i.A]) {
				f.pc = pc - insSize
				return gaveWay
			}
			i = &f.fn.Code[i.A]
			op = i.Op
			goto dispatch
		default:
			panic("machine: unknown instruction")
		}
	}
call: // what push does, where nothing has to be made ready
	t.frames = t.frames[:len(t.frames)+1]
	f = &t.frames[len(t.frames)-1]
	*f = Frame{fn: callee, n: cn, p: cp}
	left -= 2 * m.cost.Call
	if left < 0 {
		t.left = left
		return spent
	}
resume:
	code = unsafe.Pointer(unsafe.SliceData(f.fn.Code))
	if watch {
		code = f.fn.watchedCode()
	}
	pc = f.pc
	n, p = t.base(f.n), t.pbase(f.p)
	x.n, x.p = n, p
	goto loop
null:
	f.pc = pc
	x.ThrowNil()
	goto throw
index:
	f.pc = pc
	x.ThrowIndex(*rn(n, i.C), *rn(n, i.D), f.fn.unsigned(pc))
	goto throw
divide:
	f.pc = pc
	x.ThrowDivide()
	goto throw
again:
	if t.cont == nil { // else the instruction has begun, and cont ends it
		f.pc = pc - insSize
	}
	if t.State == Running {
		return gaveWay
	}
	return parked
ret:
	t.left = left
	switch t.ret(x) {
	case finishedTask:
		return finished
	case diedTask:
		return died
	case Parked:
		return parked
	case Again:
		return gaveWay
	case Raised:
		left = t.left
		goto throw
	}
	left = t.left
	if left < 0 {
		return spent
	}
	goto enter
throw:
	t.left = left
	switch m.unwind(x) {
	case finishedTask:
		return finished
	case diedTask:
		return died
	case Parked:
		return parked
	case Again:
		return gaveWay
	}
	left = t.left
	goto enter
turned:
	if head, x := f.fn.folded(int32(uintptr(unsafe.Pointer(i)) - uintptr(code))); x > 0 && left+int64(x)*cost < 0 {
		left += int64(x) * cost // the jump to the branch was already too much
		pc = head
	}
out:
	f.pc = pc
	t.left = left
	return spent
}

func str(n, p unsafe.Pointer, sp, sn int32) string {
	return unsafe.String((*byte)(*rp(p, sp)), int(*rn(n, sn)))
}

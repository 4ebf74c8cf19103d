package machine

import (
	"iter"
	"unsafe"

	"interleave/engine/layout"
)

// Named is a register that belongs to a variable of the source.
type Named struct {
	Name string
	Reg  Reg
	Ref  bool       // it holds the variable's address, not its value
	Live [][2]int32 // offsets in the code, from and to, where it is set
}

// Local is a variable of a frame.
type Local struct {
	Frame int // 0: the innermost
	Name  string
	Type  *layout.Type
	At    unsafe.Pointer // its memory; nil: it has none
	Val   Val            // its value, where it has no memory
}

// Locals lists the variables in the program's own frames of a task, innermost frame
// first: parameters, captured variables and those that have an address. It must not
// be called while the task runs instructions.
func (t *Task) Locals() iter.Seq[Local] {
	return func(yield func(Local) bool) {
		depth := 0
		for i := len(t.frames) - 1; i >= 0; i-- {
			f := &t.frames[i]
			if f.fn.Hidden || f.fn.Library {
				continue
			}
			n, p, at := t.base(f.n), t.pbase(f.p), t.at(i)
			x := Exec{n: n, p: p}
			for _, v := range f.fn.Named {
				if !v.live(at) {
					continue
				}
				l := Local{Frame: depth, Name: v.Name, Type: v.Reg.T, Val: x.Get(v.Reg)}
				if v.Ref {
					if l.Val.P == nil {
						continue
					}
					l.Type, l.At, l.Val = v.Reg.T.Elem, l.Val.P, Val{}
				}
				if !yield(l) {
					return
				}
			}
			depth++
		}
	}
}

func (v *Named) live(at int32) bool {
	for _, r := range v.Live {
		if at >= r[0] && at < r[1] {
			return true
		}
	}
	return false
}

// Argument is the i-th of the parameters and captured variables of the function that
// a task begins with; zero where it has begun already.
func (t *Task) Argument(i int) Val {
	if len(t.frames) != 1 || t.frames[0].pc != 0 {
		return Val{}
	}
	x := Exec{n: t.base(0), p: t.pbase(0)}
	return x.Get(t.Start.Params[i])
}

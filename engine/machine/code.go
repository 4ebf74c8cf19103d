package machine

import (
	"go/token"
	"slices"
	"unsafe"

	"interleave/engine/layout"
)

// Ins is one instruction. What a, b, c and d mean stands beside each Op;
// registers are byte offsets from the frame's base in its register file.
type Ins struct {
	Op         Op
	X          uint16
	A, B, C, D int32
}

const insSize = int32(unsafe.Sizeof(Ins{}))

// InsSize is the size of an instruction: pc/InsSize is its index.
const InsSize = int(insSize)

// Step is an instruction that is not worth an opcode of its own. The compiler
// closes it over its operands.
type Step func(x *Exec) Status

// Status says how an instruction ended.
type Status uint8

const (
	Next   Status = iota // go on with the following instruction
	Called               // a frame was pushed
	Raised               // a panic was started with Exec.Throw
	Parked               // the task waits; when it is woken it goes on with the following instruction
	Again                // the task waits or gives way; the same instruction runs anew when it is scheduled
)

// Func is compiled code of one function.
type Func struct {
	Name  string
	Code  []Ins
	Lines []token.Pos // source position of each instruction
	Steps []Step

	Folded   []Fold  // branches that stand in place of a jump to them, ascending
	Unsigned []int32 // the instructions whose index may be beyond the largest int, ascending
	Consts   []uint64
	Ptrs     []unsafe.Pointer
	Funcs    []*Func // callees of CallF

	N, P       int32 // registers of the frame itself, in words
	OutN, OutP int32 // room for arguments and results of its calls, in words

	Params  []Reg // parameters, receiver first, then captured variables
	Free    int   // how many of Params are captured variables
	Results []Reg // where a return leaves the results: from the frame's base
	Recover int32 // offset of the block that returns after a recovered panic; -1: none
	Native  Native

	Compile func(*Func) // fills in the rest before the first call; nil once done
	Source  any         // what the compiler made it from
	Hidden  bool        // wrappers are left out of stack traces
	Library bool        // not the learner's own: events are put down to its caller

	Named []Named // registers of the source's variables; of the learner's own functions only

	watched []Ins // see watchedCode

	sequence bool // it calls others one after the other, and holds nothing: see Sequence

	places []uint32 // of the instructions in the trace being written
	placed uint32   // which trace that is
}

// Retire makes f a function that does nothing, and gives up what it was made of.
func (f *Func) Retire() {
	f.Code, f.Lines, f.watched = []Ins{{Op: OpRet}}, make([]token.Pos, 1), nil
	f.Steps, f.Consts, f.Ptrs, f.Funcs, f.Named, f.places, f.Compile = nil, nil, nil, nil, nil, nil, nil
}

// Line is the source position of the instruction at an offset in f's code, or
// of its first one.
func (f *Func) Line(pc int32) token.Pos {
	if i := int(pc / insSize); i < len(f.Lines) {
		return f.Lines[i]
	}
	return token.NoPos
}

// Fold is a branch that was put in place of a jump to it, for speed: its X is what both
// cost together. A task that has used up its grant after the jump alone stops before
// the branch, as it would without.
type Fold struct {
	At   int32  // offset of the copy
	Head int32  // offset of the branch itself
	X    uint16 // what the branch alone costs
}

// folded finds the branch that the instruction at an offset is a copy of; x is 0
// where it is none.
func (f *Func) folded(at int32) (head int32, x uint16) {
	i, is := slices.BinarySearchFunc(f.Folded, at, func(f Fold, at int32) int { return int(f.At - at) })
	if !is {
		return 0, 0
	}
	return f.Folded[i].Head, f.Folded[i].X
}

// unsigned tells whether the index of the instruction before pc is.
func (f *Func) unsigned(pc int32) bool {
	_, is := slices.BinarySearch(f.Unsigned, pc/insSize-1)
	return is
}

// Reg says where a value lies in a frame.
type Reg struct {
	Class layout.Class
	P, N  int32 // byte offsets of its first pointer and other word
	T     *layout.Type
}

// Closure is a function value.
type Closure struct {
	Fn   *Func
	Free []Val
}

// NewClosure makes one for so many free variables, which the caller fills in. With one or
// two, as most have, it is a single object.
func NewClosure(fn *Func, free int) *Closure {
	switch free {
	case 1:
		c := &struct {
			Closure
			free [1]Val
		}{}
		c.Fn, c.Free = fn, c.free[:]
		return &c.Closure
	case 2:
		c := &struct {
			Closure
			free [2]Val
		}{}
		c.Fn, c.Free = fn, c.free[:]
		return &c.Closure
	}
	return &Closure{Fn: fn, Free: make([]Val, free)}
}

// Val is one value outside of a register file: in a channel's buffer, a map, a
// closure, a deferred call.
type Val struct {
	P, Q unsafe.Pointer
	N, M uint64
}

package machine

// Op is the operation of an instruction. N and P name registers of the two
// files, K constants. Integers are held sign- or zero-extended to 64 bits.
type Op uint16

const (
	OpStep Op = iota // Steps[A]

	// Moves.
	OpMovN // N.A = N.B
	OpMovP // P.A = P.B
	OpKN   // N.A = Consts[B]
	OpKI   // N.A = B
	OpKP   // P.A = Ptrs[B]
	OpNilP // P.A = nil

	// Integers of 64 bits.
	OpAdd
	OpSub
	OpMul
	OpAnd
	OpOr
	OpXor
	OpAndNot
	OpShl  // N.A = N.B << N.C, N.C unsigned; 0 from 64 on
	OpShr  // arithmetic
	OpShrU // logical
	OpAddI // N.A = N.B + C
	OpMulI
	OpAndI
	OpShlI
	OpShrI
	OpShrUI
	OpNeg
	OpInv // ^
	OpNot // boolean
	OpDiv // panics on zero
	OpRem
	OpDivU
	OpRemU

	// Extension of a result to its type's width.
	OpS8
	OpS16
	OpS32
	OpU8
	OpU16
	OpU32

	// Comparisons into a boolean.
	OpEqN
	OpNeN
	OpLt
	OpLe
	OpLtU
	OpLeU
	OpEqF
	OpNeF
	OpLtF
	OpLeF
	OpEqP
	OpNeP
	OpEqS // strings: P.B,N.C with P.D,N.X
	OpLtS

	// Floating point.
	OpAddF
	OpSubF
	OpMulF
	OpDivF
	OpNegF
	OpF32 // round to float32
	OpItoF
	OpUtoF

	// Control. X is the cost of the block that ends here, in instructions.
	OpJmp // to A
	OpIf  // N.A ? B : C
	OpJEq // N.A == N.B ? C : D
	OpJNe
	OpJLt
	OpJLe
	OpJLtU
	OpJLeU
	OpJEqI // N.A == B ? C : D
	OpJNeI
	OpJLtI
	OpJLeI
	OpJGtI
	OpJGeI
	OpRet

	// Memory: A is the register, P.B the base, C the offset. X=1 marks an access
	// to memory that only this activation can reach.
	OpLdI8
	OpLdI16
	OpLdI32
	OpLdU8
	OpLdU16
	OpLdU32
	OpLd64
	OpLdF32
	OpLdP
	OpLdPN // string: P.A, N.D
	OpLdPP // interface: P.A, P.A+1
	OpLdSl // slice: P.A, N.D, N.D+1
	OpSt8
	OpSt16
	OpSt32
	OpSt64
	OpStF32
	OpStP
	OpStPN
	OpStPP
	OpStSl

	// Elements of slices: P.B base, N.C index, N.D length.
	OpIdx    // P.A = address; X element size
	OpLdX64  // N.A
	OpLdX32  // N.A, signed
	OpLdXU8  // N.A
	OpLdXP   // P.A
	OpStX64  // element = N.A
	OpStX8   // element = N.A
	OpStXP   // element = P.A
	OpLdS    // byte of a string: N.A = P.B[N.C], length N.D
	OpField  // P.A = P.B + C, nil checked
	OpFieldU // the same where P.B is known not to be nil

	// Calls: the callee's frame starts at C (N) and D (P) words beyond this one's base.
	OpCall  // Funcs[A]
	OpCallC // closure P.A
	OpNew   // P.A = new value of type Ptrs[B]; X: 1 where Go has it on the stack

	OpWatched // Code[A], an access to memory that is watched; only in Func.watchedCode

	opCount
)

// Branches tells whether an operation goes to one of two places.
func (o Op) Branches() bool { return o >= OpIf && o <= OpJGeI }

package compile

import (
	"fmt"
	"go/token"
	"go/types"
	"iter"
	"maps"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// Compiler turns SSA functions of one program into machine code, each when it
// is called first.
type Compiler struct {
	Prog     *ssa.Program
	Machine  *machine.Machine
	Universe *layout.Universe
	// Native gives the host's form of a function, by its full name
	// ("(*sync.Mutex).Lock"), or nil.
	Native func(fn *ssa.Function, name string) machine.Native
	// Body gives the function whose code stands for one that is written elsewhere (in
	// assembler, or under another name), or nil.
	Body func(name string) *ssa.Function
	// Foreign gives the memory of a variable that is not the machine's, or nil.
	Foreign func(g *ssa.Global) unsafe.Pointer
	// Closed says why a field of a struct type cannot be reached; "": it can.
	Closed func(t *layout.Type, field int) string
	// Exact tells whether the conversion at a place, of a string to a slice, leaves no
	// room behind it.
	Exact func(at token.Pos) bool

	funcs    map[*ssa.Function]*machine.Func
	globals  map[*ssa.Global]unsafe.Pointer
	invokes  map[invokeKey]*machine.Func
	asserts  map[[2]*layout.Type]bool
	closures map[*machine.Func]*machine.Closure
	zeros    map[*layout.Type]unsafe.Pointer
	boxes    map[constantBox]unsafe.Pointer

	generation int // of the method sets
}

type invokeKey struct {
	t    *layout.Type
	name string
	pkg  *types.Package // of an unexported method
}

// New returns a compiler.
func New(prog *ssa.Program, m *machine.Machine, u *layout.Universe) *Compiler {
	return &Compiler{
		Prog: prog, Machine: m, Universe: u,
		funcs: map[*ssa.Function]*machine.Func{}, globals: map[*ssa.Global]unsafe.Pointer{},
		invokes: map[invokeKey]*machine.Func{}, asserts: map[[2]*layout.Type]bool{},
		closures: map[*machine.Func]*machine.Closure{}, zeros: map[*layout.Type]unsafe.Pointer{}, boxes: map[constantBox]unsafe.Pointer{},
	}
}

// Unsupported is raised (by panic) for what the machine cannot carry.
type Unsupported struct {
	Pos token.Pos
	Msg string
}

func (u *Unsupported) Error() string { return u.Msg }

// Func gives a function's code, which is made before its first call.
func (c *Compiler) Func(fn *ssa.Function) *machine.Func {
	if f := c.funcs[fn]; f != nil {
		return f
	}
	f := &machine.Func{Name: fn.String(), Source: fn, Recover: -1, Hidden: wrapper(fn), Library: library(fn)}
	c.funcs[fn] = f
	c.signature(f, fn)
	if c.Native != nil {
		if f.Native = c.Native(fn, fn.String()); f.Native != nil {
			return f
		}
	}
	f.Compile = func(f *machine.Func) {
		fn := fn
		if fn.Blocks == nil && c.Body != nil {
			if b := c.Body(fn.String()); b != nil {
				fn = b
			}
		}
		if fn.Blocks == nil {
			name := fn.String()
			f.Native = func(x *machine.Exec) machine.Status {
				return x.ThrowFatal(name + " is not available on the machine")
			}
			return
		}
		(&function{c: c, fn: fn, f: f, regs: map[ssa.Value]machine.Reg{}, shared: map[ssa.Value]*ssa.Phi{}, ends: map[ssa.Instruction]int32{}}).compile()
	}
	return f
}

// library tells whether a function is not the learner's own: the cells of a
// session are package main.
func library(fn *ssa.Function) bool {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	return fn.Pkg == nil || fn.Pkg.Pkg.Path() != "main"
}

// signature lays out parameters, captured variables and results from the
// frame's base on. Results lie over the parameters.
func (c *Compiler) signature(f *machine.Func, fn *ssa.Function) {
	var a alloc
	sig := fn.Signature
	var params []types.Type
	for i := range sig.Params().Len() {
		params = append(params, sig.Params().At(i).Type())
	}
	if sig.Recv() == nil && len(fn.Params) > len(params) { // wrappers pass the receiver as a parameter
		params = nil
		for _, p := range fn.Params {
			params = append(params, p.Type())
		}
	}
	for _, t := range params {
		f.Params = append(f.Params, a.reg(c.Universe.Of(t)))
	}
	if sig.Recv() != nil { // see frameOf
		f.Params = append([]machine.Reg{a.reg(c.Universe.Of(sig.Recv().Type()))}, f.Params...)
	}
	for _, v := range fn.FreeVars {
		f.Params = append(f.Params, a.reg(c.Universe.Of(v.Type())))
	}
	f.Free = len(fn.FreeVars)
	var r alloc
	f.Results, r = c.results(fn.Signature)
	f.N, f.P = max(a.n, r.n), max(a.p, r.p)
}

func (c *Compiler) results(sig *types.Signature) (list []machine.Reg, r alloc) {
	for i := range sig.Results().Len() {
		list = append(list, r.reg(c.Universe.Of(sig.Results().At(i).Type())))
	}
	return list, r
}

// alloc hands out registers one after another, in words.
type alloc struct{ n, p int32 }

func (a *alloc) reg(t *layout.Type) machine.Reg {
	p, n := t.Class.Words()
	r := machine.Reg{Class: t.Class, P: a.p * 8, N: a.n * 8, T: t}
	a.p += int32(p)
	a.n += int32(n)
	return r
}

// Global is the address of a package-level variable.
func (c *Compiler) Global(g *ssa.Global) unsafe.Pointer {
	p := c.globals[g]
	if p == nil && c.Foreign != nil {
		p = c.Foreign(g)
		c.globals[g] = p
	}
	if p == nil {
		p = c.Machine.Alloc(c.Universe.Of(deref(g.Type())))
		c.globals[g] = p
	}
	return p
}

// Method finds the code of a method of a dynamic type.
func (c *Compiler) Method(t *layout.Type, m *types.Func) *machine.Func {
	key := invokeKey{t: t, name: m.Name()}
	if !m.Exported() {
		key.pkg = m.Pkg()
	}
	if f, ok := c.invokes[key]; ok {
		return f
	}
	var f *machine.Func
	if fn := c.Prog.LookupMethod(t.Go, m.Pkg(), m.Name()); fn != nil {
		f = c.Func(fn)
	}
	c.invokes[key] = f
	return f
}

// MethodsChanged forgets what is known of the methods of types: a type that
// lives already has got others.
func (c *Compiler) MethodsChanged() {
	c.generation++
	c.invokes, c.asserts = map[invokeKey]*machine.Func{}, map[[2]*layout.Type]bool{}
	c.Prog.MethodSets = typeutil.MethodSetCache{}
	sets := reflect.ValueOf(c.Prog).Elem().FieldByName("methodSets") // the SSA program keeps its own, for ever
	*(*typeutil.Map)(sets.Addr().UnsafePointer()) = typeutil.Map{}
}

// Implements tells whether a dynamic type has an interface's methods.
func (c *Compiler) Implements(t, iface *layout.Type) bool {
	key := [2]*layout.Type{t, iface}
	is, ok := c.asserts[key]
	if !ok {
		is = types.Implements(t.Go, iface.Go.Underlying().(*types.Interface))
		c.asserts[key] = is
	}
	return is
}

// function is the compilation of one function.
type function struct {
	c  *Compiler
	fn *ssa.Function
	f  *machine.Func

	a      alloc
	regs   map[ssa.Value]machine.Reg
	fused  map[ssa.Value]bool     // values that the instruction using them computes
	shared map[ssa.Value]*ssa.Phi // values that lie in the registers of a phi
	starts []int32                // of blocks, in instructions
	block  *ssa.BasicBlock
	pos    token.Pos
	temp   alloc // next free register behind all others, while one instruction is compiled
	most   alloc // how far temp has come
	fixes  []fix
	named  []namedValue
	ends   map[ssa.Instruction]int32 // of the learner's own functions: where the code of each instruction ends
}

// fix is an operand that waits for a block's place.
type fix struct {
	ins   int
	field byte
	block int
}

func (g *function) compile() {
	nameLocals(g.fn)
	g.a = alloc{g.f.N, g.f.P}
	for i, p := range g.fn.Params {
		g.regs[p] = g.f.Params[i]
	}
	for i, v := range g.fn.FreeVars {
		g.regs[v] = g.f.Params[len(g.fn.Params)+i]
	}
	g.orderOperands()
	g.fuse()
	g.coalesce()
	for _, b := range g.fn.Blocks {
		for _, ins := range b.Instrs {
			g.reach(ins)
			if v, ok := ins.(ssa.Value); ok && !g.fused[v] && g.shared[v] == nil {
				g.define(v)
			}
		}
	}
	for v, phi := range g.shared {
		g.regs[v] = g.regs[phi]
	}
	g.most = g.a
	g.starts = make([]int32, len(g.fn.Blocks))
	for _, b := range g.fn.Blocks {
		g.block = b
		g.starts[b.Index] = int32(len(g.f.Code))
		if b == g.fn.Recover {
			g.step(func(x *machine.Exec) machine.Status { return x.RunDefers() })
		}
		g.leaveLoop(b)
		late := g.lateDefers(b)
		for k, ins := range b.Instrs {
			if k == late {
				g.step(func(x *machine.Exec) machine.Status { return x.RunDefers() })
			}
			if p := positionOf(ins); p.IsValid() {
				g.pos = p
			}
			g.temp = g.a
			if v, ok := ins.(ssa.Value); ok && g.fused[v] {
				continue
			}
			g.instruction(ins)
			if !g.f.Library {
				g.ends[ins] = int32(len(g.f.Code))
			}
			if v, ok := ins.(ssa.Value); ok {
				g.name(v)
			}
		}
	}
	g.liveNames()
	for _, f := range g.fixes {
		at := g.starts[f.block] * insSize
		i := &g.f.Code[f.ins]
		switch f.field {
		case 'A':
			i.A = at
		case 'B':
			i.B = at
		case 'C':
			i.C = at
		case 'D':
			i.D = at
		}
	}
	g.foldJumps()
	if g.fn.Recover != nil {
		g.f.Recover = g.starts[g.fn.Recover.Index] * insSize
	}
	g.f.N, g.f.P = g.most.n, g.most.p
	g.relocate()
}

// positionOf is where an instruction stands in the source: a dereference that a
// selector implies has no place of its own, but that of what uses it.
func positionOf(ins ssa.Instruction) token.Pos {
	if load, ok := ins.(*ssa.UnOp); ok && load.Op == token.MUL && !load.Pos().IsValid() {
		if user := only(load); user != nil && user.Block() == load.Block() {
			return user.Pos()
		}
	}
	return ins.Pos()
}

const insSize = int32(unsafe.Sizeof(machine.Ins{}))

// reach refuses an instruction that reaches a field that is closed.
func (g *function) reach(ins ssa.Instruction) {
	var t types.Type
	var field int
	switch f := ins.(type) {
	case *ssa.FieldAddr:
		t, field = deref(f.X.Type()), f.Field
	case *ssa.Field:
		t, field = f.X.Type(), f.Field
	default:
		return
	}
	if g.c.Closed == nil {
		return
	}
	if why := g.c.Closed(g.typ(t), field); why != "" {
		g.pos = ins.Pos()
		g.unsupported("%s", why)
	}
}

// define gives a value its registers.
func (g *function) define(v ssa.Value) {
	switch t := v.Type().(type) {
	case *types.Tuple:
		r := machine.Reg{Class: layout.Tuple, P: g.a.p * 8, N: g.a.n * 8}
		for i := range t.Len() {
			g.component(&g.a, t, i)
		}
		g.regs[v] = r
	default:
		if _, ok := v.(*ssa.Range); ok {
			g.regs[v] = machine.Reg{Class: layout.Pointer, P: g.a.p * 8}
			g.a.p++
			return
		}
		g.regs[v] = g.a.reg(g.c.Universe.Of(t))
	}
}

// component lays out one value of a tuple; a Next that nobody looks at has
// invalid types.
func (g *function) component(a *alloc, t *types.Tuple, i int) machine.Reg {
	if t.At(i).Type() == types.Typ[types.Invalid] {
		return machine.Reg{}
	}
	return a.reg(g.c.Universe.Of(t.At(i).Type()))
}

// tuple gives the place of a tuple's i-th value.
func (g *function) tuple(v ssa.Value, i int) machine.Reg {
	r := g.regs[v]
	a := alloc{r.N / 8, r.P / 8}
	t := v.Type().(*types.Tuple)
	for j := range i {
		g.component(&a, t, j)
	}
	return g.component(&a, t, i)
}

func (g *function) emit(i machine.Ins) int {
	g.f.Code = append(g.f.Code, i)
	g.f.Lines = append(g.f.Lines, g.pos)
	return len(g.f.Code) - 1
}

func (g *function) step(s machine.Step) {
	g.f.Steps = append(g.f.Steps, s)
	g.emit(machine.Ins{Op: machine.OpStep, A: int32(len(g.f.Steps) - 1)})
}

func (g *function) ptr(p unsafe.Pointer) int32 {
	for i, have := range g.f.Ptrs {
		if have == p {
			return int32(i)
		}
	}
	g.f.Ptrs = append(g.f.Ptrs, p)
	return int32(len(g.f.Ptrs) - 1)
}

func (g *function) typ(t types.Type) *layout.Type { return g.c.Universe.Of(t) }

func (g *function) unsupported(format string, args ...any) {
	panic(&Unsupported{g.pos, fmt.Sprintf(format, args...)})
}

// Globals gives the package-level variables that have memory, in no order.
func (c *Compiler) Globals() iter.Seq2[*ssa.Global, unsafe.Pointer] { return maps.All(c.globals) }

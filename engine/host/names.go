package host

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/check"
	"interleave/engine/layout"
	"interleave/engine/machine"
	"interleave/engine/trace"
)

// names tells a trace what the learner calls things; it implements machine.Namer.
//
// An object is looked for where a debugger would: among the memory of the cells'
// variables first, then, for a channel, at the statement that made it, then in what
// can be reached from the variables of cells and of the frames of the task that uses
// it and of its cell's first task. The shortest way is the name.
type names struct {
	h      *Host
	cells  []variable // in the order of their declaration
	own    int        // index in cells of the newest cell's first
	sorted []variable // by address; nil: to be made
	roots  []variable // those that lead to others, the newest first; nil: to be made
	made   map[madeAt]made
	funcs  map[*machine.Func]string
	texts  map[string]string // of the cells
	left   int               // how many pieces of memory the searches of this run may still look at
}

// variable is a piece of memory with a name.
type variable struct {
	name string
	t    *layout.Type
	n    int // values of t one after another, with an index; 0: one, without
	p    unsafe.Pointer
}

// madeAt is where a channel is made, and made what the statement does with it.
type madeAt struct {
	file         string
	line, column int
}

type made struct {
	text     string
	variable bool // it goes into a variable, not into a part of one
}

func newNames(h *Host) *names {
	return &names{h: h, made: map[madeAt]made{}, funcs: map[*machine.Func]string{}, texts: map[string]string{}}
}

// Place is where the expression or statement of an instruction begins.
func (n *names) Place(pos token.Pos) token.Position {
	if start, ok := n.h.places[pos]; ok {
		pos = start
	}
	return n.h.load.fset.Position(pos)
}

// Task is the name of the function that a task begins with; where that is one of the
// library's that calls the program's, as in WaitGroup.Go, it is the latter.
func (n *names) Task(t *machine.Task) string {
	fn, ok := t.Start.Source.(*ssa.Function)
	if !ok || !t.Start.Library {
		return n.Func(t.Start)
	}
	first := len(t.Start.Params) - t.Start.Free
	for i, v := range fn.FreeVars {
		p, ok := v.Type().(*types.Pointer)
		if !ok {
			continue
		}
		if _, ok := p.Elem().Underlying().(*types.Signature); !ok {
			continue
		}
		if at := (*unsafe.Pointer)(t.Argument(first + i).P); at != nil && *at != nil {
			if c := (*machine.Closure)(*at); !c.Fn.Library {
				return n.Func(c.Fn)
			}
		}
	}
	return n.Func(t.Start)
}

// Gone says who a task was.
func (n *names) Gone(id uint32) string { return n.h.ended[id] }

// Func is a function's name as Go's traces write it.
func (n *names) Func(f *machine.Func) string {
	name, ok := n.funcs[f]
	if !ok {
		name = frameName(f)
		n.funcs[f] = name
	}
	return name
}

// declared notes the variables that a cell declares.
func (n *names) declared(pkg *ssa.Package, p *check.Program) {
	n.sorted, n.roots = nil, nil
	n.own = len(n.cells)
	n.texts[p.Cell.Name] = p.Cell.Source
	for _, it := range p.Body {
		for _, v := range it.Defines {
			if g := pkg.Var(v.Name()); g != nil && v.Name() != "_" {
				n.cells = append(n.cells, variable{name: v.Name(), t: n.h.universe.Of(v.Type()), p: n.h.compiler.Global(g)})
			}
		}
	}
}

// note notes what a statement does with the channels that it makes.
func (n *names) note(node ast.Node, info *types.Info) {
	at := func(e ast.Expr) madeAt {
		at := n.h.load.fset.Position(e.Pos())
		return madeAt{at.Filename, at.Line, at.Column}
	}
	put := func(to ast.Expr, text string, e ast.Expr) {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return
		}
		if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "make" {
			return
		}
		_, simple := to.(*ast.Ident)
		n.made[at(call)] = made{text, simple}
	}
	switch s := node.(type) {
	case *ast.CallExpr: // of a function of the library that makes one, as time.After
		if _, ok := s.Fun.(*ast.SelectorExpr); ok && len(s.Args) <= 1 {
			if text := types.ExprString(s); len(text) <= mostCallText {
				n.made[at(s)] = made{text: text}
			}
		}
	case *ast.AssignStmt:
		if len(s.Lhs) == len(s.Rhs) {
			for i, e := range s.Rhs {
				put(s.Lhs[i], types.ExprString(s.Lhs[i]), e)
			}
		}
	case *ast.ValueSpec:
		if len(s.Names) == len(s.Values) {
			for i, e := range s.Values {
				put(s.Names[i], s.Names[i].Name, e)
			}
		}
	case *ast.KeyValueExpr:
		put(nil, types.ExprString(s.Key), s.Value)
	case *ast.CompositeLit:
		t := info.TypeOf(s)
		if t == nil {
			return
		}
		if t, ok := t.Underlying().(*types.Struct); ok {
			for i, e := range s.Elts[:min(len(s.Elts), t.NumFields())] {
				put(nil, t.Field(i).Name(), e)
			}
		}
	}
}

// mostCallText bounds the text of a call that serves as a name.
const mostCallText = 40

// begin is called when a run begins.
func (n *names) begin() { n.left = mostSearched }

// How many pieces of memory are looked at for names in one run, a search counting as
// some; in one search; and how many elements of one slice or map.
const (
	mostSearched = 100_000
	searchCost   = 20
	mostOfCells  = 1_000 // from the cells' variables alone, before those of frames
	mostInOne    = 4_000
	mostFollowed = 1_000
	nearDepth    = 3
	mostDepth    = 12
)

// Variable names an object.
func (n *names) Variable(kind trace.ObjectKind, p unsafe.Pointer, t *machine.Task, place trace.Place) string {
	refers := kind == trace.Chan || kind == trace.Map
	if !refers {
		if name := n.ofCell(p); name != "" {
			return name
		}
	}
	origin := n.made[madeAt{place.File, place.Line, place.Column}]
	if kind != trace.Chan {
		origin = made{}
	}
	if n.left <= 0 {
		return origin.text
	}
	s := search{n: n, target: p, refers: refers, seen: map[seen]bool{}}
	n.left -= searchCost
	s.roots(n.leading())
	if refers {
		if name := s.shallow(); name != "" {
			return name
		}
	}
	if origin.variable {
		return origin.text
	}
	if name := s.deep(mostOfCells, nearDepth); name != "" {
		return name
	}
	if s.frames(n.first(t)); len(s.queue) > 0 { // one name, where tasks call it differently
		if name := s.deep(mostOfCells, nearDepth); name != "" {
			return name
		}
	}
	s.frames(t)
	if name := s.deep(mostInOne, mostDepth); name != "" {
		return name
	}
	return origin.text
}

// leading lists the variables of cells that lead to other memory.
func (n *names) leading() []variable {
	if n.roots == nil {
		n.roots = []variable{}
		for i := len(n.cells) - 1; i >= 0; i-- {
			if holdsPointers(n.cells[i].t) {
				n.roots = append(n.roots, n.cells[i])
			}
		}
	}
	return n.roots
}

// first is the first task of t's cell, if it lives.
func (n *names) first(t *machine.Task) *machine.Task {
	if t == nil || t.Number == 1 {
		return nil
	}
	for _, o := range n.h.machine.Tasks() {
		if o.Cell == t.Cell && o.Number == 1 {
			return o
		}
	}
	return nil
}

// ofCell names what lies in a variable of a cell.
func (n *names) ofCell(p unsafe.Pointer) string {
	if n.sorted == nil {
		n.sorted = slices.Clone(n.cells)
		slices.SortFunc(n.sorted, func(a, b variable) int { return cmp.Compare(uintptr(a.p), uintptr(b.p)) })
	}
	i, ok := slices.BinarySearchFunc(n.sorted, uintptr(p), func(v variable, at uintptr) int { return cmp.Compare(uintptr(v.p), at) })
	if !ok {
		i--
	}
	if i < 0 {
		return ""
	}
	name, _ := n.sorted[i].at(p)
	return name
}

// at names the part of v that lies at p; false: it is not in v.
func (v variable) at(p unsafe.Pointer) (string, bool) {
	off := uintptr(p) - uintptr(v.p)
	name, t := v.name, v.t
	if v.n > 0 {
		if t.Size == 0 || off >= t.Size*uintptr(v.n) {
			return "", false
		}
		name += index(int(off / t.Size))
		off %= t.Size
	}
	if off >= max(t.Size, 1) {
		return "", false
	}
	for {
		switch {
		case off == 0 && home(t) != "main" && home(t) != "":
			return name, true // what is inside is the library's business
		case len(t.Fields) > 0:
			i := len(t.Fields) - 1
			for i > 0 && (t.Fields[i].Offset > off || t.Fields[i].Type.Size == 0) {
				i--
			}
			f := t.Fields[i]
			name, t, off = name+"."+f.Name, f.Type, off-f.Offset
		case t.Len > 0 && t.Elem != nil && t.Elem.Size > 0:
			name, t, off = name+index(int(off/t.Elem.Size)), t.Elem, off%t.Elem.Size
		default:
			return name, true
		}
	}
}

// home is the package of a named type; "" of all others.
func home(t *layout.Type) string {
	if n, ok := types.Unalias(t.Go).(*types.Named); ok && n.Obj().Pkg() != nil {
		return n.Obj().Pkg().Path()
	}
	return ""
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// key writes a map's key as in an index; false: it has no short form.
func key(t *layout.Type, k machine.Val) (string, bool) {
	switch {
	case t.Class == layout.String:
		if s := machine.String(k); len(s) <= 20 {
			return fmt.Sprintf("[%q]", s), true
		}
	case t.Class == layout.Int && t.Signed():
		return fmt.Sprintf("[%d]", int64(k.N)), true
	case t.Class == layout.Int:
		return fmt.Sprintf("[%d]", k.N), true
	}
	return "", false
}

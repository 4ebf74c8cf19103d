package compile

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sort"

	"golang.org/x/tools/go/ssa"
)

// orderOperands gives the operands of each statement the order of Go's compiler. The
// language leaves open when a variable is read that a call, a receive or another
// step with effects in the same statement may change; go/ssa reads from left to
// right, the compiler (cmd/compile/internal/walk, order.go) makes all such steps
// first, from left to right, and everything else after the last that does not
// need it:
//
//	sum = sum + <-ch            receives, then reads sum
//	fmt.Println(n, next(), n)   calls next, then reads n twice
//
// A statement that spans several blocks (&& and ||) is ordered in each for itself.
func (g *function) orderOperands() {
	if g.f.Library || g.fn.Syntax() == nil {
		return
	}
	var headers []header
	for _, b := range g.fn.Blocks {
		if !disordered(b.Instrs) {
			continue
		}
		if headers == nil {
			headers = headersOf(g.fn.Syntax())
		}
		orderBlock(b, headers)
	}
}

// disordered tells whether a sequence reads memory before a step that may change it, or
// computes what may panic before a step that is then never made.
func disordered(list []ssa.Instruction) bool {
	read := false
	for _, ins := range list {
		switch i := ins.(type) {
		case *ssa.UnOp:
			if i.Op == token.ARROW && read {
				return true
			}
			read = read || i.Op == token.MUL
		case *ssa.Lookup, *ssa.Index:
			read = true
		case *ssa.BinOp:
			switch i.Op {
			case token.QUO, token.REM, token.SHL, token.SHR:
				read = true
			}
		case *ssa.Call:
			if read {
				return true
			}
		}
	}
	return false
}

// header is a range of the source whose operands are evaluated together: a simple
// statement, or an expression that a compound statement begins with.
type header struct{ from, to token.Pos }

// headersOf lists the headers of a function, without those of functions inside, in the
// order of the source. They do not overlap.
func headersOf(fn ast.Node) []header {
	var all []header
	add := func(nodes ...ast.Node) {
		for _, n := range nodes {
			if n.Pos().IsValid() {
				all = append(all, header{n.Pos(), n.End()})
			}
		}
	}
	expr := func(e ast.Expr) {
		if e != nil {
			add(e)
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n == fn
		case *ast.IfStmt:
			expr(n.Cond)
		case *ast.ForStmt:
			expr(n.Cond)
		case *ast.SwitchStmt:
			expr(n.Tag)
		case *ast.CaseClause:
			for _, e := range n.List {
				expr(e)
			}
		case *ast.RangeStmt:
			expr(n.X)
		case *ast.ValueSpec, *ast.AssignStmt, *ast.ExprStmt, *ast.SendStmt, *ast.IncDecStmt, *ast.ReturnStmt, *ast.GoStmt, *ast.DeferStmt:
			add(n)
			return false
		}
		return true
	})
	slices.SortFunc(all, func(a, b header) int { return int(a.from - b.from) })
	return all
}

// orderBlock orders each run of instructions that belongs to one header. Those
// without a place go with the ones before them.
func orderBlock(b *ssa.BasicBlock, headers []header) {
	in := func(ins ssa.Instruction) int {
		p := ins.Pos()
		i := sort.Search(len(headers), func(i int) bool { return headers[i].to > p })
		if i < len(headers) && headers[i].from <= p {
			return i
		}
		return -1
	}
	from, current := 0, -1
	for k, ins := range b.Instrs {
		if !ins.Pos().IsValid() {
			continue
		}
		if h := in(ins); h != current {
			orderRun(b.Instrs[from:k])
			from, current = k, h
		}
	}
	orderRun(b.Instrs[from:])
}

// orderRun orders the instructions of one header, in place.
func orderRun(run []ssa.Instruction) {
	if !disordered(run) {
		return
	}
	s := &sorter{run: run, index: map[ssa.Value]int{}, stores: map[ssa.Value][]int{}, checks: map[ssa.Value][]int{}, needs: make([][]int, len(run)), placed: make([]bool, len(run))}
	for k, ins := range run {
		kind := s.kind(ins)
		s.note(k, ins, kind)
		switch kind {
		case effect:
			s.place(k)
		case ending:
			for j := range k + 1 {
				s.place(j)
			}
		}
	}
	for k := range run {
		s.place(k)
	}
	copy(run, s.out)
}

type kind int

const (
	plain   kind = iota // reads or computes: as late as possible
	filling             // sets a part of a new value that nobody else knows yet: with the value
	effect              // a step in the order of the source, with what it needs before it
	ending              // everything before stays before
)

// sorter places the instructions of a run in a new order.
type sorter struct {
	run    []ssa.Instruction
	index  map[ssa.Value]int   // where in the run a value is made
	stores map[ssa.Value][]int // what fills a new value so far
	checks map[ssa.Value][]int // what makes sure that a pointer is not nil
	needs  [][]int
	placed []bool
	out    []ssa.Instruction
}

func (s *sorter) kind(ins ssa.Instruction) kind {
	switch i := ins.(type) {
	case *ssa.Phi:
		return ending
	case *ssa.Slice:
		if s.fresh(i.X) != nil { // a literal
			return plain
		}
		return effect
	case *ssa.Call, *ssa.TypeAssert, *ssa.MakeChan, *ssa.MakeMap, *ssa.MakeSlice:
		return effect
	case *ssa.Convert:
		if _, ok := i.Type().Underlying().(*types.Slice); ok {
			return effect
		}
		return plain
	case *ssa.UnOp:
		if i.Op == token.ARROW || s.copied(i) || checks(i) && boxed(i.X) {
			return effect
		}
		return plain
	case *ssa.MapUpdate:
		if s.fresh(i.Map) != nil {
			return effect
		}
		return ending
	case *ssa.Store:
		if s.fresh(i.Addr) != nil {
			return filling
		}
		return ending
	case ssa.Value:
		switch i.(type) {
		case *ssa.Select, *ssa.Range, *ssa.Next:
			return ending
		}
		if s.copied(i) {
			return effect
		}
		return plain
	default:
		return ending
	}
}

// copied tells whether the compiler puts a value at once into memory, from where it
// goes into an interface: results of comparisons, addresses of parts, and structs and
// arrays, unless they are read from a variable.
func (s *sorter) copied(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if ok && load.Op == token.MUL && s.fresh(load.X) == nil || v.Referrers() == nil {
		return false
	}
	switch t := v.Type().Underlying().(type) {
	case *types.Struct, *types.Array:
	case *types.Basic:
		if t.Info()&types.IsBoolean == 0 {
			return false
		}
	case *types.Pointer:
		switch v.(type) {
		case *ssa.FieldAddr, *ssa.IndexAddr:
		default:
			return false
		}
	default:
		return false
	}
	return boxed(v)
}

// boxed tells whether a value goes into an interface.
func boxed(v ssa.Value) bool {
	return v.Referrers() != nil && slices.ContainsFunc(*v.Referrers(), func(i ssa.Instruction) bool {
		_, ok := i.(*ssa.MakeInterface)
		return ok
	})
}

// checks tells whether a load only makes sure that a pointer is not nil, as &*p does.
func checks(load *ssa.UnOp) bool {
	return load.Op == token.MUL && len(*load.Referrers()) == 0
}

// fresh is the new value of this run that an address or a map leads to, or nil.
func (s *sorter) fresh(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.Alloc, *ssa.MakeMap:
			if _, ok := s.index[x]; ok {
				return x
			}
			return nil
		default:
			return nil
		}
	}
}

// note finds what an instruction needs of the run: its operands, what checks them, and,
// where it uses a new value as a whole, what fills that.
func (s *sorter) note(k int, ins ssa.Instruction, kind kind) {
	for _, op := range ins.Operands(nil) {
		if *op == nil {
			continue
		}
		if at, ok := s.index[*op]; ok {
			s.needs[k] = append(s.needs[k], at)
		}
		s.needs[k] = append(s.needs[k], s.checks[*op]...)
		if whole(ins, *op) {
			if root := s.fresh(*op); root != nil {
				s.needs[k] = append(s.needs[k], s.stores[root]...)
			}
		}
	}
	switch i := ins.(type) {
	case *ssa.UnOp:
		if checks(i) {
			s.checks[i.X] = append(s.checks[i.X], k)
		}
	case *ssa.Store:
		if kind == filling {
			root := s.fresh(i.Addr)
			s.stores[root] = append(s.stores[root], k)
		}
	case *ssa.MapUpdate:
		if kind == effect {
			root := s.fresh(i.Map)
			s.stores[root] = append(s.stores[root], k)
		}
	}
	if v, ok := ins.(ssa.Value); ok {
		s.index[v] = k
	}
}

// whole tells whether an instruction may look at the memory behind an operand.
func whole(ins ssa.Instruction, op ssa.Value) bool {
	switch i := ins.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr:
		return false
	case *ssa.Store:
		return i.Val == op
	}
	return true
}

// place puts an instruction behind all that it needs.
func (s *sorter) place(k int) {
	if s.placed[k] {
		return
	}
	s.placed[k] = true
	slices.Sort(s.needs[k])
	for _, n := range s.needs[k] {
		s.place(n)
	}
	s.out = append(s.out, s.run[k])
}

package yaegi

import (
	"go/ast"
	"go/token"
	"go/types"
)

// early evaluates the calls and other steps with effects among the operands of a
// statement before the rest of it, from left to right, as Go's compiler does: a
// variable that such a step may change is read after all of them. Where nothing
// that can change is read before a step, operands are evaluated as they stand.
func (f *fn) early(es ...ast.Expr) {
	f.done = map[ast.Expr]string{}
	f.earlyPart(es...)
}

// earlyPart is early for a part of a statement that is evaluated by itself.
func (f *fn) earlyPart(es ...ast.Expr) {
	if !f.disordered(es...) {
		return
	}
	for _, e := range es {
		f.earlySteps(e, len(es) == 1)
	}
}

// disordered reports whether something is read that a later step of the same
// operands may change.
func (f *fn) disordered(es ...ast.Expr) bool {
	read, found := false, false
	for _, e := range es {
		if e == nil {
			continue
		}
		ast.Inspect(e, func(n ast.Node) bool {
			x, ok := n.(ast.Expr)
			if !ok || f.u.info.Types[x].Value != nil {
				return false
			}
			switch n := x.(type) {
			case *ast.FuncLit, *ast.ArrayType, *ast.StructType, *ast.FuncType, *ast.InterfaceType, *ast.MapType, *ast.ChanType:
				return false
			case *ast.KeyValueExpr:
				if _, ok := f.u.info.Types[n.Key]; !ok { // the name of a field
					return true
				}
			case *ast.CallExpr:
				found = found || read && f.isStep(n)
			case *ast.UnaryExpr:
				found = found || read && n.Op == token.ARROW
			case *ast.Ident:
				v, ok := f.u.info.Uses[n].(*types.Var)
				read = read || ok && !v.IsField() && (f.isShared(v) || f.isGlobal(v))
			case *ast.StarExpr:
				read = true
			case *ast.IndexExpr:
				switch f.typeOf(n.X).Underlying().(type) {
				case *types.Slice, *types.Map, *types.Pointer:
					read = true
				}
			case *ast.SelectorExpr:
				if s := f.u.info.Selections[n]; s != nil && s.Kind() == types.FieldVal {
					read = read || s.Indirect()
				}
			}
			return true
		})
	}
	return found
}

// isGlobal reports whether v is no variable of a function around.
func (f *fn) isGlobal(v *types.Var) bool {
	for g := f; g != nil; g = g.parent {
		if _, ok := g.locals[v]; ok {
			return false
		}
	}
	return true
}

// isStep reports whether a call may change a variable: no conversion, and no builtin
// function that only computes.
func (f *fn) isStep(x *ast.CallExpr) bool {
	fun := ast.Unparen(x.Fun)
	if f.u.info.Types[fun].IsType() {
		return false
	}
	if id, ok := fun.(*ast.Ident); ok {
		if b, ok := f.u.info.Uses[id].(*types.Builtin); ok {
			return b.Name() == "copy" || b.Name() == "recover"
		}
	}
	return true
}

// copied reports whether the compiler puts argument i of a call into memory before
// it evaluates the next: where it goes into an interface and is the result of a
// comparison, or a struct or an array that is no variable.
func (f *fn) copied(x *ast.CallExpr, i int) bool {
	sig, ok := f.typeOf(ast.Unparen(x.Fun)).Underlying().(*types.Signature)
	if !ok {
		return false
	}
	n := sig.Params().Len()
	t := sig.Params().At(min(i, n-1)).Type()
	if s, ok := t.Underlying().(*types.Slice); ok && sig.Variadic() && i >= n-1 && !x.Ellipsis.IsValid() {
		t = s.Elem()
	}
	if !types.IsInterface(t) || f.u.info.Types[x.Args[i]].Value != nil {
		return false
	}
	switch a := ast.Unparen(x.Args[i]).(type) {
	case *ast.BinaryExpr:
		b, ok := f.typeOf(a).(*types.Basic)
		return ok && b.Kind() == types.Bool && a.Op != token.LAND && a.Op != token.LOR
	case *ast.UnaryExpr:
		return a.Op == token.NOT
	case *ast.CompositeLit, *ast.IndexExpr:
		if x, ok := a.(*ast.IndexExpr); ok {
			if _, ok := f.typeOf(x.X).Underlying().(*types.Map); !ok {
				return false
			}
		}
		switch f.typeOf(a).Underlying().(type) {
		case *types.Struct, *types.Array:
			return true
		}
	}
	return false
}

// earlySteps evaluates the steps inside e, innermost first, each into a temporary;
// also e itself, unless it is the outermost of its statement.
func (f *fn) earlySteps(e ast.Expr, outermost bool) {
	if e == nil {
		return
	}
	tv := f.u.info.Types[e]
	if tv.Value != nil || tv.IsType() {
		return
	}
	step := false
	switch e := e.(type) {
	case *ast.ParenExpr:
		f.earlySteps(e.X, outermost)
		return
	case *ast.CallExpr:
		if !f.u.info.Types[ast.Unparen(e.Fun)].IsType() {
			step = true
			f.earlySteps(e.Fun, false)
		}
		for i, a := range e.Args {
			f.earlySteps(a, false)
			if step && f.copied(e, i) {
				f.done[a] = f.save(f.typeOf(a), f.to(a, f.typeOf(a)))
			}
		}
	case *ast.UnaryExpr:
		f.earlySteps(e.X, false)
		step = e.Op == token.ARROW
	case *ast.BinaryExpr:
		if step = e.Op == token.LAND || e.Op == token.LOR; !step {
			f.earlySteps(e.X, false)
			f.earlySteps(e.Y, false)
		}
	case *ast.TypeAssertExpr:
		f.earlySteps(e.X, false)
		step = true
	case *ast.SliceExpr:
		for _, x := range []ast.Expr{e.X, e.Low, e.High, e.Max} {
			f.earlySteps(x, false)
		}
		step = true
	case *ast.SelectorExpr:
		f.earlySteps(e.X, false)
	case *ast.StarExpr:
		f.earlySteps(e.X, false)
	case *ast.IndexExpr:
		f.earlySteps(e.X, false)
		f.earlySteps(e.Index, false)
	case *ast.CompositeLit:
		for _, x := range e.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				f.earlySteps(kv.Key, false)
				f.earlySteps(kv.Value, false)
				continue
			}
			f.earlySteps(x, false)
		}
	}
	t := f.u.info.TypeOf(e)
	if _, several := t.(*types.Tuple); !step || outermost || several || t == nil || tv.IsVoid() || tv.IsNil() {
		return
	}
	t = types.Default(f.typeOf(e))
	f.done[e] = f.save(t, f.to(e, t))
}

package yaegi

import (
	"go/ast"
	"go/token"
	"go/types"
)

// rangeStmt lowers every range to a plain loop with new variables in each round.
func (f *fn) rangeStmt(s *ast.RangeStmt, label string) {
	t := f.typeOf(s.X)
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			str := f.save(t, f.to(s.X, types.Default(t)))
			j, w, r := f.temp("int"), f.temp("int"), f.temp("int32")
			i := f.temp("int")
			f.line("%s = 0", j)
			f.loop(label, s, j+" < len("+str+")", "", func() {
				f.line("%s = %s", i, j)
				f.line("%s, %s = h.Rune(%s, %s)", w, r, str, j)
				f.line("%s = %s + %s", j, j, w)
				f.rangeVar(s, s.Key, types.Typ[types.Int], i)
				f.rangeVar(s, s.Value, types.Typ[types.Int32], r)
			})
			return
		}
		nt := t
		if s.Key != nil && !isBlank(s.Key) {
			nt = f.typeOf(s.Key)
		} else {
			nt = types.Default(t)
		}
		n := f.save(nt, f.to(s.X, nt))
		i := f.temp(f.u.erased(nt))
		f.line("%s = 0", i)
		f.loop(label, s, i+" < "+n, i+" = "+i+" + 1", func() { f.rangeVar(s, s.Key, nt, i) })
	case *types.Slice:
		f.rangeIndexed(s, label, f.save(t, f.expr(s.X)), u.Elem())
	case *types.Array:
		a := ""
		if s.Value == nil || isBlank(s.Value) {
			f.rangeCount(s, label, u.Len())
			return
		}
		a = f.save(t, f.expr(s.X))
		f.rangeIndexed(s, label, a, u.Elem())
	case *types.Pointer:
		arr := u.Elem().Underlying().(*types.Array)
		if s.Value == nil || isBlank(s.Value) {
			f.rangeCount(s, label, arr.Len())
			return
		}
		f.rangeIndexed(s, label, "(*"+f.save(t, f.expr(s.X))+")", arr.Elem())
	case *types.Map:
		it := f.temp("*h.MapIter")
		f.line("%s = h.RangeMap(%s)", it, f.expr(s.X))
		k, v := f.temp(f.u.erased(u.Key())), f.temp(f.u.erased(u.Elem()))
		f.loop(label, s, it+".Next(&"+k+", &"+v+")", "", func() {
			f.rangeVar(s, s.Key, u.Key(), k)
			f.rangeVar(s, s.Value, u.Elem(), v)
		})
	case *types.Chan:
		c := f.save(t, f.expr(s.X))
		v, ok := f.temp(f.u.erased(u.Elem())), f.temp("bool")
		f.loop(label, s, "", "", func() {
			f.line("h.Recv(%s, &%s, &%s)", c, v, ok)
			f.line("if %s == false { break }", ok)
			f.rangeVar(s, s.Key, u.Elem(), v)
		})
	case *types.Signature:
		f.rangeFunc(s, label, u)
	default:
		f.u.refuse("a range over "+t.String(), "")
	}
}

func (f *fn) rangeIndexed(s *ast.RangeStmt, label, base string, elem types.Type) {
	i, n := f.temp("int"), f.temp("int")
	f.line("%s = 0", i)
	f.line("%s = len(%s)", n, base)
	f.loop(label, s, i+" < "+n, i+"++", func() {
		f.rangeVar(s, s.Key, types.Typ[types.Int], i)
		if s.Value != nil && !isBlank(s.Value) {
			f.rangeVar(s, s.Value, elem, base+"["+i+"]")
		}
	})
}

func (f *fn) rangeCount(s *ast.RangeStmt, label string, n int64) {
	i := f.temp("int")
	f.line("%s = 0", i)
	f.loop(label, s, i+" < "+itoa(n), i+"++", func() { f.rangeVar(s, s.Key, types.Typ[types.Int], i) })
}

func (f *fn) loop(label string, s *ast.RangeStmt, cond, post string, head func()) {
	f.labeled(label, s.Body)
	switch {
	case cond == "":
		f.line("for {")
	case post == "":
		f.line("for %s {", cond)
	default:
		f.line("for ; %s; %s {", cond, post)
	}
	f.nested(func() {
		f.poll()
		head()
		f.block(s.Body.List)
	})
	f.line("}")
}

// rangeVar gives one iteration variable its value, text of type t.
func (f *fn) rangeVar(s *ast.RangeStmt, e ast.Expr, t types.Type, text string) {
	if e == nil || isBlank(e) {
		return
	}
	if s.Tok == token.DEFINE {
		if v, ok := f.u.info.Defs[e.(*ast.Ident)].(*types.Var); ok && v != nil {
			f.declare(v, false)
			f.line("%s = %s", f.variable(v), f.convert(text, t, v.Type()))
			return
		}
	}
	f.hoist = true
	p, check := f.lvalue(e)
	f.put(p, check, f.convert(text, t, f.typeOf(e)))
}

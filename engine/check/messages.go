package check

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// fail notes an error of the cell at a node.
func (ck *checking) fail(at ast.Node, msg string) {
	ck.errs = append(ck.errs, Error{
		Pos: ck.cell.Fset.Position(at.Pos()),
		End: ck.cell.Fset.Position(at.End()),
		Msg: msg,
	})
}

// ignore says whether an error of go/types is none in a notebook.
func (ck *checking) ignore(parts []types.Error) bool {
	e := parts[0]
	switch {
	case strings.HasPrefix(e.Msg, "could not import "):
		return true // noted when the import was read
	case strings.HasSuffix(e.Msg, " is not used") && ck.cell.Result != nil &&
		ck.cell.Result.Pos() <= e.Pos && e.Pos < ck.cell.Result.End() && !inLiteral(ck.cell.Result, e.Pos):
		// Showing it is its use; parts of it are operands, whose uselessness Go does not complain about.
		// A statement within a function literal is not shown.
		_, call := ast.Unparen(ck.cell.Result).(*ast.CallExpr)
		return call
	case strings.HasPrefix(e.Msg, "initialization cycle"):
		// The checker sees "x := f()" at package level. As a statement it may
		// call a function that refers to x.
		return slices.ContainsFunc(parts, func(e types.Error) bool { return ck.defining(e.Pos) != nil })
	case strings.Contains(e.Msg, "already declared through import of"):
		return true // an import and a name of another cell: the import wins in its file
	case strings.HasPrefix(e.Msg, "label ") && strings.HasSuffix(e.Msg, " declared and not used"):
		return ck.misused(strings.TrimSuffix(strings.TrimPrefix(e.Msg, "label "), " declared and not used"), e.Pos)
	}
	return false
}

// inLiteral says whether pos is in the body of a function literal within an expression.
func inLiteral(x ast.Expr, pos token.Pos) (in bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		if l, ok := n.(*ast.FuncLit); ok && l.Body.Pos() <= pos && pos < l.Body.End() {
			in = true
		}
		return !in
	})
	return in
}

func (st *step) end() token.Pos {
	end := st.pos
	for _, n := range st.nodes() {
		end = max(end, n.End())
	}
	return end
}

// words gives a message as the compiler words it for a program of one package.
func (ck *checking) words(msg string) string {
	msg = strings.ReplaceAll(msg, earlier, "")
	msg = strings.ReplaceAll(msg, dot, ".")
	msg = strings.ReplaceAll(msg, "main.", "")
	if again, ok := compilers[msg]; ok {
		return again
	}
	if name, ok := strings.CutPrefix(msg, "label "); ok {
		name = strings.Replace(name, " declared and not used", " defined and not used", 1)
		return "label " + strings.Replace(name, " not declared", " not defined", 1)
	}
	for _, what := range []string{"break", "continue"} {
		if name, ok := strings.CutPrefix(msg, "invalid "+what+" label "); ok && !ck.labelled(name) {
			return what + " label not defined: " + name
		}
	}
	return msg
}

// compilers are messages that the compiler words otherwise than go/types.
var compilers = map[string]string{
	"break not in for, switch, or select statement": "break is not in a loop, switch, or select",
	"continue not in for statement":                 "continue is not in a loop",
}

// labelled says whether the cell has a label of that name.
func (ck *checking) labelled(name string) bool {
	return ck.nodeWhere(func(n ast.Node) bool {
		l, ok := n.(*ast.LabeledStmt)
		return ok && l.Label.Name == name
	}) != nil
}

// misused says whether a break or continue names the label at pos, in the same function:
// that is its use, though not a right one.
func (ck *checking) misused(label string, pos token.Pos) bool {
	around := func(pos token.Pos) ast.Node {
		return ck.nodeWhere(func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncDecl, *ast.FuncLit:
				return n.Pos() <= pos && pos < n.End()
			}
			return false
		})
	}
	fn := around(pos)
	return ck.nodeWhere(func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		return ok && b.Tok != token.GOTO && b.Label != nil && b.Label.Name == label && around(b.Pos()) == fn
	}) != nil
}

// defining is the ":=" around pos.
func (ck *checking) defining(pos token.Pos) *step {
	for _, st := range ck.steps {
		if st.define && st.pos <= pos && pos <= st.end() {
			return st
		}
	}
	return nil
}

// note adds an error of go/types, with its continuations, to the cell's.
func (ck *checking) note(parts []types.Error) {
	e := parts[0]
	out := Error{Pos: e.Fset.Position(e.Pos), Msg: ck.words(e.Msg)}
	if end := endOf(e); end > e.Pos {
		out.End = e.Fset.Position(end)
	}
	out.Msg = strings.Replace(out.Msg, " in assignment to _ identifier", "", 1)
	if ck.defining(e.Pos) != nil {
		out.Msg = strings.Replace(out.Msg, "in variable declaration", "in assignment", 1)
	}
	if again := ck.mismatch(e); again != "" {
		out.Msg = again
	}
	for _, more := range parts[1:] {
		out.Msg += "\n\t" + more.Fset.Position(more.Pos).String() + ": " + ck.words(strings.TrimPrefix(more.Msg, "\t"))
	}
	if len(ck.errs) < maxErrors {
		ck.advise(e, &out)
	}
	ck.errs = append(ck.errs, out)
}

// mismatch words the error of "x := f()" where f has several results. The
// checker sees one variable with one value, and says so at package level only.
func (ck *checking) mismatch(e types.Error) string {
	if !strings.HasPrefix(e.Msg, "multiple-value ") {
		return ""
	}
	for _, st := range ck.steps {
		for _, spec := range st.specs {
			if len(spec.Names) != 1 || len(spec.Values) != 1 || spec.Values[0].Pos() != e.Pos {
				continue
			}
			call, ok := ast.Unparen(spec.Values[0]).(*ast.CallExpr)
			if !ok {
				continue
			}
			if sig, ok := ck.info.TypeOf(call.Fun).(*types.Signature); ok {
				return ck.words("assignment mismatch: 1 variable but " + types.ExprString(call.Fun) + " returns " + count(sig.Results().Len(), "value"))
			}
		}
	}
	return ""
}

// endOf reads the end of an error's range, which types.Error carries without exporting it.
func endOf(e types.Error) token.Pos {
	f := reflect.ValueOf(e).FieldByName("go116end")
	if !f.IsValid() || !f.CanInt() {
		return token.NoPos
	}
	return token.Pos(f.Int())
}

// maxErrors bounds the errors of a cell: nobody reads more.
const maxErrors = 100

// errors gives the cell's errors in source order, each once.
func (ck *checking) errors() []Error {
	slices.SortStableFunc(ck.errs, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	errs := slices.CompactFunc(ck.errs, func(a, b Error) bool { return a.Pos == b.Pos && a.Msg == b.Msg })
	if len(errs) > maxErrors {
		errs = append(errs[:maxErrors:maxErrors], Error{Pos: errs[maxErrors].Pos, Msg: "too many errors"})
	}
	return errs
}

func pkgPath(obj types.Object) string {
	if p, ok := obj.(*types.PkgName); ok {
		return p.Imported().Path()
	}
	return ""
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

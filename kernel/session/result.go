package session

import (
	"go/ast"
	"go/types"
	"maps"
	"strings"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/host"
	"interleave/kernel/display"
)

// mostText bounds the text of one result, in bytes.
const mostText = 200_000

// bundle makes the mime bundle of a cell's result. Even with an error it holds
// the text.
func (c *cellRun) bundle(values []engine.Value) (display.Bundle, error) {
	texts := make([]string, len(values))
	sep := ", "
	for i, v := range values {
		texts[i] = textOf(v)
		if strings.Contains(texts[i], "\n") {
			sep = "\n"
		}
	}
	b := display.AsText(strings.Join(texts, sep))
	if len(values) != 1 {
		return b, nil
	}
	more, err := c.showsItself(values[0])
	maps.Copy(b, more)
	return b, err
}

// textOf is the text of one value, cut where it is too long to be looked at.
func textOf(v engine.Value) string {
	text := v.Text()
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "") + "… (the text goes on; print it to see all)"
	}
	return text
}

// prints reports whether a program's last expression is a call of one of fmt's
// printing functions. What these return, the number of bytes, is not what such a
// call is made for, and would stand below the output of every other cell.
func prints(p *check.Program) bool {
	if len(p.Body) == 0 {
		return false
	}
	call, ok := p.Body[len(p.Body)-1].Result.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := p.Info.Uses[sel.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "fmt" && (strings.HasPrefix(f.Name(), "Print") || strings.HasPrefix(f.Name(), "Fprint"))
}

// isNone reports whether the only value is that of a coroutine without a result.
func isNone(values []engine.Value) bool {
	if len(values) != 1 {
		return false
	}
	t, ok := types.Unalias(values[0].Type()).(*types.Named)
	return ok && t.Obj().Name() == "None" && t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == host.AsyncPath
}

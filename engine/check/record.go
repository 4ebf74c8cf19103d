package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"interleave/engine/syntax"
)

// Record gives a cell that declares what p declared and runs nothing: the
// cell's source with its statements blanked, so that positions stay, and one
// "var x T" line for each variable of the done first items. Variables whose type cannot
// be written at the top of a cell are left out. vars lists the names written.
func (s *Session) Record(p *Program, done int) (code string, vars []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := p.Cell.Go()
	declares := false
	for _, it := range p.Cell.Items {
		declares = declares || it.Kind == syntax.Declaration || it.Kind == syntax.Import
		if it.Kind == syntax.Statement {
			blank(text[it.Start:it.End])
		}
	}
	for _, d := range p.Cell.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && isInit(f) { // it would run
			blank(text[p.Cell.File.Offset(f.Pos()):p.Cell.File.Offset(f.End())])
		}
	}
	var b strings.Builder
	b.WriteString(strings.TrimRight(string(text), " \t\r\n"))
	for i, item := range p.Body {
		if i >= done {
			break
		}
		for _, v := range item.Defines {
			if t, ok := s.written(v.Type()); ok {
				b.WriteString("\nvar " + v.Name() + " " + t)
				vars = append(vars, v.Name())
			}
		}
	}
	if !declares && len(vars) == 0 {
		return "", nil
	}
	return b.String(), vars
}

// blank overwrites text with spaces, keeping its lines.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' && c != '\r' {
			text[i] = ' '
		}
	}
}

// written gives a type as a cell would write it, if it can.
func (s *Session) written(t types.Type) (string, bool) {
	ok := true
	text := types.TypeString(t, func(pkg *types.Package) string {
		if pkg.Path() == "main" {
			return ""
		}
		// The name must mean this package in a cell that does not import it.
		path, imported := s.imports[pkg.Name()]
		if !imported {
			if paths := s.lib.ByName(pkg.Name()); len(paths) == 1 && s.entries[pkg.Name()] == nil {
				path = paths[0]
			}
		}
		ok = ok && path == pkg.Path()
		return pkg.Name()
	})
	return text, ok && s.writable(t)
}

// writable says whether every defined type in t is one that its name means now.
func (s *Session) writable(t types.Type) bool {
	return eachNamed(t, func(n *types.Named) bool {
		obj := n.Origin().Obj()
		switch {
		case obj.Pkg() == nil:
			return true
		case obj.Pkg().Path() != "main":
			return token.IsExported(obj.Name()) && !strings.Contains(obj.Name(), "[")
		}
		e := s.entries[obj.Name()]
		return e != nil && e.obj == obj
	})
}

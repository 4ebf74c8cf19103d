package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

var (
	undefinedName   = regexp.MustCompile(`^undefined: (\pL[\pL\p{Nd}_]*)$`)
	undefinedMember = regexp.MustCompile(`^(undefined: (\pL[\pL\p{Nd}_]*)\.(\pL[\pL\p{Nd}_]*))( \(but have \S+\))?$`)
	unexportedName  = regexp.MustCompile(`^name (\pL[\pL\p{Nd}_]*) not exported by package (\pL[\pL\p{Nd}_]*)$`)
	noMember        = regexp.MustCompile(`^.+ undefined \(type (\*?)(.+?) has no field or method (\pL[\pL\p{Nd}_]*)`)
	unknownField    = regexp.MustCompile(`^unknown field (\pL[\pL\p{Nd}_]*) in struct literal`)
)

// advise says more of an error than go/types can: what became of the name, and
// what would help.
func (ck *checking) advise(e types.Error, out *Error) {
	if m := undefinedName.FindStringSubmatch(out.Msg); m != nil {
		if ck.outdated(m[1], out) {
			return
		}
		if paths := ck.s.lib.ByName(m[1]); len(paths) > 1 && ck.selected(e.Pos) {
			out.Hint = "several packages have this name: import \"" + strings.Join(paths, "\" or \"") + "\""
			return
		}
		if err := ck.s.lib.Unavailable(m[1]); err != nil && ck.selected(e.Pos) {
			out.Hint = err.Error()
			return
		}
		if ck.s.lib.Symbols("fmt")[m[1]].IsValid() {
			out.Hint = didYouMean("fmt.", []string{m[1]})
			return
		}
		out.Hint = didYouMean("", near(m[1], ck.namesAt(e.Pos)))
		return
	}
	if m := undefinedMember.FindStringSubmatch(out.Msg); m != nil {
		ck.member(m[2], m[3], out)
		return
	}
	if m := unexportedName.FindStringSubmatch(out.Msg); m != nil {
		// Of a package checked from source; the compiler does not know such a name.
		out.Msg = "undefined: " + m[2] + "." + m[1] + ck.exported(m[2], m[1])
		ck.member(m[2], m[1], out)
		return
	}
	if m := noMember.FindStringSubmatch(out.Msg); m != nil {
		name, _, _ := strings.Cut(m[2], "[")
		if ck.outdated(name+"."+m[3], out) {
			return
		}
		if ck.lacked(ck.selectorType(e.Pos), m[3]) {
			out.Hint = onlyYaegi
			return
		}
		// go/types has a hint of its own in the message where only the case differs.
		if t := ck.selectorType(e.Pos); t != nil && !strings.Contains(out.Msg, ", but does have ") {
			out.Hint = didYouMean("", near(m[3], members(t)))
			if plural := ck.s.lib.ByName(m[2] + "s"); len(plural) == 1 && ck.s.lib.Symbols(plural[0])[m[3]].IsValid() {
				out.Hint = didYouMean(m[2]+"s.", []string{m[3]})
			}
		}
	}
	if m := unknownField.FindStringSubmatch(out.Msg); m != nil {
		if ck.lacked(ck.literalType(e.Pos), m[1]) {
			out.Hint = onlyYaegi
			return
		}
		if t := ck.literalType(e.Pos); t != nil {
			out.Hint = didYouMean("", near(m[1], fields(t)))
		}
	}
	ck.oldType(e, out)
}

// exported is the compiler's remark on an exported name that differs in case.
func (ck *checking) exported(pkg, name string) string {
	var found []string
	for _, path := range ck.s.lib.ByName(pkg) {
		for n := range ck.s.lib.Symbols(path) {
			if strings.EqualFold(n, name) {
				found = append(found, n)
			}
		}
	}
	if len(found) == 0 {
		return ""
	}
	return " (but have " + slices.Min(found) + ")"
}

// outdated turns an error about a name that no longer checks into the reason.
func (ck *checking) outdated(key string, out *Error) bool {
	old := ck.s.entries[key]
	if old == nil {
		return false
	}
	why := ck.stale[key]
	if why == "" {
		why = old.stale
	}
	if why == "" {
		return false
	}
	out.Msg = key + " (" + old.cell.Name + ") no longer fits: " + why
	out.Hint = "run " + old.cell.Name + " again after mending it"
	return true
}

// member advises about a name that a package does not have.
func (ck *checking) member(pkgName, name string, out *Error) {
	for _, f := range ck.pkg.Imports() {
		if f.Name() != pkgName && !strings.HasSuffix(f.Path(), "/"+pkgName) {
			continue
		}
		if ck.s.lib.Absent(f.Path(), name) {
			out.Hint = "generic functions and types of the standard library are not available on this evaluator yet; %evaluator machine has them"
			return
		}
		if v := ck.s.lib.Symbols(f.Path())[name]; v.IsValid() { // an evaluator has a form of its own of the package
			out.Hint = onlyYaegi
			if strings.Contains(v.Type().String(), "unsafe.Pointer") { // which yaegi does not carry
				out.Hint = nowhere
			}
			return
		}
		if ck.s.lib.Nowhere(f.Path(), name) {
			out.Hint = "Go has it, but no evaluator does"
			return
		}
		var names []string
		for _, n := range f.Scope().Names() {
			if token.IsExported(n) {
				names = append(names, n)
			}
		}
		out.Hint = didYouMean(pkgName+".", near(name, names))
		return
	}
}

const (
	nowhere   = "it is not available on this evaluator"
	onlyYaegi = nowhere + "; %evaluator yaegi has it"
)

// lacked says whether a type of the library has, in Go, a field or method of that
// name: an evaluator with a form of its own of the package may not.
func (ck *checking) lacked(t types.Type, name string) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	v := ck.s.lib.Symbols(n.Obj().Pkg().Path())[n.Obj().Name()]
	if !v.IsValid() || v.Kind() != reflect.Pointer {
		return false
	}
	if _, ok := v.Type().MethodByName(name); ok {
		return true
	}
	if v.Type().Elem().Kind() != reflect.Struct {
		return false
	}
	_, ok = v.Type().Elem().FieldByName(name)
	return ok && token.IsExported(name)
}

// oldType says so where a variable's type was declared again since.
func (ck *checking) oldType(e types.Error, out *Error) {
	line := out.Pos.Line
	for id, obj := range ck.info.Uses {
		v, ok := obj.(*types.Var)
		if !ok || id.Pos() < ck.cell.File.Pos(0) || ck.cell.Fset.Position(id.Pos()).Line != line {
			continue
		}
		entry := ck.s.entries[v.Name()]
		if entry == nil || entry.obj != obj {
			continue
		}
		if name := ck.oldName(v.Type()); name != "" && regexp.MustCompile(`\b`+name+`\b`).MatchString(out.Msg) {
			out.Msg = firstLine(out.Msg) + " (" + v.Name() + " was declared in " + entry.cell.Name + " before " + ck.renewed(name, v.Type()) + ")"
			out.Hint = "run " + entry.cell.Name + " again"
			return
		}
	}
}

// renewed says what came between an old type in t and the one that its name means now.
func (ck *checking) renewed(name string, t types.Type) string {
	what := name + " was declared again"
	eachNamed(t, func(n *types.Named) bool {
		obj := n.Origin().Obj()
		now := ck.s.entries[name]
		if obj.Name() == name && now != nil && now.node != nil && now.node.Pos() == obj.Pos() && n.Origin().TypeParams().Len() > 0 {
			what = "the generic type " + name + " got other methods"
		}
		return true
	})
	return what
}

// oldName finds a defined type in t that its name no longer means.
func (ck *checking) oldName(t types.Type) (name string) {
	eachNamed(t, func(n *types.Named) bool {
		obj := n.Origin().Obj()
		if obj.Pkg() == nil || obj.Pkg().Path() != "main" {
			return true
		}
		now := ck.s.entries[obj.Name()]
		if now == nil {
			return true
		}
		if now.obj != obj || ck.declares(obj.Name()) || ck.relinked(obj.Name()) {
			name = obj.Name()
			return false
		}
		return true
	})
	return name
}

// selected says whether the name at pos stands before a dot.
func (ck *checking) selected(pos token.Pos) bool {
	s, ok := ck.nodeAt(pos, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		return ok && s.X.Pos() == pos
	}).(*ast.SelectorExpr)
	return ok && s != nil
}

// selectorType is the type of x where pos is in the name after the dot of "x.name".
func (ck *checking) selectorType(pos token.Pos) types.Type {
	s, ok := ck.nodeAt(pos, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		return ok && s.Sel.Pos() <= pos && pos <= s.Sel.End()
	}).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	return ck.info.TypeOf(s.X)
}

// literalType is the type of the composite literal with the field name at pos.
func (ck *checking) literalType(pos token.Pos) types.Type {
	l, ok := ck.nodeAt(pos, func(n ast.Node) bool {
		l, ok := n.(*ast.CompositeLit)
		if !ok {
			return false
		}
		for _, e := range l.Elts {
			if e.Pos() == pos {
				return true
			}
		}
		return false
	}).(*ast.CompositeLit)
	if !ok {
		return nil
	}
	return ck.info.TypeOf(l)
}

// nodeAt finds the innermost node of the cell around pos that fits.
func (ck *checking) nodeAt(pos token.Pos, fits func(ast.Node) bool) (found ast.Node) {
	return ck.nodeWhere(func(n ast.Node) bool { return n.Pos() <= pos && pos <= n.End() && fits(n) })
}

// nodeWhere finds the last node of the cell that fits; of nested ones the innermost.
func (ck *checking) nodeWhere(fits func(ast.Node) bool) (found ast.Node) {
	visit := func(n ast.Node) bool {
		if n != nil && fits(n) {
			found = n
		}
		return true
	}
	for _, d := range ck.cell.Decls {
		ast.Inspect(d, visit)
	}
	for _, s := range ck.stmts {
		ast.Inspect(s, visit)
	}
	if ck.cell.Result != nil {
		ast.Inspect(ck.cell.Result, visit)
	}
	return found
}

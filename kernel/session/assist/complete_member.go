package assist

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"interleave/kernel/protocol"
)

// members lists what may follow "x.".
func (a *Assistant) members(p probe, x ast.Expr) []candidate {
	if id, ok := x.(*ast.Ident); ok {
		switch obj := p.object(id).(type) {
		case *types.PkgName:
			return a.exports(obj.Imported(), groupField)
		case nil:
			if t, _ := p.typeOf(x); t == nil {
				return a.unimportedMembers(id.Name)
			}
		}
	}
	t, isType := p.typeOf(x)
	if t == nil {
		return nil
	}
	return a.selectable(t, isType)
}

// unimportedMembers serves "rand." where no import says which rand.
func (a *Assistant) unimportedMembers(name string) []candidate {
	var all []candidate
	for _, path := range a.lib.ByName(name) {
		if pkg, err := a.lib.Import(path); err == nil {
			all = append(all, a.exports(pkg, groupImportable)...)
		}
	}
	return all
}

// exports lists a package's exported names.
func (a *Assistant) exports(pkg *types.Package, group int) []candidate {
	var all []candidate
	for _, name := range pkg.Scope().Names() {
		if token.IsExported(name) {
			all = append(all, a.describe(pkg.Scope().Lookup(name), group))
		}
	}
	return all
}

// selectable lists the fields and methods of a value, or the methods of a type.
func (a *Assistant) selectable(t types.Type, isType bool) []candidate {
	var all []candidate
	if !isType {
		all = a.fields(t)
	}
	// A variable's address can be taken, so a pointer's methods are its own.
	_, pointer := t.Underlying().(*types.Pointer)
	if !pointer && !types.IsInterface(t) && !isType {
		t = types.NewPointer(t)
	}
	set := types.NewMethodSet(t)
	for s := range set.Methods() {
		if !visible(s.Obj()) {
			continue
		}
		group := groupField
		if len(s.Index()) > 1 {
			group = groupPromoted
		}
		c := a.describe(s.Obj(), group)
		c.Type = "method"
		if isType {
			c.Signature = withReceiver(s.Obj().(*types.Func), t)
		}
		all = append(all, c)
	}
	return all
}

// fields lists the fields of a struct or of what a pointer points to, with
// those that embedded fields promote. Of one name, the shallowest is meant.
func (a *Assistant) fields(t types.Type) []candidate {
	var all []candidate
	seen := map[string]bool{}
	visited := map[types.Type]bool{}
	level := []types.Type{t}
	for group := groupField; len(level) > 0; group = groupPromoted {
		var next []types.Type
		var names []string
		for _, t := range level {
			if ptr, ok := t.Underlying().(*types.Pointer); ok {
				t = ptr.Elem()
			}
			st, ok := t.Underlying().(*types.Struct)
			if !ok || visited[t] {
				continue
			}
			visited[t] = true
			for f := range st.Fields() {
				if f.Embedded() {
					next = append(next, f.Type())
				}
				if visible(f) && !seen[f.Name()] {
					names = append(names, f.Name())
					all = append(all, a.describe(f, group))
				}
			}
		}
		for _, n := range names {
			seen[n] = true
		}
		level = next
	}
	return all
}

// visible reports whether code of the session may name a field or method.
func visible(obj types.Object) bool {
	if strings.HasPrefix(obj.Name(), "_") || strings.Contains(obj.Name(), placeholder) {
		return false
	}
	return obj.Exported() || obj.Pkg() == nil || obj.Pkg().Path() == "main"
}

// literalKeys lists the fields that a struct literal around the cursor does not
// name yet, where a key may stand.
func (a *Assistant) literalKeys(p probe, way []ast.Node) []candidate {
	id := way[len(way)-1]
	i := len(way) - 2
	if i >= 0 {
		if kv, ok := way[i].(*ast.KeyValueExpr); ok {
			if kv.Key != id {
				return nil
			}
			i--
		}
	}
	if i < 0 {
		return nil
	}
	lit, ok := way[i].(*ast.CompositeLit)
	if !ok || lit.Type == id {
		return nil
	}
	t, _ := p.typeOf(lit)
	if t == nil && lit.Type != nil {
		t, _ = p.typeOf(lit.Type)
	}
	if t == nil {
		return nil
	}
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	named := map[string]bool{}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				named[key.Name] = true
			}
		}
	}
	var all []candidate
	for f := range st.Fields() {
		if visible(f) && !named[f.Name()] {
			all = append(all, a.describe(f, groupLocal))
		}
	}
	return all
}

// describe makes a candidate of an object.
func (a *Assistant) describe(obj types.Object, group int) candidate {
	c := candidate{protocol.Completion{Text: obj.Name()}, group}
	if obj.Type() == nil { // of a declaration that the checker could not finish
		c.Type = "variable"
		return c
	}
	switch obj := obj.(type) {
	case *types.Func:
		c.Type = "function"
		c.Signature = a.signature(obj)
	case *types.Var:
		c.Type = "variable"
		if obj.IsField() {
			c.Type = "field"
		}
		c.Signature = types.TypeString(obj.Type(), qualifier)
	case *types.Const:
		c.Type = "constant"
		c.Signature = types.TypeString(obj.Type(), qualifier)
	case *types.TypeName:
		c.Type = "type"
		c.Signature = underlying(obj)
	case *types.PkgName:
		c.Type = "module"
		c.Signature = "import \"" + obj.Imported().Path() + "\""
	case *types.Builtin:
		c.Type = "function"
		c.Signature = builtins[obj.Name()].signature
	case *types.Nil:
		c.Type = "constant"
	}
	return c
}

// underlying says in a word what a type is made of.
func underlying(obj *types.TypeName) string {
	switch t := obj.Type().Underlying().(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	default:
		if types.Identical(t, obj.Type()) {
			return ""
		}
		return types.TypeString(t, qualifier)
	}
}

// signature is a function's type with parameter names, which the library's
// types lack and its source has.
func (a *Assistant) signature(f *types.Func) string {
	sig, ok := f.Type().(*types.Signature)
	if !ok {
		return ""
	}
	plain := types.TypeString(sig, qualifier)
	if f.Pkg() == nil || f.Pkg().Path() == "main" || f.Origin() != f {
		return plain
	}
	name, member := f.Name(), ""
	if recv := sig.Recv(); recv != nil {
		owner := namedType(recv.Type())
		if owner == nil {
			return plain
		}
		name, member = owner.Obj().Name(), f.Name()
	}
	e, ok := a.cfg.Source().Lookup(f.Pkg().Path(), name, member)
	if !ok || e.Params == "" {
		return plain
	}
	return e.Params
}

// withReceiver is a method's type as a function of its receiver, as "T.Method" is one.
func withReceiver(f *types.Func, t types.Type) string {
	sig := f.Signature()
	params := []*types.Var{types.NewParam(token.NoPos, nil, "", t)}
	for v := range sig.Params().Variables() {
		params = append(params, types.NewParam(token.NoPos, nil, "", v.Type()))
	}
	whole := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
	return types.TypeString(whole, qualifier)
}

// namedType is the named type behind a type, its pointer followed; nil where there is none.
func namedType(t types.Type) *types.Named {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

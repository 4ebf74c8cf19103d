package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// A method may be declared in a later cell than its type, whose values live on
// and must gain it: the type's identity stays. go/types adds methods only
// to types of the package it checks. So such a method is shown to it as a
// function with the receiver as its first parameter; when all signatures are known
// and before any body is checked, the method proper, made of the same
// parameters, joins the type.

const (
	dot    = "ꞏ"            // stands for the dot of "T.M" in a function's name
	attach = dot + "attach" // an undefined name: its error is how the checker calls back in time
)

// outside is a method declaration whose type this pass does not declare.
type outside struct {
	entry *entry
	named *types.Named
	fn    *ast.FuncDecl    // as the checker sees it
	obj   *types.Func      // the method
	as    *types.Signature // of a generic type's method: the function that stands for it
}

// methodLists are the own methods of some types.
type methodLists map[*types.Named][]*types.Func

// set gives each type its list. A list that a type has already is not written
// again: others may be reading it.
func (l methodLists) set() {
	for named, list := range l {
		now := methods(named)
		if len(*now) == len(list) && (len(list) == 0 || &(*now)[0] == &list[0]) {
			continue
		}
		*now = list
	}
}

// methods gives access to a type's own methods. go/types can add to them but
// take nothing back, and a cell that fails must leave no trace.
func methods(named *types.Named) *[]*types.Func {
	return (*[]*types.Func)(reflect.ValueOf(named).Elem().FieldByName("methods").Addr().UnsafePointer())
}

// outsider prepares a method of a type that is not declared in this pass; nil
// where d is a function or its type is.
func (ck *checking) outsider(e *entry) *outside {
	d, ok := e.node.(*ast.FuncDecl)
	if !ok || d.Recv == nil {
		return nil
	}
	base := receiverName(d)
	if base == nil || ck.declares(base.Name) || ck.relinked(base.Name) {
		return nil
	}
	t := ck.s.entries[base.Name]
	if t == nil || t.obj == nil || t.stale != "" || ck.stale[t.key] != "" {
		return nil
	}
	tname, ok := t.obj.(*types.TypeName)
	if !ok {
		return nil
	}
	named, _ := receiverOf(tname.Type())
	fn := &ast.FuncDecl{
		Name: &ast.Ident{NamePos: d.Name.NamePos, Name: base.Name + dot + d.Name.Name},
		Type: &ast.FuncType{Func: d.Type.Func, Params: &ast.FieldList{Opening: d.Recv.Opening, Closing: d.Type.Params.Closing}, Results: d.Type.Results},
		Body: d.Body,
	}
	if spec, ok := t.node.(*ast.TypeSpec); ok && spec.TypeParams != nil {
		fn.Type.TypeParams = spec.TypeParams
	}
	for _, f := range slices.Concat(d.Recv.List, d.Type.Params.List) {
		if len(f.Names) == 0 { // names for all or for none
			f = &ast.Field{Names: []*ast.Ident{{NamePos: f.Type.Pos(), Name: "_"}}, Type: f.Type}
		}
		fn.Type.Params.List = append(fn.Type.Params.List, f)
	}
	return &outside{entry: e, named: named, fn: fn}
}

// receiverOf is the defined type of this session behind a receiver's type name.
func receiverOf(t types.Type) (*types.Named, bool) {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "main" {
		return nil, false
	}
	return named, true
}

func (ck *checking) relinked(key string) bool {
	return slices.ContainsFunc(ck.relinks, func(e *entry) bool { return e.key == key })
}

// hook is the declaration whose error says that all signatures before it are known.
func hook(pos token.Pos) ast.Decl {
	return &ast.GenDecl{Tok: token.VAR, TokPos: pos, Specs: []ast.Spec{&ast.ValueSpec{
		Names:  []*ast.Ident{{NamePos: pos, Name: "_"}},
		Values: []ast.Expr{&ast.Ident{NamePos: pos, Name: attach}},
	}}}
}

// attach makes the methods of the functions that stand for them, and adds
// them to their types until restored.
func (ck *checking) attach() {
	for _, o := range ck.outside {
		fn, ok := ck.info.Defs[o.fn.Name].(*types.Func)
		d := o.entry.node.(*ast.FuncDecl)
		if !ok {
			continue
		}
		sig := fn.Signature()
		recv := sig.Params().At(0)
		if !valid(recv.Type()) || !ck.receives(o, d) {
			continue
		}
		if sig.TypeParams().Len() > 0 {
			o.as = sig
			if o.obj = generic(o.named, d.Name.Name, sig); o.obj == nil {
				ck.anew[o.named.Obj().Name()], ck.again = true, true
			}
			continue
		}
		recv.SetKind(types.RecvVar)
		var params []*types.Var
		for i := 1; i < sig.Params().Len(); i++ {
			params = append(params, sig.Params().At(i))
		}
		o.obj = types.NewFunc(d.Name.Pos(), ck.pkg, d.Name.Name,
			types.NewSignatureType(recv, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic()))
		ck.save(o.named)
		list := methods(o.named)
		if i := slices.IndexFunc(*list, func(m *types.Func) bool { return m.Name() == d.Name.Name }); i >= 0 {
			(*list)[i] = o.obj
		} else {
			*list = append(*list, o.obj)
		}
	}
}

// generic finds the method of a generic type that a function stands for, which
// it then is as it is: only its body is new. Nil where its signature became another.
func generic(named *types.Named, name string, sig *types.Signature) *types.Func {
	list := *methods(named)
	i := slices.IndexFunc(list, func(m *types.Func) bool { return m.Name() == name })
	if i < 0 {
		return nil
	}
	old := list[i].Signature()
	var args []types.Type
	for p := range old.RecvTypeParams().TypeParams() {
		args = append(args, p)
	}
	if len(args) != sig.TypeParams().Len() {
		return nil
	}
	inst, err := types.Instantiate(nil, sig, args, false)
	if err != nil {
		return nil
	}
	now := inst.(*types.Signature)
	params := []*types.Var{types.NewParam(token.NoPos, nil, "", old.Recv().Type())}
	for p := range old.Params().Variables() {
		params = append(params, p)
	}
	want := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), old.Results(), old.Variadic())
	if !types.Identical(now, want) {
		return nil
	}
	return list[i]
}

// detach takes those methods away from earlier types that no longer check.
func (ck *checking) detach() {
	for key := range ck.stale {
		name, method, ok := strings.Cut(key, ".")
		if t := ck.s.entries[name]; ok && t != nil && t.obj != nil && !ck.declares(name) && !ck.relinked(name) {
			if named, ok := receiverOf(t.obj.Type()); ok && named.TypeParams().Len() == 0 {
				ck.save(named)
				list := methods(named)
				*list = slices.DeleteFunc(*list, func(m *types.Func) bool { return m.Name() == method })
			}
		}
	}
}

// save remembers a type's methods before this check changes them.
func (ck *checking) save(named *types.Named) {
	if _, saved := ck.before[named]; !saved {
		list := methods(named)
		ck.before[named] = *list
		*list = slices.Clone(*list)
	}
}

// receives checks what go/types checks of a receiver.
func (ck *checking) receives(o *outside, d *ast.FuncDecl) bool {
	at := receiverName(d)
	if o.named == nil {
		ck.failOf(o.entry, at, "cannot define new methods on non-local type "+at.Name)
		return false
	}
	switch u := o.named.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		ck.failOf(o.entry, at, "invalid receiver type "+at.Name+" (pointer or interface type)")
		return false
	case *types.Struct:
		for f := range u.Fields() {
			if f.Name() == d.Name.Name {
				ck.failOf(o.entry, d.Name, "field and method with the same name "+f.Name())
				return false
			}
		}
	}
	return true
}

// failOf notes an error of a declaration: of the cell, or of an earlier one that no longer fits.
func (ck *checking) failOf(e *entry, at ast.Node, msg string) {
	if e != nil && ck.relinked(e.key) {
		if ck.failed[e.key] == "" {
			ck.failed[e.key] = ck.cell.Fset.Position(at.Pos()).String() + ": " + msg
		}
		return
	}
	ck.fail(at, msg)
}

// attached records the methods where evaluators look for them.
func (ck *checking) attached() {
	for _, o := range ck.outside {
		d := o.entry.node.(*ast.FuncDecl)
		if o.obj != nil {
			ck.info.Defs[d.Name] = o.obj
		}
		delete(ck.info.Defs, o.fn.Name)
		if sc := ck.info.Scopes[o.fn.Type]; sc != nil {
			delete(ck.info.Scopes, o.fn.Type)
			ck.info.Scopes[d.Type] = sc
		}
	}
}

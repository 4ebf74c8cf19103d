package check

import (
	"go/ast"
	"go/types"
)

// keyOf names the session's entry that an object would be: "f", or "T.M" for a
// method; empty for what is local or not of package main.
func keyOf(obj types.Object) string {
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != "main" {
		return ""
	}
	if f, ok := obj.(*types.Func); ok {
		if recv := f.Signature().Recv(); recv != nil {
			if named := receiver(recv.Type()); named != nil {
				return named.Obj().Name() + "." + f.Name()
			}
			return ""
		}
	}
	if _, ok := obj.(*types.PkgName); ok || obj.Parent() != obj.Pkg().Scope() {
		return ""
	}
	return obj.Name()
}

// receiver is the defined type that a method of receiver type t belongs to.
func receiver(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	if named == nil {
		return nil
	}
	return named.Origin()
}

// receiverName is the name of the type that a method declaration belongs to:
// "T" for T, *T, T[P]; empty where it has another form.
func receiverName(d *ast.FuncDecl) *ast.Ident {
	if d.Recv == nil || len(d.Recv.List) != 1 {
		return nil
	}
	t := ast.Unparen(d.Recv.List[0].Type)
	if p, ok := t.(*ast.StarExpr); ok {
		t = ast.Unparen(p.X)
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	id, _ := t.(*ast.Ident)
	return id
}

// declKey is the key of a function or method declaration.
func declKey(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	if id := receiverName(d); id != nil {
		return id.Name + "." + d.Name.Name
	}
	return ""
}

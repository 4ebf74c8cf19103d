package host

import (
	"go/types"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/check"
)

// A method of a generic type that is declared again stays the object that it was, so
// that values of the type stay usable, but its body is another and was checked with
// type parameters of its own. go/ssa knows one body an object, that of the package that
// declared it first. rebody gives it the new ones: instances made from then on have
// them. Called after the package is created and before it is built.
func (h *Host) rebody(pkg *ssa.Package, decls []*check.Decl) {
	for _, d := range decls {
		f, ok := d.Object.(*types.Func)
		if !ok || d.As == nil {
			continue
		}
		fn := members(pkg)[f].(*ssa.Function)
		var params []*types.Var
		for i := 1; i < d.As.Params().Len(); i++ {
			params = append(params, d.As.Params().At(i))
		}
		fn.Signature = types.NewSignatureType(d.As.Params().At(0), nil, nil, types.NewTuple(params...), d.As.Results(), d.As.Variadic())
		*(**types.TypeParamList)(unexported(fn, "recvtypeparams")) = d.As.TypeParams()
		members(h.load.form(f.Pkg()))[f] = fn
		// By the place of the object's scope go/ssa knows which types are local to the body.
		*(**types.Scope)(unexported(f.Signature(), "scope")) = *(**types.Scope)(unexported(d.As, "scope"))
	}
}

// members are a package's, with methods.
func members(pkg *ssa.Package) map[types.Object]ssa.Member {
	return *(*map[types.Object]ssa.Member)(unexported(pkg, "objects"))
}

// unexported is the address of a field that go/ssa or go/types keeps to itself.
func unexported[T any](p *T, name string) unsafe.Pointer {
	return reflect.ValueOf(p).Elem().FieldByName(name).Addr().UnsafePointer()
}

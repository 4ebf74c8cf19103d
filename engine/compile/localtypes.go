package compile

import (
	"go/ast"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
)

// nameLocals gives the types that an instance of a generic function declares the names
// that they have at run time, with the function's type arguments: main.node[int]. go/ssa
// makes a type for each instance, all under one name.
func nameLocals(fn *ssa.Function) {
	outer := fn
	for outer.Parent() != nil {
		outer = outer.Parent()
	}
	origin := outer.Origin()
	if origin == nil || len(outer.TypeArgs()) == 0 || !declaresTypes(origin.Syntax()) {
		return
	}
	var args []string
	for _, t := range outer.TypeArgs() {
		args = append(args, layout.ArgString(t))
	}
	l := locals{from: origin.Syntax(), args: "[" + strings.Join(args, ",") + "]", seen: map[types.Type]bool{}}
	for _, b := range fn.Blocks {
		for _, ins := range b.Instrs {
			for _, op := range ins.Operands(nil) {
				if *op != nil {
					l.visit((*op).Type())
				}
			}
			switch ins := ins.(type) {
			case *ssa.TypeAssert:
				l.visit(ins.AssertedType)
			case ssa.Value:
				l.visit(ins.Type())
			}
		}
	}
}

func declaresTypes(n ast.Node) bool {
	found := false
	if n != nil {
		ast.Inspect(n, func(n ast.Node) bool {
			_, is := n.(*ast.TypeSpec)
			found = found || is
			return !found
		})
	}
	return found
}

// locals finds the types that a function declares in those of its values.
type locals struct {
	from ast.Node // the function
	args string
	seen map[types.Type]bool
}

func (l *locals) visit(t types.Type) {
	if t == nil || l.seen[t] {
		return
	}
	l.seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		l.visit(types.Unalias(t))
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			l.visit(a)
		}
		obj := t.Obj()
		if obj.Parent() != nil || obj.Pos() < l.from.Pos() || obj.Pos() >= l.from.End() {
			return
		}
		if !strings.HasSuffix(obj.Name(), l.args) {
			name := reflect.ValueOf(obj).Elem().FieldByName("name")
			*(*string)(name.Addr().UnsafePointer()) += l.args
		}
		l.visit(t.Underlying())
	case *types.Map:
		l.visit(t.Key())
		l.visit(t.Elem())
	case interface{ Elem() types.Type }: // a pointer, slice, array or channel
		l.visit(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			l.visit(f.Type())
		}
	case *types.Tuple:
		for v := range t.Variables() {
			l.visit(v.Type())
		}
	case *types.Signature:
		l.visit(t.Params())
		l.visit(t.Results())
	}
}

package layout

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// TypeString writes a type as the runtime does, in %T and in panics: packages
// by name, but by path within a list of type arguments, where fields that are not
// exported have their package, too, and types of a function their number.
func TypeString(t types.Type) string {
	var w writer
	w.typ(t)
	return w.String()
}

// ArgString writes a type as it stands in a list of type arguments.
func ArgString(t types.Type) string {
	w := writer{args: 1}
	w.typ(t)
	return w.String()
}

type writer struct {
	strings.Builder
	args int // how many lists of type arguments the place is in
}

func (w *writer) pkg(p *types.Package) {
	if p == nil {
		return
	}
	if w.args > 0 {
		w.WriteString(p.Path())
	} else {
		w.WriteString(p.Name())
	}
	w.WriteByte('.')
}

func (w *writer) typ(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		w.WriteString(basicName(t))
	case *types.Named:
		w.pkg(t.Obj().Pkg())
		w.WriteString(t.Obj().Name())
		if list := t.TypeArgs(); list.Len() > 0 {
			w.args++
			for i := range list.Len() {
				w.WriteByte("[,"[min(i, 1)])
				w.typ(list.At(i))
			}
			w.WriteByte(']')
			w.args--
		}
		if w.args > 0 {
			if n := localNumber(t.Obj()); n > 0 {
				w.WriteString("·" + strconv.Itoa(n))
			}
		}
	case *types.Pointer:
		w.WriteByte('*')
		w.typ(t.Elem())
	case *types.Slice:
		w.WriteString("[]")
		w.typ(t.Elem())
	case *types.Array:
		w.WriteString("[" + strconv.FormatInt(t.Len(), 10) + "]")
		w.typ(t.Elem())
	case *types.Map:
		w.WriteString("map[")
		w.typ(t.Key())
		w.WriteByte(']')
		w.typ(t.Elem())
	case *types.Chan:
		w.channel(t)
	case *types.Signature:
		w.WriteString("func")
		w.signature(t)
	case *types.Struct:
		w.structure(t)
	case *types.Interface:
		w.methods(t)
	default:
		w.WriteString(t.String())
	}
}

func basicName(t *types.Basic) string {
	switch {
	case t.Kind() == types.UnsafePointer:
		return "unsafe.Pointer"
	case t.Info()&types.IsUntyped != 0:
		return types.Default(t).String()
	}
	return types.Typ[t.Kind()].Name() // byte is uint8
}

func (w *writer) channel(t *types.Chan) {
	switch t.Dir() {
	case types.RecvOnly:
		w.WriteString("<-chan ")
	case types.SendOnly:
		w.WriteString("chan<- ")
	default:
		w.WriteString("chan ")
		if e, ok := types.Unalias(t.Elem()).(*types.Chan); ok && e.Dir() == types.RecvOnly {
			w.WriteByte('(')
			w.typ(e)
			w.WriteByte(')')
			return
		}
	}
	w.typ(t.Elem())
}

func (w *writer) signature(t *types.Signature) {
	w.tuple(t.Params(), t.Variadic())
	switch t.Results().Len() {
	case 0:
	case 1:
		w.WriteByte(' ')
		w.typ(t.Results().At(0).Type())
	default:
		w.WriteByte(' ')
		w.tuple(t.Results(), false)
	}
}

func (w *writer) tuple(t *types.Tuple, variadic bool) {
	w.WriteByte('(')
	for i := range t.Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		v := t.At(i).Type()
		if s, ok := v.Underlying().(*types.Slice); ok && variadic && i == t.Len()-1 {
			w.WriteString("...")
			v = s.Elem()
		}
		w.typ(v)
	}
	w.WriteByte(')')
}

func (w *writer) structure(t *types.Struct) {
	w.WriteString("struct {")
	for i := range t.NumFields() {
		f := t.Field(i)
		if i > 0 {
			w.WriteByte(';')
		}
		w.WriteByte(' ')
		w.field(f)
		w.typ(f.Type())
		if tag := t.Tag(i); tag != "" {
			w.WriteString(" " + strconv.Quote(tag))
		}
	}
	if t.NumFields() > 0 {
		w.WriteByte(' ')
	}
	w.WriteByte('}')
}

// field writes a field's name. Within type arguments an embedded one has it where an
// alias or a type of the language gave it.
func (w *writer) field(f *types.Var) {
	if f.Embedded() {
		t := types.Unalias(f.Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		n, ok := t.(*types.Named)
		if w.args == 0 || ok && n.Obj().Name() == f.Name() && (f.Exported() || n.Obj().Pkg() == f.Pkg()) {
			return
		}
	}
	if w.args > 0 && !f.Exported() {
		w.pkg(f.Pkg())
	}
	w.WriteString(f.Name() + " ")
	if f.Embedded() {
		w.WriteString("= ")
	}
}

// localNumber is the number of a type among those that the functions of its package
// declare, in the order of the source, from 1 on; 0: it is not declared in a function.
func localNumber(obj *types.TypeName) int {
	if obj.Pkg() == nil || obj.Parent() == obj.Pkg().Scope() {
		return 0
	}
	var places []token.Pos
	var collect func(s *types.Scope)
	collect = func(s *types.Scope) {
		for _, name := range s.Names() {
			t, ok := s.Lookup(name).(*types.TypeName)
			if !ok || t.IsAlias() || t.Pkg() != obj.Pkg() {
				continue
			}
			if _, ok := t.Type().(*types.Named); ok {
				places = append(places, t.Pos())
			}
		}
		for c := range s.Children() {
			collect(c)
		}
	}
	for file := range obj.Pkg().Scope().Children() {
		for fn := range file.Children() {
			collect(fn)
		}
	}
	slices.Sort(places)
	return 1 + slices.Index(places, obj.Pos())
}

func (w *writer) methods(t *types.Interface) {
	var list []*types.Func
	for m := range t.Methods() {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
	w.WriteString("interface {")
	for i, m := range list {
		if i > 0 {
			w.WriteByte(';')
		}
		w.WriteByte(' ')
		if !token.IsExported(m.Name()) {
			w.pkg(m.Pkg())
		}
		w.WriteString(m.Name())
		w.signature(m.Signature())
	}
	if len(list) > 0 {
		w.WriteByte(' ')
	}
	w.WriteByte('}')
}

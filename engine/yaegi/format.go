package yaegi

import (
	"fmt"
	"go/types"
	"io"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// printer prints values by their go/types types, as package fmt prints them
// by their reflected ones.
type printer struct {
	ev    *Evaluator
	state fmt.State
	verb  rune
	w     io.Writer
}

func formatBox(b box, s fmt.State, verb rune) {
	p := &printer{b.t.ev, s, verb, s}
	p.print(reflect.ValueOf(b.v), b.t.typ, 0, false)
}

func (ev *Evaluator) format(format string, b box) string { return fmt.Sprintf(format, b) }

// print writes v of type t. hidden says that it was reached through an
// unexported field, whose methods fmt cannot call.
func (p *printer) print(v reflect.Value, t types.Type, depth int, hidden bool) {
	t = types.Unalias(t)
	if types.IsInterface(t) {
		if !v.IsValid() || v.Kind() == reflect.Interface && v.IsNil() {
			if p.state.Flag('#') && p.verb == 'v' {
				io.WriteString(p.w, p.ev.typeString(t)+"(nil)")
			} else {
				io.WriteString(p.w, "<nil>")
			}
			return
		}
		x := v.Interface()
		if b, ok := asBox(x); ok {
			p.print(reflect.ValueOf(b.v), b.t.typ, depth, hidden)
			return
		}
		if depth > 0 && reflect.TypeOf(x).Kind() == reflect.Pointer && !printsItself(x) {
			p.pointer(reflect.ValueOf(x), types.NewPointer(types.Typ[types.Int]))
			return
		}
		fmt.Fprintf(p.w, p.spec(), x)
		return
	}
	if p.verb == 'p' {
		fmt.Fprintf(p.w, p.spec(), v.Interface())
		return
	}
	if !hidden && p.method(v, t) {
		return
	}
	if _, isPtr := t.Underlying().(*types.Pointer); p.ev.faithful(t) && !hidden && !(isPtr && depth > 0 && !printsItself(v.Interface())) {
		fmt.Fprintf(p.w, p.spec(), v.Interface())
		return
	}
	p.kinds(v, t, depth, hidden)
}

func printsItself(x any) bool {
	switch x.(type) {
	case error, fmt.Stringer, fmt.Formatter:
		return true
	}
	return false
}

// spec is the verb with its flags.
func (p *printer) spec() string { return fmt.FormatString(p.state, p.verb) }

// method lets a value print itself: GoString, Error or String.
func (p *printer) method(v reflect.Value, t types.Type) (done bool) {
	if p.ev.faithful(t) {
		return false
	}
	names := []string{"Error", "String"}
	if p.state.Flag('#') && p.verb == 'v' {
		names = []string{"GoString"}
	} else if !strings.ContainsRune("vsxXq", p.verb) {
		names = nil
	}
	if p.formatter(v, t) {
		return true
	}
	for _, name := range names {
		sel := types.NewMethodSet(t).Lookup(mainPackage(t), name)
		if sel == nil {
			continue
		}
		sig := sel.Type().(*types.Signature)
		if sig.Params().Len() != 0 || sig.Results().Len() != 1 || !types.Identical(sig.Results().At(0).Type(), types.Typ[types.String]) {
			continue
		}
		s := ""
		ok := p.safely(v, name, func() { s = p.ev.methodOf(v, t, name).Call(nil)[0].String() })
		if ok {
			if name == "GoString" {
				io.WriteString(p.w, s)
			} else {
				fmt.Fprintf(p.w, p.spec(), s)
			}
		}
		return true
	}
	return false
}

// formatter calls a Format method of the learner's.
func (p *printer) formatter(v reflect.Value, t types.Type) bool {
	sel := types.NewMethodSet(t).Lookup(mainPackage(t), "Format")
	if sel == nil {
		return false
	}
	m := p.ev.methodOf(v, t, "Format")
	f, ok := m.Interface().(func(fmt.State, rune))
	if !ok {
		return false
	}
	p.safely(v, "Format", func() { f(p.state, p.verb) })
	return true
}

// safely calls f; a panic in it is printed as fmt prints it.
func (p *printer) safely(v reflect.Value, name string, f func()) (ok bool) {
	normal := false
	defer func() {
		if normal {
			return
		}
		x := recover()
		if x == nil {
			return // Goexit
		}
		if v.Kind() == reflect.Pointer && v.IsNil() {
			io.WriteString(p.w, "<nil>")
			return
		}
		t := p.ev.caught(x)
		fmt.Fprintf(p.w, "%%!%c(PANIC=%s method: %v)", p.verb, name, t.value)
	}()
	f()
	normal = true
	return true
}

// kinds prints by the form of the type.
func (p *printer) kinds(v reflect.Value, t types.Type, depth int, hidden bool) {
	sharp := p.state.Flag('#') && p.verb == 'v'
	name := ""
	if sharp {
		name = p.ev.typeString(t)
	}
	each := func(n int, open, close, sep string, item func(i int)) {
		io.WriteString(p.w, open)
		for i := range n {
			if i > 0 {
				io.WriteString(p.w, sep)
			}
			item(i)
		}
		io.WriteString(p.w, close)
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if sharp && u.Info()&types.IsBoolean == 0 && u.Kind() == types.UnsafePointer {
			p.bad(v, t)
			return
		}
		rt := basicTypes[u.Kind()]
		x := v
		if rt != nil && v.Type() != rt {
			x = v.Convert(rt)
		}
		fmt.Fprintf(p.w, p.spec(), x.Interface())
	case *types.Slice, *types.Array:
		var et types.Type
		if s, ok := u.(*types.Slice); ok {
			et = s.Elem()
		} else {
			et = u.(*types.Array).Elem()
		}
		if b, ok := et.Underlying().(*types.Basic); ok && b.Kind() == types.Uint8 && strings.ContainsRune("sqxX", p.verb) {
			bytes := make([]byte, v.Len())
			for i := range bytes {
				bytes[i] = byte(v.Index(i).Uint())
			}
			fmt.Fprintf(p.w, p.spec(), bytes)
			return
		}
		if sharp {
			if v.Kind() == reflect.Slice && v.IsNil() {
				io.WriteString(p.w, name+"(nil)")
				return
			}
			each(v.Len(), name+"{", "}", ", ", func(i int) { p.print(v.Index(i), et, depth+1, hidden) })
			return
		}
		each(v.Len(), "[", "]", " ", func(i int) { p.print(v.Index(i), et, depth+1, hidden) })
	case *types.Map:
		keys := sortedKeys(v)
		if sharp {
			if v.IsNil() {
				io.WriteString(p.w, name+"(nil)")
				return
			}
			each(len(keys), name+"{", "}", ", ", func(i int) {
				p.print(keys[i], u.Key(), depth+1, hidden)
				io.WriteString(p.w, ":")
				p.print(v.MapIndex(keys[i]), u.Elem(), depth+1, hidden)
			})
			return
		}
		each(len(keys), "map[", "]", " ", func(i int) {
			p.print(keys[i], u.Key(), depth+1, hidden)
			io.WriteString(p.w, ":")
			p.print(v.MapIndex(keys[i]), u.Elem(), depth+1, hidden)
		})
	case *types.Struct:
		plus := p.state.Flag('+') || sharp
		sep := " "
		if sharp {
			sep = ", "
		}
		each(u.NumFields(), name+"{", "}", sep, func(i int) {
			f := u.Field(i)
			if plus && (p.verb == 'v' || sharp) {
				io.WriteString(p.w, f.Name()+":")
			}
			p.print(v.Field(i), f.Type(), depth+1, hidden || !f.Exported())
		})
	case *types.Pointer:
		if depth == 0 && !v.IsNil() {
			switch u.Elem().Underlying().(type) {
			case *types.Struct, *types.Map, *types.Slice, *types.Array:
				io.WriteString(p.w, "&")
				p.print(v.Elem(), u.Elem(), depth+1, hidden)
				return
			}
		}
		p.pointer(v, t)
	case *types.Chan, *types.Signature:
		p.pointer(v, t)
	default:
		p.bad(v, t)
	}
}

// pointer prints an address.
func (p *printer) pointer(v reflect.Value, t types.Type) {
	switch {
	case p.verb == 'v' && p.state.Flag('#'):
		text := "nil"
		if !v.IsNil() {
			text = "0x" + strconv.FormatUint(uint64(v.Pointer()), 16)
		}
		fmt.Fprintf(p.w, "(%s)(%s)", p.ev.typeString(t), text)
	case v.IsNil() && p.verb == 'v':
		io.WriteString(p.w, "<nil>")
	case strings.ContainsRune("vdxXob", p.verb):
		if p.verb == 'v' {
			fmt.Fprintf(p.w, "0x%x", v.Pointer())
		} else {
			fmt.Fprintf(p.w, p.spec(), v.Pointer())
		}
	default:
		p.bad(v, t)
	}
}

func (p *printer) bad(v reflect.Value, t types.Type) {
	fmt.Fprintf(p.w, "%%!%c(%s=", p.verb, p.ev.typeString(t))
	(&printer{p.ev, plainState{p.w}, 'v', p.w}).kinds(v, t, 0, true)
	io.WriteString(p.w, ")")
}

type plainState struct{ io.Writer }

func (plainState) Width() (int, bool)     { return 0, false }
func (plainState) Precision() (int, bool) { return 0, false }
func (plainState) Flag(int) bool          { return false }

// sortedKeys orders the keys of a map as fmt does, for keys that have an order.
func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	sort.SliceStable(keys, func(i, j int) bool { return compare(keys[i], keys[j]) < 0 })
	return keys
}

func compare(a, b reflect.Value) int {
	less := func(l, g bool) int {
		switch {
		case l:
			return -1
		case g:
			return 1
		}
		return 0
	}
	switch a.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return less(a.Int() < b.Int(), a.Int() > b.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return less(a.Uint() < b.Uint(), a.Uint() > b.Uint())
	case reflect.String:
		return strings.Compare(a.String(), b.String())
	case reflect.Float32, reflect.Float64:
		return less(a.Float() < b.Float() || a.Float() != a.Float() && b.Float() == b.Float(), a.Float() > b.Float())
	case reflect.Bool:
		return less(!a.Bool() && b.Bool(), a.Bool() && !b.Bool())
	case reflect.Pointer, reflect.Chan:
		return less(a.Pointer() < b.Pointer(), a.Pointer() > b.Pointer())
	case reflect.Struct:
		for i := range a.NumField() {
			if c := compare(a.Field(i), b.Field(i)); c != 0 {
				return c
			}
		}
	case reflect.Array:
		for i := range a.Len() {
			if c := compare(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
	case reflect.Interface:
		x, y := a.Elem(), b.Elem()
		if bx, ok := asBox(a.Interface()); ok {
			x = reflect.ValueOf(bx.v)
		}
		if by, ok := asBox(b.Interface()); ok {
			y = reflect.ValueOf(by.v)
		}
		if !x.IsValid() || !y.IsValid() {
			return less(!x.IsValid() && y.IsValid(), x.IsValid())
		}
		if x.Kind() == y.Kind() {
			return compare(x, y)
		}
		return less(x.Kind() < y.Kind(), x.Kind() > y.Kind())
	}
	return 0
}

// stringOf is what Error or String of a box gives.
func (ev *Evaluator) stringOf(b box) (string, bool) {
	for _, name := range []string{"Error", "String"} {
		if types.NewMethodSet(b.t.typ).Lookup(mainPackage(b.t.typ), name) == nil {
			continue
		}
		if f, ok := ev.methodValue(b, name).Interface().(func() string); ok {
			return f(), true
		}
	}
	return "", false
}

// typeString writes a type as reflection does: "main.T", "map[string]main.T".
func (ev *Evaluator) typeString(t types.Type) string {
	qualify := func(p *types.Package) string { return p.Name() }
	switch t := types.Unalias(t).(type) {
	case *types.Struct:
		if t.NumFields() == 0 {
			return "struct {}"
		}
		var b strings.Builder
		b.WriteString("struct { ")
		for i := range t.NumFields() {
			if i > 0 {
				b.WriteString("; ")
			}
			if f := t.Field(i); !f.Embedded() {
				b.WriteString(f.Name() + " ")
			}
			b.WriteString(ev.typeString(t.Field(i).Type()))
			if t.Tag(i) != "" {
				b.WriteString(" " + strconv.Quote(t.Tag(i)))
			}
		}
		return b.String() + " }"
	case *types.Interface:
		if t.Empty() {
			return "interface {}"
		}
		return strings.Replace(strings.Replace(types.TypeString(t, qualify), "interface{", "interface { ", 1), "}", " }", 1)
	case *types.Pointer:
		return "*" + ev.typeString(t.Elem())
	case *types.Slice:
		return "[]" + ev.typeString(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), ev.typeString(t.Elem()))
	case *types.Map:
		return "map[" + ev.typeString(t.Key()) + "]" + ev.typeString(t.Elem())
	case *types.Chan:
		return map[types.ChanDir]string{types.SendRecv: "chan ", types.SendOnly: "chan<- ", types.RecvOnly: "<-chan "}[t.Dir()] + ev.typeString(t.Elem())
	case *types.Basic:
		switch t.Kind() {
		case types.Byte:
			return "uint8"
		case types.Rune:
			return "int32"
		}
	case *types.Signature:
		var in, out []string
		for i := range t.Params().Len() {
			s := ev.typeString(t.Params().At(i).Type())
			if t.Variadic() && i == t.Params().Len()-1 {
				s = "..." + strings.TrimPrefix(s, "[]")
			}
			in = append(in, s)
		}
		for i := range t.Results().Len() {
			out = append(out, ev.typeString(t.Results().At(i).Type()))
		}
		text := "func(" + strings.Join(in, ", ") + ")"
		if len(out) == 1 {
			return text + " " + out[0]
		}
		if len(out) > 1 {
			return text + " (" + strings.Join(out, ", ") + ")"
		}
		return text
	case *types.Named:
		if t.TypeArgs().Len() > 0 {
			var args []string
			for i := range t.TypeArgs().Len() {
				args = append(args, ev.typeString(t.TypeArgs().At(i)))
			}
			return qualify(t.Obj().Pkg()) + "." + t.Obj().Name() + "[" + strings.Join(args, ",") + "]"
		}
	}
	return types.TypeString(t, qualify)
}

package yaegi

import (
	"fmt"
	"go/types"
	"reflect"
	"strconv"
	"strings"

	"interleave/engine"
)

// value is a result of a cell.
type value struct {
	ev *Evaluator
	t  types.Type
	v  any
}

var _ engine.Value = (*value)(nil)

// Type implements engine.Value.
func (v *value) Type() types.Type { return v.t }

// Dynamic implements engine.Value.
func (v *value) Dynamic() types.Type {
	if b, ok := asBox(v.v); ok {
		return b.t.typ
	}
	return v.t
}

// Native implements engine.Value.
func (v *value) Native() any {
	if b, ok := asBox(v.v); ok {
		return b.v
	}
	return v.v
}

// iface is the value as an interface would hold it.
func (v *value) iface() any {
	if types.IsInterface(v.t) || v.ev.faithful(v.t) {
		return v.v
	}
	return v.ev.boxAs(v.v, v.ev.table.of(v.t))
}

// Text implements engine.Value: as a learner writes it in Go, compactly;
// errors and Stringers by their method.
func (v *value) Text() (text string) {
	defer func() {
		if x := recover(); x != nil {
			text = fmt.Sprint(v.v)
		}
	}()
	var b strings.Builder
	v.ev.write(&b, reflect.ValueOf(v.v), v.t, 0, "")
	return b.String()
}

const (
	maxItems = 100 // of a slice or map that are shown
	maxDepth = 6
)

// write puts v of type t; known is the type that the text around gives already.
func (ev *Evaluator) write(b *strings.Builder, v reflect.Value, t types.Type, depth int, known string) {
	t = types.Unalias(t)
	if types.IsInterface(t) {
		if !v.IsValid() || v.Kind() == reflect.Interface && v.IsNil() {
			b.WriteString("nil")
			return
		}
		x := v.Interface()
		if bx, ok := asBox(x); ok {
			ev.write(b, reflect.ValueOf(bx.v), bx.t.typ, depth, "")
			return
		}
		ev.writeNative(b, x, depth)
		return
	}
	if b.Len() > 10_000 || depth > maxDepth {
		b.WriteString("…")
		return
	}
	if !ev.faithful(t) {
		if v.Kind() != reflect.Pointer || !v.IsNil() {
			if s, ok := ev.stringOf(box{ev.table.of(t), v.Interface()}); ok {
				b.WriteString(s)
				return
			}
		}
	}
	short := ev.shortType(t)
	if known == short {
		short = ""
	}
	item := func(v reflect.Value, t types.Type) { ev.write(b, v, t, depth+1, ev.shortType(t)) }
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if !ev.faithful(t) {
			b.WriteString(ev.shortType(t) + "{")
			for i := range u.NumFields() {
				if i > 0 {
					b.WriteString(", ")
				}
				b.WriteString(u.Field(i).Name() + ": ")
				ev.write(b, v.Field(i), u.Field(i).Type(), depth+1, "")
			}
			b.WriteString("}")
			return
		}
	case *types.Slice:
		if v.IsNil() {
			b.WriteString(short + "(nil)")
			return
		}
		ev.writeList(b, v, u.Elem(), short, depth)
		return
	case *types.Array:
		ev.writeList(b, v, u.Elem(), short, depth)
		return
	case *types.Map:
		if v.IsNil() {
			b.WriteString(short + "(nil)")
			return
		}
		b.WriteString(short + "{")
		for i, k := range sortedKeys(v) {
			if i > 0 {
				b.WriteString(", ")
			}
			if i == maxItems {
				fmt.Fprintf(b, "… %d more", v.Len()-i)
				break
			}
			item(k, u.Key())
			b.WriteString(": ")
			item(v.MapIndex(k), u.Elem())
		}
		b.WriteString("}")
		return
	case *types.Pointer:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		if _, ok := u.Elem().Underlying().(*types.Struct); ok && !ev.faithful(u.Elem()) && depth < 3 {
			b.WriteString("&")
			ev.write(b, v.Elem(), u.Elem(), depth+1, "")
			return
		}
		if !ev.faithful(t) || depth > 0 {
			fmt.Fprintf(b, "(*%s)(0x%x)", ev.shortType(u.Elem()), v.Pointer())
			return
		}
	case *types.Basic:
		if !ev.faithful(t) {
			v = v.Convert(basicTypes[u.Kind()])
		}
	case *types.Signature:
		if v.IsNil() {
			b.WriteString("nil")
		} else {
			b.WriteString(ev.shortType(t))
		}
		return
	case *types.Chan:
		if v.IsNil() {
			b.WriteString("nil")
		} else {
			fmt.Fprintf(b, "%s(len %d, cap %d)", ev.shortType(t), v.Len(), v.Cap())
		}
		return
	}
	ev.writeNative(b, v.Interface(), depth)
}

func (ev *Evaluator) writeList(b *strings.Builder, v reflect.Value, elem types.Type, short string, depth int) {
	b.WriteString(short + "{")
	for i := range v.Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == maxItems {
			fmt.Fprintf(b, "… %d more", v.Len()-i)
			break
		}
		ev.write(b, v.Index(i), elem, depth+1, ev.shortType(elem))
	}
	b.WriteString("}")
}

// writeNative prints a value that fmt prints well by itself.
func (ev *Evaluator) writeNative(b *strings.Builder, x any, depth int) {
	switch x := x.(type) {
	case error:
		b.WriteString(x.Error())
	case fmt.Stringer:
		b.WriteString(x.String())
	case string:
		b.WriteString(strconv.Quote(x))
	default:
		switch reflect.ValueOf(x).Kind() {
		case reflect.Struct:
			b.WriteString(strings.TrimPrefix(fmt.Sprintf("%T%+v", x, x), "main."))
		case reflect.Slice, reflect.Map, reflect.Array:
			fmt.Fprintf(b, "%#v", x)
		default:
			fmt.Fprintf(b, "%v", x)
		}
	}
}

// shortType is a type without "main.", and with any for interface {}.
func (ev *Evaluator) shortType(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}

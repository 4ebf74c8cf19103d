package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"unsafe"

	"interleave/engine/check"
	"interleave/engine/layout"
	"interleave/engine/machine"
)

// Shows names a native package whose functions show values. A value of a cell's
// own type goes there as one that answers the questions of such a function, by
// the program's own methods, encoding/json and fmt:
//
//	Native() any                        a copy that reflection understands
//	Method(name string) reflect.Value   a method without arguments, as a func() any; not valid where there is none
//	JSON() ([]byte, error)              what json.Marshal makes of it
//	Format(fmt.State, rune)             what fmt makes of it
//	Type() string                       as %T writes it
func (h *Host) Shows(path string) { h.showing = path }

// loadShown loads what values are described with, where a cell mentions the
// package that shows them.
func (h *Host) loadShown(p *check.Program) error {
	wanted := map[string]bool{}
	for _, obj := range p.Info.Uses {
		if h.showing == "" || obj.Pkg() == nil || obj.Pkg().Path() != h.showing {
			continue
		}
		wanted["fmt"] = true
		switch obj.Name() {
		case "JSON", "AsJSON", "VegaLite", "AsVegaLite", "Bundle":
			wanted["encoding/json"] = true
		}
	}
	for _, path := range []string{"fmt", "encoding/json"} {
		if wanted[path] {
			if _, err := h.load.Import(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// asking calls a function of the program for somebody who looks at its values.
type asking func(fn *machine.Func, args ...machine.Val) []machine.Val

// ask calls a function in a task of its own, while no cell runs. What fails or
// takes too long gives zeros.
func (h *Host) ask(fn *machine.Func, args ...machine.Val) []machine.Val {
	died := h.died
	ctx, cancel := context.WithTimeout(context.Background(), textLimit)
	defer cancel()
	vals := make([]machine.Val, len(fn.Results))
	cell := &machine.Cell{Name: "text", Host: h.current.Host}
	h.call(ctx, cell, machine.Calling(fn, args, func(x *machine.Exec) { vals = outcome(x, fn) }), nil)
	h.died = died
	return vals
}

// ready reports whether a package can be used. Where no cell runs it is made so.
func (h *Host) ready(path string) bool {
	if h.machine.Running() != nil {
		return h.load.loaded(path) != nil
	}
	if _, err := h.load.Import(path); err != nil {
		return false
	}
	return h.inits(context.Background()) == nil
}

func (h *Host) function(path, name string) *machine.Func {
	return h.compiler.Func(h.prog.FuncValue(h.load.loaded(path).Scope().Lookup(name).(*types.Func)))
}

// sprint is fmt.Sprintf of one value, an interface.
func (h *Host) sprint(ask asking, format string, v machine.Val) string {
	arg := h.universe.Of(types.Universe.Lookup("any").Type())
	return machine.String(ask(h.function("fmt", "Sprintf"), machine.StringVal(format), machine.Val{P: put(arg, v), N: 1, M: 1})[0])
}

// marshal is json.Marshal of a value, an interface.
func (h *Host) marshal(ask asking, v machine.Val) ([]byte, error) {
	vals := ask(h.function("encoding/json", "Marshal"), v)
	if failed := vals[1]; failed.P != nil {
		return nil, errors.New(h.sprint(ask, "%v", failed))
	}
	return append([]byte(nil), slice(vals[0])...), nil
}

// shown is a value on its way to a function that shows it.
type shown struct {
	h *Host
	v machine.Val // an interface, not nil
}

// ask calls a function from the native one that runs.
func (b *bridge) ask(fn *machine.Func, args ...machine.Val) []machine.Val {
	if b.current == nil {
		panic(&refusal{"a value was looked at after it had been shown"})
	}
	return b.current.back(fn, args)
}

// Native is a copy that reflection understands.
func (s *shown) Native() any {
	n := nativeForm{h: s.h, ask: s.h.bridge.ask}
	return n.dynamic(s.v)
}

// Method is a method without arguments and with one result.
func (s *shown) Method(name string) reflect.Value {
	t := (*layout.Type)(s.v.P)
	obj, _, _ := types.LookupFieldOrMethod(t.Go, false, nil, name)
	m, ok := obj.(*types.Func)
	if !ok || m.Signature().Params().Len() != 0 || m.Signature().Results().Len() != 1 || t.Kind == reflect.Pointer && s.v.Q == nil {
		return reflect.Value{}
	}
	fn := s.h.compiler.Method(t, m)
	if fn == nil {
		return reflect.Value{}
	}
	return reflect.ValueOf(func() any {
		result := s.h.bridge.ask(fn, machine.Unbox(t, s.v.Q))[0]
		if rt := fn.Results[0].T; rt.Kind != reflect.Interface {
			result = machine.Interface(rt, result)
		}
		return s.h.bridge.show(result)
	})
}

// JSON is what json.Marshal makes of the value.
func (s *shown) JSON() ([]byte, error) { return s.h.marshal(s.h.bridge.ask, s.v) }

// Type is the type's name.
func (s *shown) Type() string { return (*layout.Type)(s.v.P).String() }

// Format implements fmt.Formatter.
func (s *shown) Format(f fmt.State, verb rune) {
	fmt.Fprint(f, s.h.sprint(s.h.bridge.ask, fmt.FormatString(f, verb), s.v))
}

// show gives what stands for the interface v in a function that shows values.
func (b *bridge) show(v machine.Val) any {
	if v.P == nil {
		return nil
	}
	if n, ok := b.shared(v); ok {
		return n
	}
	t := (*layout.Type)(v.P)
	if rt := b.reflected(t); rt != nil && rt.Kind() == reflect.Map && rt.PkgPath() == b.h.showing {
		return reflect.ValueOf(b.forms(machine.Unbox(t, v.Q))).Convert(rt).Interface()
	}
	return &shown{b.h, v}
}

func (b *bridge) forms(m machine.Val) map[string]any {
	n := nativeForm{h: b.h, ask: b.ask}
	return n.forms(m)
}

// shared gives the value of an interface whose memory native code understands.
func (b *bridge) shared(v machine.Val) (any, bool) {
	t := (*layout.Type)(v.P)
	rt := b.reflected(t)
	if rt == nil {
		return nil, false
	}
	if p, _ := b.plan(t, rt); !p.plain {
		return nil, false
	}
	data := v.Q
	return reflect.NewAt(rt, machine.Memory(t, &data)).Elem().Interface(), true
}

// forms copies a map[string]any, which may be the forms of an output by mime type.
func (n *nativeForm) forms(m machine.Val) map[string]any {
	if m.P == nil {
		return nil
	}
	out := map[string]any{}
	for key, v := range (*machine.Map)(m.P).Keys() {
		out[machine.String(key)] = n.content(v)
	}
	return out
}

// content is one form of an output: JSON, unless native code understands it.
func (n *nativeForm) content(v machine.Val) any {
	if v.P == nil {
		return nil
	}
	if x, ok := n.h.bridge.shared(v); ok {
		return x
	}
	if n.h.ready("encoding/json") {
		var tree any
		if text, err := n.h.marshal(n.ask, v); err == nil && json.Unmarshal(text, &tree) == nil {
			return tree
		}
	}
	return n.dynamic(v)
}

// dynamic is what an interface holds.
func (n *nativeForm) dynamic(v machine.Val) any {
	if v.P == nil {
		return nil
	}
	t, data := (*layout.Type)(v.P), v.Q
	return n.whole(t, machine.Memory(t, &data))
}

// spoken is a value that fmt writes in a way of its own.
type spoken struct {
	text   string
	number int // sets apart those that read the same
	value  any // in native form; nil: it has none
}

func (w spoken) String() string { return w.text }

// Native and Method make it a value as shown is one.
func (w spoken) Native() any { return w.value }

func (w spoken) Method(string) reflect.Value { return reflect.Value{} }

// say makes words of a value.
func (n *nativeForm) say(t *layout.Type, p unsafe.Pointer) spoken {
	n.said++
	number := n.said
	if number > mostWords || !n.h.ready("fmt") {
		return spoken{text: "…", number: number}
	}
	var value any
	if rt := n.shapeOf(t); rt != reflect.TypeFor[spoken]() {
		value = n.value(t, p, rt).Interface()
	}
	if t.Kind == reflect.Pointer && !hasWords(t) {
		if q := *(*unsafe.Pointer)(p); q != nil { // what it points to tells more than where that is
			t, p = t.Elem, q
		}
	}
	return spoken{n.h.sprint(n.ask, "%v", machine.Interface(t, machine.Load(t, p))), number, value}
}

// mostWords bounds how many values of one are asked for their words.
const mostWords = 20_000

// hasWords reports whether fmt asks a type's own method for its text.
func hasWords(t *layout.Type) bool {
	set := types.NewMethodSet(t.Go)
	for _, name := range []string{"Error", "String", "Format"} {
		if set.Lookup(nil, name) != nil {
			return true
		}
	}
	return false
}

package host

import (
	"context"
	"fmt"
	"go/types"
	"reflect"
	"strings"
	"time"

	"interleave/engine"
	"interleave/engine/compile"
	"interleave/engine/layout"
	"interleave/engine/machine"
)

// panicText writes a panic's value as the runtime does: errors and Stringers by
// their method, basic types as print does, of all others where they lie.
func (h *Host) panicText(p *machine.Panicking) (string, error) {
	t := (*layout.Type)(p.Value.P)
	for _, method := range []string{"Error", "String"} {
		fn := h.textMethod(t, method)
		if fn == nil {
			continue
		}
		s, d, err := h.textOf(fn, machine.Unbox(t, p.Value.Q))
		if d != nil && d.p.Value.P != nil {
			what := "type " + (*layout.Type)(d.p.Value.P).String()
			if thrown := (*layout.Type)(d.p.Value.P); thrown.Kind == reflect.String {
				what = machine.String(machine.Unbox(thrown, d.p.Value.Q))
			}
			return "", &engine.Fatal{Message: "panic while printing panic value: " + what}
		}
		if err == nil {
			return indented(s), nil
		}
	}
	return h.plainText(t, p.Value), nil
}

// plainText writes a value without its methods.
func (h *Host) plainText(t *layout.Type, p machine.Val) string {
	_, named := t.Go.(*types.Named)
	v := machine.Unbox(t, p.Q)
	switch t.Class {
	case layout.Int, layout.Float, layout.Complex:
		s := string(compile.AppendPrint(nil, h.machine, t, v))
		if named {
			return t.String() + "(" + s + ")"
		}
		return s
	case layout.String:
		if named {
			return t.String() + `("` + indented(machine.String(v)) + `")`
		}
		return indented(machine.String(v))
	}
	return fmt.Sprintf("(%s) %#x", t, h.machine.Address(p.Q))
}

// indented sets further lines apart from those of the runtime.
func indented(s string) string { return strings.ReplaceAll(s, "\n", "\n\t") }

// textMethod finds a method of the form func() string; nil: there is none.
func (h *Host) textMethod(t *layout.Type, name string) *machine.Func {
	obj, _, _ := types.LookupFieldOrMethod(t.Go, false, nil, name)
	m, ok := obj.(*types.Func)
	if !ok || m.Signature().Params().Len() != 0 || m.Signature().Results().Len() != 1 ||
		!types.Identical(m.Signature().Results().At(0).Type(), types.Typ[types.String]) {
		return nil
	}
	return h.compiler.Method(t, m)
}

// textLimit is how long a method may take to give a value's text.
const textLimit = 2 * time.Second

// textCell is the name of the cell that asks for a value's text. How it ends is put
// into no words: they would ask for a text in turn.
const textCell = "text"

// textOf calls a function that returns a string, in a task of its own. Where that
// died, d says how.
func (h *Host) textOf(fn *machine.Func, args ...machine.Val) (text string, d *death, err error) {
	died := h.died
	ctx, cancel := context.WithTimeout(context.Background(), textLimit)
	defer cancel()
	cell := &machine.Cell{Name: textCell, Host: h.current.Host}
	h.machine.Quietly(func() {
		err = h.call(ctx, cell, machine.Calling(fn, args, func(x *machine.Exec) {
			text = machine.String(x.Get(fn.Results[0]))
		}), nil)
	})
	if err != nil {
		d = h.died
	}
	h.died = died
	return text, d, err
}

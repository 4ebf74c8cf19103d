package host

import (
	"context"
	"fmt"
	"go/types"
	"strings"
	"time"
	"unsafe"

	"interleave/engine/compile"
	"interleave/engine/layout"
	"interleave/engine/machine"
)

// panicText writes a panic's value as the runtime does: errors and Stringers by
// their method, basic types as print does, of all others where they lie.
func (h *Host) panicText(d *death) string {
	t := (*layout.Type)(d.p.Value.P)
	for _, method := range []string{"Error", "String"} {
		if s, ok := h.textMethod(t, d.p.Value.Q, method); ok {
			return indented(s)
		}
	}
	_, named := t.Go.(*types.Named)
	v := machine.Unbox(t, d.p.Value.Q)
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
	return fmt.Sprintf("(%s) %#x", t, h.machine.Address(d.p.Value.Q))
}

// indented sets further lines apart from those of the runtime.
func indented(s string) string { return strings.ReplaceAll(s, "\n", "\n\t") }

// textMethod calls a method of the form func() string on a value, in a task of
// its own.
func (h *Host) textMethod(t *layout.Type, data unsafe.Pointer, name string) (string, bool) {
	obj, _, _ := types.LookupFieldOrMethod(t.Go, false, nil, name)
	m, ok := obj.(*types.Func)
	if !ok || m.Signature().Params().Len() != 0 || m.Signature().Results().Len() != 1 ||
		!types.Identical(m.Signature().Results().At(0).Type(), types.Typ[types.String]) {
		return "", false
	}
	fn := h.compiler.Method(t, m)
	if fn == nil {
		return "", false
	}
	return h.textOf(fn, machine.Unbox(t, data))
}

// textCall calls a function of fmt that returns a string.
func (h *Host) textCall(name string, args ...machine.Val) (string, bool) {
	fn := h.compiler.Func(h.prog.FuncValue(h.load.types["fmt"].Scope().Lookup(name).(*types.Func)))
	return h.textOf(fn, args...)
}

// textLimit is how long a method may take to give a value's text.
const textLimit = 2 * time.Second

func (h *Host) textOf(fn *machine.Func, args ...machine.Val) (text string, ok bool) {
	died := h.died
	ctx, cancel := context.WithTimeout(context.Background(), textLimit)
	defer cancel()
	cell := &machine.Cell{Name: "text", Host: h.current.Host}
	var err error
	h.machine.Quietly(func() {
		err = h.call(ctx, cell, machine.Calling(fn, args, func(x *machine.Exec) {
			text = machine.String(x.Get(fn.Results[0]))
		}), nil)
	})
	h.died = died
	return text, err == nil
}

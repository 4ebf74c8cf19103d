package session

import (
	"fmt"
	"go/types"
	"maps"
	"reflect"

	"interleave/engine"
	"interleave/kernel/display"
)

// form is one method by which a value shows itself, and what is made of what
// the method returns.
type form struct {
	method string
	bundle func(got any) display.Bundle
}

// forms lists the methods that are looked for, without arguments and with one
// result. A value may have several; of one mime type the later form wins.
//
//	PNG() []byte, JPEG() []byte                 a picture
//	SVG() string, HTML() string                 a picture, a page
//	Markdown() string, Latex() string           a text, a formula
//	Display() display.Bundle                    anything; a map[string]any serves too
func forms() []form {
	text := func(as func(string) display.Bundle) func(any) display.Bundle {
		return func(got any) display.Bundle {
			v := reflect.ValueOf(got)
			if v.Kind() != reflect.String {
				return nil
			}
			return withoutText(as(v.String()))
		}
	}
	picture := func(as func(any) display.Bundle) func(any) display.Bundle {
		return func(got any) display.Bundle {
			v := reflect.ValueOf(got)
			if v.Kind() != reflect.Slice || v.Type().Elem().Kind() != reflect.Uint8 {
				return nil
			}
			return withoutText(as(v.Bytes()))
		}
	}
	return []form{
		{"PNG", picture(display.AsPNG)},
		{"JPEG", picture(display.AsJPEG)},
		{"SVG", text(display.AsSVG)},
		{"HTML", text(display.AsHTML)},
		{"Markdown", text(display.AsMarkdown)},
		{"Latex", text(display.AsLatex)},
		{"Display", bundleOf},
	}
}

// withoutText leaves the text to the value itself.
func withoutText(b display.Bundle) display.Bundle {
	delete(b, "text/plain")
	return b
}

// bundleOf reads what a Display method returned.
func bundleOf(got any) display.Bundle {
	v := reflect.ValueOf(got)
	if v.Kind() != reflect.Map {
		return nil
	}
	b := display.Bundle{}
	for it := v.MapRange(); it.Next(); {
		b[fmt.Sprint(it.Key().Interface())] = it.Value().Interface()
	}
	return b
}

// ownForms asks a value for its rich forms, through its own methods.
func (c *cellRun) ownForms(v engine.Value) (display.Bundle, error) {
	all := display.Bundle{}
	if p, ok := v.(pointed); ok {
		v = p.pointer
	}
	for _, f := range forms() {
		if !hasMethod(v, f.method) {
			continue
		}
		if isNil(v) {
			break
		}
		got, err := c.s.eval.Call(c.ctx, v, f.method, c.io)
		if err != nil {
			return all, err
		}
		maps.Copy(all, f.bundle(got))
	}
	return all, nil
}

// pointed is a variable that shows itself through methods of its pointer.
type pointed struct {
	engine.Value
	pointer engine.Value
}

// needsPointer reports whether only the pointer to a value of this type has a
// method by which it shows itself.
func needsPointer(v engine.Value) bool {
	n, ok := types.Unalias(v.Type()).(*types.Named)
	if !ok || types.IsInterface(n) {
		return false
	}
	own, all := types.NewMethodSet(n), types.NewMethodSet(types.NewPointer(n))
	if own.Len() == all.Len() {
		return false
	}
	for _, f := range forms() {
		if own.Lookup(nil, f.method) == nil && all.Lookup(nil, f.method) != nil {
			return true
		}
	}
	return false
}

// hasMethod reports whether a value has a method of that name without
// parameters and with one result.
func hasMethod(v engine.Value, name string) bool {
	if t := v.Dynamic(); t != nil && t != types.Typ[types.Invalid] {
		if sel := types.NewMethodSet(t).Lookup(nil, name); sel != nil {
			sig, ok := sel.Type().(*types.Signature)
			return ok && sig.Params().Len() == 0 && sig.Results().Len() == 1
		}
		if !types.IsInterface(t) {
			return false
		}
	}
	// An interface may hold a native value that has more methods than it says.
	native := reflect.ValueOf(v.Native())
	if !native.IsValid() {
		return false
	}
	m, ok := native.Type().MethodByName(name)
	return ok && m.Type.NumIn() == 1 && m.Type.NumOut() == 1
}

// isNil reports whether a value is nil, so that no method of it should be called.
func isNil(v engine.Value) bool {
	native := reflect.ValueOf(v.Native())
	switch native.Kind() {
	case reflect.Invalid:
		return v.Text() == "nil"
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.Interface:
		return native.IsNil()
	}
	return false
}

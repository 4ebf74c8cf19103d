package yaegi

import (
	"fmt"
	"go/ast"
	"go/types"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// yaegi leaves a parameter as it is where the argument is a zero value, and
// takes -0 for one: the function would see 0. So whatever may be a -0 is looked
// at before it is passed to an emitted function, and a -0 is refused.

// passed makes arguments ready to be passed to an emitted function at n.
func (f *fn) passed(parts []part, n ast.Node) []part {
	last := -1
	for i, p := range parts {
		if _, ok := f.u.floats[p.typ]; ok && !isLiteral(p.text) {
			last = i
		}
	}
	for i := range last + 1 {
		p := &parts[i]
		if isLiteral(p.text) {
			continue
		}
		if !pureName(p.text) {
			t := f.temp(p.typ)
			f.line("%s = %s", t, p.text)
			p.text = t
		}
		if check := f.u.negative(*p, n); check != "" {
			f.line("%s", check)
		}
	}
	return parts
}

// negative is the statement that looks at p, a name, for a -0; "" where its type
// has no place for one.
func (u *unit) negative(p part, n ast.Node) string {
	path, ok := u.floats[p.typ]
	if !ok {
		return ""
	}
	look := fmt.Sprintf("h.NegativeZero(%s, %d)", p.text, u.position(n))
	if path == "?" {
		return look
	}
	return fmt.Sprintf("if %s%s == 0 { %s }", p.text, path, look)
}

// isLiteral reports whether text is a number or nil.
func isLiteral(text string) bool {
	_, err := strconv.ParseFloat(strings.Trim(text, "()"), 64)
	return err == nil || text == "nil"
}

// floatsIn notes an emitted type that has floats or complex numbers in it, other
// than behind a pointer, with the path to its first number: if that is not 0,
// the value is no zero value. The path "?" means that none is known.
func (u *unit) floatsIn(text string, t types.Type) {
	if _, done := u.floats[text]; done || !hasFloats(t) {
		return
	}
	path, ok := firstNumber(u, t)
	if !ok {
		path = "?"
	}
	u.floats[text] = path
}

func hasFloats(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&(types.IsFloat|types.IsComplex) != 0
	case *types.Array:
		return t.Len() > 0 && hasFloats(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if hasFloats(f.Type()) {
				return true
			}
		}
	}
	return false
}

func firstNumber(u *unit, t types.Type) (path string, ok bool) {
	switch ut := t.Underlying().(type) {
	case *types.Basic:
		return "", ut.Info()&(types.IsFloat|types.IsInteger) != 0
	case *types.Array:
		if ut.Len() > 0 {
			path, ok = firstNumber(u, ut.Elem())
		}
		return "[0]" + path, ok
	case *types.Struct:
		for i := range ut.NumFields() {
			if path, ok := firstNumber(u, ut.Field(i).Type()); ok && u.ownStruct(t, ut) {
				return "." + u.fieldName(ut, i) + path, true
			}
		}
	}
	return "", false
}

// negativeZero refuses a zero value with a -0 in it.
func (ev *Evaluator) negativeZero(x any, site int) {
	v := reflect.ValueOf(x)
	if !v.IsZero() || !signed(v) {
		return
	}
	refusal("a negative zero that is passed to a function%s", ev.place(site))
}

// signed reports whether a zero value has a -0 in it.
func signed(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		return math.Signbit(v.Float())
	case reflect.Complex64, reflect.Complex128:
		return math.Signbit(real(v.Complex())) || math.Signbit(imag(v.Complex()))
	case reflect.Array:
		for i := range v.Len() {
			if signed(v.Index(i)) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if signed(v.Field(i)) {
				return true
			}
		}
	}
	return false
}

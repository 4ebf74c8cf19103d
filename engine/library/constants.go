package library

import (
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"strings"
)

// runes lists the untyped rune constants of the standard library. A symbol
// table holds them as integers, and "x := utf8.RuneError" must be a rune.
var runes = map[string]bool{
	"os.PathSeparator": true, "os.PathListSeparator": true,
	"path/filepath.Separator": true, "path/filepath.ListSeparator": true,
	"unicode.MaxRune": true, "unicode.ReplacementChar": true, "unicode.MaxASCII": true,
	"unicode.MaxLatin1": true, "unicode.UpperLower": true,
	"unicode/utf8.RuneError": true, "unicode/utf8.MaxRune": true,
	"text/tabwriter.Escape": true, "math/big.MaxBase": true,
}

// untyped makes the object of an untyped constant; nil where v is none.
func (l *Library) untyped(pkg *types.Package, name string, v reflect.Value) types.Object {
	if !v.CanInterface() || v.CanAddr() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	// Tables hold a constant as go/constant's own type or as an interface of it.
	val, ok := v.Interface().(constant.Value)
	if !ok {
		return nil
	}
	kind := types.Invalid
	switch val.Kind() {
	case constant.Bool:
		kind = types.UntypedBool
	case constant.String:
		kind = types.UntypedString
	case constant.Int:
		tar := pkg.Path() == "archive/tar" && strings.HasPrefix(name, "Type")
		if kind = types.UntypedInt; tar || runes[pkg.Path()+"."+name] {
			kind = types.UntypedRune
		}
	case constant.Float:
		kind = types.UntypedFloat
	case constant.Complex:
		kind = types.UntypedComplex
	}
	if kind == types.Invalid {
		return nil
	}
	return types.NewConst(token.NoPos, pkg, name, types.Typ[kind], val)
}

// typed makes the object of a typed constant; nil where v has no constant type.
func (l *Library) typed(pkg *types.Package, name string, v reflect.Value) types.Object {
	var val constant.Value
	switch k := v.Kind(); {
	case k == reflect.Bool:
		val = constant.MakeBool(v.Bool())
	case k == reflect.String:
		val = constant.MakeString(v.String())
	case v.CanInt():
		val = constant.MakeInt64(v.Int())
	case v.CanUint():
		val = constant.MakeUint64(v.Uint())
	case v.CanFloat():
		val = constant.MakeFloat64(v.Float())
	default:
		return nil
	}
	return types.NewConst(token.NoPos, pkg, name, l.typ(v.Type()), val)
}

package yaegi

import (
	"fmt"
	"go/constant"
	"go/types"
	"strconv"
	"strings"
)

// constant writes a constant where the text around gives it type t.
func (f *fn) constant(v constant.Value, t types.Type) string {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return f.typedConstant(v, types.Default(t))
	}
	if _, named := types.Unalias(t).(*types.Named); named || (b.Info()&types.IsNumeric != 0 && b.Kind() != types.Int && b.Kind() != types.Float64) {
		return f.typedConstant(v, t)
	}
	return literalText(v, b)
}

// typedConstant writes a constant that carries its type.
func (f *fn) typedConstant(v constant.Value, t types.Type) string {
	t = types.Default(t)
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		f.u.refuse("this constant", "")
		return "0"
	}
	text := literalText(v, b)
	typ := f.u.erased(t)
	switch typ {
	case "int", "string", "bool", "float64":
		return text
	}
	return typ + "(" + text + ")"
}

func literalText(v constant.Value, b *types.Basic) string {
	switch {
	case b.Info()&types.IsBoolean != 0:
		return strconv.FormatBool(constant.BoolVal(v))
	case b.Info()&types.IsString != 0:
		return strconv.Quote(constant.StringVal(v))
	case b.Info()&types.IsInteger != 0:
		v = constant.ToInt(v)
		if constant.Sign(v) < 0 {
			return "(" + v.ExactString() + ")"
		}
		return v.ExactString()
	case b.Info()&types.IsFloat != 0:
		x, _ := constant.Float64Val(constant.ToFloat(v))
		if b.Kind() == types.Float32 {
			x32, _ := constant.Float32Val(constant.ToFloat(v))
			x = float64(x32)
		}
		s := strconv.FormatFloat(x, 'g', -1, 64)
		if !strings.ContainsAny(s, ".e") {
			s += ".0"
		}
		if x < 0 {
			return "(" + s + ")"
		}
		return s
	case b.Info()&types.IsComplex != 0:
		re, _ := constant.Float64Val(constant.Real(v))
		im, _ := constant.Float64Val(constant.Imag(v))
		return fmt.Sprintf("h.Complex(%s, %s)", strconv.FormatFloat(re, 'g', -1, 64), strconv.FormatFloat(im, 'g', -1, 64))
	}
	return v.ExactString()
}

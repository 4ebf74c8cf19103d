package yaegi

import (
	"go/types"
	"math"
	"reflect"
)

// numeric names the host function for a conversion between numbers that
// reflection, by which yaegi converts, does otherwise than compiled Go; "" where
// both agree.
func numeric(from, to types.Type) string {
	f, ok := from.Underlying().(*types.Basic)
	t, ok2 := to.Underlying().(*types.Basic)
	if !ok || !ok2 {
		return ""
	}
	switch t.Kind() {
	case types.Int8, types.Int16, types.Int32, types.Uint8, types.Uint16, types.Uint32:
		if f.Info()&types.IsFloat != 0 {
			return "h.To" + t.Name() + "_" + f.Name()
		}
	case types.Float32:
		switch f.Kind() {
		case types.Int, types.Int64, types.Uint, types.Uint64, types.Uintptr:
			return "h.Tofloat32_" + f.Name()
		}
	}
	return ""
}

// conversions are the host functions that numeric names.
func conversions() map[string]reflect.Value {
	m := map[string]reflect.Value{}
	narrow[int8](m, "int8", narrow32)
	narrow[int16](m, "int16", narrow32)
	narrow[int32](m, "int32", narrow32)
	narrow[uint8](m, "uint8", narrow32)
	narrow[uint16](m, "uint16", narrow32)
	narrow[uint32](m, "uint32", truncate)
	round[int](m, "int")
	round[int64](m, "int64")
	round[uint](m, "uint")
	round[uint64](m, "uint64")
	round[uintptr](m, "uintptr")
	return m
}

func narrow[T int8 | int16 | int32 | uint8 | uint16 | uint32](m map[string]reflect.Value, name string, to func(float64) int64) {
	m["To"+name+"_float64"] = reflect.ValueOf(func(x float64) T { return T(to(x)) })
	m["To"+name+"_float32"] = reflect.ValueOf(func(x float32) T { return T(to(float64(x))) })
}

// round rounds once, where reflection goes by way of float64 and rounds twice.
func round[T int | int64 | uint | uint64 | uintptr](m map[string]reflect.Value, name string) {
	m["Tofloat32_"+name] = reflect.ValueOf(func(x T) float32 { return float32(x) })
}

// truncate gives the smallest integer for what does not fit, as amd64 does on
// every computer.
func truncate(x float64) int64 {
	if x >= -1<<63 && x < 1<<63 {
		return int64(x)
	}
	return math.MinInt64
}

// narrow32 is truncate by way of 32 bits: so compiled Go makes int32 and smaller
// integers of floats on amd64.
func narrow32(x float64) int64 {
	i := truncate(x)
	if i != int64(int32(i)) {
		return math.MinInt32
	}
	return i
}

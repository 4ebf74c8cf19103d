package yaegi

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"strconv"

	"github.com/traefik/yaegi/interp"

	"interleave/engine"
)

// hostSymbols is the package "h" of emitted code.
func (ev *Evaluator) hostSymbols() map[string]reflect.Value {
	v := reflect.ValueOf
	symbols := map[string]reflect.Value{
		"StopAt":       v(func(p *bool) { ev.stop = p }),
		"Poll":         v(ev.poll),
		"Step":         v(func(n int) { r := ev.current().run; r.mu.Lock(); r.step = n; r.mu.Unlock() }),
		"Body":         v(func(f func()) { ev.registered.body = f }),
		"Main":         v(func(f func()) { ev.registered.main = f }),
		"Bind":         v(ev.bind),
		"Result":       v(ev.result),
		"Go":           v(ev.goStart),
		"Defers":       v((*Defers)(nil)),
		"RunDefers":    v(ev.runDefers),
		"Recovery":     v((*Recovery)(nil)),
		"Token":        v(ev.takeToken),
		"Panic":        v(ev.raise),
		"Ix":           v(ev.index),
		"Index":        v(ev.indexOf),
		"Bounds":       v(ev.bounds),
		"Len":          v(length),
		"ChanLen":      v(chanLength),
		"Shift":        v(ev.shift),
		"Send":         v(ev.send),
		"Recv":         v(ev.recv),
		"CloseChan":    v(closeChan),
		"Selection":    v((*Selection)(nil)),
		"NewSelection": v(ev.newSelection),
		"MapIter":      v((*MapIter)(nil)),
		"RangeMap":     v(rangeMap),
		"Rune":         v(decodeRune),
		"Box":          v(ev.boxed),
		"I":            v(func(x any) any { return x }),
		"Norm":         v(norm),
		"Eq":           v(equal),
		"Hashable":     v(ev.hashable),
		"NilMap":       v(func(site int) { panic(&thrown{value: nilMap, site: site}) }),
		"Is":           v(ev.is),
		"Assert":       v(ev.assert),
		"AssertOk":     v(ev.assertOk),
		"Method":       v(ev.method),
		"BoundMethod":  v(ev.boundMethod),
		"ErrorsAs":     v(ev.errorsAs),
		"ArrayLen":     v(arrayLength),
		"JSONError":    v(jsonError),
		"Unboxed":      v(ev.unboxed),
		"Clear":        v(clearAll),
		"Real":         v(func(c complex128) float64 { return real(c) }),
		"Imag":         v(func(c complex128) float64 { return imag(c) }),
		"Complex":      v(func(re, im float64) complex128 { return complex(re, im) }),
		"Min32":        v(func(a, b float32) float32 { return min(a, b) }),
		"Max32":        v(func(a, b float32) float32 { return max(a, b) }),
		"Min64":        v(func(a, b float64) float64 { return min(a, b) }),
		"Max64":        v(func(a, b float64) float64 { return max(a, b) }),
		"NegativeZero": v(ev.negativeZero),
		"Print":        v(func(args ...any) { ev.builtinPrint(args, false) }),
		"Println":      v(func(args ...any) { ev.builtinPrint(args, true) }),
	}
	maps.Copy(symbols, conversions())
	for name, s := range ev.streams {
		symbols[name] = s
	}
	return symbols
}

// useNewHostSymbols hands yaegi the converters made since.
func (ev *Evaluator) useNewHostSymbols() {
	ev.interp.Use(interp.Exports{hostPath + "/host": ev.host})
}

// goStart is the go statement.
func (ev *Evaluator) goStart(f func()) {
	if f == nil {
		panic(&engine.Fatal{Message: "go of nil func value"})
	}
	ev.current().run.start(f, nil)
}

func (ev *Evaluator) result(v any, id int) {
	r := ev.current().run
	r.mu.Lock()
	defer r.mu.Unlock()
	r.values = append(r.values, &value{ev, ev.table.get(id).typ, v})
}

// index checks an index and returns it.
func (ev *Evaluator) index(i, n, site int) int {
	if uint(i) >= uint(n) {
		panic(&thrown{value: indexError(i, n), site: site})
	}
	return i
}

// indexOf is an unsigned index as an int. The words about one that is no int
// would need the length, too.
func (ev *Evaluator) indexOf(i uint64, site int) int {
	if i > math.MaxInt {
		refusal("an index of 1<<63 or more%s", ev.place(site))
	}
	return int(i)
}

// bounds checks a slice expression; bits of mask say which bounds are written;
// a capacity of -1 means a string or an array.
func (ev *Evaluator) bounds(lo, hi, max, n, c, mask, site int) {
	limit := c
	if c < 0 {
		limit = n
	}
	if mask&4 == 0 {
		max = limit
	}
	if max < 0 || max > limit || hi < 0 || hi > max || lo < 0 || lo > hi {
		panic(&thrown{value: boundsError(lo, hi, max, n, c, mask), site: site})
	}
}

const maxLength = 1 << 47

func length(n, c int) int {
	if n < 0 || n > maxLength {
		panic(&thrown{value: runtimeError("makeslice: len out of range")})
	}
	if c != 0 && (c < n || c > maxLength) {
		panic(&thrown{value: runtimeError("makeslice: cap out of range")})
	}
	return n
}

func arrayLength(have, want int) {
	if have < want {
		panic(&thrown{value: runtimeError(fmt.Sprintf("cannot convert slice with length %d to array or pointer to array with length %d", have, want))})
	}
}

func chanLength(n int) int {
	if n < 0 {
		panic(&thrown{value: plainError("makechan: size out of range")})
	}
	return n
}

func (ev *Evaluator) shift(n, site int) uint {
	if n < 0 {
		panic(&thrown{value: runtimeError("negative shift amount"), site: site})
	}
	return uint(n)
}

// clearAll is clear of a map or slice.
func clearAll(x any) {
	v := reflect.ValueOf(x)
	if v.Kind() == reflect.Map {
		v.Clear()
		return
	}
	v.Clear()
}

// builtinPrint is print and println: to the error stream, in the runtime's forms.
func (ev *Evaluator) builtinPrint(args []any, line bool) {
	text := ""
	for i, a := range args {
		if line && i > 0 {
			text += " "
		}
		if b, ok := asBox(a); ok {
			a = b.v
		}
		v := reflect.ValueOf(a)
		switch v.Kind() {
		case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
			text += runtimeNumber(v)
		case reflect.Invalid:
			text += "nil"
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
			reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
			text += fmt.Sprint(a)
		default:
			text += fmt.Sprintf("%p", a)
		}
	}
	if line {
		text += "\n"
	}
	io := ev.Current()
	if io.Stderr != nil {
		io.Stderr.Write([]byte(text))
	}
}

// runtimeNumber is a float or complex number as the runtime prints it.
func runtimeNumber(v reflect.Value) string {
	if v.CanComplex() {
		return strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
	}
	return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
}

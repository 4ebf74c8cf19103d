package host

import (
	"maps"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/machine"
)

// native gives the host's form of a function that has no body to interpret.
func (h *Host) native(fn *ssa.Function, name string) machine.Native {
	if n := h.natives[name]; n != nil {
		return n
	}
	if fn.Blocks == nil && fn.Synthetic == "package initializer" { // a native package is initialised already
		return func(*machine.Exec) machine.Status { return machine.Next }
	}
	if fn.Blocks != nil || fn.Pkg == nil || fn.Synthetic != "" && !strings.Contains(fn.Synthetic, "from type information") {
		return nil
	}
	return h.bridge(fn)
}

// modelled lists what the machine does itself.
func (h *Host) modelled() map[string]machine.Native {
	all := map[string]machine.Native{
		"runtime.Gosched": func(x *machine.Exec) machine.Status { return x.Yield() },
		"runtime.Goexit":  func(x *machine.Exec) machine.Status { return x.Goexit() },
		"runtime.NumGoroutine": func(x *machine.Exec) machine.Status {
			return x.Return(machine.Val{N: uint64(len(x.M.Tasks()))})
		},
	}
	maps.Copy(all, byteSearch())
	maps.Copy(all, h.reflection())
	maps.Copy(all, h.printing())
	maps.Copy(all, bigWords())
	maps.Copy(all, (&places{h: h, numbers: map[machine.Position]int{}}).natives())
	maps.Copy(all, atomics())
	maps.Copy(all, locks())
	maps.Copy(all, h.clock())
	return all
}

// bridge calls a function of the symbol tables.
func (h *Host) bridge(fn *ssa.Function) machine.Native {
	if fn.Signature.Recv() != nil {
		return nil
	}
	v, ok := h.lib.Symbols(fn.Pkg.Pkg.Path())[fn.Name()]
	if !ok || v.Kind() != reflect.Func {
		return nil
	}
	rt := v.Type()
	for i := range rt.NumIn() {
		if !carried(rt.In(i)) {
			return nil
		}
	}
	for i := range rt.NumOut() {
		if !carried(rt.Out(i)) {
			return nil
		}
	}
	f := h.compiler.Func(fn)
	return func(x *machine.Exec) machine.Status {
		in := make([]reflect.Value, rt.NumIn())
		for i := range in {
			p := reflect.New(rt.In(i))
			machine.Store(f.Params[i].T, p.UnsafePointer(), x.Arg(i))
			in[i] = p.Elem()
		}
		var out []reflect.Value
		if rt.IsVariadic() {
			out = v.CallSlice(in)
		} else {
			out = v.Call(in)
		}
		vals := make([]machine.Val, len(out))
		for i, o := range out {
			p := reflect.New(o.Type())
			p.Elem().Set(o)
			vals[i] = machine.Load(f.Results[i].T, p.UnsafePointer())
		}
		return x.Return(vals...)
	}
}

// carried tells whether values of a type mean the same to native code and on
// the machine.
func carried(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface, reflect.Map, reflect.Chan, reflect.Func:
		return false
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return carried(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !carried(t.Field(i).Type) {
				return false
			}
		}
	}
	return true
}

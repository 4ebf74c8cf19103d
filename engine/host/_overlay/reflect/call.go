package reflect

import "unsafe"

// Call calls the function v with the input arguments in.
func (v Value) Call(in []Value) []Value {
	v.mustBe("Value.Call", Func)
	v.mustBeExported("Value.Call")
	return v.call("Call", in)
}

// CallSlice calls the variadic function v, passing the last argument as its
// final parameter.
func (v Value) CallSlice(in []Value) []Value {
	v.mustBe("Value.CallSlice", Func)
	v.mustBeExported("Value.CallSlice")
	return v.call("CallSlice", in)
}

func (v Value) call(op string, args []Value) []Value {
	t, fn := v.typ_, v.word()
	if fn == nil {
		panic("reflect.Value.Call: call of nil function")
	}
	n, more := numIn(t), variadic(t)
	if op == "CallSlice" {
		switch {
		case !more:
			panic("reflect: CallSlice of non-variadic function")
		case len(args) < n:
			panic("reflect: CallSlice with too few input arguments")
		case len(args) > n:
			panic("reflect: CallSlice with too many input arguments")
		}
		more = false
	} else {
		if more {
			n--
		}
		if len(args) < n {
			panic("reflect: Call with too few input arguments")
		}
		if !more && len(args) > n {
			panic("reflect: Call with too many input arguments")
		}
	}
	for _, x := range args {
		if x.Kind() == Invalid {
			panic("reflect: " + op + " using zero Value argument")
		}
	}
	addrs := make([]unsafe.Pointer, 0, n+1)
	for i := range n {
		target := in(t, i)
		if !args[i].typ_.AssignableTo(target) {
			panic("reflect: " + op + " using " + args[i].typ_.String() + " as type " + target.String())
		}
		args[i].mustBeExported("Value." + op)
		addrs = append(addrs, args[i].assignTo("reflect.Value.Call", target).address())
	}
	if more {
		st := in(t, n)
		rest := MakeSlice(st, len(args)-n, len(args)-n)
		for i, x := range args[n:] {
			if !x.typ_.AssignableTo(st.elem) {
				panic("reflect: cannot use " + x.typ_.String() + " as type " + st.elem.String() + " in " + op)
			}
			rest.Index(i).Set(x)
		}
		addrs = append(addrs, rest.address())
	}
	results := make([]Value, numOut(t))
	places := make([]unsafe.Pointer, len(results))
	for i := range results {
		rt := out(t, i)
		places[i] = newValue(rt)
		results[i] = of(rt, places[i], 0)
	}
	call(t, fn, addrs, places)
	return results
}

// MakeFunc returns a function of the type that calls fn with its arguments.
func MakeFunc(typ Type, fn func(args []Value) (results []Value)) Value {
	if typ.Kind() != Func {
		panic("reflect: call of MakeFunc with non-Func type")
	}
	t := typ.common()
	return Value{t, makeFunc(t, func(args, results []unsafe.Pointer) {
		vals := make([]Value, len(args))
		for i, p := range args {
			vals[i] = of(in(t, i), p, 0)
		}
		outs := fn(vals)
		if len(outs) != len(results) {
			panic("reflect: wrong return count from function created by MakeFunc")
		}
		for i, p := range results {
			if outs[i].typ_ == nil {
				panic("reflect: function created by MakeFunc using closure returned zero Value")
			}
			if outs[i].flag&flagRO != 0 {
				panic("reflect: function created by MakeFunc using closure returned value obtained from unexported field")
			}
			rt := out(t, i)
			copyValue(rt, p, outs[i].assignTo("reflect.MakeFunc", rt).address())
		}
	}), flag(Func)}
}

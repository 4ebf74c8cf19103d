package host

import (
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// put gives memory that holds v.
func put(t *layout.Type, v machine.Val) unsafe.Pointer {
	p := t.New()
	machine.Store(t, p, v)
	return p
}

func (r *mirror) maps() map[string]machine.Native {
	m := func(v machine.Val) *machine.Map { return (*machine.Map)(v.P) }
	return map[string]machine.Native{
		"makeMap": func(x *machine.Exec) machine.Status {
			t := typ(x.Arg(0))
			return x.Return(address(unsafe.Pointer(x.M.NewMap(t.Key, t.Elem, max(0, int(x.Arg(1).N))))))
		},
		"mapLen": func(x *machine.Exec) machine.Status { return x.Return(number(m(x.Arg(0)).Len())) },
		"mapGet": func(x *machine.Exec) (st machine.Status) {
			defer x.Comparing(&st)
			t, h := typ(x.Arg(0)), m(x.Arg(1))
			if st := x.UseMap(h, machine.MapRead); st != machine.Next {
				return st
			}
			v, ok := h.Get(machine.Load(t.Key, x.Arg(2).P))
			if !ok {
				return x.Return(machine.Val{})
			}
			return x.Return(address(put(t.Elem, v)))
		},
		"mapPut": func(x *machine.Exec) (st machine.Status) {
			defer x.Comparing(&st)
			t, h := typ(x.Arg(0)), m(x.Arg(1))
			if h == nil {
				return x.ThrowPlain("assignment to entry in nil map")
			}
			if st := x.UseMap(h, machine.MapWrite); st != machine.Next {
				return st
			}
			return x.Put(h, machine.Load(t.Key, x.Arg(2).P), machine.Load(t.Elem, x.Arg(3).P))
		},
		"mapDelete": func(x *machine.Exec) (st machine.Status) {
			defer x.Comparing(&st)
			h := m(x.Arg(1))
			if st := x.UseMap(h, machine.MapDelete); st != machine.Next {
				return st
			}
			h.Delete(machine.Load(typ(x.Arg(0)).Key, x.Arg(2).P))
			return machine.Next
		},
		"mapClear": func(x *machine.Exec) machine.Status {
			if st := x.UseMap(m(x.Arg(0)), machine.MapDelete); st != machine.Next {
				return st
			}
			m(x.Arg(0)).Clear()
			return machine.Next
		},
		"mapRange": func(x *machine.Exec) machine.Status {
			return x.Return(address(unsafe.Pointer(m(x.Arg(0)).Iterate(x.M.Rand()))))
		},
		"mapNext": func(x *machine.Exec) machine.Status {
			t, it := typ(x.Arg(0)), (*machine.Iter)(x.Arg(1).P)
			if st := x.UseMap(it.Map(), machine.MapRange); st != machine.Next {
				return st
			}
			x.KeepIter(it)
			k, v, ok := it.Next()
			if !ok {
				return x.Return(machine.Val{}, machine.Val{}, machine.Val{})
			}
			return x.Return(address(put(t.Key, k)), address(put(t.Elem, v)), truth(true))
		},
	}
}

func (r *mirror) channels() map[string]machine.Native {
	c := func(v machine.Val) *machine.Chan { return (*machine.Chan)(v.P) }
	return map[string]machine.Native{
		"makeChan": func(x *machine.Exec) machine.Status {
			c, st := x.MakeChan(typ(x.Arg(0)).Elem, int64(x.Arg(1).N))
			if st != machine.Next {
				return st
			}
			return x.Return(address(unsafe.Pointer(c)))
		},
		"chanLen":    func(x *machine.Exec) machine.Status { return x.Return(number(c(x.Arg(0)).Len())) },
		"chanCap":    func(x *machine.Exec) machine.Status { return x.Return(number(c(x.Arg(0)).Size())) },
		"chanClose":  func(x *machine.Exec) machine.Status { return x.Close(c(x.Arg(0))) },
		"chanSelect": r.selects,
	}
}

// selects is every operation on channels; one of a single case waits in the
// words of that operation.
func (r *mirror) selects(x *machine.Exec) machine.Status {
	chans, vals, sends, elems := addresses(x.Arg(0)), addresses(x.Arg(1)), flags(x.Arg(2)), handles(x.Arg(3))
	cases := make([]machine.Case, len(chans))
	for i, p := range chans {
		cases[i] = machine.Case{Chan: (*machine.Chan)(p), Send: sends[i]}
		if sends[i] && p != nil {
			cases[i].Val = machine.Load(elems[i], vals[i])
		}
	}
	own, base := x.Func(), x.Here()
	st := x.Select(cases, x.Arg(4).N != 0, func(x *machine.Exec, i int, v machine.Val, ok bool) {
		x.At(base)
		var p unsafe.Pointer
		if i >= 0 && !sends[i] {
			p = put(elems[i], v)
		}
		for j, v := range []machine.Val{number(i), address(p), truth(ok)} {
			x.Set(own.Results[j], v)
		}
	})
	if w := x.T.Waiting(); st == machine.Parked && w != nil && len(cases) == 1 {
		w.Why, w.Object = "chan receive", chans[0]
		if sends[0] {
			w.Why = "chan send"
		}
		if chans[0] == nil {
			w.Why += " (nil chan)"
		}
	}
	return st
}

// cloneMap is maps.clone: of any map that is not nil.
func cloneMap(x *machine.Exec) machine.Status {
	t, m := typ(x.Arg(0)), (*machine.Map)(x.Arg(0).Q)
	if st := x.UseMap(m, machine.MapClone); st != machine.Next {
		return st
	}
	if st := x.Charge(m.Size()); st != machine.Next {
		return st
	}
	c := x.M.NewMap(t.Key, t.Elem, m.Len())
	for k, v := range m.Keys() {
		c.Put(k, v)
	}
	return x.Return(machine.Interface(t, address(unsafe.Pointer(c))))
}

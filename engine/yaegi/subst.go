package yaegi

import "go/types"

// sub replaces the type parameters of the instance being emitted.
func (u *unit) sub(t types.Type) types.Type {
	if t == nil || len(u.targs) == 0 {
		return t
	}
	return substitute(t, u.targs)
}

// substitute returns t with type parameters replaced. Types without any are
// returned as they are, so that identity by pointer survives.
func substitute(t types.Type, m map[*types.TypeParam]types.Type) types.Type {
	s := func(t types.Type) types.Type { return substitute(t, m) }
	switch t := t.(type) {
	case *types.Alias:
		return s(types.Unalias(t))
	case *types.TypeParam:
		if a, ok := m[t]; ok {
			return a
		}
	case *types.Named:
		n := t.TypeArgs().Len()
		if n == 0 {
			return t
		}
		args, changed := make([]types.Type, n), false
		for i := range n {
			args[i] = s(t.TypeArgs().At(i))
			changed = changed || args[i] != t.TypeArgs().At(i)
		}
		if changed {
			if inst, err := types.Instantiate(nil, t.Origin(), args, false); err == nil {
				return inst
			}
		}
	case *types.Pointer:
		if e := s(t.Elem()); e != t.Elem() {
			return types.NewPointer(e)
		}
	case *types.Slice:
		if e := s(t.Elem()); e != t.Elem() {
			return types.NewSlice(e)
		}
	case *types.Array:
		if e := s(t.Elem()); e != t.Elem() {
			return types.NewArray(e, t.Len())
		}
	case *types.Chan:
		if e := s(t.Elem()); e != t.Elem() {
			return types.NewChan(t.Dir(), e)
		}
	case *types.Map:
		if k, e := s(t.Key()), s(t.Elem()); k != t.Key() || e != t.Elem() {
			return types.NewMap(k, e)
		}
	case *types.Tuple:
		return substituteTuple(t, m)
	case *types.Signature:
		in, out := substituteTuple(t.Params(), m), substituteTuple(t.Results(), m)
		if in != t.Params() || out != t.Results() {
			return types.NewSignatureType(nil, nil, nil, in, out, t.Variadic())
		}
	case *types.Struct:
		fields, tags, changed := []*types.Var{}, []string{}, false
		for i := range t.NumFields() {
			f := t.Field(i)
			ft := s(f.Type())
			if ft != f.Type() {
				changed = true
				f = types.NewField(f.Pos(), f.Pkg(), f.Name(), ft, f.Embedded())
			}
			fields, tags = append(fields, f), append(tags, t.Tag(i))
		}
		if changed {
			return types.NewStruct(fields, tags)
		}
	case *types.Interface:
		methods, changed := []*types.Func{}, false
		for i := range t.NumMethods() {
			f := t.Method(i)
			ft := s(f.Type())
			if ft != f.Type() {
				changed = true
				f = types.NewFunc(f.Pos(), f.Pkg(), f.Name(), ft.(*types.Signature))
			}
			methods = append(methods, f)
		}
		if changed {
			return types.NewInterfaceType(methods, nil).Complete()
		}
	}
	return t
}

func substituteTuple(t *types.Tuple, m map[*types.TypeParam]types.Type) *types.Tuple {
	if t == nil {
		return nil
	}
	vars, changed := make([]*types.Var, t.Len()), false
	for i := range t.Len() {
		v := t.At(i)
		vars[i] = v
		if vt := substitute(v.Type(), m); vt != v.Type() {
			vars[i] = types.NewParam(v.Pos(), v.Pkg(), v.Name(), vt)
			changed = true
		}
	}
	if !changed {
		return t
	}
	return types.NewTuple(vars...)
}

package reflect

import "iter"

// A StructField describes a single field in a struct.
type StructField struct {
	Name      string
	PkgPath   string // "" for exported names
	Type      Type
	Tag       StructTag
	Offset    uintptr
	Index     []int
	Anonymous bool
}

// IsExported reports whether the field is exported.
func (f StructField) IsExported() bool { return f.PkgPath == "" }

func (t *rtype) NumField() int {
	t.must("NumField", Struct, "struct")
	return len(t.fields)
}

func (t *rtype) Field(i int) StructField {
	t.must("Field", Struct, "struct")
	if i < 0 || i >= len(t.fields) {
		panic("reflect: Field index out of bounds")
	}
	f := &t.fields[i]
	path, tag, embedded := fieldInfo(t, i)
	return StructField{Name: f.name, PkgPath: path, Type: f.typ, Tag: StructTag(tag), Offset: f.offset, Index: []int{i}, Anonymous: embedded}
}

func (t *rtype) Fields() iter.Seq[StructField] {
	t.must("Fields", Struct, "struct")
	return each(len(t.fields), t.Field)
}

func (t *rtype) FieldByIndex(index []int) StructField {
	t.must("FieldByIndex", Struct, "struct")
	var f StructField
	var at Type = t
	for i, x := range index {
		if i > 0 {
			if at.Kind() == Pointer && at.Elem().Kind() == Struct {
				at = at.Elem()
			}
		}
		f = at.Field(x)
		at = f.Type
	}
	f.Index = append([]int(nil), index...)
	return f
}

func (t *rtype) FieldByName(name string) (StructField, bool) {
	t.must("FieldByName", Struct, "struct")
	embeds := false
	if name != "" {
		for i := range t.fields {
			if t.fields[i].name == name {
				return t.Field(i), true
			}
			if _, _, embedded := fieldInfo(t, i); embedded {
				embeds = true
			}
		}
	}
	if !embeds {
		return StructField{}, false
	}
	return t.FieldByNameFunc(func(s string) bool { return s == name })
}

// level is an embedded struct that the search has yet to look into.
type level struct {
	typ   *rtype
	index []int
	many  bool // it is embedded more than once at its depth: what is in it is ambiguous
}

// FieldByNameFunc looks at one depth of embedding after the other; two matches
// at one depth hide each other.
func (t *rtype) FieldByNameFunc(match func(string) bool) (found StructField, ok bool) {
	t.must("FieldByNameFunc", Struct, "struct")
	seen := map[*rtype]bool{}
	for now := []level{{typ: t}}; len(now) > 0 && !ok; {
		var next []level
		for _, l := range now {
			seen[l.typ] = true
		}
		for _, l := range now {
			for i := range l.typ.fields {
				f := &l.typ.fields[i]
				_, _, embedded := fieldInfo(l.typ, i)
				if match(f.name) {
					if ok || l.many {
						return StructField{}, false
					}
					found, ok = l.typ.Field(i), true
					found.Index = append(append([]int(nil), l.index...), i)
					continue
				}
				if !embedded || ok {
					continue
				}
				s := f.typ
				if s.kind == Pointer {
					s = s.elem
				}
				if s.kind != Struct || seen[s] {
					continue
				}
				next = push(next, level{s, append(append([]int(nil), l.index...), i), l.many})
			}
		}
		now = next
	}
	return found, ok
}

func push(list []level, l level) []level {
	for i := range list {
		if list[i].typ == l.typ {
			list[i].many = true
			return list
		}
	}
	return append(list, l)
}

// Method represents a single method.
type Method struct {
	Name    string
	PkgPath string
	Type    Type  // with the receiver as first parameter, unless of an interface
	Func    Value // likewise
	Index   int
}

// IsExported reports whether the method is exported.
func (m Method) IsExported() bool { return m.PkgPath == "" }

func (t *rtype) NumMethod() int { return numMethod(t) }

func (t *rtype) Method(i int) Method {
	if i < 0 || i >= numMethod(t) {
		panic("reflect: Method index out of range")
	}
	name, path, bound := methodInfo(t, i)
	m := Method{Name: name, PkgPath: path, Type: bound, Index: i}
	if t.kind != Interface {
		ft, fn := methodExpr(t, i)
		m.Type, m.Func = ft, Value{ft, fn, flag(Func)}
	}
	return m
}

func (t *rtype) Methods() iter.Seq[Method] { return each(numMethod(t), t.Method) }

func (t *rtype) MethodByName(name string) (Method, bool) {
	i := methodIndex(t, name)
	if i < 0 {
		return Method{}, false
	}
	return t.Method(i), true
}

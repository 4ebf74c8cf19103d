package reflect

import "strconv"

// PointerTo returns the type *t.
func PointerTo(t Type) Type { return pointerTo(t.common()) }

// PtrTo is the old name of PointerTo.
func PtrTo(t Type) Type { return PointerTo(t) }

// SliceOf returns the type []t.
func SliceOf(t Type) Type { return sliceOf(t.common()) }

// ArrayOf returns the type [length]elem.
func ArrayOf(length int, elem Type) Type {
	if length < 0 {
		panic("reflect: negative length passed to ArrayOf")
	}
	t := elem.common()
	if t.size > 0 && uintptr(length) > (1<<47)/t.size {
		panic("reflect.ArrayOf: array size would exceed virtual address space")
	}
	return arrayOf(length, t)
}

// MapOf returns the type map[key]elem.
func MapOf(key, elem Type) Type {
	if !key.Comparable() {
		panic("reflect.MapOf: invalid key type " + key.String())
	}
	return mapOf(key.common(), elem.common())
}

// ChanOf returns the channel type of the direction and element.
func ChanOf(dir ChanDir, t Type) Type {
	if t.Size() >= 1<<16 {
		panic("reflect.ChanOf: element size too large")
	}
	if dir < RecvDir || dir > BothDir {
		panic("reflect.ChanOf: invalid dir")
	}
	return chanOf(dir, t.common())
}

// FuncOf returns the function type of the parameters and results.
func FuncOf(in, out []Type, variadic bool) Type {
	if variadic && (len(in) == 0 || in[len(in)-1].Kind() != Slice) {
		panic("reflect.FuncOf: last arg of variadic func must be slice")
	}
	return funcOf(handles(in), handles(out), variadic)
}

func handles(list []Type) []*rtype {
	ts := make([]*rtype, len(list))
	for i, t := range list {
		ts[i] = t.common()
	}
	return ts
}

// StructOf returns the struct type of the fields; Offset and Index are ignored.
func StructOf(fields []StructField) Type {
	n := len(fields)
	names, paths, tags := make([]string, n), make([]string, n), make([]string, n)
	types, embedded := make([]*rtype, n), make([]bool, n)
	seen := map[string]bool{}
	path := ""
	for i, f := range fields {
		at := "reflect.StructOf: field " + strconv.Itoa(i)
		switch {
		case f.Name == "":
			panic(at + " has no name")
		case !isValidName(f.Name):
			panic(at + " has invalid name")
		case f.Type == nil:
			panic(at + " has no type")
		case f.Anonymous && f.PkgPath != "":
			panic("reflect.StructOf: field \"" + f.Name + "\" is anonymous but has PkgPath set")
		case !upper(f.Name) && f.PkgPath == "":
			panic("reflect.StructOf: field \"" + f.Name + "\" is unexported but missing PkgPath")
		case seen[f.Name] && f.Name != "_":
			panic("reflect.StructOf: duplicate field " + f.Name)
		}
		if f.PkgPath != "" {
			if path != "" && path != f.PkgPath {
				panic("reflect.Struct: fields with different PkgPath " + path + " and " + f.PkgPath)
			}
			path = f.PkgPath
		}
		seen[f.Name] = true
		names[i], paths[i], tags[i], types[i], embedded[i] = f.Name, f.PkgPath, string(f.Tag), f.Type.common(), f.Anonymous
	}
	return structOf(names, paths, tags, types, embedded)
}

func isValidName(s string) bool {
	for i, r := range s {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r >= 0x80
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return true
}

func upper(s string) bool {
	return 'A' <= s[0] && s[0] <= 'Z' || s[0] >= 0x80
}

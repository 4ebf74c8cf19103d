package session

import (
	"go/token"
	"go/types"
	"strings"
	"testing"
)

func TestTableOf(t *testing.T) {
	type point struct {
		X     int
		Label string
		zed   float64
	}
	main := types.NewPackage("main", "main")
	field := func(name string, typ types.Type) *types.Var {
		return types.NewField(token.NoPos, main, name, typ, false)
	}
	named := func(name string, under types.Type, methods ...string) *types.Named {
		n := types.NewNamed(types.NewTypeName(token.NoPos, main, name, nil), under, nil)
		for _, m := range methods {
			result := types.NewTuple(types.NewParam(token.NoPos, main, "", types.Typ[types.String]))
			sig := types.NewSignatureType(types.NewParam(token.NoPos, main, "", n), nil, nil, nil, result, false)
			n.AddMethod(types.NewFunc(token.NoPos, main, m, sig))
		}
		return n
	}
	Int, String, Float := types.Typ[types.Int], types.Typ[types.String], types.Typ[types.Float64]
	structOf := func(first types.Type) *types.Struct {
		return types.NewStruct([]*types.Var{field("X", first), field("Label", String), field("zed", Float)}, nil)
	}
	plain := named("point", structOf(Int))
	points := []point{{1, "<one>", 0.5}, {2, "two", 1.5}}

	tests := []struct {
		name   string
		value  fakeValue
		wanted []string // parts of the page; none: no table
	}{
		{"slice", fakeValue{types.NewSlice(plain), "", points}, []string{">zed</th>", ">&lt;one&gt;</td>", ">1.5</td>"}},
		{"array", fakeValue{types.NewArray(plain, 2), "", [2]point(points)}, []string{">X</th>", ">two</td>"}},
		{"pointers", fakeValue{types.NewSlice(types.NewPointer(plain)), "", []*point{&points[0]}}, []string{">0.5</td>"}},
		{"nil pointer", fakeValue{types.NewSlice(types.NewPointer(plain)), "", []*point{nil}}, nil},
		{"empty", fakeValue{types.NewSlice(plain), "", []point{}}, nil},
		{"numbers", fakeValue{types.NewSlice(Int), "", []int{1}}, nil},
		{"no slice", fakeValue{plain, "", points[0]}, nil},
		{"rows with words", fakeValue{types.NewSlice(named("P", structOf(Int), "String")), "", points}, nil},
		{"fields with words", fakeValue{types.NewSlice(named("P", structOf(named("Color", Int, "String")))), "", points}, nil},
		{"fields without words", fakeValue{types.NewSlice(named("P", structOf(named("ID", Int)))), "", points}, []string{">1</td>"}},
		{"any", fakeValue{types.NewSlice(named("P", structOf(types.Universe.Lookup("any").Type()))), "", points}, nil},
		{"no native form", fakeValue{types.NewSlice(plain), "", nil}, nil},
		{"another native form", fakeValue{types.NewSlice(plain), "", []struct{ A int }{{1}}}, nil},
		{"many", fakeValue{types.NewSlice(plain), "", make([]point, mostRows+7)}, []string{"and 7 more rows"}},
	}
	for _, test := range tests {
		page := tableOf(test.value)
		if (page != "") != (test.wanted != nil) {
			t.Errorf("%s: %q", test.name, page)
		}
		for _, part := range test.wanted {
			if !strings.Contains(page, part) {
				t.Errorf("%s: no %q in %s", test.name, part, page)
			}
		}
	}
}

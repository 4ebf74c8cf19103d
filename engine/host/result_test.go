package host

import (
	"fmt"
	"reflect"
	"testing"
)

// What the last expression of a cell is written as.
func TestResults(t *testing.T) {
	s := open(t)
	s.run(t, `import ("errors"; "time"; "math/big"; "sync")
type Color int
func (c Color) String() string { return [...]string{"red", "green"}[c] }
type Point struct { X, Y int; name string }
type Node struct { V int; Next *Node }
type Temp float64
type Names []string
type Err struct { Code int }
func (e *Err) Error() string { return "bad" }
type Box[T any] struct { V T }
var e error = &Err{3}
var p = Point{1, 2, "n"}
var ch = make(chan int, 3)
var nilm map[string]int`)
	for _, c := range []struct{ src, want string }{
		{`42`, "42"},
		{`"a\nb"`, `"a\nb"`},
		{`'x'`, "120"},
		{`2.5`, "2.5"},
		{`1e21`, "1e+21"},
		{`float32(0.1)`, "0.1"},
		{`true`, "true"},
		{`1 + 2i`, "(1+2i)"},
		{`Color(1)`, "green"},
		{`[]Color{0, 1}`, "[]Color{red, green}"},
		{`p`, `Point{X: 1, Y: 2, name: "n"}`},
		{`&p`, `&Point{X: 1, Y: 2, name: "n"}`},
		{`[]Point{{1, 2, "a"}}`, `[]Point{Point{X: 1, Y: 2, name: "a"}}`},
		{`&Node{1, &Node{2, nil}}`, `&Node{V: 1, Next: &Node{V: 2, Next: nil}}`},
		{`[]int(nil)`, "[]int(nil)"},
		{`[]int{}`, "[]int{}"},
		{`[][]int{{1}, {2, 3}}`, "[][]int{{1}, {2, 3}}"},
		{`[2]bool{true}`, "[2]bool{true, false}"},
		{`map[string]int{"b": 1, "a": 2}`, `map[string]int{"a": 2, "b": 1}`},
		{`nilm`, "map[string]int(nil)"},
		{`map[Color][]Temp{1: {1.5}}`, "map[Color][]Temp{green: {1.5}}"},
		{`Names{"x"}`, `Names{"x"}`},
		{`Temp(3)`, "3"},
		{`e`, "bad"},
		{`errors.New("x")`, "x"},
		{`[]any{1, "a", nil, p}`, `[]any{1, "a", nil, Point{X: 1, Y: 2, name: "n"}}`},
		{`any(nil)`, "nil"},
		{`(*int)(nil)`, "nil"},
		{`ch`, "chan int(len 0, cap 3)"},
		{`func(a int) string { return "" }`, "func(a int) string"},
		{`Box[int]{1}`, "Box[int]{V: 1}"},
		{`struct{ A int }{1}`, "struct{A int}{A: 1}"},
		{`1500 * time.Millisecond`, "1.5s"},
		{`time.March`, "March"},
		{`big.NewInt(7)`, "7"},
		{`[]byte("hi")`, "[]byte{104, 105}"},
	} {
		if got := s.run(t, c.src); got != "=> "+c.want+"\n" {
			t.Errorf("%s\n got %swant => %s", c.src, got, c.want)
		}
	}
}

// The native form serves tables and encoders: unexported fields are columns too.
func TestNativeForm(t *testing.T) {
	s := open(t)
	s.run(t, "type Row struct { Name string `json:\"n\"`; N int; hidden bool }\ntype Loop struct{ Next *Loop }")
	for _, c := range []struct{ src, want string }{
		{`[]Row{{"a", 1, true}}`, "[{Name:a N:1 U_hidden:true}]"},
		{`map[string][]any{"x": {1, "y", nil}}`, "map[x:[1 y <nil>]]"},
		{`&Loop{}`, "&{Next:<nil>}"},
		{`make(chan int)`, "<nil>"},
	} {
		if got := fmt.Sprintf("%+v", s.values(t, c.src)[0].Native()); got != c.want {
			t.Errorf("%s: %s, want %s", c.src, got, c.want)
		}
	}
	row := reflect.TypeOf(s.values(t, `Row{}`)[0].Native())
	if tag := row.Field(0).Tag.Get("json"); tag != "n" {
		t.Errorf("tag %q, want %q", tag, "n")
	}
}

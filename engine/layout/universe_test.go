//lint:file-ignore U1000 The fields are there for the layout that they give.

package layout

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"unsafe"
)

// Two descriptions of the same types: the text's is laid out here, the program's
// by the compiler.
const source = `package p

import "unsafe"

type (
	empty   struct{}
	last    struct { a int8; b empty }
	mixed   struct { a bool; b *int; c int16; d string; e float32; f []byte; g complex64; h any }
	nested  struct { a int8; m mixed; l last; z [0]*int; t [3]mixed }
	list    struct { next *list; v [2]map[string]int; f func(); c chan int }
	union   struct { a [5]uint8; p unsafe.Pointer; u uintptr; e error; s [2]string }
	fits    struct { a uint64 }
	pointer struct { p *int }
	blank   struct { _ int32; a int8; _ *int; b int8 }
	named   string
	grid    [4][3]struct { b bool; p *int }
	large   [5000]struct { n int; p *int }
	wide    struct { pad [9000]byte; p *int; g [300]mixed }
	only    [7]struct{}
)
`

type (
	empty struct{}
	last  struct {
		a int8
		b empty
	}
	mixed struct {
		a bool
		b *int
		c int16
		d string
		e float32
		f []byte
		g complex64
		h any
	}
	nested struct {
		a int8
		m mixed
		l last
		z [0]*int
		t [3]mixed
	}
	list struct {
		next *list
		v    [2]map[string]int
		f    func()
		c    chan int
	}
	union struct {
		a [5]uint8
		p unsafe.Pointer
		u uintptr
		e error
		s [2]string
	}
	fits    struct{ a uint64 }
	pointer struct{ p *int }
	blank   struct {
		_ int32
		a int8
		_ *int
		b int8
	}
	named string
	grid  [4][3]struct {
		b bool
		p *int
	}
	large [5000]struct {
		n int
		p *int
	}
	wide struct {
		pad [9000]byte
		p   *int
		g   [300]mixed
	}
	only [7]struct{}
)

var compiled = map[string]reflect.Type{
	"empty": reflect.TypeFor[empty](), "last": reflect.TypeFor[last](), "mixed": reflect.TypeFor[mixed](),
	"nested": reflect.TypeFor[nested](), "list": reflect.TypeFor[list](), "union": reflect.TypeFor[union](),
	"fits": reflect.TypeFor[fits](), "pointer": reflect.TypeFor[pointer](), "blank": reflect.TypeFor[blank](),
	"named": reflect.TypeFor[named](), "grid": reflect.TypeFor[grid](), "large": reflect.TypeFor[large](),
	"wide": reflect.TypeFor[wide](), "only": reflect.TypeFor[only](),
}

func load(t *testing.T) *types.Scope {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: importer.Default()}
	p, err := conf.Check("p", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.Scope()
}

func TestLayoutIsTheCompilers(t *testing.T) {
	u, scope := NewUniverse(nil), load(t)
	for _, name := range scope.Names() {
		d, rt := u.Of(scope.Lookup(name).Type()), compiled[name]
		if d.Size != rt.Size() || d.Align != uintptr(rt.Align()) || d.Kind != rt.Kind() || d.Comparable != rt.Comparable() {
			t.Errorf("%s: size %d, alignment %d, %v, comparable %v; want %d, %d, %v, %v", name,
				d.Size, d.Align, d.Kind, d.Comparable, rt.Size(), rt.Align(), rt.Kind(), rt.Comparable())
		}
		for i, f := range d.Fields {
			if want := rt.Field(i); f.Offset != want.Offset || f.Name != want.Name {
				t.Errorf("%s: field %s at %d, want %s at %d", name, f.Name, f.Offset, want.Name, want.Offset)
			}
		}
	}
}

// The collector must see exactly those words as pointers that the machine writes
// pointers to: of the memory's shape, and of nothing that Go compiles less.
func TestPointerWordsAreTheCollectors(t *testing.T) {
	u, scope := NewUniverse(nil), load(t)
	for _, name := range scope.Names() {
		d := u.Of(scope.Lookup(name).Type())
		if d.Shape.Size() != d.Size {
			t.Errorf("%s: a shape of %d bytes for %d", name, d.Shape.Size(), d.Size)
		}
		if have, all := collected(d.Shape); all && !slices.Equal(d.Pointers, have) {
			t.Errorf("%s: pointers at %v, the collector looks at %v", name, d.Pointers, have)
		}
		if have, all := collected(reflect.SliceOf(d.Shape).Elem()); all && !slices.Equal(d.Pointers, have) {
			t.Errorf("%s in a slice: pointers at %v, the collector looks at %v", name, d.Pointers, have)
		}
		for _, p := range pointerWords(compiled[name], 0, nil) {
			if !slices.Contains(d.Pointers, p) {
				t.Errorf("%s: no pointer at %d, where Go has one", name, p)
			}
		}
	}
}

// descriptor is the beginning of the runtime's type descriptor (internal/abi.Type).
type descriptor struct {
	size, ptrBytes uintptr
	hash           uint32
	flags          uint8
	align, field   uint8
	kind           uint8
	equal          func(unsafe.Pointer, unsafe.Pointer) bool
	mask           *byte
}

// maskOnDemand is the flag of types whose mask the runtime makes later.
const maskOnDemand = 1 << 4

// collected lists the words that the collector takes for pointers, as the type's
// own bits say; all is false where the type has no bits of its own.
func collected(t reflect.Type) (list []uintptr, all bool) {
	d := (*descriptor)((*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1])
	if d.size != t.Size() {
		panic("layout: the runtime's type descriptor has another form")
	}
	if d.flags&maskOnDemand != 0 {
		return nil, false
	}
	for w := range d.ptrBytes / 8 {
		if *(*byte)(unsafe.Add(unsafe.Pointer(d.mask), w/8))>>(w%8)&1 != 0 {
			list = append(list, w*8)
		}
	}
	return list, true
}

// What allocates for a type must allocate what the collector scans as the type.
func TestMemoryHoldsItsPointers(t *testing.T) {
	u, scope := NewUniverse(nil), load(t)
	for _, name := range scope.Names() {
		d := u.Of(scope.Lookup(name).Type())
		for _, n := range []int{1, 3} {
			p := d.NewArray(n)
			if n == 1 {
				p = d.New()
			}
			for i := range n {
				for _, w := range d.Pointers {
					at := unsafe.Add(p, uintptr(i)*d.Size+w)
					*(*unsafe.Pointer)(at) = unsafe.Pointer(&[2]uintptr{uintptr(at), ^uintptr(at)})
				}
			}
			collect()
			for i := range n {
				for _, w := range d.Pointers {
					at := unsafe.Add(p, uintptr(i)*d.Size+w)
					if got := **(**[2]uintptr)(at); got != [2]uintptr{uintptr(at), ^uintptr(at)} {
						t.Fatalf("%s: what the pointer at %d leads to was freed", name, w)
					}
				}
			}
		}
	}
}

// collect frees what nobody holds, and fills it with other things.
func collect() {
	runtime.GC()
	var waste [][]byte
	for range 2000 {
		b := make([]byte, 16)
		for i := range b {
			b[i] = 0xA5
		}
		waste = append(waste, b)
	}
	runtime.KeepAlive(waste)
}

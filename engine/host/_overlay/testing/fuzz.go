package testing

import (
	"fmt"
	"reflect"
	"slices"
)

// F is the state of a fuzz test. It runs with its seed corpus, as go test does without -fuzz.
type F struct {
	*common
	corpus [][]any
	fuzzed bool
}

// fuzzable are the types that arguments of a fuzz target may have.
var fuzzable = map[reflect.Type]bool{}

func init() {
	for _, v := range []any{[]byte(nil), "", false, byte(0), rune(0), float32(0), float64(0), 0, int8(0), int16(0), int64(0), uint(0), uint16(0), uint32(0), uint64(0)} {
		fuzzable[reflect.TypeOf(v)] = true
	}
}

// Add puts arguments of the fuzz target into the seed corpus.
func (f *F) Add(args ...any) {
	for _, a := range args {
		if t := reflect.TypeOf(a); !fuzzable[t] {
			panic(fmt.Sprintf("testing: unsupported type to Add %v", t))
		}
	}
	f.corpus = append(f.corpus, args)
}

// Fuzz runs the fuzz target once for each entry of the corpus.
func (f *F) Fuzz(ff any) {
	if f.fuzzed {
		panic("testing: F.Fuzz called more than once")
	}
	f.fuzzed = true
	if f.Failed() {
		return
	}
	fn := reflect.ValueOf(ff)
	t := fn.Type()
	switch {
	case t.Kind() != reflect.Func:
		panic("testing: F.Fuzz must receive a function")
	case t.NumIn() < 2 || t.In(0) != reflect.TypeFor[*T]():
		panic("testing: fuzz target must receive at least two arguments, where the first argument is a *T")
	case t.NumOut() != 0:
		panic("testing: fuzz target must not return a value")
	}
	for i := 1; i < t.NumIn(); i++ {
		if !fuzzable[t.In(i)] {
			panic(fmt.Sprintf("testing: unsupported type for fuzzing %v", t.In(i)))
		}
	}
	for _, entry := range f.corpus {
		if len(entry) != t.NumIn()-1 {
			f.Fatal(fmt.Sprintf("wrong number of values in corpus entry: %d, want %d", len(entry), t.NumIn()-1))
		}
		var got, want []reflect.Type
		for i, a := range entry {
			got, want = append(got, reflect.TypeOf(a)), append(want, t.In(i+1))
		}
		if !slices.Equal(got, want) {
			f.Fatal(fmt.Sprintf("mismatched types in corpus entry: %v, want %v", got, want))
		}
	}
	for i, entry := range f.corpus {
		f.sub(f.unique(fmt.Sprintf("seed#%d", i)), func(t *T) {
			args := []reflect.Value{reflect.ValueOf(t)}
			for _, a := range entry {
				args = append(args, reflect.ValueOf(a))
			}
			fn.Call(args)
		})
	}
}

// Fuzzing makes a test of a fuzz test.
func Fuzzing(fuzz func(*F)) func(*T) {
	return func(t *T) {
		f := &F{common: &t.common}
		fuzz(f)
		if !f.fuzzed && !f.Failed() && !f.Skipped() {
			f.put("    returned without calling F.Fuzz, F.Fail, or F.Skip\n")
			f.Fail()
		}
	}
}

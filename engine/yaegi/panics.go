package yaegi

import (
	"bytes"
	"errors"
	"fmt"
	"go/token"
	"reflect"
	"runtime"
	"strings"
	"sync"

	"interleave/engine"
)

// thrown is a panic on its way: what native panic is called with.
type thrown struct {
	value     any // what recover gives
	site      int // where it was raised, 0 where that is not known
	frames    []string
	previous  *thrown // the panic that was under way when this one was raised
	recovered bool
}

// Error lets yaegi, which asks errors for their text, have one.
func (t *thrown) Error() string { return "panic" }

// runtimeError is a run-time error in Go's words.
type runtimeError string

func (e runtimeError) Error() string { return "runtime error: " + string(e) }
func (runtimeError) RuntimeError()   {}

// caught makes a thrown of what native recover gave.
func (ev *Evaluator) caught(x any) *thrown {
	g := ev.current()
	t, ok := x.(*thrown)
	if !ok {
		t = &thrown{value: translate(x)}
	}
	t.frames = append(t.frames, g.frames...)
	g.frames = nil
	return t
}

// translate turns reflect's and yaegi's words into Go's.
func translate(x any) any {
	switch e := x.(type) {
	case runtime.Error:
		return e
	case *reflect.ValueError:
		return nilDereference
	case reflect.Value: // panic in emitted code
		if e.IsValid() && e.CanInterface() {
			return translate(e.Interface())
		}
		return nilDereference
	case string:
		if strings.HasPrefix(e, "reflect") && (strings.Contains(e, "nil") || strings.Contains(e, "zero Value")) {
			return nilDereference
		}
		if strings.HasPrefix(e, "reflect") {
			return internalError(e)
		}
		return e
	case error:
		if strings.Contains(e.Error(), "reflect") {
			return internalError(e.Error())
		}
		return e
	}
	return x
}

// internalError is a failure of the evaluator itself, shown as such.
type internalError string

func (e internalError) Error() string { return "the yaegi evaluator failed: " + string(e) }

// raise is panic(v) at a place.
func (ev *Evaluator) raise(v any, site int) {
	if v == nil {
		v = new(runtime.PanicNilError)
	}
	panic(&thrown{value: v, site: site})
}

// refusal ends a cell where only running it shows that it cannot be carried.
// Nothing recovers from it.
func refusal(format string, args ...any) {
	e := &engine.Refused{Message: "the yaegi evaluator does not carry " + fmt.Sprintf(format, args...) + " (" + otherEvaluator + ")"}
	if r := evaluatorOf(); r != nil {
		r.fail(e)
		runtime.Goexit()
	}
	panic(e)
}

// place names a site in a refusal, "" where it is not known.
func (ev *Evaluator) place(site int) string {
	if p, ok := ev.sites.get(site); ok {
		return ", at " + p.String()
	}
	return ""
}

// report ends the goroutine's cell with the panic nobody recovered.
func (g *goroutine) report(x any) {
	if exit, ok := x.(*engine.Exit); ok {
		g.run.fail(exit)
		return
	}
	if fatal, ok := x.(*engine.Fatal); ok {
		g.run.fail(fatal)
		return
	}
	ev := g.run.ev
	t := ev.caught(x)
	if e, ok := t.value.(internalError); ok {
		g.run.fail(&engine.Refused{Message: string(e)})
		return
	}
	if f, ok := t.value.(*engine.Fatal); ok {
		g.run.fail(f)
		return
	}
	g.run.fail(&engine.Panic{Message: ev.chainText(t), Goroutine: g.id, Frames: ev.frames(t, g.run)})
}

// chainText is what Go prints after "panic: ".
func (ev *Evaluator) chainText(t *thrown) string {
	text := ev.panicText(t.value)
	if t.previous == nil {
		return text
	}
	first := ev.chainText(t.previous)
	if t.previous.recovered {
		if same(t.previous.value, t.value) {
			return first + " [recovered, repanicked]"
		}
		first += " [recovered]"
	}
	return first + "\n\tpanic: " + text
}

// same reports whether two panics have one value; those that cannot be compared differ.
func same(a, b any) (is bool) {
	defer func() { recover() }()
	return a == b
}

// panicText prints a panic's value as Go's runtime does.
func (ev *Evaluator) panicText(v any) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("%T", v)
		}
	}()
	switch x := v.(type) {
	case error:
		var pe *runtime.PanicNilError
		if errors.As(x, &pe) {
			return x.Error()
		}
		text := x.Error()
		if strings.Contains(text, "invalid memory address") {
			return text + "\n[signal SIGSEGV: segmentation violation]"
		}
		return indented(text)
	}
	if b, ok := asBox(v); ok {
		if s, ok := ev.stringOf(b); ok {
			return indented(s)
		}
		return ev.customText(b)
	}
	switch x := v.(type) {
	case fmt.Stringer:
		return indented(x.String())
	case string:
		return indented(x)
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, uintptr:
		return fmt.Sprint(v)
	case float32, float64, complex64, complex128:
		return runtimeNumber(reflect.ValueOf(v))
	}
	return fmt.Sprintf("(%T) %p", v, &v)
}

// indented is how the runtime prints a text of several lines.
func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n\t") }

// customText is the form of values of named types.
func (ev *Evaluator) customText(b box) string {
	v := reflect.ValueOf(b.v)
	name := ev.typeString(b.t.typ)
	switch v.Kind() {
	case reflect.String:
		return fmt.Sprintf("%s(\"%s\")", name, indented(v.String()))
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return fmt.Sprintf("%s(%v)", name, v)
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return fmt.Sprintf("%s(%s)", name, runtimeNumber(v))
	case reflect.Pointer:
		return fmt.Sprintf("(%s) %p", name, b.v)
	}
	return fmt.Sprintf("(%s) %s", name, ev.format("%v", b))
}

// functions knows the emitted functions by name.
type functions struct {
	mu sync.Mutex
	m  map[string]functionInfo
}

type functionInfo struct {
	title string // as tracebacks call it; "" for one that has no form in the source
	pos   token.Position
	items []token.Position            // of a cell's body: where each step starts
	notes map[string][]token.Position // where it may panic, and calls what
}

func (f *functions) add(name string, info functionInfo) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.m == nil {
		f.m = map[string]functionInfo{}
	}
	f.m[name] = info
}

func (f *functions) get(name string) (functionInfo, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i, ok := f.m[name]
	return i, ok
}

// sites numbers places in the learner's code.
type sites struct {
	mu   sync.Mutex
	list []token.Position
	at   map[token.Position]int
}

func (s *sites) add(p token.Position) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n, ok := s.at[p]; ok {
		return n
	}
	if s.at == nil {
		s.at = map[token.Position]int{}
	}
	s.list = append(s.list, p)
	s.at[p] = len(s.list)
	return len(s.list)
}

func (s *sites) get(n int) (token.Position, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 1 || n > len(s.list) {
		return token.Position{}, false
	}
	return s.list[n-1], true
}

// frames lists the learner's functions that the panic left, innermost first.
// Where in a function it was is known where a host function raised the panic,
// and otherwise where only one place of the function comes into question; else a
// frame says where the function begins.
func (ev *Evaluator) frames(t *thrown, r *run) []engine.Frame {
	var list []engine.Frame
	kind := panicKind(t.value)
	r.mu.Lock()
	step := r.step
	r.mu.Unlock()
	for _, name := range t.frames {
		info, ok := ev.functions.get(name)
		if !ok || info.title == "" {
			continue
		}
		pos := info.pos
		if step < len(info.items) {
			pos = info.items[step]
		}
		if places := info.notes[kind]; len(places) == 1 {
			pos = places[0]
		} else if info.items != nil {
			if p, ok := within(places, info.items, step); ok {
				pos = p
			}
		}
		if p, ok := ev.sites.get(t.site); ok && len(list) == 0 {
			pos = p
		}
		f := engine.Frame{Function: info.title}
		if pos.IsValid() {
			f.Position = pos.String()
		}
		list = append(list, f)
		if len(list) == 100 {
			break
		}
		kind = "call " + name
	}
	return list
}

// within finds the only place that belongs to a step of a cell.
func within(places, items []token.Position, step int) (found token.Position, ok bool) {
	if step >= len(items) {
		return
	}
	for _, p := range places {
		if p.Offset >= items[step].Offset && (step+1 == len(items) || p.Offset < items[step+1].Offset) {
			if ok {
				return token.Position{}, false
			}
			found, ok = p, true
		}
	}
	return
}

// panicKind is the kind of place where a panic with this value comes from.
func panicKind(v any) string {
	err, ok := v.(error)
	if !ok {
		return "native"
	}
	switch text := err.Error(); {
	case strings.Contains(text, "divide by zero"):
		return "divide"
	case strings.Contains(text, "nil map"):
		return "map"
	case strings.Contains(text, "nil pointer"):
		return "nil"
	}
	return "native"
}

// unwinding is where yaegi writes a line for every function a panic leaves:
// "7:2: panic: main.F3_f(...)". It is how the host learns the frames.
type unwinding struct{ ev *Evaluator }

func (w unwinding) Write(p []byte) (int, error) {
	_, name, ok := bytes.Cut(p, []byte("panic: main."))
	if ok {
		name = bytes.TrimSuffix(bytes.TrimSpace(name), []byte("(...)"))
		name, _, _ = bytes.Cut(name, []byte("."))
		if g := w.ev.current(); len(g.frames) < 1000 {
			g.frames = append(g.frames, string(name))
		}
	}
	return len(p), nil
}

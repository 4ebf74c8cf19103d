package yaegi

import (
	"reflect"
	"runtime"
	"unicode/utf8"
)

// leave ends the calling goroutine: its cell was cancelled while it waited.
func leave() { runtime.Goexit() }

// send is c <- v, until the cell is cancelled.
func (ev *Evaluator) send(c, v any) {
	ch := reflect.ValueOf(c)
	if !ch.IsValid() || ch.IsNil() {
		ev.block(ev.current().run)
	}
	x := element(ch, v)
	if ch.TrySend(x) {
		return
	}
	r := ev.current().run
	ev.waiting.enter()
	i, _, _ := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectSend, Chan: ch, Send: x},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.done)},
	})
	ev.waiting.leave()
	if i == 1 {
		leave()
	}
}

// element is v as a value for channel ch.
func element(ch reflect.Value, v any) reflect.Value {
	t := ch.Type().Elem()
	x := reflect.ValueOf(v)
	if !x.IsValid() {
		return reflect.Zero(t)
	}
	if !x.Type().AssignableTo(t) {
		x = x.Convert(t)
	}
	return x
}

// block waits for the end of the cell: an operation on a nil channel.
func (ev *Evaluator) block(r *run) {
	ev.waiting.enter()
	<-r.done
	ev.waiting.leave()
	leave()
}

// recv is *v, *ok = <-c; either may be nil.
func (ev *Evaluator) recv(c, v, ok any) {
	ch := reflect.ValueOf(c)
	if !ch.IsValid() || ch.IsNil() {
		ev.block(ev.current().run)
	}
	x, open := ch.TryRecv()
	if !open && !x.IsValid() {
		r := ev.current().run
		ev.waiting.enter()
		var i int
		i, x, open = reflect.Select([]reflect.SelectCase{
			{Dir: reflect.SelectRecv, Chan: ch},
			{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.done)},
		})
		ev.waiting.leave()
		if i == 1 {
			leave()
		}
	}
	if v != nil {
		reflect.ValueOf(v).Elem().Set(x)
	}
	if ok != nil {
		*ok.(*bool) = open
	}
}

// Selection is one execution of a select statement.
type Selection struct {
	ev      *Evaluator
	cases   []reflect.SelectCase
	numbers []int
	vals    []any
	oks     []any
	deflt   bool
}

func (ev *Evaluator) newSelection(deflt bool) *Selection {
	return &Selection{ev: ev, deflt: deflt}
}

// Send adds a send case.
func (s *Selection) Send(number int, c, v any) {
	ch := reflect.ValueOf(c)
	sc := reflect.SelectCase{Dir: reflect.SelectSend, Chan: ch}
	if ch.IsValid() && !ch.IsNil() {
		sc.Send = element(ch, v)
	} else {
		sc = reflect.SelectCase{Dir: reflect.SelectRecv} // never ready
	}
	s.add(number, sc, nil, nil)
}

// Recv adds a receive case.
func (s *Selection) Recv(number int, c, v, ok any) {
	s.add(number, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)}, v, ok)
}

func (s *Selection) add(number int, c reflect.SelectCase, v, ok any) {
	s.cases = append(s.cases, c)
	s.numbers = append(s.numbers, number)
	s.vals = append(s.vals, v)
	s.oks = append(s.oks, ok)
}

// Choose waits for one case and returns its number.
func (s *Selection) Choose(deflt int) int {
	n := len(s.cases)
	r := s.ev.current().run
	var i int
	var x reflect.Value
	var ok bool
	if s.deflt {
		i, x, ok = reflect.Select(append(s.cases, reflect.SelectCase{Dir: reflect.SelectDefault}))
		if i == n {
			return deflt
		}
	} else {
		s.ev.waiting.enter()
		i, x, ok = reflect.Select(append(s.cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.done)}))
		s.ev.waiting.leave()
		if i == n {
			leave()
		}
	}
	if s.vals[i] != nil {
		reflect.ValueOf(s.vals[i]).Elem().Set(x)
		*s.oks[i].(*bool) = ok
	}
	return s.numbers[i]
}

// closeChan is close(c).
func closeChan(c any) {
	ch := reflect.ValueOf(c)
	if ch.IsNil() {
		panic(&thrown{value: plainError("close of nil channel")})
	}
	ch.Close()
}

// plainError is a run-time error whose text has no prefix.
type plainError string

func (e plainError) Error() string { return string(e) }
func (plainError) RuntimeError()   {}

// MapIter walks a map as range does.
type MapIter struct {
	it *reflect.MapIter
}

func rangeMap(m any) *MapIter { return &MapIter{reflect.ValueOf(m).MapRange()} }

// Next sets *k and *v to the next entry and reports whether there is one.
func (m *MapIter) Next(k, v any) bool {
	if !m.it.Next() {
		return false
	}
	reflect.ValueOf(k).Elem().Set(m.it.Key())
	reflect.ValueOf(v).Elem().Set(m.it.Value())
	return true
}

// decodeRune is one step of a range over a string.
func decodeRune(s string, i int) (int, rune) {
	r, n := utf8.DecodeRuneInString(s[i:])
	return n, r
}

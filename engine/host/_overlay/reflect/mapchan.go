package reflect

import "unsafe"

// MakeMap creates a new map.
func MakeMap(typ Type) Value { return MakeMapWithSize(typ, 0) }

// MakeMapWithSize creates a new map with room for about n elements.
func MakeMapWithSize(typ Type, n int) Value {
	if typ.Kind() != Map {
		panic("reflect.MakeMapWithSize of non-map type")
	}
	t := typ.common()
	return Value{t, makeMap(t, n), flag(Map)}
}

// of gives memory that the host filled as a Value.
func of(t *rtype, p unsafe.Pointer, ro flag) Value {
	return Value{t, p, ro | flagIndir | flag(t.kind)}
}

// MapIndex returns the value of key in the map v, or the zero Value.
func (v Value) MapIndex(key Value) Value {
	v.mustBe("Value.MapIndex", Map)
	key = key.assignTo("reflect.Value.MapIndex", v.typ_.key)
	p := mapGet(v.typ_, v.word(), key.address())
	if p == nil {
		return Value{}
	}
	return of(v.typ_.elem, p, (v.flag | key.flag).ro())
}

// SetMapIndex sets the element of key in the map v; a zero Value deletes it.
func (v Value) SetMapIndex(key, elem Value) {
	v.mustBe("Value.SetMapIndex", Map)
	v.mustBeExported("Value.SetMapIndex")
	key.mustBeExported("Value.SetMapIndex")
	key = key.assignTo("reflect.Value.SetMapIndex", v.typ_.key)
	if elem.typ_ == nil {
		mapDelete(v.typ_, v.word(), key.address())
		return
	}
	elem.mustBeExported("Value.SetMapIndex")
	elem = elem.assignTo("reflect.Value.SetMapIndex", v.typ_.elem)
	mapPut(v.typ_, v.word(), key.address(), elem.address())
}

// MapKeys returns the keys of the map v in no order.
func (v Value) MapKeys() []Value {
	v.mustBe("Value.MapKeys", Map)
	list := make([]Value, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		list = append(list, it.Key())
	}
	return list
}

// A MapIter is an iterator for ranging over a map.
type MapIter struct {
	m         Value
	it        unsafe.Pointer
	key, elem unsafe.Pointer
	done      bool
}

// MapRange returns a range iterator for the map v.
func (v Value) MapRange() *MapIter {
	if v.kind() != Map {
		panic(&ValueError{"reflect.Value.MapRange", v.kind()})
	}
	return &MapIter{m: v}
}

// Next advances the iterator and reports whether there is another entry.
func (iter *MapIter) Next() bool {
	if !iter.m.IsValid() {
		panic("MapIter.Next called on an iterator that does not have an associated map Value")
	}
	if iter.done {
		panic("MapIter.Next called on exhausted iterator")
	}
	if iter.it == nil {
		iter.it = mapRange(iter.m.word())
	}
	var ok bool
	iter.key, iter.elem, ok = mapNext(iter.m.typ_, iter.it)
	iter.done = !ok
	return ok
}

func (iter *MapIter) check(what string) {
	if iter.it == nil {
		panic(what + " called before Next")
	}
	if iter.done {
		panic(what + " called on exhausted iterator")
	}
}

// Key returns the key of the current entry.
func (iter *MapIter) Key() Value {
	iter.check("MapIter.Key")
	return of(iter.m.typ_.key, iter.key, iter.m.flag.ro())
}

// Value returns the value of the current entry.
func (iter *MapIter) Value() Value {
	iter.check("MapIter.Value")
	return of(iter.m.typ_.elem, iter.elem, iter.m.flag.ro())
}

// Reset makes the iterator range over v.
func (iter *MapIter) Reset(v Value) {
	if v.IsValid() {
		v.mustBe("Value.MapRange", Map)
	}
	*iter = MapIter{m: v}
}

// SetIterKey assigns to v the key of iter's current entry.
func (v Value) SetIterKey(iter *MapIter) {
	iter.check("reflect: Value.SetIterKey")
	v.mustBeAssignable("Value.SetIterKey")
	key := iter.Key()
	key.mustBeExported("Value.SetIterKey")
	v.Set(key.assignTo("reflect.MapIter.SetKey", v.typ_))
}

// SetIterValue assigns to v the value of iter's current entry.
func (v Value) SetIterValue(iter *MapIter) {
	iter.check("reflect: Value.SetIterValue")
	v.mustBeAssignable("Value.SetIterValue")
	elem := iter.Value()
	elem.mustBeExported("Value.SetIterValue")
	v.Set(elem.assignTo("reflect.MapIter.SetValue", v.typ_))
}

// MakeChan creates a new channel.
func MakeChan(typ Type, buffer int) Value {
	switch {
	case typ.Kind() != Chan:
		panic("reflect.MakeChan of non-chan type")
	case buffer < 0:
		panic("reflect.MakeChan: negative buffer size")
	case typ.ChanDir() != BothDir:
		panic("reflect.MakeChan: unidirectional channel type")
	}
	t := typ.common()
	return Value{t, makeChan(t, buffer), flag(Chan)}
}

func (v Value) channel(method string, dir ChanDir, what string) {
	v.mustBe(method, Chan)
	v.mustBeExported(method)
	if chanDir(v.typ_)&dir == 0 {
		panic("reflect: " + what)
	}
}

func (v Value) recv(block bool) (Value, bool) {
	e := v.typ_.elem
	chosen, p, ok := chanSelect([]unsafe.Pointer{v.word()}, []unsafe.Pointer{nil}, []bool{false}, []*rtype{e}, block)
	if chosen < 0 {
		return Value{}, false
	}
	return of(e, p, 0), ok
}

func (v Value) send(x Value, block bool, method string) bool {
	x.mustBeExported(method)
	x = x.assignTo("reflect.Value.Send", v.typ_.elem)
	chosen, _, _ := chanSelect([]unsafe.Pointer{v.word()}, []unsafe.Pointer{x.address()}, []bool{true}, []*rtype{v.typ_.elem}, block)
	return chosen == 0
}

// Recv receives and returns a value from the channel v.
func (v Value) Recv() (x Value, ok bool) {
	v.channel("Value.Recv", RecvDir, "recv on send-only channel")
	return v.recv(true)
}

// TryRecv attempts to receive without blocking.
func (v Value) TryRecv() (x Value, ok bool) {
	v.channel("Value.TryRecv", RecvDir, "recv on send-only channel")
	return v.recv(false)
}

// Send sends x on the channel v.
func (v Value) Send(x Value) {
	v.channel("Value.Send", SendDir, "send on recv-only channel")
	v.send(x, true, "Value.Send")
}

// TrySend attempts to send without blocking.
func (v Value) TrySend(x Value) bool {
	v.channel("Value.TrySend", SendDir, "send on recv-only channel")
	return v.send(x, false, "Value.TrySend")
}

// Close closes the channel v.
func (v Value) Close() {
	v.channel("Value.Close", SendDir, "close of receive-only channel")
	chanClose(v.word())
}

// A SelectDir describes the communication direction of a select case.
type SelectDir int

const (
	_ SelectDir = iota
	SelectSend
	SelectRecv
	SelectDefault
)

// A SelectCase describes a single case in a select operation.
type SelectCase struct {
	Dir  SelectDir
	Chan Value
	Send Value
}

// Select executes a select operation described by the list of cases.
func Select(cases []SelectCase) (chosen int, recv Value, recvOK bool) {
	n := len(cases)
	if n > 65536 {
		panic("reflect.Select: too many cases (max 65536)")
	}
	chans, vals := make([]unsafe.Pointer, n), make([]unsafe.Pointer, n)
	sends, types := make([]bool, n), make([]*rtype, n)
	other := -1
	for i, c := range cases {
		switch c.Dir {
		case SelectDefault:
			if other >= 0 {
				panic("reflect.Select: multiple default cases")
			}
			other = i
			if c.Chan.IsValid() {
				panic("reflect.Select: default case has Chan value")
			}
			if c.Send.IsValid() {
				panic("reflect.Select: default case has Send value")
			}
		case SelectSend:
			sends[i] = true
			if !c.Chan.IsValid() {
				break
			}
			c.Chan.mustBe("Select", Chan)
			c.Chan.mustBeExported("Select")
			if chanDir(c.Chan.typ_)&SendDir == 0 {
				panic("reflect.Select: SendDir case using recv-only channel")
			}
			if !c.Send.IsValid() {
				panic("reflect.Select: SendDir case missing Send value")
			}
			c.Send.mustBeExported("Select")
			types[i] = c.Chan.typ_.elem
			chans[i], vals[i] = c.Chan.word(), c.Send.assignTo("reflect.Select", types[i]).address()
		case SelectRecv:
			if c.Send.IsValid() {
				panic("reflect.Select: RecvDir case has Send value")
			}
			if !c.Chan.IsValid() {
				break
			}
			c.Chan.mustBe("Select", Chan)
			c.Chan.mustBeExported("Select")
			if chanDir(c.Chan.typ_)&RecvDir == 0 {
				panic("reflect.Select: RecvDir case using send-only channel")
			}
			types[i] = c.Chan.typ_.elem
			chans[i] = c.Chan.word()
		default:
			panic("reflect.Select: invalid Dir")
		}
	}
	chosen, p, ok := chanSelect(chans, vals, sends, types, other < 0)
	if chosen < 0 {
		return other, Value{}, false
	}
	if cases[chosen].Dir == SelectRecv {
		return chosen, of(types[chosen], p, 0), ok
	}
	return chosen, Value{}, false
}

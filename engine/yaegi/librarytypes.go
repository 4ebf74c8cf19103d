package yaegi

import (
	"go/types"
	"reflect"
	"sync"
)

// AtomicValue is atomic.Value, which tells values apart by type.
type AtomicValue struct {
	mu sync.Mutex
	v  any
}

// Load gives what was stored last, nil at first.
func (a *AtomicValue) Load() any {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.v
}

// Store stores v, which must have the type of what was stored before.
func (a *AtomicValue) Store(v any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.check(v, "store")
	a.v = v
}

// Swap stores v and gives what was there.
func (a *AtomicValue) Swap(v any) any {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.check(v, "swap")
	old := a.v
	a.v = v
	return old
}

// CompareAndSwap stores v if the value is old.
func (a *AtomicValue) CompareAndSwap(old, v any) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.check(v, "compare and swap")
	if !equal(a.v, old) {
		return false
	}
	a.v = v
	return true
}

func (a *AtomicValue) check(v any, what string) {
	if v == nil {
		panic(&thrown{value: "sync/atomic: " + what + " of nil value into Value"})
	}
	if a.v == nil {
		return
	}
	d1, n1 := dynamicType(a.v)
	d2, n2 := dynamicType(v)
	if d1 != d2 || n1 != n2 {
		panic(&thrown{value: "sync/atomic: " + what + " of inconsistently typed value into Value"})
	}
}

// deepEqual is reflect.DeepEqual; boxes have types of their own.
func deepEqual(x, y any) bool {
	bx, okx := asBox(x)
	by, oky := asBox(y)
	if okx != oky {
		return false
	}
	if !okx {
		return reflect.DeepEqual(x, y)
	}
	return bx.t == by.t && reflect.DeepEqual(bx.v, by.v)
}

// scanned opens the boxes of pointers that a scan function is to fill.
func (ev *Evaluator) scanned(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
		b, ok := asBox(a)
		if !ok {
			continue
		}
		if types.NewMethodSet(b.t.typ).Lookup(nil, "Scan") != nil {
			refusal("a type with a Scan method in a scan function")
		}
		out[i] = b.v
	}
	return out
}

package atomic

// A Value holds a value of one type that goroutines may load and store at once.
type Value struct{ v any }

func (v *Value) Load() (val any)
func (v *Value) store(val any, old bool) any
func sameType(a, b any) bool

func (v *Value) check(op string, val any) {
	if val == nil {
		panic("sync/atomic: " + op + " of nil value into Value")
	}
	if old := v.Load(); old != nil && !sameType(old, val) {
		panic("sync/atomic: " + op + " of inconsistently typed value into Value")
	}
}

func (v *Value) Store(val any) {
	v.check("store", val)
	v.store(val, false)
}

func (v *Value) Swap(new any) (old any) {
	v.check("swap", new)
	return v.store(new, true)
}

func (v *Value) CompareAndSwap(old, new any) (swapped bool) {
	if new == nil {
		panic("sync/atomic: compare and swap of nil value into Value")
	}
	if old != nil && !sameType(old, new) {
		panic("sync/atomic: compare and swap of inconsistently typed values")
	}
	swapped, ok := v.swapIf(old, new)
	if !ok {
		panic("sync/atomic: compare and swap of inconsistently typed value into Value")
	}
	return swapped
}

// swapIf is not ok where v holds a value of another type than new's.
func (v *Value) swapIf(old, new any) (swapped, ok bool)

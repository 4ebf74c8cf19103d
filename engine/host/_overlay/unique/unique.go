// Package unique makes equal values one.
package unique

import "sync"

// A Handle stands for a value: handles are equal if and only if their values are.
type Handle[T comparable] struct{ value *T }

func (h Handle[T]) Value() T { return *h.value }

var (
	mu  sync.Mutex
	all = map[any]any{}
)

func Make[T comparable](value T) Handle[T] {
	mu.Lock()
	defer mu.Unlock()
	if p, ok := all[any(value)]; ok {
		return Handle[T]{p.(*T)}
	}
	p := new(T)
	*p = value
	all[any(value)] = p
	return Handle[T]{p}
}

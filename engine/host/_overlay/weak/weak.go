// Package weak has pointers that do not keep what they point at alive. Here they
// do: the machine's collector never runs before the end.
package weak

// A Pointer is a weak pointer.
type Pointer[T any] struct {
	_ [0]*T
	p *T
}

func Make[T any](ptr *T) Pointer[T] { return Pointer[T]{p: ptr} }

// Value is the pointer.
func (p Pointer[T]) Value() *T { return p.p }

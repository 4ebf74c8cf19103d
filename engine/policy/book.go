package policy

import "slices"

// book keeps a policy's own account of each task. Task.slot says where, so that a
// look-up takes no time.
type book[T any] struct {
	rows []row[T]
	free []int32
}

type row[T any] struct {
	id  int // of the task; 0: of none
	own T
}

// of is the account of t, zero where it is new. It moves when a new one is begun.
func (b *book[T]) of(t *Task) (own *T, isNew bool) {
	if s := int(t.slot); s < len(b.rows) && b.rows[s].id == t.ID {
		return &b.rows[s].own, false
	}
	if n := len(b.free); n > 0 {
		t.slot, b.free = b.free[n-1], b.free[:n-1]
		b.rows[t.slot] = row[T]{id: t.ID}
	} else {
		t.slot = int32(len(b.rows))
		b.rows = append(b.rows, row[T]{id: t.ID})
	}
	return &b.rows[t.slot].own, true
}

// at is the account of t, which has one.
func (b *book[T]) at(t *Task) *T { return &b.rows[t.slot].own }

// drop closes the account of a task that has ended.
func (b *book[T]) drop(t *Task) {
	if s := int(t.slot); s < len(b.rows) && b.rows[s].id == t.ID {
		b.rows[s].id = 0
		b.free = append(b.free, t.slot)
	}
}

func (b *book[T]) clone() book[T] { return book[T]{slices.Clone(b.rows), slices.Clone(b.free)} }

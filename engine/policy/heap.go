package policy

import "slices"

// heap holds tasks; the one with the least key comes first, of equal ones that with
// the least seq.
type heap []entry

type entry struct {
	key  int64
	seq  uint64
	task *Task
}

func (e *entry) before(o *entry) bool {
	return e.key < o.key || e.key == o.key && e.seq < o.seq
}

func (h *heap) push(e entry) {
	l := append(*h, e)
	i := len(l) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !e.before(&l[up]) {
			break
		}
		l[i] = l[up]
		i = up
	}
	l[i] = e
	*h = l
}

// pop takes the first; there must be one.
func (h *heap) pop() entry {
	l := *h
	first, n := l[0], len(l)-1
	e := l[n]
	l[n].task = nil
	l = l[:n]
	for i := 0; n > 0; {
		down := 2*i + 1
		if down+1 < n && l[down+1].before(&l[down]) {
			down++
		}
		if down >= n || !l[down].before(&e) {
			l[i] = e
			break
		}
		l[i] = l[down]
		i = down
	}
	*h = l
	return first
}

func (h heap) clone() heap { return slices.Clone(h) }

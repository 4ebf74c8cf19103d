package policy

// numbering gives tasks numbers, from 1, in the order in which they became ready first.
// Where a run is made again they are the same, whatever tasks there were before it.
type numbering struct {
	order   []*Task
	numbers map[*Task]int // valid where order says so, too
}

func (n *numbering) count() int { return len(n.order) }

// see gives t a number if it has none.
func (n *numbering) see(t *Task) {
	if n.of(t) > 0 {
		return
	}
	if n.numbers == nil {
		n.numbers = map[*Task]int{}
	}
	n.order = append(n.order, t)
	n.numbers[t] = len(n.order)
}

// of is the number of t; 0: it has none, or t is nil.
func (n *numbering) of(t *Task) int {
	if k := n.numbers[t]; k > 0 && k <= len(n.order) && n.order[k-1] == t {
		return k
	}
	return 0
}

// task is the task of a number; nil: there is none.
func (n *numbering) task(number int) *Task {
	if number < 1 || number > len(n.order) {
		return nil
	}
	return n.order[number-1]
}

// cut forgets all but the first tasks.
func (n *numbering) cut(count int) {
	clear(n.order[count:])
	n.order = n.order[:count]
}

package policy

import "slices"

// idle is the set of cores that wait to be told to look.
type idle []bool

func allIdle(n int) idle {
	i := make(idle, n)
	for k := range i {
		i[k] = true
	}
	return i
}

// wake has the first idle core look; Nobody if all are busy.
func (i idle) wake(now int64) Look {
	for core, is := range i {
		if is {
			i[core] = false
			return Look{core, now}
		}
	}
	return Nobody
}

func (i idle) clone() idle { return slices.Clone(i) }

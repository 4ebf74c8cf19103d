package schedule

import (
	"cmp"
	"fmt"
	"slices"

	"interleave/engine/bytecode"
	"interleave/engine/policy"
)

// Outcome is one way for a program to end.
type Outcome struct {
	Words  string // see bytecode.State.Outcome
	Orders int    // how many orders of steps end so
	Order  string // the first of them: letters of threads
}

// MostOrders is how many orders All tries.
const MostOrders = 20_000

// All runs the program in every order of its threads' steps, one after the other on the
// machine, and lists the outcomes, the most frequent first. Where there are more than
// MostOrders it is an error, which says so.
func All(p *bytecode.Program, poll func() bool) (list []Outcome, orders int, err error) {
	index := map[string]int{}
	// taken is the present order, as indices in the lists of those that could go on.
	var taken, width []int
	for {
		var order []byte
		depth := 0
		g := policy.NewGuide()
		end, err := run(p, Setup{Policy: g, Poll: poll}, nil, func(ready []int) int {
			if depth == len(taken) {
				taken, width = append(taken, 0), append(width, len(ready))
			}
			i := taken[depth]
			depth++
			order = append(order, p.Name(ready[i])[0])
			return i
		})
		if err != nil {
			return nil, orders, err
		}
		if orders++; orders > MostOrders {
			return nil, orders, fmt.Errorf("bytecode: there are more than %d orders: make the threads shorter", MostOrders)
		}
		words := end.Outcome()
		k, ok := index[words]
		if !ok {
			k = len(list)
			index[words] = k
			list = append(list, Outcome{Words: words, Order: string(order)})
		}
		list[k].Orders++
		for len(taken) > 0 && taken[len(taken)-1]+1 == width[len(taken)-1] {
			taken, width = taken[:len(taken)-1], width[:len(width)-1]
		}
		if len(taken) == 0 {
			break
		}
		taken[len(taken)-1]++
	}
	slices.SortStableFunc(list, func(a, b Outcome) int { return cmp.Compare(b.Orders, a.Orders) })
	return list, orders, nil
}

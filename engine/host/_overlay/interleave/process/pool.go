package process

import "strconv"

// Map calls f for each item in so many worker processes and gives the results in the
// order of the items. Workers are forked; items and results are pickled. Each worker takes
// the next item when it is done with its last.
func Map[T, R any](workers int, f func(T) R, items []T) []R {
	if workers < 1 {
		panic("process.Map: want 1 worker or more, not " + strconv.Itoa(workers))
	}
	jobs, results := NewQueue[job[T]](0), NewQueue[result[R]](0)
	var pool []*Process
	for i := range workers {
		pool = append(pool, Fork("worker "+strconv.Itoa(i+1), func() {
			for j := jobs.Get(); !j.Last; j = jobs.Get() {
				results.Put(result[R]{j.Index, f(j.Item)})
			}
		}))
	}
	for i, item := range items {
		jobs.Put(job[T]{Index: i, Item: item})
	}
	for range pool {
		jobs.Put(job[T]{Last: true})
	}
	list := make([]R, len(items))
	for range items {
		r := results.Get()
		list[r.Index] = r.Value
	}
	for _, p := range pool {
		p.Wait()
	}
	return list
}

type job[T any] struct {
	Index int
	Item  T
	Last  bool
}

type result[R any] struct {
	Index int
	Value R
}

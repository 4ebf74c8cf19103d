package waits_test

import (
	"fmt"
	"strings"
	"testing"

	"interleave/engine/analyse/lockorder"
	"interleave/engine/analyse/waits"
	"interleave/engine/draw/drawtest"
	"interleave/engine/draw/graph"
	"interleave/engine/machine"
	"interleave/engine/trace"
)

const philosophers = `var forks [%[1]d]sync.Mutex
var wg sync.WaitGroup
for i := range %[1]d {
	wg.Go(func() {
		forks[i].Lock()
		time.Sleep(time.Second)
		forks[(i+1)%%%[1]d].Lock()
	})
}
wg.Wait()
`

const senders = `c := make(chan int)
var wg sync.WaitGroup
for range %d {
	wg.Go(func() { c <- 1 })
}
wg.Wait()
`

const readers = `var rw sync.RWMutex
var wg sync.WaitGroup
rw.RLock()
go rw.Lock()
time.Sleep(time.Microsecond)
for range %d {
	wg.Go(rw.RLock)
}
wg.Wait()
`

// Thousands of goroutines make a picture that can be looked at.
func TestCrowds(t *testing.T) {
	each(t, machine.Config{}, []program{
		{"philosophers_30", fmt.Sprintf(philosophers, 30)},
		{"philosophers_3000", fmt.Sprintf(philosophers, 3000)},
		{"senders_10000", fmt.Sprintf(senders, 10000)},
		{"readers_5000", fmt.Sprintf(readers, 5000)},
	}, func(t *testing.T, p program, tr *trace.Trace) {
		d := waits.Find(tr, waits.Beyond{})
		if d == nil || !d.Whole {
			t.Fatal("no deadlock")
		}
		drawing := graph.Deadlock(d)
		if n := len(drawing.HTML); n > 200_000 {
			t.Errorf("%d bytes of HTML", n)
		}
		if n := len(d.Sentence); n > 1000 {
			t.Errorf("a sentence of %d bytes", n)
		}
		if n := strings.Count(drawing.Text, "\n"); n > 700 {
			t.Errorf("a text of %d lines", n)
		}
		lockorder.Warnings(tr)
		drawtest.Golden(t, "drawings/"+p.name+".html", timeless(drawing.HTML))
	})
}

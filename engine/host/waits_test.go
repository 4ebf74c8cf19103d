package host

import (
	"fmt"
	"os"
	"testing"
	"time"

	"interleave/engine/analyse/waits"
	"interleave/engine/draw/graph"
	"interleave/engine/trace"
)

// traced runs a cell and gives its trace.
func (s *session) traced(t testing.TB, src string) (*trace.Trace, string) {
	tr := trace.New(0)
	s.h.driver.closed.Store(true)
	s.h.machine.Place = s.h.load.fset.Position
	s.run(t, "var _ sync.Mutex\nvar _ = time.Now\nvar _ = context.Background\nfmt.Print()")
	s.h.machine.Record(tr)
	out := s.run(t, src)
	s.h.machine.Record(nil)
	return tr, out
}

func TestScratch(t *testing.T) {
	n := 0
	for _, src := range []string{
		`var forks [5]sync.Mutex
var dine sync.WaitGroup
for i := range 5 {
	dine.Go(func() {
		forks[i].Lock()
		time.Sleep(1000)
		forks[(i+1)%5].Lock()
	})
}
dine.Wait()`,
		`var e sync.Mutex
c := make(chan int)
var wg4 sync.WaitGroup
for range 12 { wg4.Go(func() { e.Lock(); c <- 1; e.Unlock() }) }
wg4.Wait()`,
		`var e, f, g sync.Mutex
var wg5 sync.WaitGroup
for _, p := range [][2]*sync.Mutex{{&e, &f}, {&f, &g}, {&g, &e}} { wg5.Go(func() { p[0].Lock(); time.Sleep(1000); p[1].Lock() }) }
go func() { time.Sleep(500); f.Lock() }()
go func() { var c chan int; <-c }()
wg5.Wait()`,

		`var a, b sync.Mutex
var wg sync.WaitGroup
wg.Go(func() { a.Lock(); time.Sleep(1000); b.Lock() })
wg.Go(func() { b.Lock(); time.Sleep(1000); a.Lock() })
wg.Wait()`,
		`var m sync.Mutex
m.Lock()
m.Lock()`,
		`c := make(chan int)
go func() { c <- 1 }()
for v := range c { println(v) }`,
		`c := make(chan int, 1)
var mm sync.Mutex
go func() { mm.Lock(); <-c }()
time.Sleep(1)
mm.Lock()`,
		`var rw sync.RWMutex
go func() { rw.Lock() }()
rw.RLock()
time.Sleep(100)
rw.RLock()`,
		`var rw2 sync.RWMutex
var wg2 sync.WaitGroup
for range 2 { wg2.Go(func() { rw2.RLock(); time.Sleep(100); rw2.Lock() }) }
wg2.Wait()`,
		`var q sync.Mutex
go func() { q.Lock() }()
time.Sleep(1)
q.Lock()`,
		`var n chan int
select { case <-n: }`,
		`var qq sync.Mutex
cc := sync.NewCond(&qq)
cc.Signal()
qq.Lock()
cc.Wait()`,
		`x, y := make(chan int), make(chan int)
go func() { select { case x <- 1: case <-y: } }()
time.Sleep(10)
var zz sync.WaitGroup
zz.Add(2)
go zz.Done()
zz.Wait()`,
	} {
		s := open(t)
		start := time.Now()
		tr, out := s.traced(t, src)
		d := waits.Find(tr, waits.Beyond{Asleep: true})
		fmt.Println("======", src, "\n--", tr.Len(), time.Since(start), out)
		if d == nil {
			fmt.Println("none")
			continue
		}
		dr := graph.Deadlock(d)
		fmt.Println(dr.Text)
		if n++; os.Getenv("DRAW") != "" {
			os.WriteFile(fmt.Sprintf("%s/%02d.html", os.Getenv("DRAW"), n), []byte(dr.HTML), 0o644)
		}
		continue
		for _, f := range d.Findings {
			fmt.Println("  *", f.Reason, f.Text)
		}
		for _, f := range d.Conditions {
			fmt.Println("  %", f.Name, f.Answer, f.Evidence)
		}
	}
}

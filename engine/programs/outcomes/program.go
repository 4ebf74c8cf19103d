package outcomes

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Program is goroutines that share two atomic numbers a and b, a number x below a
// mutex, a number y below one for readers and writers, and two channels of int. Each has two numbers of its own. The main goroutine
// waits for all and prints every number.
type Program struct {
	Threads [][]Op
	Caps    [2]int // of the channels
}

// Kind is what an Op does.
type Kind uint8

const (
	Store   Kind = iota // a.Store(K)
	Add                 // r = a.Add(K)
	Load                // r = a.Load()
	Swap                // if a.CompareAndSwap(0, K) { r += 10 }
	Lock                // mu.Lock()
	Unlock              // mu.Unlock()
	Write               // x = x*2 + K, within the lock
	Read                // r = x, within the lock
	Send                // c <- K
	Recv                // r = <-c, or -1 if it is closed
	Close               // close(c)
	Select              // the cases of Cases, and a default that sets r to 50
	Once                // once.Do(func() { a.Add(K) })
	RLock               // rw.RLock()
	RRead               // r = y, within the lock
	RUnlock             // rw.RUnlock()
	WLock               // rw.Lock()
	WWrite              // y = y*2 + K, within the lock
	WUnlock             // rw.Unlock()
)

// Op is one statement.
type Op struct {
	Kind  Kind
	On    int // which atomic number or channel
	To    int // which of the goroutine's own numbers
	K     int
	Cases []Op // of a Select: each Send or Recv
	Else  bool // a Select has a default
}

// Generate makes the program of a seed.
func Generate(seed uint64) *Program {
	r := rand.New(rand.NewPCG(seed, 77))
	p := &Program{Caps: [2]int{r.IntN(3), r.IntN(2)}}
	kinds := []Kind{Store, Add, Load, Swap, Lock, Send, Send, Recv, Recv, Recv, Select, Select, Close, Once, RLock, WLock}
	closes := 0
	for range 2 + r.IntN(2) {
		var list []Op
		for n := 2 + r.IntN(3); n > 0; n-- {
			k := kinds[r.IntN(len(kinds))]
			op := Op{Kind: k, On: r.IntN(2), To: r.IntN(2), K: 1 + r.IntN(9)}
			switch k {
			case Lock:
				list = append(list, op)
				for range 1 + r.IntN(2) {
					list = append(list, Op{Kind: []Kind{Write, Read, Add}[r.IntN(3)], On: r.IntN(2), To: r.IntN(2), K: 1 + r.IntN(9)})
				}
				op.Kind = Unlock
			case RLock:
				list = append(list, op, Op{Kind: RRead, To: r.IntN(2)})
				op.Kind = RUnlock
			case WLock:
				list = append(list, op, Op{Kind: WWrite, K: 1 + r.IntN(9)})
				op.Kind = WUnlock
			case Close:
				if closes++; closes > 2 {
					op.Kind = Load
				}
			case Select:
				op.Else = r.IntN(3) == 0
				for range 1 + r.IntN(2) {
					op.Cases = append(op.Cases, Op{Kind: []Kind{Send, Recv}[r.IntN(2)], On: r.IntN(2), To: r.IntN(2), K: 1 + r.IntN(9)})
				}
			}
			list = append(list, op)
		}
		p.Threads = append(p.Threads, list)
	}
	return p
}

var channels, numbers = [2]string{"c", "d"}, [2]string{"a", "b"}

// Source is the program as a Go function. It needs the packages sync and sync/atomic.
func (p *Program) Source(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "func %s() {\n\tvar a, b atomic.Int64\n\tvar mu sync.Mutex\n\tvar rw sync.RWMutex\n\tvar once sync.Once\n\tx, y, c, d := 0, 0, make(chan int, %d), make(chan int, %d)\n", name, p.Caps[0], p.Caps[1])
	fmt.Fprintf(&b, "\t_, _, _, _, _, _ = &b, &mu, &rw, &once, c, d\n\tvar r [%d][2]int\n\tvar wg sync.WaitGroup\n", len(p.Threads))
	for i, list := range p.Threads {
		b.WriteString("\twg.Go(func() {\n")
		for _, op := range list {
			b.WriteString(op.source(fmt.Sprintf("r[%d][%d]", i, op.To), i))
		}
		b.WriteString("\t})\n")
	}
	b.WriteString("\twg.Wait()\n\tprintln(a.Load(), b.Load(), x, y")
	for i := range p.Threads {
		fmt.Fprintf(&b, ", r[%d][0], r[%d][1]", i, i)
	}
	b.WriteString(")\n}\n")
	return b.String()
}

func (o *Op) source(r string, thread int) string {
	c, a := channels[o.On], numbers[o.On]
	switch o.Kind {
	case Store:
		return fmt.Sprintf("\t\t%s.Store(%d)\n", a, o.K)
	case Add:
		return fmt.Sprintf("\t\t%s = int(%s.Add(%d))\n", r, a, o.K)
	case Load:
		return fmt.Sprintf("\t\t%s = int(%s.Load())\n", r, a)
	case Swap:
		return fmt.Sprintf("\t\tif %s.CompareAndSwap(0, %d) {\n\t\t\t%s += 10\n\t\t}\n", a, o.K, r)
	case Lock:
		return "\t\tmu.Lock()\n"
	case Unlock:
		return "\t\tmu.Unlock()\n"
	case Write:
		return fmt.Sprintf("\t\tx = x*2 + %d\n", o.K)
	case Read:
		return fmt.Sprintf("\t\t%s = x\n", r)
	case RLock:
		return "\t\trw.RLock()\n"
	case RRead:
		return fmt.Sprintf("\t\t%s = y\n", r)
	case RUnlock:
		return "\t\trw.RUnlock()\n"
	case WLock:
		return "\t\trw.Lock()\n"
	case WWrite:
		return fmt.Sprintf("\t\ty = y*2 + %d\n", o.K)
	case WUnlock:
		return "\t\trw.Unlock()\n"
	case Send:
		return fmt.Sprintf("\t\t%s <- %d\n", c, o.K)
	case Recv:
		return fmt.Sprintf("\t\tif v, ok := <-%s; ok {\n\t\t\t%s = v\n\t\t} else {\n\t\t\t%s = -1\n\t\t}\n", c, r, r)
	case Close:
		return fmt.Sprintf("\t\tclose(%s)\n", c)
	case Once:
		return fmt.Sprintf("\t\tonce.Do(func() { %s.Add(%d) })\n", a, o.K)
	}
	var b strings.Builder
	b.WriteString("\t\tselect {\n")
	for i, k := range o.Cases {
		own := fmt.Sprintf("r[%d][%d]", thread, k.To)
		if k.Kind == Send {
			fmt.Fprintf(&b, "\t\tcase %s <- %d:\n\t\t\t%s = %d\n", channels[k.On], k.K, own, sentBy(i))
			continue
		}
		fmt.Fprintf(&b, "\t\tcase v, ok := <-%s:\n\t\t\tif ok {\n\t\t\t\t%s = v\n\t\t\t} else {\n\t\t\t\t%s = -1\n\t\t\t}\n", channels[k.On], own, own)
	}
	if o.Else {
		fmt.Fprintf(&b, "\t\tdefault:\n\t\t\t%s = %d\n", r, byDefault)
	}
	b.WriteString("\t\t}\n")
	return b.String()
}

// What a goroutine's own number becomes where a select sends, or takes its default.
const byDefault = 50

func sentBy(i int) int { return 60 + i }

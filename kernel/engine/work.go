package engine

import (
	"fmt"
	"time"
	"unsafe"

	"interleave/engine/machine"
	"interleave/engine/policy"
)

// Work computes for d of virtual time: it keeps a core busy, and the policy may take
// that away at any moment of it. Nothing happens where d is not more than 0.
func Work(d time.Duration) { panic(elsewhere("Work")) }

// Stream reads memory for d of virtual time, over the one bus to memory that all cores
// share: alone it takes d, and longer where others stream, first come first served, 10 µs
// at a time. Meanwhile the core stands still: the goroutine runs, and nobody else has it.
func Stream(d time.Duration) { panic(elsewhere("Stream")) }

// IO waits until a device, such as "disk", has served the goroutine for d of virtual
// time. A device serves one request after another, in the order in which they come; it
// is there as soon as somebody uses it.
func IO(device string, d time.Duration) { panic(elsewhere("IO")) }

// Go starts f as a goroutine with traits of its own. Those that are not given are the
// starting goroutine's.
func Go(f func(), traits ...Trait) { panic(elsewhere("Go")) }

// Trait is something that Go gives a goroutine, for policies to go by or for readers.
type Trait struct {
	kind traitKind
	text string
	n    int64
}

type traitKind int

const (
	named traitKind = iota
	nice
	priority
	tickets
	group
	burst
)

// Name is what drawings call the goroutine.
func Name(name string) Trait { return Trait{kind: named, text: name} }

// Nice is how much it gives way to others under policies of fair shares: -20, the
// least, to 19.
func Nice(n int) Trait { return Trait{kind: nice, n: int64(n)} }

// Priority is how urgent it is under policies that go by that: the higher the sooner.
func Priority(n int) Trait { return Trait{kind: priority, n: int64(n)} }

// Tickets are its share under the policies lottery and stride; from 1 on.
func Tickets(n int) Trait { return Trait{kind: tickets, n: int64(n)} }

// Group is the process or interpreter that it belongs to, from 0 on.
func Group(n int) Trait { return Trait{kind: group, n: int64(n)} }

// Burst is how long it will compute until its first wait, for policies that must know.
func Burst(d time.Duration) Trait { return Trait{kind: burst, n: int64(d)} }

// apply gives a goroutine the trait.
func (t Trait) apply(name *string, to *policy.Traits) error {
	within := func(what string, into *int, low, high int64) error {
		if t.n < low || t.n > high {
			return fmt.Errorf("%s: want a number from %d to %d, not %d", what, low, high, t.n)
		}
		*into = int(t.n)
		return nil
	}
	const most = 1 << 30
	switch t.kind {
	case nice:
		return within("Nice", &to.Nice, -20, 19)
	case priority:
		return within("Priority", &to.Priority, -most, most)
	case tickets:
		return within("Tickets", &to.Tickets, 1, most)
	case group:
		return within("Group", &to.Group, 0, most)
	case burst:
		if t.n <= 0 {
			return fmt.Errorf("Burst: want a time of more than 0, not %v", time.Duration(t.n))
		}
		to.Burst = t.n
	default:
		*name = t.text
	}
	return nil
}

func workNative(x *machine.Exec) machine.Status {
	if x.T.Local() != nil { // a coroutine
		x.Mark("computes, and the whole loop waits")
	}
	return x.Work(int64(x.Arg(0).N))
}

func streamNative(x *machine.Exec) machine.Status { return x.Stream(int64(x.Arg(0).N)) }

func ioNative(x *machine.Exec) machine.Status {
	if x.T.Local() != nil {
		return x.Throw(x.M.Errors.Text("engine.IO in a coroutine would stop the whole event loop: await async.IO in its place"))
	}
	name := machine.String(x.Arg(0))
	if name == "" {
		return x.Throw(x.M.Errors.Text(`engine.IO: the device has no name: want one such as "disk"`))
	}
	if !x.InOrder() { // before the device is made
		return machine.Again
	}
	return x.Use(x.M.Device(name), int64(x.Arg(1).N))
}

func goNative(x *machine.Exec) machine.Status {
	f, list := (*machine.Closure)(x.Arg(0).P), x.Arg(1)
	if f == nil {
		return x.ThrowFatal("go of nil func value")
	}
	name, traits := "", x.T.Traits()
	traits.Burst = 0
	for _, t := range unsafe.Slice((*Trait)(list.P), int(list.N)) {
		if err := t.apply(&name, &traits); err != nil {
			return x.Throw(x.M.Errors.Text("engine.Go: " + err.Error()))
		}
	}
	if !x.InOrder() {
		return machine.Again
	}
	return x.GoAs(name, traits, f.Fn, f.Free)
}

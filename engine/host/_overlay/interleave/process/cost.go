package process

import "time"

// Costs is what processes cost in virtual time. A field that is 0 stands for its default.
type Costs struct {
	Fork    time.Duration // starting a child that shares pages; default 500 µs
	Page    time.Duration // of that, for each page; default 100 ns
	Fault   time.Duration // the first write to a page that others have too; default 1 µs
	Spawn   time.Duration // starting a child from nothing, as an interpreter does; default 30 ms
	Syscall time.Duration // a call of the operating system: read, write, wait; default 1 µs
	Byte    time.Duration // copying a byte into or out of a pipe; default 1 ns
	Pickle  time.Duration // turning a byte of memory into one that can be sent, or back; default 5 ns
}

// SetCosts sets them for what follows in this run.
func SetCosts(c Costs) {
	def := func(v *time.Duration, d time.Duration) {
		if *v == 0 {
			*v = d
		}
	}
	def(&c.Fork, 500*time.Microsecond)
	def(&c.Page, 100*time.Nanosecond)
	def(&c.Fault, time.Microsecond)
	def(&c.Spawn, 30*time.Millisecond)
	def(&c.Syscall, time.Microsecond)
	def(&c.Byte, time.Nanosecond)
	def(&c.Pickle, 5*time.Nanosecond)
	setCosts(&c)
	mark("process costs: fork " + c.Fork.String() + " and " + c.Page.String() + " a page, first write to a shared page " + c.Fault.String() +
		", spawn " + c.Spawn.String() + ", system call " + c.Syscall.String() + ", pipe " + c.Byte.String() + " a byte, pickling " + c.Pickle.String() + " a byte, each way")
}

// prices are the costs of this run.
func prices() *Costs {
	if costs() == nil {
		SetCosts(Costs{})
	}
	return costs()
}

// bytes is the cost of so many.
func bytes(n int, each time.Duration) int { return n * int(each) }

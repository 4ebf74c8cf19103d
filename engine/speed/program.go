package speed

import (
	_ "embed"
	"strings"
)

// Program is one thing to measure.
type Program struct {
	Name string     // what the table calls it
	Call string     // the expression that a cell times
	Run  func() int // the same, compiled
}

// Programs lists them all, in the order of the table.
var Programs = []Program{
	{"fib(30)", "fib30()", fib30},
	{"loop of 10⁷", "loop()", loop},
	{"sieve to 10⁶", "sieve()", sieve},
	{"ping-pong, 10⁶ messages", "pingPong()", pingPong},
	{"spawn and join 10⁵", "spawn()", spawn},
	{"lock and unlock 10⁶", "locks()", locks},
	{"select 10⁵", "selects()", selects},
	{"map, 2·10⁵ updates", "mapped()", mapped},
	{"strings, 2·10⁴ words", "words()", words},
	{"formatting 2·10⁴ numbers", "joined()", joined},
	{"interface calls 10⁶", "interfaces()", interfaces},
	{"closure calls 10⁶", "closures()", closures},
	{"append 10⁶", "appends()", appends},
	{"sort 5·10⁴", "sorted()", sorted},
}

//go:embed work.go
var work string

// Source is the cell that declares what the programs call.
func Source() string { return strings.TrimPrefix(work, "package speed\n") }

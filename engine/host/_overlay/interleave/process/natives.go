package process

// The machine's own; it plays the operating system.

func costs() *Costs
func setCosts(c *Costs)
func mark(words string)

// work keeps the core busy for about so many ns.
func work(ns int)

// fork makes a child of the running process, which has a copy of all that f reaches: mine
// is f there. Of a spawned one n is how many bytes were copied, else how many pages it has.
func fork(name string, f func(), spawn bool, fault int) (pid int, mine func(), n int, problem string)

// launch lets a child begin.
func launch(pid int, f func())

func own() int
func parentOf(pid int) int
func state(pid int) string
func exit(code int)
func kill(pid, signal int) (problem string)

// wait waits for a child, or, where pid is 0, for any.
func wait(pid int) (which, code int, problem string)

func copyOf(v any) (copy any, bytes int, problem string)

func newPipe() int
func readPipe(id int, p []byte) (n int, problem string)
func writePipe(id int, p []byte) (n int, problem string)
func closePipe(id int, write bool)

func newQueue(capacity int) int
func put(id int, v any)
func get(id int) any

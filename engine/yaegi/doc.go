// Package yaegi runs checked cells through the yaegi interpreter.
//
// In goes a check.Program: typed syntax with go/types' answers. Out come its
// effects, and the values of its last expression.
//
//	check.Program ──► emit ──► plain Go text ──► yaegi: Compile, Execute ──► body
//	                   │                                                     │
//	                   └─ what it does not carry: refusals              host functions "h":
//	                                                                    interfaces, channels, defer,
//	                                                                    panics, waiting, formatting
//
// yaegi alone gets many programs silently wrong: its types have no names, its
// interfaces no identity, its closures and select statements share memory that
// goroutines then trample on. So it is only given what it carries: functions,
// basic types, structs, slices, maps, pointers, calls, plain loops. The rest is
// decided here, from the static types that are known of every expression:
//
//   - Named types are erased; generic functions are emitted once per instance.
//   - A value of a learner's type travels in an interface as a box, together
//     with its go/types type: assertions, switches, comparisons, fmt and errors
//     are answered from that (box.go, assert.go, format.go).
//   - Methods are functions; whoever holds an interface asks the host for them.
//   - A captured or addressed variable is a cell; every literal is made by a
//     function of its own, so that no two goroutines share a frame.
//   - defer, recover, go, channel operations and select are calls of the host,
//     which can be interrupted and speaks in Go's words (defers.go, channel.go).
//
// What has no exact form is refused where it stands, before anything runs.
//
// Every goroutine knows the cell that started it (route.go): that is where its
// output goes, and whose cancellation ends it. Goroutines of other cells live
// on: yaegi's own way to stop, which ends all of them and leaves closures dead,
// is not used; emitted code looks at a flag at every loop and call.
//
// Three things still end the whole process, as in any Go program, and are for
// the supervisor of the process: a stack of a gigabyte, concurrent writes to one
// map, and memory that is not there. What a cell leaves in memory for good are
// the functions, types and variables it declares, and closures that a variable
// holds, also one whose name was declared again: about 20 to 40 KB each.
package yaegi

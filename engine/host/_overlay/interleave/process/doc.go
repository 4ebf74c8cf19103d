// Package process simulates processes on the machine: each has memory of its own, is
// started and waited for by its parent, and ends with an exit code.
//
//	r := engine.Run(func() {
//		balance := 100
//		child := process.Fork("child", func() {
//			balance = 0        // the child's own copy
//			process.Exit(7)
//		})
//		fmt.Println(child.Wait(), balance) // 7 100
//	})
//	r.Processes()
//
// # Memory
//
// Fork copies everything that the child's function can reach: the variables that it
// captures, and what they point to, through structs, slices, maps, interfaces and
// functions. Two pointers to one thing are two pointers to one copy. As in an operating
// system the copy is not made at once: parent and child have the same pages until one of
// them writes; that write then costs the copying of a page.
//
// Three things are not copied, because they belong to the operating system or to several
// processes: what this package makes (pipes, queues, locks, shared memory, processes). Three
// things cannot be, and Fork says so: channels; values of the kernel, such as an
// engine.Execution; and variables that are declared at the top of a cell. Those are the same
// for all code here, so a child that used one would see its parent's memory.
// (Methods that are called through an interface are not looked into for that.)
//
// # What costs time
//
// Starting, copying pages, system calls, copying bytes, and pickling: see Costs. All times
// vary by the machine's jitter. engine.MeasureProcesses measures real ones.
//
// Each process is a Group of goroutines for policies that go by that: one interpreter lock
// a process, say. A goroutine that a process starts ends with the process.
package process

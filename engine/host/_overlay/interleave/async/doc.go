// Package async is asyncio for cells: the names, the order in which things happen and
// the words are those of Python's module, so that a program in Python and one in Go can
// stand side by side. What a loop turns over, what it looks at between two turns, and
// when who goes on is as in CPython's Lib/asyncio; each file names what it follows.
//
//	async def fetch(name):                      func fetch(name string) async.Coro[string] {
//	    await asyncio.sleep(0.2)                    return async.Def(func() string {
//	    return name.upper()                             async.Await(async.Sleep(200 * time.Millisecond))
//	                                                    return strings.ToUpper(name)
//	                                                })
//	                                            }
//
//	async def main():                           async.Run(async.Proc(func() {
//	    task = asyncio.create_task(fetch("a"))      task := async.CreateTask(fetch("a"))
//	    print(await task)                           fmt.Println(async.Await(task))
//	asyncio.run(main())                         }))
//
// A call of fetch only makes a coroutine. It begins when it is awaited, when it is made
// a task, or when Run gets it. Def is for coroutines with a result, Proc for those
// without one.
//
// What Python raises is panicked with here, as an error: Try is try and except, defer is
// finally. A task that is cancelled finds CancelledError raised where it awaits.
//
// # Where it runs
//
// Run makes a run of its own under the policy "loop": one core, no task interrupted.
// Coroutines are goroutines there, and callbacks are goroutines that live for one step.
// What the loop did is in the trace: engine.Last().Loop() draws it.
//
// # What differs from Python
//
// Functions have no colour: any function that a coroutine calls may await. Exceptions
// that nobody retrieved and coroutines that nobody awaited are told of when Run ends,
// not when they are collected. time.Sleep stops the whole loop, as time.sleep does;
// waiting for a channel or a lock of package sync stops only the coroutine.
package async

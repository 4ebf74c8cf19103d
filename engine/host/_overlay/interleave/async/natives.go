package async

import "unsafe"

// What the machine does for this package.

// apart runs f as a run of its own under the policy "loop", and says how that ended.
func apart(f func()) (end, problem string, code int)

// looping tells whether the program runs under that policy already.
func looping() bool

// self is the running goroutine, for wake.
func self() unsafe.Pointer

// local is what setLocal has put at the running goroutine.
func local() unsafe.Pointer
func setLocal(p unsafe.Pointer)

// around makes the running goroutine one that the loop runs within (1) or not (0).
func around(priority int)

// park blocks the running goroutine until somebody wakes it; leave does so for the
// world outside. The words say what it waits for, and of is that.
func park(why string, of unsafe.Pointer)
func leave(why string, of unsafe.Pointer)
func wake(goroutine unsafe.Pointer)

// yield puts the running goroutine behind all that are ready.
func yield()

// spawn starts a task's goroutine: its name, and that of the function it begins with.
func spawn(name, start string, f func())

// soon has the loop call f, as call_soon does; after does so later.
func soon(label string, f func())
func after(label string, ns int64, f func()) (timer unsafe.Pointer)
func stop(timer unsafe.Pointer) bool

// use waits outside until a device has served the running goroutine.
func use(device string, ns int64)

// now is the loop's clock, in ns.
func now() int64

// caller is the innermost function of the program's own that is running, and where so
// many calls further out stand, or the outermost does.
func caller(out int) (function, position string)

// raisedAt is where the panic under way was raised, for raise, which raises it again
// as one that has come from there, and for placeOf, which says where that is.
func raisedAt() (stack unsafe.Pointer)
func raise(err error, stack unsafe.Pointer)
func placeOf(stack unsafe.Pointer) string

// fatal ends the program, exit does so with a code.
func fatal(words string)
func exit(code int)

package runtime

// A program counter is a number that the host gives to a place in the code.

func place(skip int) uintptr
func placeFunc(pc uintptr) string
func placeLine(pc uintptr) (file string, line int)

// Caller reports the file and line of a function on the calling goroutine's
// stack; 0 is the caller of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	if pc = place(skip + 1); pc == 0 {
		return 0, "", 0, false
	}
	file, line = placeLine(pc)
	return pc, file, line, true
}

// Callers fills pc with the places of the function calls on the calling
// goroutine's stack; 0 is Callers itself, 1 its caller.
func Callers(skip int, pc []uintptr) int {
	for n := range pc {
		if pc[n] = place(skip + n); pc[n] == 0 {
			return n
		}
	}
	return len(pc)
}

// A Func is a function of the running program.
type Func struct{ pc uintptr }

// FuncForPC returns the function that contains the program counter, or nil.
func FuncForPC(pc uintptr) *Func {
	if placeFunc(pc) == "" {
		return nil
	}
	return &Func{pc}
}

// Name returns the name of the function.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return placeFunc(f.pc)
}

// Entry returns the function's program counter.
func (f *Func) Entry() uintptr { return f.pc }

// FileLine returns the file and line of pc.
func (f *Func) FileLine(pc uintptr) (file string, line int) { return placeLine(pc) }

// Frame is what Frames returns for each call.
type Frame struct {
	PC       uintptr
	Func     *Func
	Function string
	File     string
	Line     int
	Entry    uintptr
}

// Frames translates what Callers returned.
type Frames struct{ pcs []uintptr }

// CallersFrames prepares to return the frames of the program counters.
func CallersFrames(callers []uintptr) *Frames { return &Frames{callers} }

// Next returns the next frame, and whether there are more.
func (f *Frames) Next() (frame Frame, more bool) {
	if len(f.pcs) == 0 {
		return Frame{}, false
	}
	pc := f.pcs[0]
	f.pcs = f.pcs[1:]
	frame = Frame{PC: pc, Func: FuncForPC(pc), Function: placeFunc(pc), Entry: pc}
	frame.File, frame.Line = placeLine(pc)
	return frame, len(f.pcs) > 0
}

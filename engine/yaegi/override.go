package yaegi

import (
	"fmt"
	"io"
	"log"
	"reflect"
	"runtime"
	"sync"
	"time"

	"interleave/engine"
)

// override lists the library's names that behave otherwise in a cell: output
// and input belong to the cell, waiting can be interrupted, exits end the cell.
func (ev *Evaluator) override() map[string]map[string]reflect.Value {
	v := reflect.ValueOf
	out, errs, in := &stream{ev, false}, &stream{ev, true}, &input{ev}
	logger := log.New(errs, "", log.LstdFlags)
	fatal := func(s string) { logger.Output(3, s); ev.exit(1) }
	logPanic := func(s string) { logger.Output(3, s); panic(&thrown{value: s}) }
	m := map[string]map[string]reflect.Value{
		"fmt": {
			"Print":   v(func(a ...any) (int, error) { return fmt.Fprint(out, a...) }),
			"Println": v(func(a ...any) (int, error) { return fmt.Fprintln(out, a...) }),
			"Printf": v(func(f string, a ...any) (int, error) {
				f, a = ev.formatted(f, a)
				return fmt.Fprintf(out, f, a...)
			}),
			"Sprintf": v(func(f string, a ...any) string {
				f, a = ev.formatted(f, a)
				return fmt.Sprintf(f, a...)
			}),
			"Fprintf": v(func(w io.Writer, f string, a ...any) (int, error) {
				f, a = ev.formatted(f, a)
				return fmt.Fprintf(w, f, a...)
			}),
			"Appendf": v(func(b []byte, f string, a ...any) []byte {
				f, a = ev.formatted(f, a)
				return fmt.Appendf(b, f, a...)
			}),
			"Errorf": v(func(f string, a ...any) error {
				f, a = ev.formatted(f, a)
				return fmt.Errorf(f, a...)
			}),
			"Scan":    v(func(a ...any) (int, error) { return fmt.Fscan(in, ev.scanned(a)...) }),
			"Scanf":   v(func(f string, a ...any) (int, error) { return fmt.Fscanf(in, f, ev.scanned(a)...) }),
			"Scanln":  v(func(a ...any) (int, error) { return fmt.Fscanln(in, ev.scanned(a)...) }),
			"Sscan":   v(func(s string, a ...any) (int, error) { return fmt.Sscan(s, ev.scanned(a)...) }),
			"Sscanf":  v(func(s, f string, a ...any) (int, error) { return fmt.Sscanf(s, f, ev.scanned(a)...) }),
			"Sscanln": v(func(s string, a ...any) (int, error) { return fmt.Sscanln(s, ev.scanned(a)...) }),
			"Fscan":   v(func(r io.Reader, a ...any) (int, error) { return fmt.Fscan(r, ev.scanned(a)...) }),
			"Fscanf":  v(func(r io.Reader, f string, a ...any) (int, error) { return fmt.Fscanf(r, f, ev.scanned(a)...) }),
			"Fscanln": v(func(r io.Reader, a ...any) (int, error) { return fmt.Fscanln(r, ev.scanned(a)...) }),
		},
		"log": {
			"Print":     v(func(a ...any) { logger.Output(2, fmt.Sprint(a...)) }),
			"Println":   v(func(a ...any) { logger.Output(2, fmt.Sprintln(a...)) }),
			"Printf":    v(func(f string, a ...any) { f, a = ev.formatted(f, a); logger.Output(2, fmt.Sprintf(f, a...)) }),
			"Fatal":     v(func(a ...any) { fatal(fmt.Sprint(a...)) }),
			"Fatalln":   v(func(a ...any) { fatal(fmt.Sprintln(a...)) }),
			"Fatalf":    v(func(f string, a ...any) { f, a = ev.formatted(f, a); fatal(fmt.Sprintf(f, a...)) }),
			"Panic":     v(func(a ...any) { logPanic(fmt.Sprint(a...)) }),
			"Panicln":   v(func(a ...any) { logPanic(fmt.Sprintln(a...)) }),
			"Panicf":    v(func(f string, a ...any) { f, a = ev.formatted(f, a); logPanic(fmt.Sprintf(f, a...)) }),
			"SetFlags":  v(logger.SetFlags),
			"SetPrefix": v(logger.SetPrefix),
			"SetOutput": v(logger.SetOutput),
			"Flags":     v(logger.Flags),
			"Prefix":    v(logger.Prefix),
			"Writer":    v(logger.Writer),
			"Output":    v(logger.Output),
			"Default":   v(func() *log.Logger { return logger }),
		},
		"os": {
			"Exit": v(ev.exit),
		},
		"runtime": {
			"Goexit":       v(goexit),
			"Gosched":      v(func() { ev.poll(); runtime.Gosched() }),
			"NumGoroutine": v(ev.numGoroutine),
		},
		"time": {
			"Sleep": v(ev.sleep),
			"AfterFunc": v(func(d time.Duration, f func()) *time.Timer {
				r := ev.current().run
				return time.AfterFunc(d, func() { r.start(f, nil) })
			}),
		},
		"reflect":     {"DeepEqual": v(deepEqual)},
		"sync/atomic": {"Value": v((*AtomicValue)(nil))},
		"sync": {
			"Mutex":     v((*Mutex)(nil)),
			"RWMutex":   v((*RWMutex)(nil)),
			"WaitGroup": v((*WaitGroup)(nil)),
			"Cond":      v((*Cond)(nil)),
			"NewCond":   v(func(l sync.Locker) *Cond { return &Cond{L: l} }),
			"Once":      v((*Once)(nil)),
		},
	}

	ev.streams = map[string]reflect.Value{"Stdout": v(out), "Stderr": v(errs), "Stdin": v(in)}
	return m
}

// exit is os.Exit: the end of the cell.
func (ev *Evaluator) exit(code int) {
	g := ev.current()
	g.run.fail(&engine.Exit{Code: code})
	runtime.Goexit()
}

func (ev *Evaluator) numGoroutine() int {
	ev.waiting.mu.Lock()
	defer ev.waiting.mu.Unlock()
	return ev.waiting.live
}

// sleep is time.Sleep until the cell is cancelled.
func (ev *Evaluator) sleep(d time.Duration) {
	r := ev.current().run
	if d <= 0 {
		ev.poll()
		runtime.Gosched()
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.done:
		leave()
	}
}

// stream is os.Stdout or os.Stderr of whatever cell the caller belongs to.
type stream struct {
	ev     *Evaluator
	errors bool
}

func (s *stream) Write(p []byte) (int, error) {
	g := s.ev.current()
	if g.run == nil {
		return len(p), nil
	}
	select {
	case <-g.run.done:
		leave()
	default:
	}
	w := g.run.io.Stdout
	if s.errors {
		w = g.run.io.Stderr
	}
	if w == nil {
		return len(p), nil
	}
	return w.Write(p)
}

// WriteString implements io.StringWriter.
func (s *stream) WriteString(text string) (int, error) { return s.Write([]byte(text)) }

// Sync does nothing: output is never held back here.
func (s *stream) Sync() error { return nil }

// Close does nothing: the cell needs its stream.
func (s *stream) Close() error { return nil }

// Fd is the number the stream has in a process.
func (s *stream) Fd() uintptr {
	if s.errors {
		return 2
	}
	return 1
}

// Name is the name the file has in a process.
func (s *stream) Name() string {
	if s.errors {
		return "/dev/stderr"
	}
	return "/dev/stdout"
}

// input is os.Stdin of whatever cell the caller belongs to.
type input struct{ ev *Evaluator }

func (in *input) Read(p []byte) (int, error) {
	r := in.ev.current().run
	if r.io.Stdin == nil {
		return 0, io.EOF
	}
	type answer struct {
		n   int
		err error
	}
	c := make(chan answer, 1)
	buf := make([]byte, len(p))
	go func() {
		n, err := r.io.Stdin.Read(buf)
		c <- answer{n, err}
	}()
	select {
	case a := <-c:
		copy(p, buf[:a.n])
		return a.n, a.err
	case <-r.done:
		leave()
	}
	return 0, io.EOF
}

// Name is the name the file has in a process.
func (in *input) Name() string { return "/dev/stdin" }

// Fd is the number the stream has in a process.
func (in *input) Fd() uintptr { return 0 }

// Close does nothing.
func (in *input) Close() error { return nil }

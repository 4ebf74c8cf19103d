package host

import (
	"io"
	"os"
	"sync"
	"syscall"

	"interleave/engine"
	"interleave/engine/machine"
)

// table numbers things of the host for the program.
type table[T any] struct {
	mu   *sync.Mutex
	list map[int]T
	last *int
}

func newTable[T any](first int) table[T] {
	last := first - 1
	return table[T]{mu: new(sync.Mutex), list: map[int]T{}, last: &last}
}

func (t table[T]) add(v T) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	*t.last++
	t.list[*t.last] = v
	return *t.last
}

func (t table[T]) get(id int) (T, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	v, ok := t.list[id]
	return v, ok
}

func (t table[T]) remove(id int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.list, id)
}

// kid is a child process that the program started.
type kid struct {
	proc   *os.Process
	copies sync.WaitGroup // what carries its output to the cell
	ends   []*os.File     // of the pipes for that
}

// start starts a process. Those of its files that are the cell's own streams
// become pipes; native goroutines carry what comes through them to the cell, and
// end when every process that has the pipe is gone.
func (f *files) start(name string, argv []string, dir string, env []string, ids []int) (int, int, error) {
	c := &kid{}
	attr := &os.ProcAttr{Dir: dir, Env: env}
	io := *f.io
	for _, id := range ids {
		file, err := f.childFile(c, io, id)
		if err != nil {
			return 0, 0, err
		}
		attr.Files = append(attr.Files, file)
	}
	proc, err := os.StartProcess(name, argv, attr)
	for _, e := range c.ends {
		e.Close()
	}
	if err != nil {
		return 0, 0, err
	}
	c.proc = proc
	return f.children.add(c), proc.Pid, nil
}

func (f *files) childFile(c *kid, streams engine.IO, id int) (*os.File, error) {
	switch id {
	case -1:
		return nil, nil
	case 0: // the learner answers the cell, not its children
		null, err := os.Open(os.DevNull)
		if err == nil {
			c.ends = append(c.ends, null)
		}
		return null, err
	case 1, 2:
		to := streams.Stdout
		if id == 2 {
			to = streams.Stderr
		}
		r, w, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		c.ends = append(c.ends, w)
		c.copies.Go(func() {
			io.Copy(to, r)
			r.Close()
		})
		return w, nil
	}
	return f.file(id)
}

// wait waits for the end of a process, and of its output.
func (f *files) wait(id int) (status int, user, system int64, err error) {
	c, ok := f.children.get(id)
	if !ok {
		return 0, 0, 0, syscall.ECHILD
	}
	s, err := c.proc.Wait()
	if err != nil {
		return 0, 0, 0, bareError(err)
	}
	c.copies.Wait()
	f.children.remove(id)
	return waitStatus(s), int64(s.UserTime()), int64(s.SystemTime()), nil
}

func signalProcess(pid, sig int) error {
	p, err := os.FindProcess(pid)
	if err != nil {
		return bareError(err)
	}
	return bareError(p.Signal(syscall.Signal(sig)))
}

// streams lists the natives of package os that have to do with the cell.
func (h *Host) streams() map[string]machine.Native {
	input := new(sync.Mutex) // one reader at a time
	return map[string]machine.Native{
		"os.print": func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			streams := x.T.Cell.Host.(engine.IO)
			to, p := streams.Stdout, slice(x.Arg(1))
			if x.Arg(0).N == 2 {
				to = streams.Stderr
			}
			to.Write(p)
			return x.Return(number(len(p)))
		},
		"os.readInput": func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			from, n, own := x.T.Cell.Host.(engine.IO).Stdin, int(x.Arg(0).N), x.Func()
			return h.world.call(x, "IO wait", true, func() func(*machine.Exec) machine.Status {
				p, err := make([]byte, n), io.EOF
				if n = 0; from != nil {
					input.Lock()
					n, err = from.Read(p)
					input.Unlock()
				}
				return func(x *machine.Exec) machine.Status {
					x.Set(own.Results[0], bytesVal(p[:n]))
					v := machine.Val{}
					if err != nil {
						v = h.bridge.anyError(err)
					}
					x.Set(own.Results[1], v)
					return machine.Next
				}
			})
		},
		"os.exit":      exit,
		"syscall.exit": exit,
		"os.die":       die,
		"syscall.die":  die,
		"os.closeStandard": func(x *machine.Exec) machine.Status {
			h.closed[x.T.Cell] |= 1 << x.Arg(0).N
			return machine.Next
		},
		"os.standardClosed": func(x *machine.Exec) machine.Status {
			return x.Return(truth(h.closed[x.T.Cell]>>x.Arg(0).N&1 != 0))
		},
	}
}

func die(x *machine.Exec) machine.Status {
	return x.ThrowFatal("killed by the signal " + signalName(int(int64(x.Arg(0).N))))
}

func exit(x *machine.Exec) machine.Status {
	if !x.InOrder() {
		return machine.Again
	}
	return x.Exit(int(int64(x.Arg(0).N)))
}

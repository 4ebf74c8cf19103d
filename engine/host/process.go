package host

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"unsafe"

	"interleave/engine/machine"
	"interleave/engine/memory"
	"interleave/engine/trace"
)

// ProcessPath is the package of cells for simulated processes; it is interpreted, and lies
// in _overlay.
const ProcessPath = "interleave/process"

// ProcessSource is the source of package process, for those who show its documentation.
func ProcessSource() fs.FS {
	dir, err := fs.Sub(overlay, path.Join("_overlay", ProcessPath))
	if err != nil { // the path is valid
		panic(err)
	}
	return dir
}

// cellPath is the import path of every cell's package.
const cellPath = "main"

// kernel is the simulated operating system of one run.
type kernel struct {
	costs unsafe.Pointer // the program's
	list  []*process     // the program itself first; the index is the tasks' Group
	pages memory.Pages
	fault int64 // ns of the first write to a page that others have too
	pipes []*pipe
	queue []*queue
}

// process is one of them. Its state is what a parent finds: running, then a zombie
// until it is waited for, then gone.
type process struct {
	pid, group int
	parent     *process // nil: init
	main       *machine.Task
	ended      bool
	reaped     bool
	code       int
	waiting    []*machine.Task // of this process, for a child

	name         string
	spawned      bool
	pagesOrBytes int // that it began with
}

// firstPID is that of the program itself, and initPID of the process that adopts orphans.
const (
	initPID  = 1
	firstPID = 100
)

// pipe is a row of bytes in the kernel. Who may read or write has an end open, by group.
type pipe struct {
	data             []byte
	readers, writers map[int]bool
	waiting          []*machine.Task
}

const pipeBytes = 64 << 10

// queue is a row of values in the kernel.
type queue struct {
	capacity int // 0: no bound
	list     []machine.Val
	waiting  []*machine.Task
}

// kernelOf is the kernel of the run that a task belongs to; those of runs of which nothing
// lives any more are given up.
func (h *Host) kernelOf(x *machine.Exec) *kernel {
	k := h.kernels[x.T.Cell]
	if k == nil {
		maps.DeleteFunc(h.kernels, func(c *machine.Cell, _ *kernel) bool { return c.Live() == 0 })
		k = &kernel{list: []*process{{pid: firstPID, main: x.T}}}
		h.kernels[x.T.Cell] = k
	}
	return k
}

// own is the process of the running task.
func (k *kernel) own(x *machine.Exec) *process {
	g := x.T.Traits().Group
	if g < 0 || g >= len(k.list) { // a group of the program's own giving
		g = 0
	}
	return k.list[g]
}

func (k *kernel) find(pid int) *process {
	if i := pid - firstPID; i >= 0 && i < len(k.list) {
		return k.list[i]
	}
	return nil
}

// processes lists what package process asks of its kernel.
func (h *Host) processes() map[string]machine.Native {
	h.machine.Wrote = h.wrote
	all := map[string]machine.Native{}
	for name, n := range map[string]func(k *kernel, x *machine.Exec) machine.Status{
		"costs": func(k *kernel, x *machine.Exec) machine.Status { return x.Return(machine.Val{P: k.costs}) },
		"setCosts": func(k *kernel, x *machine.Exec) machine.Status {
			k.costs = x.Pointer(0)
			return machine.Next
		},
		"mark":   func(k *kernel, x *machine.Exec) machine.Status { x.Mark(machine.String(x.Arg(0))); return machine.Next },
		"fork":   h.fork,
		"launch": h.launch,
		"own":    func(k *kernel, x *machine.Exec) machine.Status { return x.Return(number(k.own(x).pid)) },
		"parentOf": func(k *kernel, x *machine.Exec) machine.Status {
			if p := k.find(int(x.Arg(0).N)); p != nil && p.parent != nil {
				return x.Return(number(p.parent.pid))
			}
			return x.Return(number(initPID))
		},
		"state": func(k *kernel, x *machine.Exec) machine.Status {
			state := "running"
			switch p := k.find(int(x.Arg(0).N)); {
			case p == nil, p.reaped:
				state = "gone"
			case p.ended:
				state = "zombie"
			}
			return x.Return(machine.StringVal(state))
		},
		"exit": func(k *kernel, x *machine.Exec) machine.Status {
			h.end(k, x, k.own(x), int(int64(x.Arg(0).N)), trace.Exited)
			return machine.Next
		},
		"kill": func(k *kernel, x *machine.Exec) machine.Status {
			p, signal := k.find(int(x.Arg(0).N)), int(x.Arg(1).N)
			switch {
			case p == nil || p.reaped:
				return x.Return(machine.StringVal("no such process"))
			case p == k.own(x):
				return x.Return(machine.StringVal("a process that kills itself is not simulated: use Exit"))
			case p.main == nil:
				return x.Return(machine.StringVal("the process has not begun"))
			}
			h.end(k, x, p, -signal, trace.Killed)
			return x.Return(machine.StringVal(""))
		},
		"wait":      h.wait,
		"copyOf":    h.copyOf,
		"newPipe":   newPipe,
		"readPipe":  readPipe,
		"writePipe": writePipe,
		"closePipe": closePipe,
		"newQueue": func(k *kernel, x *machine.Exec) machine.Status {
			k.queue = append(k.queue, &queue{capacity: int(int64(x.Arg(0).N))})
			return x.Return(number(len(k.queue) - 1))
		},
		"put": putValue,
		"get": getValue,
	} {
		all[ProcessPath+"."+name] = func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			return n(h.kernelOf(x), x)
		}
	}
	all[ProcessPath+".work"] = func(x *machine.Exec) machine.Status { return x.Work(x.M.Vary(int64(x.Arg(0).N))) }
	return all
}

// fork makes a child with a copy of all that a function reaches.
func (h *Host) fork(k *kernel, x *machine.Exec) machine.Status {
	f := x.Func()
	name, spawn := machine.String(x.Arg(0)), x.Arg(2).N != 0
	d := h.newDuplicate()
	mine := d.value(f.Params[1].T, x.Arg(1))
	if d.bad != "" {
		x.Set(f.Results[3], machine.StringVal(d.bad))
		return machine.Next
	}
	if st := x.Charge(d.bytes); st != machine.Next {
		return st
	}
	parent := k.own(x)
	p := &process{pid: firstPID + len(k.list), group: len(k.list), parent: parent}
	k.list = append(k.list, p)
	for _, pipe := range k.pipes {
		for _, ends := range []map[int]bool{pipe.readers, pipe.writers} {
			if ends[parent.group] {
				ends[p.group] = true
			}
		}
	}
	n := d.bytes
	if !spawn {
		list := make([]memory.Area, 0, len(d.blocks))
		for _, b := range d.blocks {
			list = append(list, memory.Area{Parent: h.machine.Address(b.p), Child: h.machine.Address(b.to), Size: uint64(b.t.Size) * uint64(b.n)})
		}
		k.fault = int64(x.Arg(3).N)
		n = k.pages.Fork(parent.group, p.group, list)
		h.machine.WatchWrites()
	}
	x.Set(f.Results[0], number(p.pid))
	x.Set(f.Results[1], mine)
	x.Set(f.Results[2], number(n))
	x.Set(f.Results[3], machine.StringVal(""))
	p.name, p.pagesOrBytes, p.spawned = name, n, spawn
	return machine.Next
}

// launch lets a child's first task begin.
func (h *Host) launch(k *kernel, x *machine.Exec) machine.Status {
	p, f := k.find(int(x.Arg(0).N)), (*machine.Closure)(x.Arg(1).P)
	traits := x.T.Traits()
	traits.Group, traits.Burst = p.group, 0
	p.main = x.M.SpawnAs(p.name, traits, x.T, x.T.Cell, f.Fn, f.Free)
	how, size := trace.Forked, trace.Pages
	if p.spawned {
		how, size = trace.Spawned, trace.Pickled
	}
	x.M.Note(p.main, how, int64(p.pid))
	x.M.Note(p.main, size, int64(p.pagesOrBytes))
	return machine.Next
}

// end makes a process a zombie, and its children orphans.
func (h *Host) end(k *kernel, x *machine.Exec, p *process, code int, words string) {
	if p.ended {
		return
	}
	p.ended, p.code = true, code
	x.M.Note(p.main, words, int64(code))
	for _, t := range x.M.Tasks() {
		if t != x.T && t.Cell == x.T.Cell && t.Traits().Group == p.group {
			x.M.StopTask(t)
		}
	}
	k.pages.End(p.group)
	for _, pipe := range k.pipes {
		delete(pipe.readers, p.group)
		delete(pipe.writers, p.group)
		wake(x, &pipe.waiting)
	}
	for _, child := range k.list {
		if child.parent != p || child.reaped {
			continue
		}
		child.parent = nil
		if child.ended {
			k.reap(x, child)
		} else {
			x.M.Note(child.main, trace.Orphaned, 0)
		}
	}
	if p.parent == nil {
		k.reap(x, p)
		return
	}
	wake(x, &p.parent.waiting)
}

// reap tells its parent, or init, how a process ended, which is thereby gone.
func (k *kernel) reap(x *machine.Exec, p *process) {
	p.reaped = true
	by := int64(initPID)
	if p.parent != nil {
		by = int64(p.parent.pid)
	}
	x.M.Note(p.main, trace.Reaped, by)
}

// wait waits for a child of the running process.
func (h *Host) wait(k *kernel, x *machine.Exec) machine.Status {
	self, results, pid := k.own(x), x.Func().Results, int(x.Arg(0).N)
	answer := func(p *process, problem string) machine.Status {
		if p != nil {
			x.Set(results[0], number(p.pid))
			x.Set(results[1], number(p.code))
		}
		x.Set(results[2], machine.StringVal(problem))
		return machine.Next
	}
	children := slices.DeleteFunc(slices.Clone(k.list), func(p *process) bool { return p.parent != self || p.reaped || pid != 0 && p.pid != pid })
	if len(children) == 0 {
		return answer(nil, "no such child: only its parent can wait for a process, and only once")
	}
	for _, p := range children {
		if p.ended {
			k.reap(x, p)
			return answer(p, "")
		}
	}
	self.waiting = append(self.waiting, x.T)
	x.Park(&machine.Wait{Why: "wait for a child process"})
	return machine.Again
}

func wake(x *machine.Exec, list *[]*machine.Task) {
	for _, t := range *list {
		x.M.Wake(t, x.T)
	}
	*list = nil
}

// copyOf copies a value as a message.
func (h *Host) copyOf(k *kernel, x *machine.Exec) machine.Status {
	d, f := h.newDuplicate(), x.Func()
	v := d.value(f.Params[0].T, x.Arg(0))
	if st := x.Charge(d.bytes); st != machine.Next {
		return st
	}
	x.Set(f.Results[0], v)
	x.Set(f.Results[1], number(d.bytes))
	x.Set(f.Results[2], machine.StringVal(d.bad))
	return machine.Next
}

func newPipe(k *kernel, x *machine.Exec) machine.Status {
	g := k.own(x).group
	k.pipes = append(k.pipes, &pipe{readers: map[int]bool{g: true}, writers: map[int]bool{g: true}})
	return x.Return(number(len(k.pipes) - 1))
}

const (
	otherRun = "the pipe or queue was made in another run"
	notOpen  = "this process has closed its end"
)

func readPipe(k *kernel, x *machine.Exec) machine.Status {
	id, to, results := int(x.Arg(0).N), slice(x.Arg(1)), x.Func().Results
	answer := func(n int, problem string) machine.Status {
		x.Set(results[0], number(n))
		x.Set(results[1], machine.StringVal(problem))
		return machine.Next
	}
	if id >= len(k.pipes) {
		return answer(0, otherRun)
	}
	p := k.pipes[id]
	switch {
	case !p.readers[k.own(x).group]:
		return answer(0, notOpen)
	case len(p.data) > 0:
		n := copy(to, p.data)
		p.data = slices.Delete(p.data, 0, n)
		wake(x, &p.waiting)
		return answer(n, "")
	case len(p.writers) == 0:
		return answer(0, "")
	}
	p.waiting = append(p.waiting, x.T)
	x.Park(&machine.Wait{Why: "pipe read"})
	return machine.Again
}

func writePipe(k *kernel, x *machine.Exec) machine.Status {
	id, from, results := int(x.Arg(0).N), slice(x.Arg(1)), x.Func().Results
	answer := func(n int, problem string) machine.Status {
		x.Set(results[0], number(n))
		x.Set(results[1], machine.StringVal(problem))
		return machine.Next
	}
	if id >= len(k.pipes) {
		return answer(0, otherRun)
	}
	p := k.pipes[id]
	switch room := pipeBytes - len(p.data); {
	case !p.writers[k.own(x).group]:
		return answer(0, notOpen)
	case len(p.readers) == 0:
		return answer(0, "broken")
	case room > 0:
		n := min(room, len(from))
		p.data = append(p.data, from[:n]...)
		wake(x, &p.waiting)
		return answer(n, "")
	}
	p.waiting = append(p.waiting, x.T)
	x.Park(&machine.Wait{Why: "pipe write"})
	return machine.Again
}

func closePipe(k *kernel, x *machine.Exec) machine.Status {
	if id := int(x.Arg(0).N); id < len(k.pipes) {
		p := k.pipes[id]
		ends := p.readers
		if x.Arg(1).N != 0 {
			ends = p.writers
		}
		delete(ends, k.own(x).group)
		wake(x, &p.waiting)
	}
	return machine.Next
}

func putValue(k *kernel, x *machine.Exec) machine.Status {
	id := int(x.Arg(0).N)
	if id >= len(k.queue) {
		return x.Throw(x.M.Errors.Text("process.Queue.Put: " + otherRun))
	}
	q := k.queue[id]
	if q.capacity > 0 && len(q.list) >= q.capacity {
		q.waiting = append(q.waiting, x.T)
		x.Park(&machine.Wait{Why: "queue put"})
		return machine.Again
	}
	q.list = append(q.list, x.Arg(1))
	wake(x, &q.waiting)
	return machine.Next
}

func getValue(k *kernel, x *machine.Exec) machine.Status {
	id := int(x.Arg(0).N)
	if id >= len(k.queue) {
		return x.Throw(x.M.Errors.Text("process.Queue.Get: " + otherRun))
	}
	q := k.queue[id]
	if len(q.list) == 0 {
		q.waiting = append(q.waiting, x.T)
		x.Park(&machine.Wait{Why: "queue get"})
		return machine.Again
	}
	v := q.list[0]
	q.list = slices.Delete(q.list, 0, 1)
	wake(x, &q.waiting)
	return x.Return(v)
}

// wrote is what a write costs a process that has the page together with others.
func (h *Host) wrote(t *machine.Task, p unsafe.Pointer, size uintptr) int64 {
	k := h.kernels[t.Cell]
	if k == nil {
		return 0
	}
	n := k.pages.Write(h.machine.Address(p), uint64(size))
	if n == 0 {
		return 0
	}
	h.machine.Note(t, trace.PageCopied, int64(n))
	return int64(n) * h.machine.Vary(k.fault)
}

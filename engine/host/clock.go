package host

import (
	"io"
	"os"
	"unsafe"

	"interleave/engine/machine"
)

// epoch is the wall clock's time when a machine starts: the one the Go
// Playground made familiar, the same on every computer. In Unix seconds.
const epoch = 1257894000

// timer is what time.newTimer makes: the first two words are time.Timer's.
type timer struct {
	c      unsafe.Pointer // the channel
	init   bool
	period int64
	fire   *machine.Closure
	arg    machine.Val
	ch     *machine.Chan // nil for AfterFunc
	set    *machine.Timer
	bubble *machine.Bubble // of the task that made it
}

// clock is what package time asks of the system.
func (h *Host) clock() map[string]machine.Native {
	files := &zoneFiles{}
	return map[string]machine.Native{
		"time.runtimeNano": func(x *machine.Exec) machine.Status { return x.Return(machine.Val{N: uint64(clock(x) + 1)}) },
		"time.runtimeNow":  wallClock,
		"time.now":         wallClock,
		"time.runtimeIsBubbled": func(x *machine.Exec) machine.Status {
			return x.Return(machine.Val{})
		},
		"time.Sleep":        sleep,
		"time.newTimer":     newTimer,
		"time.stopTimer":    stopTimer,
		"time.resetTimer":   resetTimer,
		"time.openFile":     files.open,
		"time.closeFile":    files.close,
		"time.readFileAt":   files.readAt,
		"time.readFileNext": files.read,
		"syscall.getenv": func(x *machine.Exec) machine.Status {
			v, ok := os.LookupEnv(machine.String(x.Arg(0)))
			return x.Return(machine.StringVal(v), truth(ok))
		},
	}
}

func wallClock(x *machine.Exec) machine.Status {
	now := clock(x)
	wall := epoch*int64(1e9) + now
	if b := x.T.Bubble; b != nil {
		wall = bubbleEpoch*int64(1e9) + now - b.Epoch
	}
	return x.Return(machine.Val{N: uint64(wall / 1e9)}, machine.Val{N: uint64(wall % 1e9)}, machine.Val{N: uint64(now + 1)})
}

// clock is the time of the clock that the running task goes by.
func clock(x *machine.Exec) int64 {
	if b := x.T.Bubble; b != nil {
		return b.Now
	}
	return x.M.Now()
}

// bubbleEpoch is where the clock of testing/synctest starts: the year 2000.
const bubbleEpoch = 946684800

func sleep(x *machine.Exec) machine.Status {
	if !x.InOrder() {
		return machine.Again
	}
	d := int64(x.Arg(0).N)
	if d <= 0 {
		return machine.Next
	}
	if x.T.Local() != nil { // in a coroutine, which gives way only where it awaits: the whole loop stands still
		x.Mark("time.Sleep, and the whole loop waits with it")
		return x.Work(d)
	}
	t, m := x.T, x.M
	if b := t.Bubble; b != nil {
		b.After(m, machine.Later(b.Now, d), func(int64) { m.Wake(t, nil) })
	} else {
		m.Sleep(t, machine.Later(m.Now(), d))
	}
	x.Park(&machine.Wait{Why: "sleep"})
	return machine.Parked
}

func newTimer(x *machine.Exec) machine.Status {
	when, period := int64(x.Arg(0).N), int64(x.Arg(1).N)
	t := &timer{init: true, period: period, fire: (*machine.Closure)(x.Arg(2).P), arg: x.Arg(3), ch: (*machine.Chan)(x.Arg(4).P), bubble: x.T.Bubble}
	t.start(x.M, x.T.Cell, when)
	return x.Return(machine.Val{P: unsafe.Pointer(t)})
}

func (t *timer) start(m *machine.Machine, cell *machine.Cell, when int64) {
	fn, args := t.fire.ClosureArgs([]machine.Val{t.arg, {}, {}})
	if t.ch != nil {
		t.set = m.Tick(t.bubble, t.ch, when-1, t.period, func() { m.SpawnSend(t.ch, cell, t.bubble, fn, args) })
		return
	}
	after := m.After
	if t.bubble != nil {
		after = func(due int64, fire func(int64)) *machine.Timer { return t.bubble.After(m, due, fire) }
	}
	t.set = after(when-1, func(int64) {
		if !cell.Stopped() {
			m.SpawnSystem(cell, t.bubble, fn, args)
		}
	})
	t.set.Idle = cell.Stopped
}

func stopTimer(x *machine.Exec) machine.Status {
	if !x.InOrder() {
		return machine.Again
	}
	t := (*timer)(x.Arg(0).P)
	return x.Return(truth(t.stop(x.M)))
}

// stop also takes back a time that was sent and not yet received: since Go 1.23
// nobody receives a stale one.
func (t *timer) stop(m *machine.Machine) bool {
	active := m.Stop(t.set)
	if t.ch != nil && m.Drain(t.ch) {
		active = true
	}
	return active
}

func resetTimer(x *machine.Exec) machine.Status {
	if !x.InOrder() {
		return machine.Again
	}
	t := (*timer)(x.Arg(0).P)
	if x.M.Undoing() {
		was := *t
		x.M.OnRestore(func() { *t = was })
	}
	active := t.stop(x.M)
	t.period = int64(x.Arg(2).N)
	t.start(x.M, x.T.Cell, int64(x.Arg(1).N))
	return x.Return(truth(active))
}

// zoneFiles reads the time zone database.
type zoneFiles struct{ files []*os.File }

func (z *zoneFiles) open(x *machine.Exec) machine.Status {
	f, err := os.Open(machine.String(x.Arg(0)))
	if err != nil {
		return x.Return(number(-1))
	}
	z.files = append(z.files, f)
	return x.Return(number(len(z.files) - 1))
}

func (z *zoneFiles) close(x *machine.Exec) machine.Status {
	z.files[x.Arg(0).N].Close()
	return machine.Next
}

func (z *zoneFiles) read(x *machine.Exec) machine.Status {
	n, _ := z.files[x.Arg(0).N].Read(slice(x.Arg(1)))
	return x.Return(number(n))
}

func (z *zoneFiles) readAt(x *machine.Exec) machine.Status {
	whence := io.SeekStart
	if x.Arg(3).N != 0 {
		whence = io.SeekEnd
	}
	f := z.files[x.Arg(0).N]
	if _, err := f.Seek(int64(x.Arg(2).N), whence); err != nil {
		return x.Return(number(0))
	}
	n, _ := io.ReadFull(f, slice(x.Arg(1)))
	return x.Return(number(n))
}

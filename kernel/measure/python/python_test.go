package python

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"interleave/engine/analyse/gil"
	drawn "interleave/engine/draw/gil"
	"interleave/engine/policy"
)

const ms = 1_000_000

// notes are what threads would note that have the lock in turns of 5 ms, with an I/O
// thread whose waits take 2 ms alone.
func notes() *Stamps {
	return &Stamps{
		Mix: Mix{CPU: 2, IO: 1, Time: 30 * ms, Wait: 2 * ms, Interval: 5 * ms}, Interpreter: Interpreter{Version: "3.13.0", Lock: true},
		Start: 1000 * ms, End: 1030 * ms, Step: 20_000, Alone: 2 * ms, GIL: true, Used: 30 * ms,
		CPU: [][]int64{
			{1000 * ms, 1005 * ms, 1010*ms + 40_000, 1015 * ms, 1020*ms + 40_000, 1030 * ms},
			{1005*ms + 30_000, 1010 * ms, 1015*ms + 30_000, 1020 * ms},
		},
		IO: [][]int64{{1000 * ms, 1010*ms + 10_000, 1010*ms + 20_000, 1020*ms + 10_000, 1020*ms + 20_000, 1030*ms + 10_000}},
	}
}

func TestTrace(t *testing.T) {
	s := notes()
	if err := s.check(); err != nil {
		t.Fatal(err)
	}
	c := gil.Of(s.Trace())
	a, b, io := c.Threads[0], c.Threads[1], c.Threads[2]
	if a.Name != "cpu 1" || len(a.Waits) != 2 || a.Waits[0] != 5_040_000 || a.Time[gil.Holds] != 5*ms+4_960_000+9_960_000 {
		t.Errorf("cpu 1: %+v", a)
	}
	if len(b.Waits) != 2 || b.Time[gil.Holds] != 9_940_000 {
		t.Errorf("cpu 2: %+v", b)
	}
	if len(io.Answer) != 3 || io.Answer[0] != 8_010_000 || io.Time[gil.Outside] != 6*ms || io.Time[gil.Holds] != 20_000 {
		t.Errorf("io: %+v", io)
	}
	if c.Share() > 1 || c.Share() < 0.98 || c.Switches < 6 {
		t.Errorf("share %v, %d switches", c.Share(), c.Switches)
	}
}

// A gap in which nobody else ran is not the lock's doing.
func TestNobodyRan(t *testing.T) {
	s := notes()
	s.Mix.CPU, s.Mix.IO, s.IO = 1, 0, nil
	s.CPU = [][]int64{{1000 * ms, 1005 * ms, 1012 * ms, 1030 * ms}}
	c := gil.Of(s.Trace())
	if th := c.Threads[0]; len(th.Waits) != 0 || th.Time[gil.Wants] != 0 || th.Time[gil.Stranded] != 7*ms {
		t.Errorf("%+v", th)
	}
	s.Used = 23 * ms
	if s.Doubt() == "" {
		t.Error("nothing is said of the processor time that is missing")
	}
}

// Without a lock, threads compute at the same time.
func TestNoLock(t *testing.T) {
	s := notes()
	s.GIL, s.Mix.IO, s.IO = false, 0, nil
	s.CPU = [][]int64{{1000 * ms, 1030 * ms}, {1000 * ms, 1030 * ms}}
	if c := gil.Of(s.Trace()); c.Locked || c.Computed() != 60*ms {
		t.Errorf("%+v", c)
	}
}

func TestCompare(t *testing.T) {
	s := notes()
	p, err := policy.Named("gil")
	if err != nil {
		t.Fatal(err)
	}
	tr, err := s.Simulate(p, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.HandOver(); got != 20_000 && got != 30_000 {
		t.Errorf("hand-over %d ns", got)
	}
	measured, simulated := gil.Of(s.Trace()), gil.Of(tr)
	for _, f := range Compare(s.Mix, measured, simulated) {
		if f.Apart() > 40 || f.Measured == 0 {
			t.Errorf("%+v: %.0f apart", f, f.Apart())
		}
	}
	d := drawn.Draw(drawn.Part{}, drawn.Run{Name: "measured", Contention: measured}, drawn.Run{Name: "simulated", Contention: simulated})
	for _, want := range []string{"measured: 3 threads, one lock", "simulated: 3 threads, one lock", "real time", "cpu 2"} {
		if !strings.Contains(d.Text, want) {
			t.Errorf("no %q in\n%s", want, d.Text)
		}
	}
}

func TestApart(t *testing.T) {
	for _, c := range []struct {
		f    Figure
		want float64
	}{{Figure{Unit: "%", Measured: 90, Simulated: 97}, 7}, {Figure{Unit: "Hz", Measured: 120, Simulated: 150}, 20}, {Figure{Unit: "ms"}, 0}} {
		if got := c.f.Apart(); got != c.want {
			t.Errorf("%+v: %v apart, want %v", c.f, got, c.want)
		}
	}
}

func TestMixes(t *testing.T) {
	for _, m := range []Mix{{}, {CPU: -1, IO: 2}, {CPU: 17}, {CPU: 1, Interval: time.Nanosecond}, {CPU: 1, Time: time.Hour}, {IO: 1, Wait: time.Nanosecond}} {
		if _, err := m.Check(); err == nil || !strings.Contains(err.Error(), "want") {
			t.Errorf("%+v: %v", m, err)
		}
	}
}

func TestBadNotes(t *testing.T) {
	for name, spoil := range map[string]func(s *Stamps){
		"backwards": func(s *Stamps) { s.CPU[0][3] = 0 },
		"cut off":   func(s *Stamps) { s.IO[0] = s.IO[0][:3] },
		"a thread":  func(s *Stamps) { s.CPU = s.CPU[:1] },
	} {
		s := notes()
		spoil(s)
		if s.check() == nil {
			t.Errorf("%s: taken for a run", name)
		}
	}
}

// Where there is no Python, or what has its name is none, that is what is said.
func TestNoPython(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("VIRTUAL_ENV", "")
	t.Setenv("JPY_PARENT_PID", "")
	if _, err := Find(t.Context()); !errors.Is(err, ErrNone) {
		t.Errorf("err = %v", err)
	}
	if err := os.WriteFile(filepath.Join(os.Getenv("PATH"), "python3"), []byte("#!/bin/sh\necho Traceback >&2\necho ImportError: broken >&2\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(t.Context()); !errors.Is(err, ErrNone) || !strings.Contains(err.Error(), "broken") {
		t.Errorf("err = %v", err)
	}
}

// The script runs in the Python that is here, and ends with its context.
func TestRealPython(t *testing.T) {
	list, err := Find(t.Context())
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := Measure(t.Context(), list[0], Mix{CPU: 1, IO: 1, Time: 100 * ms})
	if err != nil {
		t.Fatal(err)
	}
	if c := gil.Of(s.Trace()); len(c.Threads) != 2 || c.Wall() < 100*ms {
		t.Errorf("%+v", c)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := Measure(ctx, list[0], Mix{CPU: 1, Time: 10 * time.Second}); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

package python

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

//go:embed script.py
var script string

// Mix is which threads share the lock.
type Mix struct {
	CPU      int           // threads that compute
	IO       int           // threads that wait for a device, over and over, and compute next to nothing
	Wait     time.Duration // how long they wait each time; 0 stands for 1/600 s
	Interval time.Duration // sys.setswitchinterval; 0 stands for 5 ms
	Time     time.Duration // how long the run takes; 0 stands for 500 ms
}

// Bounds of a Mix.
const (
	mostThreads = 16
	mostTime    = 10 * time.Second
)

// Check fills in the defaults, and says what cannot be measured.
func (m Mix) Check() (Mix, error) {
	if m.Wait == 0 {
		m.Wait = time.Second / 600
	}
	if m.Interval == 0 {
		m.Interval = 5 * time.Millisecond
	}
	if m.Time == 0 {
		m.Time = 500 * time.Millisecond
	}
	switch {
	case m.CPU < 0 || m.IO < 0 || m.CPU+m.IO < 1 || m.CPU+m.IO > mostThreads:
		return m, fmt.Errorf("python: %d threads that compute and %d that wait: want 1 to %d together", m.CPU, m.IO, mostThreads)
	case m.Interval < 10*time.Microsecond || m.Interval > time.Second:
		return m, fmt.Errorf("python: a switch interval of %v: want 10µs to 1s", m.Interval)
	case m.Wait < 100*time.Microsecond || m.Wait > time.Second:
		return m, fmt.Errorf("python: waits of %v: want 100µs to 1s", m.Wait)
	case m.Time < 50*time.Millisecond || m.Time > mostTime:
		return m, fmt.Errorf("python: a run of %v: want 50ms to %v", m.Time, mostTime)
	}
	return m, nil
}

func (m Mix) String() string {
	return fmt.Sprintf("%d computing, %d waiting for I/O, switch interval %v", m.CPU, m.IO, m.Interval)
}

// Stamps are what the script's threads noted, in ns of the interpreter's clock.
type Stamps struct {
	Mix         Mix
	Interpreter Interpreter

	Start, End int64
	Step       int64     // how long a computing thread computes between two looks at the clock
	Alone      int64     // how long a wait takes while no thread computes, in the middle
	Naps       []int64   // how long waits took then, evenly over their order
	Used       int64     // the processor time that all threads had together
	GIL        bool      // the lock was on
	CPU        [][]int64 // by thread: from, to, from, to … of what it computed in one piece
	IO         [][]int64 // by thread: began to wait, came back, began to wait …
}

// Measure runs a mix in an interpreter.
func Measure(ctx context.Context, i Interpreter, m Mix) (*Stamps, error) {
	m, err := m.Check()
	if err != nil {
		return nil, err
	}
	arg, err := json.Marshal(map[string]any{
		"cpu_threads": m.CPU, "io_threads": m.IO, "io": m.Wait.Seconds(), "interval": m.Interval.Seconds(), "seconds": m.Time.Seconds(),
	})
	if err != nil {
		return nil, fmt.Errorf("python: %w", err)
	}
	// Threads that compute hold others up: what is to take a second may take some.
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second+4*m.Time)
	defer cancel()
	out, err := output(ctx, i.Path, "-c", script, string(arg))
	if err != nil {
		return nil, err
	}
	s := &Stamps{Mix: m, Interpreter: i}
	if err := json.Unmarshal(out, s); err != nil {
		return nil, fmt.Errorf("python: what %s noted cannot be read: %w", i.Path, err)
	}
	return s, s.check()
}

// check refuses notes that no run can have made.
func (s *Stamps) check() error {
	if s.End <= s.Start || len(s.CPU) != s.Mix.CPU || len(s.IO) != s.Mix.IO {
		return fmt.Errorf("python: the notes are not of %s", s.Mix)
	}
	for _, list := range append(append([][]int64{}, s.CPU...), s.IO...) {
		if len(list)%2 != 0 || len(list) == 0 {
			return fmt.Errorf("python: a thread's notes are cut off")
		}
		for k := 1; k < len(list); k++ {
			if list[k] < list[k-1] {
				return fmt.Errorf("python: the interpreter's clock went backwards")
			}
		}
	}
	return nil
}

// output runs a command to its end or the context's.
func output(ctx context.Context, path string, args ...string) ([]byte, error) {
	var out, said bytes.Buffer
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &out, &said, time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("python: stopped: %w", ctx.Err())
		}
		words := strings.TrimSpace(said.String())
		if k := strings.LastIndexByte(words, '\n'); k >= 0 {
			words = words[k+1:] // what was wrong is a traceback's last line
		}
		return nil, fmt.Errorf("python: %s: %w %s", path, err, words)
	}
	return out.Bytes(), nil
}

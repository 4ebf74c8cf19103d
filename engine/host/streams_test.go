package host

import (
	"strings"
	"testing"
)

// TestStandardStreams: what fmt prints goes where os.Stdout leads; a stream that a
// cell closes is open for the next one.
func TestStandardStreams(t *testing.T) {
	s := open(t)
	for _, c := range [][2]string{
		{"r, w, _ := os.Pipe()\nold := os.Stdout\nos.Stdout = w\nfmt.Println(\"x\", 1)\nfmt.Printf(\"%d\\n\", 3)\nfmt.Print(\"y\")\n" +
			"w.Close()\nos.Stdout = old\nb, _ := io.ReadAll(r)\nstring(b)", "=> \"x 1\\n3\\ny\"\n"},
		{"os.Stdin.Close()\nos.Stdout.Close()\nfmt.Println(1)", "=> 0\n=> write /dev/stdout: file already closed\n"},
		{"os.Stdout.WriteString(\"a\")\nfmt.Println(2)", "a2\n=> 2\n=> nil\n"},
	} {
		if got := s.run(t, c[0]); got != c[1] {
			t.Errorf("%s\n got %q\nwant %q", c[0], got, c[1])
		}
	}
}

// TestLockOfTheEnded: who waits for a lock for ever is told which goroutine has it,
// also where that is no more.
func TestLockOfTheEnded(t *testing.T) {
	s := open(t)
	s.run(t, "var mu sync.Mutex\nvar rw sync.RWMutex\nmu.Lock()")
	for _, c := range [][2]string{
		{"mu.Lock()", "its lock is held by goroutine 1 of cell[1], which has ended"},
		{"mu.Unlock()\nmu.Lock()\nvar p *int\n*p = 1", "nil pointer"},
		{"mu.Lock()", "its lock is held by goroutine 1 of cell[3], which has died"},
		{"mu.Unlock()\nwait := make(chan int)\ngo func() {\n\tmu.Lock()\n\t<-wait\n}()\ntime.Sleep(1)\n<-wait", "deadlock"},
		{"mu.Lock()", "its lock is held by goroutine 2 of cell[5], which was stopped at cell[5]:5:2"},
		{"rw.Lock()", ""},
		{"rw.RLock()", "its lock is held by goroutine 1 of cell[7], which has ended"},
	} {
		if got := s.run(t, c[0]); !strings.Contains(got, c[1]) {
			t.Errorf("%s\n got %q\nwant %q", c[0], got, c[1])
		}
	}
}

// TestKilledByItself: a deadly signal to oneself ends the cell.
func TestKilledByItself(t *testing.T) {
	s := open(t)
	s.run(t, "kept := 3")
	got := s.run(t, "syscall.Kill(syscall.Getpid(), syscall.SIGKILL)")
	if want := "fatal error: killed by the signal SIGKILL\n"; !strings.HasPrefix(got, want) {
		t.Errorf("%q, want %q …", got, want)
	}
	if got := s.run(t, "kept"); got != "=> 3\n" {
		t.Errorf("%q", got)
	}
}

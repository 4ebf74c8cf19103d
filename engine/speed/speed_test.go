package speed

import (
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"interleave/engine/library/source"
	"interleave/engine/machine"
)

func archive(t testing.TB) *source.Archive {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	a, err := source.Installed(strings.TrimSpace(string(root)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func onMachine(t testing.TB, config machine.Config) *Session {
	s, err := NewMachine(archive(t), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	declare(t, s)
	return s
}

func onYaegi(t testing.TB) *Session {
	s, err := NewYaegi()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	declare(t, s)
	return s
}

func declare(t testing.TB, s *Session) {
	if _, _, err := s.Time("declarations", Source()); err != nil {
		t.Fatal(err)
	}
}

// one runs a program as a cell and holds its answer against compiled Go's.
func one(t testing.TB, s *Session, cell string, p Program, want string) time.Duration {
	got, took, err := s.Time(cell, "fmt.Println("+p.Call+")")
	if err != nil {
		t.Fatal(err)
	}
	if got != want+"\n" {
		t.Fatalf("%s: %q, compiled %s", p.Name, got, want)
	}
	return took
}

// The machine answers as compiled Go does; of yaegi, which takes a minute for
// them, the benchmark says it.
func TestAnswers(t *testing.T) {
	m := onMachine(t, machine.Config{})
	for _, p := range Programs {
		one(t, m, "cell[2]", p, strconv.Itoa(p.Run()))
	}
}

// Benchmark runs every program compiled, on the machine with and without a trace
// and with one of every access to memory, and on yaegi.
func Benchmark(b *testing.B) {
	type way struct {
		name, cell string
		session    *Session
	}
	plain := onMachine(b, machine.Config{})
	ways := []way{
		{"machine", "untraced", plain},
		{"traced", "cell[2]", plain},
		{"watched", "cell[2]", onMachine(b, machine.Config{Watch: true})},
		{"yaegi", "cell[2]", onYaegi(b)},
	}
	for _, p := range Programs {
		want := sync.OnceValue(func() string { return strconv.Itoa(p.Run()) })
		b.Run(p.Name+"/compiled", func(b *testing.B) {
			for b.Loop() {
				p.Run()
			}
		})
		for _, w := range ways {
			b.Run(p.Name+"/"+w.name, func(b *testing.B) {
				var sum time.Duration
				n := 0
				for b.Loop() {
					sum += one(b, w.session, w.cell, p, want())
					n++
				}
				b.ReportMetric(float64(sum.Nanoseconds())/float64(n), "ns/op")
			})
		}
	}
}

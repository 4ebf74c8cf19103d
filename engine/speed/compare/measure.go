package main

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"interleave/engine/machine"
	"interleave/engine/speed"
)

// way is one way of running a program; it gives the answer and the time.
type way struct {
	name string
	run  func(p speed.Program) (string, time.Duration, error)
}

// collectAt is how much the heap grows between two collections, in percent, as in a
// kernel's worker.
const collectAt = 200

// measure times every program every way, in turns, so that whatever else the
// computer does meets all of them.
func measure(rounds int) (string, error) {
	plain, err := open("machine", machine.Config{})
	if err != nil {
		return "", err
	}
	defer plain.Close()
	watched, err := open("machine", machine.Config{Watch: true})
	if err != nil {
		return "", err
	}
	defer watched.Close()
	yaegi, err := open("yaegi", machine.Config{})
	if err != nil {
		return "", err
	}
	defer yaegi.Close()
	ways := []way{
		{"compiled", func(p speed.Program) (string, time.Duration, error) {
			began := time.Now()
			answer := p.Run()
			return strconv.Itoa(answer), time.Since(began), nil
		}},
		{"`machine`", cell(plain, "untraced")},
		{"traced", cell(plain, "cell[2]")},
		{"with memory", cell(watched, "cell[2]")},
		{"`yaegi`", cell(yaegi, "cell[2]")},
	}
	var text strings.Builder
	text.WriteString("| ms")
	for _, w := range ways {
		text.WriteString(" | " + w.name)
	}
	text.WriteString(" |\n|---" + strings.Repeat("|--:", len(ways)) + "|\n")
	defer debug.SetGCPercent(debug.SetGCPercent(collectAt))
	for _, p := range speed.Programs {
		best := make([]time.Duration, len(ways))
		for i := range best {
			best[i] = math.MaxInt64
		}
		answers := make([]string, len(ways))
		for range rounds {
			for i, w := range ways {
				runtime.GC() // none pays for another's garbage
				answer, took, err := w.run(p)
				if err != nil && !errors.Is(err, speed.ErrRefused) {
					return "", err
				}
				if err == nil {
					answers[i], best[i] = answer, min(best[i], took)
				}
			}
		}
		text.WriteString("| " + p.Name)
		for i := range ways {
			text.WriteString(" | " + figure(answers, best, i))
		}
		text.WriteString(" |\n")
	}
	return text.String(), nil
}

// figure is a time, with how many times the compiled program's it is.
func figure(answers []string, best []time.Duration, i int) string {
	ms := float64(best[i].Microseconds()) / 1000
	switch {
	case answers[i] == "":
		return "refused"
	case answers[i] != answers[0]:
		return "wrong"
	case i == 0:
		return short(ms)
	}
	return fmt.Sprintf("%s (%s×)", short(ms), short(float64(best[i])/float64(best[0])))
}

// short writes a number with two digits, or all before the point.
func short(x float64) string {
	switch {
	case x >= 10:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 1:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// open begins a session that knows the programs.
func open(evaluator string, config machine.Config) (*speed.Session, error) {
	s, err := session(evaluator, config)
	if err != nil {
		return nil, err
	}
	if _, _, err := s.Time("declarations", speed.Source()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// cell runs a program's call as a cell of a session.
func cell(s *speed.Session, name string) func(p speed.Program) (string, time.Duration, error) {
	return func(p speed.Program) (string, time.Duration, error) {
		answer, took, err := s.Time(name, "fmt.Println("+p.Call+")")
		return strings.TrimSpace(answer), took, err
	}
}

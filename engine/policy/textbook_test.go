package policy_test

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// Schedules that books, papers and examinations print: see testdata/textbook.txt.
func TestTextbooks(t *testing.T) {
	f, err := os.Open("testdata/textbook.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	published := 0
	var source string
	var own bool
	var procs []proc
	for in := bufio.NewScanner(f); in.Scan(); {
		line := in.Text()
		word, rest, _ := strings.Cut(line, " ")
		switch rest = strings.TrimSpace(rest); word {
		case "", "#":
		case "source", "derived":
			source, own = rest, word == "derived"
		case "procs":
			if procs, err = readProcs(rest); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		default:
			if !own {
				published++
			}
			l := simulate(t, word, 1, procs)
			for _, want := range strings.Split(rest, ";") {
				if err := l.check(strings.Fields(want)); err != nil {
					t.Errorf("%s\n%s: %v\n%v", source, word, err, l)
				}
			}
		}
	}
	if published < 60 {
		t.Errorf("%d published cases, want 60", published)
	}
	t.Logf("%d published cases", published)
}

// readProcs reads processes: "10+5+10@3p2n-5t100".
func readProcs(text string) ([]proc, error) {
	var list []proc
	for _, word := range strings.Fields(text) {
		end := strings.IndexAny(word, "@pnt")
		if end < 0 {
			end = len(word)
		}
		var p proc
		for _, b := range strings.Split(word[:end], "+") {
			n, err := strconv.ParseInt(b, 10, 64)
			if err != nil {
				return nil, err
			}
			p.bursts = append(p.bursts, n)
		}
		for rest := word[end:]; rest != ""; {
			next := strings.IndexAny(rest[1:], "@pnt") + 1
			if next == 0 {
				next = len(rest)
			}
			n, err := strconv.Atoi(rest[1:next])
			if err != nil {
				return nil, err
			}
			switch rest[0] {
			case '@':
				p.at = int64(n)
			case 'p':
				p.Priority = n
			case 'n':
				p.Nice = n
			case 't':
				p.Tickets = n
			}
			rest = rest[next:]
		}
		list = append(list, p)
	}
	return list, nil
}

// check tells what is not as it is printed.
func (l *timeline) check(want []string) error {
	what, values := want[0], want[1:]
	measures := map[string]func(int) int64{"finish": l.finished, "turnaround": l.turnaround, "waiting": l.waiting, "response": l.response}
	if of, ok := strings.CutSuffix(what, "-of"); ok {
		i, _ := strconv.Atoi(values[0][1:])
		if got := strconv.FormatInt(measures[of](i-1), 10); got != values[1] {
			return fmt.Errorf("%s of %s is %s, want %s", of, values[0], got, values[1])
		}
		return nil
	}
	got := ""
	switch {
	case what == "order":
		got = l.String()
	case what == "order-to":
		end, _ := strconv.ParseInt(values[0], 10, 64)
		values = values[1:]
		got = l.upTo(end).String()
	case what == "starts": // of slices, also those of a process that goes on
		for _, p := range l.slices(1)[:len(values)] {
			got += fmt.Sprintf(" P%d", p.proc+1)
		}
		got = got[1:]
	case what == "done":
		got = l.done()
	case what == "switches":
		got = strconv.Itoa(l.switches())
	case measures[what] == nil:
		return fmt.Errorf("%s cannot be checked", what)
	case len(values) == 1:
		return near(what, l.average(measures[what]), values[0])
	default:
		got = strings.Trim(fmt.Sprint(l.each(measures[what])), "[]")
	}
	if want := strings.Join(values, " "); got != want {
		return fmt.Errorf("%s is %s, want %s", what, got, want)
	}
	return nil
}

// near compares an average with a printed value: a fraction, or a number that was
// rounded to the digits it has.
func near(what string, got float64, want string) error {
	up, down, fraction := strings.Cut(want, "/")
	n, err := strconv.ParseFloat(up, 64)
	if err != nil {
		return err
	}
	off := 1e-9
	if fraction {
		d, err := strconv.ParseFloat(down, 64)
		if err != nil {
			return err
		}
		n /= d
	} else if _, digits, ok := strings.Cut(want, "."); ok && len(digits) > 1 {
		off = 0.5001 * math.Pow10(-len(digits))
	}
	if math.Abs(got-n) > off {
		return fmt.Errorf("the average %s is %v, want %s", what, got, want)
	}
	return nil
}

// upTo is a timeline cut off at a time.
func (l *timeline) upTo(end int64) *timeline {
	c := &timeline{procs: l.procs}
	for _, p := range l.pieces {
		if p.from < end {
			p.to = min(p.to, end)
			c.pieces = append(c.pieces, p)
		}
	}
	return c
}

// slices cuts the pieces of a timeline into slices.
func (l *timeline) slices(q int64) (list []piece) {
	for _, p := range l.pieces {
		for at := p.from; at < p.to; at += q {
			list = append(list, piece{p.proc, p.core, at, min(at+q, p.to)})
		}
	}
	return list
}

// done lists the processes in the order in which they finished.
func (l *timeline) done() string {
	var names []string
	for range l.procs {
		best := -1
		for i := range l.procs {
			name := fmt.Sprintf("P%d", i+1)
			taken := false
			for _, n := range names {
				taken = taken || n == name
			}
			if !taken && (best < 0 || l.finished(i) < l.finished(best)) {
				best = i
			}
		}
		names = append(names, fmt.Sprintf("P%d", best+1))
	}
	return strings.Join(names, " ")
}

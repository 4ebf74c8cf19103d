package waits_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"interleave/engine/analyse/lockorder"
	"interleave/engine/analyse/waits"
	"interleave/engine/draw/graph"
	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/trace"
)

// program is a cell of an archive.
type program struct{ name, src string }

func load(t testing.TB, file string) []program {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []program
	for _, f := range a.Files {
		list = append(list, program{f.Name, string(f.Data)})
	}
	return list
}

// remark is what is said of a line.
type remark struct {
	line int
	kind string // "want": a stuck goroutine; "leak"; "order"
	text string
}

// remarks lists all that is said of a run.
func remarks(tr *trace.Trace) []remark {
	var list []remark
	g := waits.At(tr, waits.End, waits.Beyond{})
	line := func(place uint32) int { return tr.Places[place].Line }
	if d := waits.Find(tr, waits.Beyond{}); d != nil {
		for _, f := range d.Findings {
			list = append(list, remark{line(f.Place), "want", f.Text})
		}
	}
	for _, l := range waits.Leaks(tr, waits.Beyond{}) {
		list = append(list, remark{line(l.Place), "leak", l.Text})
	}
	for _, w := range lockorder.Warnings(tr) {
		for _, n := range w.Nestings {
			list = append(list, remark{line(n.At), "order", w.Text(g.TaskName, g.ObjectName, g.Line)})
		}
	}
	return list
}

var comment = regexp.MustCompile("(want|leak|order) ((?:`[^`]*` ?)+)")

// wanted lists what a program's comments ask for.
func wanted(t *testing.T, src string) []remark {
	var list []remark
	for i, text := range strings.Split(src, "\n") {
		_, after, ok := strings.Cut(text, "// ")
		if !ok {
			continue
		}
		for _, m := range comment.FindAllStringSubmatch(after, -1) {
			for _, q := range regexp.MustCompile("`([^`]*)`").FindAllStringSubmatch(m[2], -1) {
				list = append(list, remark{i + 1, m[1], q[1]})
			}
		}
	}
	return list
}

// Each program of the archive is told of exactly what its comments say.
func TestWrongPrograms(t *testing.T) {
	list := load(t, "testdata/wrong.txtar")
	each(t, machine.Config{}, list, func(t *testing.T, p program, tr *trace.Trace) {
		got := remarks(tr)
		for _, w := range wanted(t, p.src) {
			re := regexp.MustCompile(w.text)
			i := slices.IndexFunc(got, func(r remark) bool { return r.line == w.line && r.kind == w.kind && re.MatchString(r.text) })
			if i < 0 {
				t.Errorf("line %d: no %s like %q", w.line, w.kind, w.text)
				continue
			}
			got = slices.Delete(got, i, i+1)
		}
		for _, r := range got {
			t.Errorf("line %d: %s: %s", r.line, r.kind, r.text)
		}
	})
}

// Nothing is said of programs that are right.
func TestRightPrograms(t *testing.T) {
	list := load(t, "testdata/right.txtar")
	each(t, machine.Config{}, list, func(t *testing.T, p program, tr *trace.Trace) {
		if tr.Head.End != "returned" {
			t.Fatalf("it ended with %q", tr.Head.End)
		}
		for _, r := range remarks(tr) {
			t.Errorf("line %d: %s: %s", r.line, r.kind, r.text)
		}
	})
	if len(list) < 80 {
		t.Errorf("%d programs", len(list))
	}
}

// At no moment of a run is a task called stuck that goes on later, and every graph is
// whole: edges join tasks and objects that are in it.
func TestEveryMoment(t *testing.T) {
	for _, file := range []string{"testdata/right.txtar", "testdata/wrong.txtar"} {
		each(t, machine.Config{}, load(t, file), func(t *testing.T, p program, tr *trace.Trace) {
			events := tr.Events()
			lastRun := map[uint32]int64{}
			for _, e := range events {
				if e.Kind == trace.Run {
					lastRun[e.Task] = e.Time
				}
			}
			step := max(len(events)/60, 1)
			for i := 0; i < len(events); i += step {
				at := events[i].Time
				g := waits.At(tr, at, waits.Beyond{})
				for _, k := range g.Tasks {
					if k.Stuck && lastRun[k.Number] > at {
						t.Errorf("at %d, %s is called stuck, and runs at %d", at, k.Name, lastRun[k.Number])
					}
				}
				for _, e := range g.Edges {
					if g.Task(e.Task) == nil || g.Object(e.Object) == nil {
						t.Fatalf("at %d: %+v leads out of the graph", at, e)
					}
				}
				if d := graph.Waits(g); d.Text == "" || d.HTML == "" || d.Alt == "" {
					t.Error("an empty drawing")
				}
			}
		})
	}
}

// A trace that has lost its beginning makes no claim that the whole one does not make.
func TestBeginningLost(t *testing.T) {
	each(t, machine.Config{}, load(t, "testdata/right.txtar"), func(t *testing.T, p program, tr *trace.Trace) {
		events := tr.Events()
		for keep := 1; keep < len(events); keep += max(len(events)/16, 1) {
			cut := trace.New(keep)
			cut.Head, cut.Tasks, cut.Objects, cut.Places, cut.Reasons = tr.Head, tr.Tasks, tr.Objects, tr.Places, tr.Reasons
			for _, e := range events {
				cut.Add(e)
			}
			for _, r := range remarks(cut) {
				t.Errorf("of the last %d events, line %d: %s: %s", keep, r.line, r.kind, r.text)
			}
		}
	})
}

// What is right is right in any order.
func TestRightProgramsInOtherOrders(t *testing.T) {
	list := load(t, "testdata/right.txtar")
	for _, c := range []struct {
		name   string
		policy policy.Policy
		config machine.Config
	}{
		{"random", policy.NewRandom(), machine.Config{Seed: 7}},
		{"one core", nil, machine.Config{Cores: 1, Slice: 2000}},
		{"another seed", nil, machine.Config{Seed: 11, Cores: 2}},
	} {
		c.config.Policy = c.policy
		t.Run(c.name, func(t *testing.T) {
			each(t, c.config, list, func(t *testing.T, p program, tr *trace.Trace) {
				if tr.Head.End != "returned" {
					t.Fatalf("it ended with %q", tr.Head.End)
				}
				for _, r := range remarks(tr) {
					t.Errorf("line %d: %s: %s", r.line, r.kind, r.text)
				}
			})
		})
	}
}

// Goroutines of earlier cells are told apart, and so are lines.
func TestTwoCells(t *testing.T) {
	r := newRig(t, machine.Config{})
	r.run(t, "cell[1]", "var m, n sync.Mutex\nn.Lock()\nc := make(chan int)\ngo func() {\n\tm.Lock()\n\t<-c\n}()\ntime.Sleep(time.Microsecond)\n")
	for _, c := range []struct {
		name, code string
		wants      []string
	}{
		{"cell[2]", "// to wait\nm.Lock()\n", []string{
			"Deadlock: g2 of cell[1] keeps m locked while it waits to receive from c", "main           stuck  line 2          waits for m, which g2 of cell[1] holds",
			"g2 of cell[1]  stuck  cell[1] line 6 ",
		}},
		{"cell[3]", "n.Lock()\n", []string{ // its holder is no more
			"waits for n, which is held by goroutine 1 of cell[1], which has ended", "✗ Hold and wait     n is held by goroutine 1 of cell[1], which has ended", "[n ●]  held by goroutine 1 of cell[1]", "to receive from c: nobody can send any more",
		}},
	} {
		tr, _ := r.run(t, c.name, c.code)
		d := waits.Find(tr, waits.Beyond{})
		if d == nil {
			t.Fatalf("%s: no deadlock", c.name)
		}
		text := graph.Deadlock(d).Text
		for _, want := range c.wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, text)
			}
		}
	}
	if err := r.h.Close(); err != nil {
		t.Fatal(err)
	}
}

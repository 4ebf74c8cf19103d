package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestQueue(t *testing.T) {
	var q Queue
	var want []*Task
	r := NewRand(1, 0)
	for i := range 5000 {
		switch k := r.Intn(5); {
		case k < 3:
			task := &Task{ID: i}
			q.Push(task)
			want = append(want, task)
		case k == 3 && len(want) > 0:
			j := r.Intn(len(want))
			if got := q.Take(j); got != want[j] {
				t.Fatalf("took task %d, want %d", got.ID, want[j].ID)
			}
			want = slices.Delete(want, j, j+1)
		case len(want) > 0:
			c := q.Clone()
			if got := q.Pop(); got != want[0] || c.Pop() != want[0] {
				t.Fatalf("popped task %d, want %d", got.ID, want[0].ID)
			}
			want = want[1:]
		}
		if q.Len() != len(want) || len(want) > 0 && q.At(len(want)-1) != want[len(want)-1] {
			t.Fatalf("%d tasks, want %d", q.Len(), len(want))
		}
	}
}

// drive asks a policy a fixed list of questions and writes the answers down.
func drive(p Policy, s Setup) string {
	var b strings.Builder
	p.Start(s)
	tasks := []*Task{}
	on := make([]*Task, s.Cores)
	r := NewRand(s.Seed, 9)
	for now := int64(0); now < 400; now++ {
		core := r.Intn(s.Cores)
		switch t := on[core]; {
		case r.Intn(3) == 0:
			t := &Task{ID: len(tasks) + 1, Core: -1}
			tasks = append(tasks, t)
			fmt.Fprint(&b, p.Ready(now, t, New, on[core]))
		case t == nil:
			d := p.Pick(now, core)
			if d.Task != nil {
				fmt.Fprint(&b, " task ", d.Task.ID)
				d.Task.Core = core
				on[core] = d.Task
			}
			fmt.Fprint(&b, d.For, d.Delay, d.Look)
		case r.Intn(2) == 0:
			p.Stop(now, core, t, Expired)
			on[core] = nil
			fmt.Fprint(&b, p.Ready(now, t, Expired, nil))
		default:
			st, ch, _ := Extras(p)
			if st != nil {
				fmt.Fprint(&b, st.Step(now, core, t))
			}
			if ch != nil {
				fmt.Fprint(&b, ch.Choose(now, SelectCase, 2+r.Intn(5)))
			}
		}
	}
	return b.String()
}

// setup is a machine whose policies say nothing.
func setup(cores int, seed uint64, slice int64) Setup {
	return Setup{Cores: cores, Seed: seed, Slice: slice, Note: func(int64, Note) {}}
}

// talker is a policy that notes every task that it hands out or loses, and makes it
// compute for longer.
type talker struct {
	Policy
	note func(now int64, n Note)
}

func (p *talker) Start(s Setup) {
	p.note = s.Note
	p.Policy.Start(s)
}

func (p *talker) Pick(now int64, core int) Decision {
	d := p.Policy.Pick(now, core)
	if d.Task != nil {
		p.note(now, Note{Task: d.Task, Words: "given to core", Arg: int64(core)})
	}
	return d
}

func (p *talker) Stop(now int64, core int, t *Task, why Why) {
	p.Policy.Stop(now, core, t, why)
	p.note(now, Note{Cause: t, Words: "left core", Arg: int64(core)})
}

func (p *talker) Work(t *Task, ns int64) int64 { return ns + int64(t.ID) }

// What a policy notes comes again at the same moments, after a snapshot too.
func TestNotesAreReplayed(t *testing.T) {
	run := func(p Policy) string {
		var b strings.Builder
		s := setup(2, 3, 1000)
		s.Note = func(now int64, n Note) {
			if n.Task == nil {
				n.Task = n.Cause
			}
			fmt.Fprintln(&b, now, n.Task.ID, n.Words, n.Arg)
		}
		p.Start(s)
		_, _, cost := Extras(p)
		tasks := []*Task{{ID: 1}, {ID: 2}, {ID: 3}}
		for i, task := range tasks {
			p.Ready(int64(i), task, New, nil)
		}
		for now := int64(10); now < 40; now++ {
			if now == 20 {
				p.Load(p.Save())
			}
			core := int(now % 2)
			if d := p.Pick(now, core); d.Task != nil {
				fmt.Fprintln(&b, cost.Work(d.Task, 100))
				p.Stop(now, core, d.Task, Expired)
				p.Ready(now, d.Task, Expired, nil)
			}
		}
		return b.String()
	}
	rec := Record(&talker{Policy: NewGo()})
	want := run(rec)
	s, err := ParseSchedule(rec.Schedule().String())
	if err != nil {
		t.Fatal(err)
	}
	rep, err := Replay(s)
	if err != nil {
		t.Fatal(err)
	}
	if got := run(rep); got != want || strings.Count(got, "left core") != 30 {
		t.Errorf("recorded:\n%s\nreplayed:\n%s", want, got)
	}
}

func TestRecordAndReplay(t *testing.T) {
	for _, name := range []string{"go", "random"} {
		for _, s := range []Setup{setup(1, 1, 1000), setup(4, 7, 1e7)} {
			p, err := Named(name)
			if err != nil {
				t.Fatal(err)
			}
			rec := Record(p)
			want := drive(rec, s)
			token := rec.Schedule().String()
			sch, err := ParseSchedule(token)
			if err != nil {
				t.Fatal(err)
			}
			if sch.Policy != name || sch.Seed != s.Seed || sch.Cores != s.Cores || sch.Slice != s.Slice || sch.String() != token {
				t.Errorf("%s: the token reads as %+v", name, sch)
			}
			rep, err := Replay(sch)
			if err != nil {
				t.Fatal(err)
			}
			if got := drive(rep, s); got != want {
				t.Errorf("%s: the replay answers otherwise:\n%s\n%s", name, want, got)
			}
			if st, _, _ := Extras(rep); (st != nil) != (name == "random") {
				t.Errorf("%s: the replay is asked before steps: %v", name, st != nil)
			}
		}
	}
}

// Save and Load bring every policy back to the same answers.
func TestSaveAndLoad(t *testing.T) {
	for _, p := range []Policy{NewGo(), NewRandom(), Record(NewRandom())} {
		s := setup(2, 3, 100)
		drive(p, s)
		saved := p.Save()
		ask := func() (answers string) {
			for now := range int64(20) {
				core := int(now % 2)
				d := p.Pick(now, core)
				if d.Task == nil {
					answers += " none"
					continue
				}
				answers += fmt.Sprint(" ", d.Task.ID, d.For)
				p.Stop(now, core, d.Task, Ended)
			}
			return answers
		}
		first := ask()
		for range 3 {
			p.Load(saved)
			if again := ask(); again != first {
				t.Errorf("%s: %s, after Load %s", p.Name(), first, again)
			}
		}
	}
}

func TestTokens(t *testing.T) {
	s := &Schedule{Policy: "rr(q=2.5ms)", Seed: 42, Cores: 3, Slice: 2_500_000}
	token := s.String()
	if token != "rr(q=2.5ms).42.3.2500µs.v1" {
		t.Errorf("token %q", token)
	}
	for _, bad := range []string{"", "go", "s2.", "s2.!!", "s2.AAAA", "go.x.4.10ms.v1", "go.1.0.10ms.v1", "go.1.4.soon.v1", ".v1", "s1.abc"} {
		if _, err := ParseSchedule(bad); err == nil {
			t.Errorf("%q was taken for a schedule", bad)
		}
	}
	same, err := ParseSchedule(token)
	if err != nil || same.Policy != s.Policy || same.Slice != s.Slice || same.Cores != 3 {
		t.Errorf("%+v, %v", same, err)
	}
	back, err := ParseSchedule("go.42.3.2500µs.v1")
	if err != nil || back.Policy != "go" || back.Seed != 42 || back.Slice != 2_500_000 {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := Replay(&Schedule{Policy: "nobody"}); err == nil {
		t.Error("an unknown policy was made")
	}
}

func FuzzParseSchedule(f *testing.F) {
	r := Record(NewRandom())
	drive(r, setup(2, 3, 1000))
	f.Add(r.Schedule().String())
	f.Add("go.1.4.10ms.v1")
	f.Fuzz(func(t *testing.T, token string) {
		s, err := ParseSchedule(token)
		if err != nil {
			return
		}
		back, err := ParseSchedule(s.String())
		if err != nil || back.Policy != s.Policy || back.Cores != s.Cores || string(back.data) != string(s.data) {
			t.Errorf("%q reads back as %+v, %v", token, back, err)
		}
	})
}

package gil_test

import (
	"strings"
	"testing"

	"interleave/engine/analyse/gil"
	"interleave/engine/draw/drawtest"
	draw "interleave/engine/draw/gil"
	"interleave/engine/policy"
	"interleave/engine/trace"
	"interleave/engine/workload"
)

const ms = workload.Unit

func run(t *testing.T, name string, cores int, list ...workload.Process) draw.Run {
	t.Helper()
	p, err := policy.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := workload.Run(list, workload.Setup{Policy: p, Cores: cores})
	if err != nil {
		t.Fatal(err)
	}
	return draw.Run{Contention: gil.Of(tr)}
}

func cpu(name string, time int64) workload.Process {
	return workload.Process{Name: name, Bursts: []workload.Burst{workload.CPU(time * ms)}}
}

func io(n int) workload.Process {
	p := workload.Process{Name: "io", Arrival: ms}
	for range n {
		p.Bursts = append(p.Bursts, workload.CPU(ms/5), workload.IO("net", 2*ms))
	}
	return p
}

// native computes without the lock, and then with it and deaf to who asks.
func native() workload.Process {
	return workload.Process{Name: "native", Bursts: []workload.Burst{
		workload.CPU(2 * ms), {Time: 12 * ms, Call: policy.Released}, workload.CPU(2 * ms), {Time: 15 * ms, Call: policy.Holding}, workload.CPU(5 * ms),
	}}
}

func TestGolden(t *testing.T) {
	three := []workload.Process{cpu("A", 20), cpu("B", 20), cpu("C", 20)}
	for name, runs := range map[string][]draw.Run{
		"convoy":  {run(t, "gil", 2, cpu("cpu", 30), io(6))},
		"native":  {run(t, "gil", 2, cpu("cpu", 30), native(), io(6))},
		"compare": {run(t, "gil", 4, three...), run(t, "gil-ticks", 4, three...), run(t, "free-threaded", 4, three...)},
		"empty":   {{Contention: gil.Of(trace.New(0))}},
		"hostile": {run(t, "gil", 1, cpu("<b>&\"</b><script>", 3), cpu(strings.Repeat("long", 30), 3))},
	} {
		d := draw.Draw(draw.Part{}, runs...)
		drawtest.Golden(t, name+".txt", d.Text+"\n"+d.Alt+"\n")
		drawtest.Golden(t, name+".html", d.HTML)
		for _, line := range strings.Split(d.Text, "\n") {
			if n := len([]rune(line)); n > 100 {
				t.Errorf("%s: a line of %d columns: %s", name, n, line)
			}
		}
		if strings.Contains(d.HTML, "<script") {
			t.Errorf("%s: markup of a name got through", name)
		}
	}
}

// A part of a run is drawn as that part.
func TestPart(t *testing.T) {
	d := draw.Draw(draw.Part{From: 6 * ms, To: 9 * ms}, run(t, "gil", 2, cpu("A", 12), cpu("B", 12)))
	want := "A       " + strings.Repeat("L", 80)
	if !strings.Contains(d.Text, want) || !strings.Contains(d.Text, "6 ms") || strings.Contains(d.Text, "▼") {
		t.Errorf("got\n%s", d.Text)
	}
}

// However much happens, the picture stays small.
func TestSize(t *testing.T) {
	var list []workload.Process
	for i := range 40 {
		p := io(100)
		if i%2 == 0 {
			p = cpu("cpu", 20)
		}
		list = append(list, p)
	}
	for _, name := range []string{"gil", "gil-ticks", "free-threaded"} {
		if n := len(draw.Draw(draw.Part{}, run(t, name, 8, list...)).HTML); n > 500_000 {
			t.Errorf("%s: %d bytes", name, n)
		}
	}
}

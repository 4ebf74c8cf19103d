package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"interleave/engine/draw/chart"
	"interleave/kernel/measure/hardware"
)

// MeasureCaches measures on your computer how long a load takes as a program works on
// more and more memory, marks where it becomes slower, and holds that against the
// caches that the system reports. It takes a few seconds and up to 128 MiB.
func MeasureCaches() *Measurement { return must("MeasureCaches")(caches(context.Background())) }

// MeasureMatrix multiplies two n×n matrices on your computer, with the same loops in
// three orders; n is 16 to 1,536. It panics where it is not.
func MeasureMatrix(n int) *Measurement {
	return must("MeasureMatrix")(matrix(context.Background(), n))
}

// MeasureThreads has 1, 2, 4 … threads of your computer compute, and then read memory,
// and compares what they do a second with what one does; most is 1 to 64. It panics where it is not.
func MeasureThreads(most int) *Measurement {
	return must("MeasureThreads")(threads(context.Background(), most))
}

// MeasureSharing has two threads of your computer count, each its own counter: in
// one cache line, and on two.
func MeasureSharing() *Measurement { return must("MeasureSharing")(sharing(context.Background())) }

// MeasureFiles writes and reads a temporary file of so many bytes (1 MiB to 256 MiB), one
// piece after another and in random places. It panics where there can be none.
func MeasureFiles(bytes int) *Measurement {
	return must("MeasureFiles")(files(context.Background(), bytes))
}

// MeasureLoopback runs a server and its clients on the loopback network: round trips, a
// stream, and requests that wait, by one client and by many. It panics where there is no network.
func MeasureLoopback() *Measurement { return must("MeasureLoopback")(loopback(context.Background())) }

// MeasureProcesses starts child processes, and measures what they cost beside
// goroutines: to start, to talk to, to hand memory to.
func MeasureProcesses() *Measurement {
	return must("MeasureProcesses")(processes(context.Background()))
}

// away lists the probes in the form that ends with the cell.
func away() map[string]any {
	one := func(name string, f func(context.Context) (*Measurement, error)) any {
		return func(ctx context.Context) *Measurement { return must(name)(f(ctx)) }
	}
	number := func(name string, f func(context.Context, int) (*Measurement, error)) any {
		return func(ctx context.Context, n int) *Measurement { return must(name)(f(ctx, n)) }
	}
	return map[string]any{
		path + ".MeasureGIL":       func(ctx context.Context, m Mix) *GILMeasurement { return mustGIL(measureGIL(ctx, m)) },
		path + ".MeasureCaches":    one("MeasureCaches", caches),
		path + ".MeasureMatrix":    number("MeasureMatrix", matrix),
		path + ".MeasureThreads":   number("MeasureThreads", threads),
		path + ".MeasureSharing":   one("MeasureSharing", sharing),
		path + ".MeasureFiles":     number("MeasureFiles", files),
		path + ".MeasureLoopback":  one("MeasureLoopback", loopback),
		path + ".MeasureProcesses": one("MeasureProcesses", processes),
	}
}

func must(name string) func(*Measurement, error) *Measurement {
	return func(m *Measurement, err error) *Measurement {
		if err != nil {
			panic(fmt.Sprintf("engine.%s: %s", name, strings.TrimPrefix(err.Error(), "hardware: ")))
		}
		return m
	}
}

// measurement begins one of this computer.
func measurement(title string) (*Measurement, hardware.Computer) {
	c := hardware.Read()
	return &Measurement{Title: title, Computer: c.String()}, c
}

func caches(ctx context.Context) (*Measurement, error) {
	m, c := measurement("How long a load takes, by how much memory a program works on")
	points, err := hardware.Sweep(ctx, c)
	if err != nil {
		return nil, err
	}
	ch := chart.Chart{
		Title: m.Title,
		Lead:  "Each load follows the last to a random place in the working set. Lines: cache sizes that the system reports. Bands: where the measured time rises.",
		X:     chart.Axis{Label: "working set", Scale: chart.Log2, Format: chart.Bytes},
		Y:     chart.Axis{Label: "time of a load", Scale: chart.Log10, Format: nanoseconds},
	}
	line := chart.Series{Name: "measured"}
	for _, p := range points {
		line.Points = append(line.Points, chart.Point{X: float64(p.Size), Y: p.Load.Best, Low: p.Load.Best, High: p.Load.Median})
	}
	ch.Series = []chart.Series{line}
	for _, f := range hardware.Compare(c, points) {
		name := "step"
		if f.Cache.Level > 0 {
			name = f.Cache.Name()
			ch.AtX = append(ch.AtX, chart.Mark{At: float64(f.Cache.Size), Name: name + " reported"})
		}
		m.Notes = append(m.Notes, name+": "+f.Words+".")
		if f.Step != nil {
			ch.AtX = append(ch.AtX, chart.Mark{At: float64(f.Step.From), To: float64(f.Step.To), Name: "slower"})
			m.add("before the step at "+hardware.Bytes(f.Step.From), f.Step.Before, "ns", "a load")
		}
	}
	if len(points) > 0 {
		first, last := points[0], points[len(points)-1]
		m.add("smallest set", first.Load.Best, "ns", "a load from "+hardware.Bytes(first.Size))
		m.add("largest set", last.Load.Best, "ns", "a load from "+hardware.Bytes(last.Size))
	}
	m.add("noise", 100*hardware.Noise(points), "%", "how far the middle turn of a size lies above its best")
	if d := hardware.Doubt(c, points); d != "" {
		ch.Lead = d + " " + ch.Lead
	}
	m.Notes = append(m.Notes, "Sizes of caches: "+c.Source+". Best of five turns; the band reaches up to the middle turn.")
	m.charts = []chart.Chart{ch}
	return m, nil
}

func nanoseconds(x float64) string { return chart.Number(x) + " ns" }

func matrix(ctx context.Context, n int) (*Measurement, error) {
	m, _ := measurement(fmt.Sprintf("Two %d×%d matrices multiplied: the same operations, three ways through memory", n, n))
	list, err := hardware.Matrix(ctx, n)
	if err != nil {
		return nil, err
	}
	bars := chart.Series{Name: "time", Kind: chart.Bars}
	var names []string
	operations := 2 * float64(n) * float64(n) * float64(n)
	for i, p := range list {
		names = append(names, p.Name)
		bars.Points = append(bars.Points, chart.Point{X: float64(i), Y: p.Time.Best, Low: p.Time.Best, High: p.Time.Median})
		m.add(p.Name, p.Time.Best, "ns", fmt.Sprintf("%s; %.2f operations a ns", p.Order, operations/p.Time.Best))
	}
	m.charts = []chart.Chart{{
		Title: m.Title, X: chart.Axis{Label: "order of the loops", Names: names},
		Y: chart.Axis{Label: "time", Format: chart.Duration}, Series: []chart.Series{bars},
	}}
	m.Notes = append(m.Notes, fmt.Sprintf("A matrix takes %s. Best of up to three turns; the mark above a bar is the middle turn.", hardware.Bytes(int64(8*n*n))))
	return m, nil
}

func threads(ctx context.Context, most int) (*Measurement, error) {
	m, c := measurement("What more threads do, by what one does")
	list, err := hardware.Scaling(ctx, most)
	if err != nil {
		return nil, err
	}
	compute, memory := chart.Series{Name: "computing"}, chart.Series{Name: "reading memory"}
	for _, s := range list {
		compute.Points = append(compute.Points, chart.Point{X: float64(s.Threads), Y: s.Compute})
		memory.Points = append(memory.Points, chart.Point{X: float64(s.Threads), Y: s.Memory})
		m.add(fmt.Sprintf("computing, %d", s.Threads), s.Compute, "×", "as much as one thread")
		m.add(fmt.Sprintf("memory, %d", s.Threads), s.Memory, "×", chart.Bytes(s.Bytes)+" a second")
	}
	m.charts = []chart.Chart{{
		Title: m.Title, X: chart.Axis{Label: "threads"}, Y: chart.Axis{Label: "speed-up"},
		Series: []chart.Series{compute, memory},
		AtX:    []chart.Mark{{At: float64(c.CPUs), Name: "CPUs of this computer"}},
	}}
	m.charts[0].Lead = doubtful(list, c.CPUs)
	m.Notes = append(m.Notes, "Best of three turns. Other programs that run now take their share: close them for a clean picture. 64 MiB are read; where the caches hold more than that, it is they that are measured.")
	return m, nil
}

// doubtful says why a measurement of threads is not to be relied on: threads that only
// compute share nothing while each has a CPU, and cannot do more than that.
func doubtful(list []hardware.Scale, cpus int) string {
	for _, s := range list {
		switch most := float64(min(s.Threads, cpus)); {
		case s.Compute > 1.1*most:
			return fmt.Sprintf("Not to be relied on: %d threads on %d CPUs came to %.2f times one thread, and more than %.0f times cannot be: something else had the CPUs while one thread was measured. Try again on a quiet computer.", s.Threads, cpus, s.Compute, most)
		case s.Threads > 1 && s.Threads <= cpus && s.Compute < 0.75*float64(s.Threads):
			return fmt.Sprintf("Not to be relied on: %d threads that only compute do not share anything on %d CPUs, and still came to %.2f times one thread only: something else had the CPUs. Try again on a quiet computer.", s.Threads, cpus, s.Compute)
		}
	}
	return ""
}

func sharing(ctx context.Context) (*Measurement, error) {
	m, c := measurement("Two threads count: what a shared cache line costs")
	list, err := hardware.Sharing(ctx, c)
	if errors.Is(err, hardware.ErrOneCPU) {
		m.Notes = []string{"Not measured: this process may use one CPU only, and two threads are never on two processors here."}
		return m, nil
	}
	if err != nil {
		return nil, err
	}
	bars := chart.Series{Name: "time of an increment", Kind: chart.Bars}
	var names []string
	spread := 0.0
	for i, w := range list {
		names = append(names, w.Name)
		bars.Points = append(bars.Points, chart.Point{X: float64(i), Y: w.Time.Median, Low: w.Time.Best, High: w.Time.Median})
		about := map[string]string{
			"alone": "one thread", "two lines": "two threads, each with a counter on a line of its own",
			"one line": "two threads, each with its own counter, both in one cache line", "one counter": "two threads, one counter",
		}[w.Name]
		m.add(w.Name, w.Time.Median, "ns", fmt.Sprintf("an increment, %s; %.3g ns in the best of %d turns", about, w.Time.Best, w.Time.Turns))
		spread = max(spread, w.Time.Spread())
	}
	m.charts = []chart.Chart{{
		Title: m.Title, X: chart.Axis{Names: names}, Y: chart.Axis{Label: "time of an increment", Format: nanoseconds}, Series: []chart.Series{bars},
	}}
	m.Notes = append(m.Notes, "The middle of nine turns. In a turn in which the system gives both threads one processor, or one of them none, they do not meet, and the line costs nothing.")
	if spread > 0.5 {
		m.charts[0].Lead = "Not to be relied on: the turns lie far apart, so something else was running. Try again on a quiet computer."
	}
	return m, nil
}

func files(ctx context.Context, bytes int) (*Measurement, error) {
	m, _ := measurement("A file, front to back and anywhere")
	list, err := hardware.Files(ctx, bytes)
	if err != nil {
		return nil, err
	}
	bars := chart.Series{Name: "bytes a second", Kind: chart.Bars}
	var names []string
	for i, f := range list {
		name := f.Name
		if i > 3 {
			name += ", from the device"
		}
		names = append(names, name)
		bars.Points = append(bars.Points, chart.Point{X: float64(i), Y: f.Rate()})
		m.add(name, f.Rate(), "B/s", fmt.Sprintf("%s in %v, %s a call; %s", chart.Bytes(float64(f.Bytes)), f.Time.Round(10*time.Microsecond), chart.Duration(float64(f.Time)/float64(f.Reads)), f.From))
	}
	m.charts = []chart.Chart{{
		Title: m.Title, X: chart.Axis{Names: names}, Y: chart.Axis{Label: "bytes a second", Format: chart.Bytes}, Series: []chart.Series{bars},
	}}
	if len(list) < 6 {
		m.Notes = append(m.Notes, "Read from the system's memory only, which holds what was just written: this system offers no way to make it forget.")
	}
	m.Notes = append(m.Notes, "A virtual machine's device may itself hold the file in memory.")
	return m, nil
}

func loopback(ctx context.Context) (*Measurement, error) {
	m, _ := measurement("Sixteen requests that each wait for the server, by so many clients at one time")
	t, err := hardware.Loopback(ctx)
	if err != nil {
		return nil, err
	}
	m.add("round trip", t.RoundTrip.Median, "ns", fmt.Sprintf("of one byte; the middle of %d", t.RoundTrip.Turns))
	m.add("stream", t.Rate, "B/s", "one direction")
	line, ideal := chart.Series{Name: "measured", Kind: chart.Dots}, chart.Series{Name: "if waits overlap wholly"}
	for _, w := range t.Waits {
		line.Points = append(line.Points, chart.Point{X: float64(w.Clients), Y: float64(w.Wall)})
		ideal.Points = append(ideal.Points, chart.Point{X: float64(w.Clients), Y: float64(w.Delay) * float64(w.Each)})
		m.add(fmt.Sprintf("clients, %d", w.Clients), float64(w.Wall), "ns", fmt.Sprintf("%s each, one after another; the server answers after %v", count(w.Each, "request"), w.Delay))
	}
	m.charts = []chart.Chart{{
		Title: m.Title, X: chart.Axis{Label: "clients", Scale: chart.Log2}, Y: chart.Axis{Label: "time for all sixteen", Format: chart.Duration},
		Series: []chart.Series{line, ideal},
	}}
	return m, nil
}

func processes(ctx context.Context) (*Measurement, error) {
	m, _ := measurement("What a process costs, beside a goroutine")
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	f, err := hardware.Children(ctx, []string{program, "child"})
	if err != nil {
		return nil, err
	}
	m.add("start a process", f.Start.Best, "ns", fmt.Sprintf("until its first word; the best of %d", f.Start.Turns))
	if f.Smallest.Turns > 0 {
		m.add("run the smallest program", f.Smallest.Best, "ns", "the system's own \"true\", from its start until its end is known")
	}
	m.add("start a goroutine", f.Goroutine.Best, "ns", "until its first word")
	m.add("end a process", f.Exit.Best, "ns", "until its parent knows its exit code")
	m.add("round trip, pipe", f.RoundTrip.Median, "ns", "to a child process and back")
	m.add("round trip, channel", f.Channel.Median, "ns", "to a goroutine and back")
	m.add("copy", f.Copy, "B/s", "through a pipe to a child and back")
	m.add("pickle", f.Pickle, "B/s", "numbers encoded and decoded again (encoding/gob)")
	m.add("exit code", float64(f.Code), "", "of a child that was told to end with 7")
	m.add("in the child", float64(f.Seen[0]), "", "the child adds 1 to a variable that was 41")
	m.add("in the parent", float64(f.Seen[1]), "", "what the parent's variable then is: the child has its own")
	m.charts = []chart.Chart{{
		Title: m.Title,
		X:     chart.Axis{Names: []string{"start a goroutine", "start a process", "round trip, channel", "round trip, pipe"}},
		Y:     chart.Axis{Label: "time", Scale: chart.Log10, Format: chart.Duration},
		Series: []chart.Series{{Name: "measured", Kind: chart.Dots, Points: []chart.Point{
			{X: 0, Y: f.Goroutine.Best}, {X: 1, Y: f.Start.Best}, {X: 2, Y: f.Channel.Median}, {X: 3, Y: f.RoundTrip.Median},
		}}},
	}}
	m.Notes = append(m.Notes, fmt.Sprintf("Process %d is the parent, process %d was a child: %s.", f.Parent, f.Child, f.Note()))
	return m, nil
}

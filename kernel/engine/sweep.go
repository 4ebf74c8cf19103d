package engine

import (
	"fmt"
	"slices"

	"interleave/engine/analyse/metrics"
	"interleave/engine/draw/chart"
)

// Sweep runs something once for each value of a parameter, and draws how the average
// times and the switches change with it:
//
//	engine.Sweep("quantum (ms)", []float64{1, 2, 4, 8}, func(q float64) *engine.Execution {
//		return jobs.Run(engine.Policy(fmt.Sprintf("rr(q=%v)", q)))
//	})
//
// Values that rise at least tenfold, all more than 0, have a logarithmic axis. It panics
// where there are no values, or more than 200.
func Sweep(parameter string, values []float64, run func(value float64) *Execution) *Drawing {
	if n := len(values); n < 1 || n > 200 {
		panic(fmt.Sprintf("engine.Sweep: %d values: want 1 to 200", n))
	}
	if run == nil {
		panic("engine.Sweep: there is no function that runs a value: it is nil")
	}
	series := []chart.Series{{Name: "turnaround"}, {Name: "waiting"}, {Name: "response"}}
	switches, lost := chart.Series{Name: "switches"}, chart.Series{Name: "switching"}
	var notes []string
	for _, x := range values {
		e := run(x)
		if e == nil {
			panic(fmt.Sprintf("engine.Sweep: there is no run for %v", x))
		}
		m := metrics.Of(e.of().Trace)
		for i, a := range []metrics.Average{m.Turnaround, m.Waiting, m.Response} {
			if a.N > 0 {
				series[i].Points = append(series[i].Points, chart.Point{X: x, Y: a.Mean()})
			}
		}
		switches.Points = append(switches.Points, chart.Point{X: x, Y: float64(m.Switches)})
		if wall := m.To - m.From; wall > 0 && len(m.Cores) > 0 {
			lost.Points = append(lost.Points, chart.Point{X: x, Y: float64(m.Dispatch) / float64(wall) / float64(len(m.Cores))})
		}
		if m.Unfinished > 0 {
			notes = append(notes, fmt.Sprintf("At %v, %s had not ended when the run did: the averages lack them.", x, count(m.Unfinished, "task")))
		}
	}
	axis := chart.Axis{Label: parameter}
	if low, high := slices.Min(values), slices.Max(values); low > 0 && high >= 10*low {
		axis.Scale, axis.Ticks = chart.Log2, few(values)
	} else {
		axis.Ticks = few(values)
	}
	times := chart.Chart{
		Title: "How average times change with " + parameter, X: axis,
		Y: chart.Axis{Label: "average time", Format: chart.Duration}, Series: series, Notes: notes,
	}
	counts := chart.Chart{
		Title: "… and how often cores switched", X: axis,
		Y: chart.Axis{Label: "switches"}, Series: []chart.Series{switches},
	}
	list := []chart.Chart{times, counts}
	for _, p := range lost.Points {
		if p.Y > 0 {
			list = append(list, chart.Chart{
				Title: "… and what part of the cores' time went into switching", X: axis,
				Y: chart.Axis{Label: "of the time", Format: chart.Percent}, Series: []chart.Series{lost},
			})
			break
		}
	}
	return drawn(chart.Draw(list...))
}

// few gives values to write below an axis, where they are few enough for that.
func few(values []float64) []float64 {
	if len(values) > 12 {
		return nil
	}
	return values
}

// Compare runs the processes under each of the policies, and draws the average times and
// the switches as bars; "The numbers" below each picture has them as a table. It panics where
// there is none, there are more than 20, or one is no policy.
func (w *Workload) Compare(policies ...string) *Drawing {
	if n := len(policies); n < 1 || n > 20 {
		panic(fmt.Sprintf("engine.Workload.Compare: %d policies: want 1 to 20", n))
	}
	times := []chart.Series{{Name: "turnaround", Kind: chart.Bars}, {Name: "waiting", Kind: chart.Bars}, {Name: "response", Kind: chart.Bars}}
	switches := chart.Series{Name: "switches", Kind: chart.Bars}
	for i, name := range policies {
		e, err := w.run([]Option{Policy(name)})
		if err == nil {
			err = e.of().Err
		}
		if err != nil {
			panic("engine.Workload.Compare: " + said(err))
		}
		m := metrics.Of(e.of().Trace)
		for k, a := range []metrics.Average{m.Turnaround, m.Waiting, m.Response} {
			times[k].Points = append(times[k].Points, chart.Point{X: float64(i), Y: a.Mean()})
		}
		switches.Points = append(switches.Points, chart.Point{X: float64(i), Y: float64(m.Switches)})
	}
	axis := chart.Axis{Label: "policy", Names: policies}
	return drawn(chart.Draw(
		chart.Chart{Title: "Average times by policy", X: axis, Y: chart.Axis{Label: "average time", Format: chart.Duration}, Series: times},
		chart.Chart{Title: "Switches by policy", X: axis, Y: chart.Axis{Label: "switches"}, Series: []chart.Series{switches}},
	))
}

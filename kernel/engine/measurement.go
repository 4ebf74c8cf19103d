package engine

import (
	"fmt"
	"html"
	"strings"

	"interleave/engine/draw/chart"
	"interleave/kernel/display"
)

// Measurement is what a probe found on the learner's computer. It shows itself; its
// figures differ from run to run.
type Measurement struct {
	Title    string
	Computer string // what the system says of it
	Figures  []Figure
	Notes    []string // how sure it is, and what it cannot tell

	charts []chart.Chart
}

// Figure is one number that was measured.
type Figure struct {
	Name  string
	Value float64
	Unit  string // "ns", "B/s", "×", or none
	About string
}

// Value is the figure of that name. It panics where there is none, and lists those
// that there are.
func (m *Measurement) Value(name string) float64 {
	if m == nil {
		panic(missing("*engine.Measurement", "measurement", "functions such as engine.MeasureCaches give one"))
	}
	names := make([]string, 0, len(m.Figures))
	for _, f := range m.Figures {
		if f.Name == name {
			return f.Value
		}
		names = append(names, f.Name)
	}
	panic(fmt.Sprintf("engine.Measurement.Value: no figure %q (there is: %s)", name, strings.Join(names, ", ")))
}

func (m *Measurement) add(name string, value float64, unit, about string) {
	m.Figures = append(m.Figures, Figure{name, value, unit, about})
}

// text is the value with its unit, in four digits at most.
func (f Figure) text() string {
	switch f.Unit {
	case "ns":
		if f.Value < 10_000 {
			return fmt.Sprintf("%.4g ns", f.Value)
		}
		return chart.Duration(f.Value)
	case "B":
		return chart.Bytes(f.Value)
	case "B/s":
		return chart.Bytes(f.Value) + "/s"
	}
	return strings.TrimSpace(fmt.Sprintf("%.4g %s", f.Value, f.Unit))
}

func (m *Measurement) table() display.Bundle {
	rows := [][]string{{"measured", "value", "about"}}
	for _, f := range m.Figures {
		rows = append(rows, []string{f.Name, f.text(), f.About})
	}
	return display.AsTable(rows)
}

func (m *Measurement) notes() []string {
	return append(append([]string{}, m.Notes...), "Measured on: "+m.Computer)
}

// String is the measurement as text.
func (m *Measurement) String() string { return m.Display()["text/plain"].(string) }

// Display shows charts, figures and notes.
func (m *Measurement) Display() display.Bundle {
	table := m.table()
	d := chart.Draw(m.charts...)
	var page, text strings.Builder
	if len(m.charts) == 0 {
		fmt.Fprintf(&page, "<p><b>%s</b></p>\n", html.EscapeString(m.Title))
		text.WriteString(m.Title + "\n\n")
	} else {
		page.WriteString(d.HTML)
		text.WriteString(d.Text + "\n")
	}
	page.WriteString(table["text/html"].(string))
	text.WriteString(strings.TrimRight(table["text/plain"].(string), "\n") + "\n\n")
	page.WriteString("\n<p><small>")
	for i, n := range m.notes() {
		if i > 0 {
			page.WriteString("<br>")
		}
		page.WriteString(html.EscapeString(n))
		text.WriteString(n + "\n")
	}
	page.WriteString("</small></p>")
	return display.Bundle{"text/html": page.String(), "text/plain": text.String()}
}

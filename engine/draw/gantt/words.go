package gantt

import (
	"fmt"
	"strconv"
	"strings"

	"interleave/engine/draw"
)

// number writes a figure with four digits that matter.
func number(x float64) string {
	if x >= 1000 {
		return draw.Thousands(int(x + 0.5))
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// plural writes a number of things; "process" and "switch" take "es".
func plural(n int, one string) string {
	s := draw.Plural(n, one)
	if n != 1 && (strings.HasSuffix(one, "ss") || strings.HasSuffix(one, "ch")) {
		s = strings.TrimSuffix(s, "s") + "es"
	}
	return s
}

// noun is what a run's tasks are called: a textbook's are processes.
func (f *figure) noun() string {
	for _, c := range f.charts {
		if c.t.Head.Cell != "" {
			return "task"
		}
	}
	return "process"
}

// percent writes a share with a decimal.
func percent(x float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(100*x, 'f', 1, 64), ".0") + " %"
}

// alt says what is to be seen, as a teacher would.
func (f *figure) alt() string {
	var b strings.Builder
	for _, c := range f.charts {
		fmt.Fprintf(&b, "%s: ", strings.TrimRight(c.title, "."))
		for i := range c.cores {
			if len(c.cores) > 1 {
				fmt.Fprintf(&b, "on %s ", c.cores[i].name)
			}
			n := 0
			for _, r := range c.ran {
				if int(r.core) != i {
					continue
				}
				if n++; n > 12 {
					continue
				}
				if n > 1 {
					b.WriteString(", ")
				}
				fmt.Fprintf(&b, "%s from %s to %s", c.t.TaskName(r.task), f.unit.text(r.from), f.unit.text(r.to))
			}
			if n > 12 {
				fmt.Fprintf(&b, " and %s", draw.Plural(n-12, "more stay"))
			}
			if n == 0 {
				b.WriteString("nobody ran")
			}
			b.WriteString(". ")
		}
	}
	return b.String() + strings.Join(f.lead(), " ")
}

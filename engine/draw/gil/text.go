package gil

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"interleave/engine/analyse/gil"
	"interleave/engine/draw"
)

// columns is how wide a lane of text is.
const columns = 80

func (c *chart) text() string {
	b := &strings.Builder{}
	states, kinds := c.used()
	name := 6
	for i := range c.runs {
		for _, th := range c.runs[i].Threads[:min(len(c.runs[i].Threads), mostLanes)] {
			name = min(max(name, utf8.RuneCountInString(th.Name)), 16)
		}
	}
	mixed := false
	for i := range c.runs {
		r := &c.runs[i]
		draw.Wrap(b, r.Name+": "+r.lead())
		for k := range r.Threads[:min(len(r.Threads), mostLanes)] {
			mixed = c.lane(b, r, &r.Threads[k], name) || mixed
		}
	}
	fmt.Fprintf(b, "%-*s  %s", name, "", draw.Duration(c.from))
	end := draw.Duration(c.to)
	if n := columns - utf8.RuneCountInString(draw.Duration(c.from)) - utf8.RuneCountInString(end); n > 0 {
		b.WriteString(strings.Repeat(" ", n))
	}
	b.WriteString(end + "\n")
	var legend []string
	for s, is := range states {
		if is {
			legend = append(legend, fmt.Sprintf("%c %s", letters[s], looks[s].name))
		}
	}
	for k, is := range kinds {
		if is {
			legend = append(legend, marks[k].one+" "+marks[k].name)
		}
	}
	draw.Wrap(b, strings.Join(legend, ", "))
	if mixed {
		draw.Wrap(b, fmt.Sprintf("A column is %s. Where more happens in it, the letters keep to shares of time, not to the order of things.", draw.Duration((c.to-c.from)/columns)))
	}
	for i := range c.runs {
		c.runs[i].figures(b, name)
	}
	for _, n := range c.tokens() {
		draw.Wrap(b, n)
	}
	return b.String()
}

// lane writes a row of letters, and above it one of marks where there are some.
func (c *chart) lane(b *strings.Builder, r *Run, th *gil.Thread, name int) (mixed bool) {
	above, some := []rune(strings.Repeat(" ", columns)), false
	for _, k := range []gil.MarkKind{gil.Missed, gil.Forced, gil.Asked} {
		for _, at := range c.moments(r, th, k, columns) {
			above[at], some = []rune(marks[k].one)[0], true
		}
	}
	if some {
		fmt.Fprintf(b, "%-*s  %s\n", name, "", strings.TrimRight(string(above), " "))
	}
	row, mixed := c.letters(r, th, columns)
	fmt.Fprintf(b, "%-*s  %s\n", name, clipped(th.Name, name), strings.TrimRight(string(row), " "))
	return mixed
}

// figures writes what the lanes only show.
func (r *Run) figures(b *strings.Builder, name int) {
	if !r.Locked {
		return
	}
	fmt.Fprintf(b, "%s\n%-*s %7s %7s %6s %10s %10s %10s %6s %6s %6s\n", r.Name, name, "thread", "holds", "waits", "times", "half ≤", "95 % ≤", "longest", "asks", "forced", "missed")
	for i := range r.Threads[:min(len(r.Threads), mostLanes)] {
		v := r.row(&r.Threads[i])
		fmt.Fprintf(b, "%-*s %7s %7s %6s %10s %10s %10s %6s %6s %6s\n", name, clipped(v[0], name), v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9])
	}
}

package engine

import (
	"fmt"
	"html"
	"strings"

	"interleave/engine/draw"
	"interleave/engine/draw/loop"
)

// Loop draws the event loop of a run under the policy "loop", as async.Run makes one:
// turn by turn what was ready and in which order it ran, the timers, who waited for what,
// and what held up the loop. engine.Last().Loop() draws that of the cell before.
func (e *Execution) Loop() *Drawing { return drawn(loop.Draw(e.run.Trace, e.run.Source)) }

// Beside shows a program in Python and the same in Go side by side.
func Beside(python, golang string) *Drawing {
	const cell = `style="text-align:left;vertical-align:top;padding:4px 12px;border:1px solid ` + draw.Edge + `"`
	sides := []string{strings.Trim(python, "\n"), strings.Trim(golang, "\n")}
	var b strings.Builder
	fmt.Fprintf(&b, `<table style="border-collapse:collapse"><tr><th scope="col" %s>Python</th><th scope="col" %s>Go</th></tr><tr>`, cell, cell)
	for _, s := range sides {
		fmt.Fprintf(&b, `<td %s><pre style="margin:0;white-space:pre;tab-size:4">%s</pre></td>`, cell, html.EscapeString(strings.ReplaceAll(s, "\t", "    ")))
	}
	b.WriteString("</tr></table>")
	return &Drawing{HTML: b.String(), Text: columns(sides[0], sides[1]), Alt: "A program in Python, and the same in Go."}
}

// columns writes two texts beside each other.
func columns(left, right string) string {
	l, r := strings.Split(strings.ReplaceAll(left, "\t", "    "), "\n"), strings.Split(strings.ReplaceAll(right, "\t", "    "), "\n")
	wide := len("Python")
	for _, s := range l {
		wide = max(wide, len([]rune(s)))
	}
	var b strings.Builder
	line := func(x, y string) {
		b.WriteString(strings.TrimRight(x+strings.Repeat(" ", wide-len([]rune(x)))+"  | "+y, " ") + "\n")
	}
	line("Python", "Go")
	for i := range max(len(l), len(r)) {
		var x, y string
		if i < len(l) {
			x = l[i]
		}
		if i < len(r) {
			y = r[i]
		}
		line(x, y)
	}
	return b.String()
}

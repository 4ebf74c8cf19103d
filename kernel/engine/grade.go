package engine

import (
	"fmt"
	"html"
	"strings"

	"interleave/kernel/display"
)

// Grading is the verdict on an exercise, case by case.
type Grading struct{ cases []gradedCase }

type gradedCase struct {
	points  float64
	what    string
	problem string
	hints   []string
}

// Grade begins the verdict on an exercise:
//
//	g := engine.Grade()
//	g.Case(2, "no run deadlocks", problem, "a hint", "a stronger one")
//	display.Show(g)
//	g.Points()
//
// The last line is what nbgrader takes for the points of the cell. What is written to
// standard error in a cell that calls Grade appears on standard output: nbgrader would
// take it for a failure.
func Grade() *Grading { return &Grading{} }

// Case adds one requirement: what must hold, worth that many points, and what is
// wrong with the answer; empty: nothing, and the points are earned. The hints are
// shown one behind the other, each when the learner asks for it. It panics where
// points are negative.
func (g *Grading) Case(points float64, what, problem string, hints ...string) {
	if !(points >= 0) {
		panic(fmt.Sprintf("engine.Grading.Case: %v points: want none or more", points))
	}
	g.cases = append(g.all(), gradedCase{points, what, problem, hints})
}

func (g *Grading) all() []gradedCase {
	if g == nil {
		panic(missing("*engine.Grading", "grading", "engine.Grade gives one"))
	}
	return g.cases
}

// Points is the sum of the points that were earned.
func (g *Grading) Points() float64 {
	sum := 0.0
	for _, c := range g.all() {
		if c.problem == "" {
			sum += c.points
		}
	}
	return sum
}

// Of is the sum of the points that there are.
func (g *Grading) Of() float64 {
	sum := 0.0
	for _, c := range g.all() {
		sum += c.points
	}
	return sum
}

// String is the verdict as text, with the hints.
func (g *Grading) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v of %v points\n", g.Points(), g.Of())
	for _, c := range g.cases {
		earned, sign := c.points, "✓"
		if c.problem != "" {
			earned, sign = 0, "✗"
		}
		fmt.Fprintf(&b, "%s %s (%v of %v)\n", sign, c.what, earned, c.points)
		if c.problem == "" {
			continue
		}
		fmt.Fprintf(&b, "    %s\n", strings.ReplaceAll(c.problem, "\n", "\n    "))
		for i, h := range c.hints {
			fmt.Fprintf(&b, "    hint %d: %s\n", i+1, h)
		}
	}
	return b.String()
}

// Display shows the verdict as a list whose hints open one by one.
func (g *Grading) Display() display.Bundle {
	var b strings.Builder
	fmt.Fprintf(&b, "<p><b>%v of %v points</b></p>\n<ul style=\"list-style:none;padding-left:0\">\n", g.Points(), g.Of())
	for _, c := range g.cases {
		if c.problem == "" {
			fmt.Fprintf(&b, "<li>✓ %s <small>(%v of %v)</small></li>\n", html.EscapeString(c.what), c.points, c.points)
			continue
		}
		fmt.Fprintf(&b, "<li>✗ <b>%s</b> <small>(0 of %v)</small>\n", html.EscapeString(c.what), c.points)
		fmt.Fprintf(&b, "<pre style=\"margin:0.3em 0 0.3em 1.5em;white-space:pre-wrap\">%s</pre>\n", html.EscapeString(c.problem))
		for i, h := range c.hints {
			fmt.Fprintf(&b, "<details style=\"margin-left:1.5em\"><summary>Hint %d</summary><p>%s</p>\n", i+1, html.EscapeString(h))
		}
		b.WriteString(strings.Repeat("</details>", len(c.hints)) + "</li>\n")
	}
	b.WriteString("</ul>\n")
	return display.Bundle{"text/html": b.String(), "text/plain": g.String()}
}

package graph

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// columns is the width to which text is broken.
const columns = 96

// text draws with letters: the circle as a ladder whose end leads back to its
// beginning, every other edge as a line of its own.
func (p *Picture) text() string {
	b := &strings.Builder{}
	b.WriteString(p.Title + "\n")
	wrap(b, p.Lead, "", "")
	b.WriteByte('\n')
	p.lines(b, p.ladder(b))
	if s := p.Second; s != nil {
		b.WriteString("\n" + s.Title + "\n")
		s.lines(b, s.ladder(b))
	}
	if p.Note != "" {
		b.WriteString("\n" + p.Note + "\n")
	}
	if len(p.Checks) > 0 {
		b.WriteByte('\n')
		wide := 0
		for _, c := range p.Checks {
			wide = max(wide, utf8.RuneCountInString(c.Name))
		}
		for _, c := range p.Checks {
			head := fmt.Sprintf("  %s %-*s  ", signs[c.Sign], wide, c.Name)
			wrap(b, c.Evidence, head, strings.Repeat(" ", utf8.RuneCountInString(head)))
		}
	}
	for _, t := range p.Facts {
		b.WriteByte('\n')
		t.text(b)
	}
	if p.Quote != "" {
		b.WriteString("\nGo says:\n")
		for _, l := range strings.Split(p.Quote, "\n") {
			b.WriteString(strings.TrimRight("  "+l, " ") + "\n")
		}
	}
	if p.Foot != "" {
		b.WriteString("\n" + p.Foot + "\n")
	}
	return b.String()
}

// sign writes a node: (g2), [a ●○].
func (n *Node) sign() string {
	if n.Shape == Circle {
		return "(" + n.Label + ")"
	}
	s := n.Label
	if n.Units > 0 {
		s += " " + strings.Repeat("●", n.Units-n.Free) + strings.Repeat("○", n.Free)
	}
	return "[" + s + "]"
}

// ladder draws the circle downwards; it gives the edges that it has drawn.
func (p *Picture) ladder(b *strings.Builder) map[int]bool {
	drawn := map[int]bool{}
	if len(p.Ring) == 0 {
		return drawn
	}
	for i, n := range p.Ring {
		next := p.Ring[(i+1)%len(p.Ring)]
		label := ""
		for e, d := range p.Edges {
			if d.From == n && d.To == next && d.Marked && !drawn[e] {
				drawn[e] = true
				label = d.Label
				break
			}
		}
		side := "  │  "
		if i == 0 {
			side = "  ┌─▶"
		}
		node := &p.Nodes[n]
		fmt.Fprintln(b, strings.TrimRight(side+" "+node.sign()+"  "+node.Sub, " "))
		if i == len(p.Ring)-1 {
			fmt.Fprintf(b, "  └──── %s\n", label)
			break
		}
		fmt.Fprintf(b, "  │      │ %s\n  │      ▼\n", label)
	}
	return drawn
}

var strokes = [...][2]string{Dashed: {"╌╌ ", " ╌╌▶ "}, Solid: {"── ", " ──▶ "}, Dotted: {"·· ", " ··▶ "}}

func (p *Picture) lines(b *strings.Builder, drawn map[int]bool) {
	wide, labelled := 0, 0
	for e, d := range p.Edges {
		if !drawn[e] {
			wide = max(wide, utf8.RuneCountInString(p.Nodes[d.From].sign()))
			labelled = max(labelled, utf8.RuneCountInString(d.Label))
		}
	}
	if wide > 0 && len(drawn) > 0 {
		b.WriteByte('\n')
	}
	joined := map[int]bool{}
	for e, d := range p.Edges {
		joined[d.From], joined[d.To] = true, true
		if drawn[e] {
			continue
		}
		mark := "  "
		if d.Marked {
			mark = " *"
		}
		from, to := &p.Nodes[d.From], &p.Nodes[d.To]
		sub := ""
		if to.Sub != "" {
			sub = "  " + to.Sub
		}
		fmt.Fprintf(b, "%s%s %s%s%s%s%s\n", mark, pad(from.sign(), wide), strokes[d.Line][0], pad(d.Label, labelled), strokes[d.Line][1], to.sign(), sub)
	}
	for n := range p.Nodes {
		if !joined[n] {
			fmt.Fprintln(b, strings.TrimRight("  "+p.Nodes[n].sign()+"  "+p.Nodes[n].Sub, " "))
		}
	}
}

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(n-utf8.RuneCountInString(s), 0))
}

// text writes a table with its columns one below the other.
func (t *Table) text(b *strings.Builder) {
	if t.Title != "" {
		b.WriteString(t.Title + "\n")
	}
	wide := make([]int, len(t.Head))
	for _, r := range append([][]string{t.Head}, t.Rows...) {
		for i, c := range r {
			wide[i] = max(wide[i], utf8.RuneCountInString(c))
		}
	}
	row := func(r []string) { // the last column is broken
		line := " "
		for i, c := range r[:len(r)-1] {
			line += " " + pad(c, wide[i]) + " "
		}
		line += " "
		if last := r[len(r)-1]; last != "" {
			wrap(b, last, line, strings.Repeat(" ", min(utf8.RuneCountInString(line), 40)))
			return
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	row(t.Head)
	for _, r := range t.Rows {
		row(r)
	}
}

// wrap writes words in lines, the first after head, the others after indent.
func wrap(b *strings.Builder, words, head, indent string) {
	if words == "" {
		return
	}
	line := head
	room := utf8.RuneCountInString(head)
	start := true
	for _, w := range strings.Fields(words) {
		n := utf8.RuneCountInString(w)
		if !start && room+1+n > columns {
			b.WriteString(line + "\n")
			line, room, start = indent, utf8.RuneCountInString(indent), true
		}
		if !start {
			line += " "
			room++
		}
		line += w
		room += n
		start = false
	}
	b.WriteString(line + "\n")
}

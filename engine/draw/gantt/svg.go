package gantt

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"interleave/engine/draw"
)

// Sizes in px.
const (
	wide      = 920
	edge      = 14
	coreTall  = 30
	taskTall  = 18
	markTall  = 20 // the times below a core
	rowGap    = 7
	noteTall  = 12
	letter    = 6.9 // mean width of a letter of 12 px
	small     = 5.9 // of one of 10 px
	leastEdge = 3.0 // a narrower box has no outline
)

func width(s string, letter float64) float64 { return float64(utf8.RuneCountInString(s)) * letter }

// pen draws one picture.
type pen struct {
	*figure
	b    strings.Builder
	left float64       // where time begins
	used map[kind]bool // what a legend explains; false: too narrow to be seen
}

func (p *pen) x(t int64) float64 {
	if p.to == p.from {
		return p.left
	}
	return p.left + float64(t-p.from)/float64(p.to-p.from)*(wide-edge-p.left)
}

// svg draws the charts as one picture.
func (f *figure) svg() string {
	p := &pen{figure: f, used: map[kind]bool{}}
	names := 0.0
	for _, c := range f.charts {
		for _, r := range slices.Concat(c.cores, c.tasks) {
			names = max(names, width(short(r.name), letter))
		}
	}
	p.left = edge + names + 10
	y := float64(edge)
	for i, c := range f.charts {
		if len(f.charts) > 1 {
			if i > 0 {
				y += 14
			}
			p.text("t", edge, y+10, "start", 13, c.title)
			y += 20
		}
		y = p.chart(c, y)
	}
	y = p.legend(y + 6)
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %.0f" width="%d" height="%.0f" font-family="system-ui,Segoe UI,Helvetica,Arial,sans-serif">`+"\n", wide, y+edge, wide, y+edge)
	light, dark := draw.Cards()
	fmt.Fprintf(&out, "<title>%s</title>\n<style>%s@media(prefers-color-scheme:dark){%s}</style>\n", html.EscapeString(f.charts[0].title), css(light), css(dark))
	for _, k := range kinds() {
		if _, there := p.used[k]; there {
			out.WriteString(k.pattern() + "\n")
		}
	}
	fmt.Fprintf(&out, `<rect class="card" width="%d" height="%.0f" rx="8"/>`+"\n", wide, y+edge)
	out.WriteString(p.b.String())
	out.WriteString("</svg>\n")
	return out.String()
}

// css has the colours of a card.
func css(c draw.Card) string {
	return fmt.Sprintf(".card{fill:%s}.t{fill:%s}.f{fill:%s}.ln{stroke:%s;fill:none}.bx{stroke:%s}.ar{fill:%s}", c.Ground, c.Text, c.Faint, c.Line, c.Line, c.Text)
}

func (p *pen) text(class string, x, y float64, anchor string, size int, s string) {
	fmt.Fprintf(&p.b, `<text class="%s" x="%.1f" y="%.1f" font-size="%d" text-anchor="%s">%s</text>`+"\n", class, x, y, size, anchor, html.EscapeString(s))
}

// chart draws one run from y on, and gives where it ends.
func (p *pen) chart(c *chart, y float64) float64 {
	for i := range c.cores {
		r := &c.cores[i]
		p.text("t", p.left-8, y+coreTall/2+4, "end", 12, short(r.name))
		fmt.Fprintf(&p.b, `<path class="ln" d="M%.1f %.1fH%.1fM%.1f %.1fH%.1f" stroke-width="1"/>`+"\n", p.x(c.from), y, p.x(c.to), p.x(c.from), y+coreTall, p.x(c.to))
		p.bars(c, r, y, coreTall)
		p.times(c, r, y+coreTall)
		y += coreTall + markTall
	}
	y += rowGap
	if len(c.notes) > 0 {
		y = p.global(c, y)
	}
	for i := range c.tasks {
		r := &c.tasks[i]
		p.text("t", p.left-8, y+taskTall/2+4, "end", 12, short(r.name))
		p.bars(c, r, y, taskTall)
		if r.begin >= 0 {
			x := p.x(r.begin)
			fmt.Fprintf(&p.b, `<path class="ar" d="M%.1f %.1fl-4-6h8z"/>`+"\n", x, y)
		}
		if r.end >= 0 {
			fmt.Fprintf(&p.b, `<circle class="ar" cx="%.1f" cy="%.1f" r="3.5"/>`+"\n", p.x(r.end), y+taskTall/2)
		}
		y += taskTall + rowGap
		if len(r.notes) > 0 {
			p.flags(r.notes, y-rowGap)
			y += noteTall
		}
	}
	if c.more > 0 {
		p.text("f", p.left, y+10, "start", 11, fmt.Sprintf("and %s without a row", plural(c.more, "more "+p.noun())))
		y += 18
	}
	return y
}

// bars draws a row.
func (p *pen) bars(c *chart, r *row, y, tall float64) {
	if c.reduced > 0 {
		p.columns(r, y, tall)
		return
	}
	for i := range r.bars {
		b := &r.bars[i]
		x, w := p.x(b.from), p.x(b.to)-p.x(b.from)
		p.used[b.kind] = p.used[b.kind] || w >= 0.5
		line := ` class="bx"`
		if w < leastEdge {
			line = ""
		}
		fmt.Fprintf(&p.b, `<rect%s x="%.1f" y="%.1f" width="%.2f" height="%.0f" fill="url(#%s)"/>`+"\n", line, x, y, w, tall, b.kind.id())
		name := ""
		switch {
		case r.task == 0 && b.kind == kind(draw.Running):
			name = c.t.TaskName(b.task)
		case b.kind == kind(draw.Outside):
			name = b.why
		}
		p.label(b.kind, name, x, y, w, tall)
	}
}

// label writes a name into a box that has room for it.
func (p *pen) label(k kind, name string, x, y, w, tall float64) {
	size, l := 12, letter
	if width(name, l)+6 > w {
		size, l = 10, small
	}
	if name == "" || width(name, l)+4 > w {
		return
	}
	look := draw.State(k).Look()
	if look.Pattern != draw.Solid { // lines run through the letters
		n := width(name, l)
		fmt.Fprintf(&p.b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%d" fill="%s"/>`+"\n", x+w/2-n/2-2, y+tall/2-float64(size)/2-1, n+4, size+2, look.Fill)
	}
	fmt.Fprintf(&p.b, `<text fill="%s" x="%.1f" y="%.1f" font-size="%d" text-anchor="middle">%s</text>`+"\n", look.Ink, x+w/2, y+tall/2+float64(size)/3, size, html.EscapeString(name))
}

// times writes when boxes of a core begin and end, as far as there is room: the first,
// the last, and from left to right.
func (p *pen) times(c *chart, r *row, y float64) {
	list := []int64{c.from, c.to}
	if c.reduced > 0 { // there are no boxes any more
		const parts = 10
		for i := range int64(parts) {
			list = append(list, c.from+(c.to-c.from)/parts*i)
		}
	} else {
		for _, b := range r.bars {
			list = append(list, b.from, b.to)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	last := list[len(list)-1]
	lastLeft := p.x(last) - width(p.unit.mark(last), small)/2 - 4
	end, tick := -1e9, -1e9
	var ticks strings.Builder
	for i, t := range list {
		x, s := p.x(t), p.unit.mark(t)
		if x-tick >= 2 {
			fmt.Fprintf(&ticks, "M%.1f %.1fv4", x, y)
			tick = x
		}
		w := width(s, small) / 2
		if x-w <= end || i < len(list)-1 && x+w >= lastLeft {
			continue
		}
		if i == len(list)-1 {
			s += " " + p.unit.name
			p.text("f", min(x+w, wide-4), y+15, "end", 10, s)
			continue
		}
		p.text("f", x, y+15, "middle", 10, s)
		end = x + w + 3
	}
	fmt.Fprintf(&p.b, `<path class="ln" d="%s"/>`+"\n", ticks.String())
}

// flags draws notes below a row: a mark at each, and words where there is room.
func (p *pen) flags(list []note, y float64) {
	end, tick := -1e9, -1e9
	for i, n := range list {
		x := p.x(n.at)
		if x-tick < 3 {
			continue
		}
		tick = x
		fmt.Fprintf(&p.b, `<path class="ar" d="M%.1f %.1fl-3 5h6z"/>`+"\n", x, y)
		room := 1e9
		if i+1 < len(list) {
			room = p.x(list[i+1].at) - x - 8
		}
		if w := width(n.text, small); x >= end && (w < room || room < 3) && x+w < wide {
			p.text("f", x+5, y+9, "start", 10, n.text)
			end = x + w + 8
		}
	}
}

// global draws notes that are about all tasks: a line through all rows.
func (p *pen) global(c *chart, y float64) float64 {
	tall := noteTall + float64(len(c.tasks))*(taskTall+rowGap)
	for _, r := range c.tasks {
		if len(r.notes) > 0 {
			tall += noteTall
		}
	}
	end, tick := -1e9, -1e9
	for _, n := range c.notes {
		x := p.x(n.at)
		if x-tick < 3 {
			continue
		}
		tick = x
		fmt.Fprintf(&p.b, `<path class="ln" stroke-dasharray="3 3" d="M%.1f %.1fv%.1f"/>`+"\n", x, y-2, tall)
		if w := width(n.text, small); x >= end && x+w < wide {
			p.text("f", x+3, y+6, "start", 10, n.text)
			end = x + w + 8
		}
	}
	return y + noteTall
}

// legend explains what was used, and gives where it ends.
func (p *pen) legend(y float64) float64 {
	x := float64(edge)
	put := func(s string, w float64, mark func(x float64)) {
		need := w + 8 + width(s, 6.2) + 18
		if x+need > wide-edge && x > edge {
			x, y = edge, y+18
		}
		mark(x)
		p.text("f", x+w+6, y+10, "start", 11, s)
		x += need
	}
	for _, k := range kinds() {
		if p.used[k] {
			put(k.name(), 16, func(x float64) {
				fmt.Fprintf(&p.b, `<rect class="bx" x="%.1f" y="%.1f" width="16" height="12" fill="url(#%s)"/>`+"\n", x, y, k.id())
			})
		}
	}
	begins, ends, notes := false, false, false
	for _, c := range p.charts {
		for _, r := range c.tasks {
			begins, ends, notes = begins || r.begin >= 0, ends || r.end >= 0, notes || len(r.notes) > 0
		}
	}
	if begins {
		put("arrives", 8, func(x float64) {
			fmt.Fprintf(&p.b, `<path class="ar" d="M%.1f %.1fl-4-6h8z"/>`+"\n", x+4, y+9)
		})
	}
	if ends {
		put("ends", 8, func(x float64) {
			fmt.Fprintf(&p.b, `<circle class="ar" cx="%.1f" cy="%.1f" r="3.5"/>`+"\n", x+4, y+6)
		})
	}
	if notes {
		put("the policy's doing", 8, func(x float64) {
			fmt.Fprintf(&p.b, `<path class="ar" d="M%.1f %.1fl-3 5h6z"/>`+"\n", x+4, y+4)
		})
	}
	return y + 14
}

// short is a name that a row has room for.
func short(s string) string {
	const most = 18
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

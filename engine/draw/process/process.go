package process

import (
	"fmt"
	"html"
	"strings"

	"interleave/engine/analyse/process"
	"interleave/engine/draw"
)

// columns is how many parts of the run a lane shows.
const columns = 60

// mostProcesses bounds the lanes.
const mostProcesses = 60

// zombie is how a process looks that has ended and that nobody has waited for.
var zombie = draw.Look{Name: "zombie: it has ended, and nobody has waited for it", Short: "zombie", Fill: "#bdbdbd", Ink: "#000000", Letter: 'Z'}

func look(s process.State) draw.Look {
	switch s {
	case process.Running:
		return draw.Running.Look()
	case process.Ready:
		return draw.Ready.Look()
	case process.Outside:
		return draw.Outside.Look()
	case process.Waiting:
		l := draw.Group.Look()
		l.Name = "waits"
		return l
	}
	return zombie
}

// Draw draws a family.
func Draw(f *process.Family) draw.Drawing {
	d := drawing{f, f.List[:min(len(f.List), mostProcesses)]}
	return draw.Drawing{HTML: d.html(), Text: d.text(), Alt: d.alt()}
}

type drawing struct {
	*process.Family
	list []process.Process
}

func (d *drawing) edge(i int) int64 {
	return d.From + int64(float64(d.To-d.From)*float64(i)/columns)
}

// cell is what a process did for the most part of a column; false: it was not there.
func (d *drawing) cell(p *process.Process, i int) (process.State, bool) {
	from, to := d.edge(i), d.edge(i+1)
	var time [process.Zombie + 1]int64
	most, found := process.Running, false
	for _, s := range p.Spans {
		if ns := min(s.To, to) - max(s.From, from); ns > 0 {
			time[s.State] += ns
			if !found || time[s.State] > time[most] {
				most, found = s.State, true
			}
		}
	}
	return most, found
}

func (d *drawing) caption() string {
	many := "1 process"
	if n := len(d.List); n != 1 {
		many = draw.Thousands(n) + " processes"
	}
	return fmt.Sprintf("%s, %s of virtual time; a column is %s", many, draw.Duration(d.To-d.From), draw.Duration((d.To-d.From)/columns))
}

func (d *drawing) notes() []string {
	list := []string{"A column shows what the process did for most of it. It runs while one of its goroutines does. Pages are those of the variables that a child can reach."}
	if n := len(d.List) - len(d.list); n > 0 {
		list = append(list, fmt.Sprintf("And %s more, which are not drawn.", draw.Thousands(n)))
	}
	if d.Costs != "" {
		list = append(list, "Costs: "+d.Costs+".")
	}
	return list
}

// rows are the table's.
func (d *drawing) rows() [][]string {
	rows := [][]string{{"pid", "name", "parent", "started by", "began", "ended", "exit code", "zombie for", "ran", "pages", "copied"}}
	for i := range d.list {
		p := &d.list[i]
		parent, ended, code, undead, pages, copied := fmt.Sprint(p.Parent), "—", "—", "—", "—", fmt.Sprint(p.Copied)
		if p.How == "main" {
			parent = "—"
		}
		if p.Orphan >= 0 {
			parent += ", then 1 (init)"
		}
		if p.Ended >= 0 {
			ended, code = draw.Duration(p.Ended), fmt.Sprint(p.Code)
			undead = draw.Duration(max(p.Reaped, p.Ended) - p.Ended)
			if p.Reaped < 0 {
				undead = "to the end"
			}
		}
		switch p.How {
		case "fork":
			pages = fmt.Sprintf("%d shared at first", p.Pages)
		case "spawn":
			pages = fmt.Sprintf("its own; %d bytes pickled", p.Bytes)
		}
		rows = append(rows, []string{fmt.Sprint(p.PID), p.Name, parent, p.How, draw.Duration(p.Begun), ended, code, undead, draw.Duration(p.Running), pages, copied})
	}
	return rows
}

func (d *drawing) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div style="background-color:%s;color:%s;font-size:13px;padding:4px"><table style="border-collapse:collapse;table-layout:fixed;width:100%%"><caption style="text-align:left"><b>%s</b></caption><thead><tr><th scope="col" style="width:150px;text-align:left">process</th>`, draw.Page, draw.Text, html.EscapeString(d.caption()))
	for i := 0; i < columns; i += 10 {
		fmt.Fprintf(&b, `<th scope="colgroup" colspan="10" style="text-align:left;font-weight:normal;font-size:11px;padding:0 0 0 2px;border-left:1px solid %s">%s</th>`, draw.Edge, draw.Duration(d.edge(i)))
	}
	b.WriteString("</tr></thead><tbody>\n")
	for i := range d.list {
		d.lane(&b, &d.list[i])
	}
	b.WriteString("</tbody></table>\n<div style=\"padding:4px 0\">")
	for i, l := range d.legend() {
		if i > 0 {
			b.WriteString(" &nbsp; ")
		}
		fmt.Fprintf(&b, `<span style="background-color:%s;color:%s;border:1px solid %s;padding:0 4px">%s</span> %s`, l.Fill, l.Ink, draw.Edge, letter(l), html.EscapeString(l.Name))
	}
	b.WriteString("</div>\n<table><thead><tr>")
	for i, row := range d.rows() {
		if i > 0 {
			b.WriteString("<tr>")
		}
		for _, text := range row {
			if i == 0 {
				fmt.Fprintf(&b, `<th scope="col" style="text-align:left">%s</th>`, html.EscapeString(text))
			} else {
				fmt.Fprintf(&b, `<td style="text-align:left">%s</td>`, html.EscapeString(text))
			}
		}
		b.WriteString("</tr>")
		if i == 0 {
			b.WriteString("</thead><tbody>")
		}
		b.WriteByte('\n')
	}
	b.WriteString("</tbody></table>")
	for _, n := range d.notes() {
		fmt.Fprintf(&b, "<div>%s</div>", html.EscapeString(n))
	}
	b.WriteString("</div>\n")
	return b.String()
}

// letter is a look's in a cell of a table; that of running, a block, would be no letter.
func letter(l draw.Look) string {
	if l.Letter == '█' {
		return "R"
	}
	return html.EscapeString(string(l.Letter))
}

// lane writes the row of a process; equal columns are one cell.
func (d *drawing) lane(b *strings.Builder, p *process.Process) {
	fmt.Fprintf(b, `<tr><th scope="row" style="text-align:left;font-weight:normal;padding:2px 4px 2px 0;overflow-wrap:anywhere">%d %s</th>`, p.PID, html.EscapeString(p.Name))
	for i := 0; i < columns; {
		st, there := d.cell(p, i)
		k := i + 1
		for ; k < columns; k++ {
			if s, t := d.cell(p, k); s != st || t != there {
				break
			}
		}
		if !there {
			fmt.Fprintf(b, `<td colspan="%d"></td>`, k-i)
		} else {
			l := look(st)
			fmt.Fprintf(b, `<td colspan="%d" title="process %d: %s, from %s to %s" style="height:18px;padding:0;text-align:center;overflow:hidden;font-size:11px;background-color:%s;color:%s;border:1px solid %s">%s</td>`,
				k-i, p.PID, html.EscapeString(l.Name), draw.Duration(d.edge(i)), draw.Duration(d.edge(k)), l.Fill, l.Ink, draw.Edge, letter(l))
		}
		i = k
	}
	b.WriteString("</tr>\n")
}

// legend lists the looks that are to be seen.
func (d *drawing) legend() (list []draw.Look) {
	for s := process.Running; s <= process.Zombie; s++ {
		for i := range d.list {
			if d.shows(&d.list[i], s) {
				list = append(list, look(s))
				break
			}
		}
	}
	return list
}

func (d *drawing) shows(p *process.Process, s process.State) bool {
	for i := range columns {
		if st, ok := d.cell(p, i); ok && st == s {
			return true
		}
	}
	return false
}

func (d *drawing) text() string {
	var b strings.Builder
	b.WriteString(d.caption() + "\n")
	fmt.Fprintf(&b, "%-20s", "")
	for i := 0; i < columns; i += 20 {
		fmt.Fprintf(&b, "%-20s", "|"+draw.Duration(d.edge(i)))
	}
	b.WriteByte('\n')
	for i := range d.list {
		p := &d.list[i]
		name := []rune(fmt.Sprintf("%d %s", p.PID, p.Name))
		if len(name) > 19 {
			name = append(name[:18], '…')
		}
		fmt.Fprintf(&b, "%-20s", string(name))
		for k := range columns {
			if st, ok := d.cell(p, k); ok {
				b.WriteRune(look(st).Letter)
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteByte('\n')
	}
	for i, l := range d.legend() {
		if i > 0 {
			b.WriteString(" · ")
		}
		fmt.Fprintf(&b, "%c %s", l.Letter, l.Name)
	}
	b.WriteString("\n\n")
	rows := d.rows()
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			width[i] = max(width[i], len([]rune(text)))
		}
	}
	for _, row := range rows {
		line := ""
		for i, text := range row {
			line += text + strings.Repeat(" ", width[i]-len([]rune(text))+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	b.WriteByte('\n')
	for _, n := range d.notes() {
		draw.Wrap(&b, n)
	}
	return b.String()
}

func (d *drawing) alt() string {
	var b strings.Builder
	b.WriteString(d.caption() + ".")
	for i := range d.list {
		p := &d.list[i]
		switch {
		case p.How == "main":
			continue
		case p.Ended < 0:
			fmt.Fprintf(&b, " Process %d, %s, was still there at the end.", p.PID, p.Name)
		default:
			fmt.Fprintf(&b, " Process %d, %s, a child of %d, ended with %d", p.PID, p.Name, p.Parent, p.Code)
			if p.Reaped < 0 {
				b.WriteString(" and stayed a zombie")
			} else if p.Reaped-p.Ended > (d.To-d.From)/columns {
				fmt.Fprintf(&b, " and was a zombie for %s", draw.Duration(p.Reaped-p.Ended))
			}
			b.WriteByte('.')
		}
	}
	return b.String()
}

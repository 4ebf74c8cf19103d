package session

import (
	"html"
	"strings"

	"interleave/kernel/protocol"
)

// table shows rows, the first of them the head, as aligned text and as HTML.
func (c *cellRun) table(rows [][]string) {
	c.out.Display(protocol.Display{Cell: c.req.ID, Kind: "display_data", Data: map[string]any{
		"text/plain": textTable(rows),
		"text/html":  htmlTable(rows),
	}})
}

// note shows one line.
func (c *cellRun) note(text string) {
	c.out.Display(protocol.Display{Cell: c.req.ID, Kind: "display_data", Data: map[string]any{"text/plain": text}})
}

func textTable(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cell))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		if n > 0 {
			b.WriteByte('\n')
		}
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-columns(cell)+2))
		}
		b.WriteString(strings.TrimRight(line.String(), " "))
	}
	return b.String()
}

func htmlTable(rows [][]string) string {
	var b strings.Builder
	b.WriteString("<table>")
	for n, row := range rows {
		open, end := "<td>", "</td>"
		if n == 0 {
			open, end = `<th scope="col">`, "</th>"
		}
		b.WriteString("<tr>")
		for _, cell := range row {
			b.WriteString(open + html.EscapeString(cell) + end)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	return b.String()
}

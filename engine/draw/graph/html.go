package graph

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"

	"interleave/engine/draw"
)

// Draw gives a picture in all its forms.
func (p *Picture) Draw() draw.Drawing {
	return draw.Drawing{HTML: p.html(), Text: p.text(), Alt: p.alt()}
}

func (p *Picture) alt() string {
	if p.Alt != "" {
		return p.Alt
	}
	return strings.TrimSpace(p.Title + ". " + p.Lead)
}

var signs = [...]string{Cross: "✗", Tick: "✓", Tilde: "~"}
var signWords = [...]string{Cross: "no", Tick: "yes", Tilde: "not as stated, or not known"}

// html is a fragment of elements and attributes that a front end's sanitizer keeps.
func (p *Picture) html() string {
	e := html.EscapeString
	b := &strings.Builder{}
	fmt.Fprintf(b, `<div style="color:%s;font-family:system-ui,sans-serif;line-height:1.45">`+"\n", draw.Text)
	fmt.Fprintf(b, `<div style="font-size:1.2em;font-weight:600">%s</div>`+"\n", e(p.Title))
	if p.Lead != "" {
		fmt.Fprintf(b, `<div style="max-width:60em;margin:2px 0 8px">%s</div>`+"\n", e(p.Lead))
	}
	p.image(b)
	if p.Note != "" {
		fmt.Fprintf(b, "<div>%s</div>\n", e(p.Note))
	}
	if len(p.Checks) > 0 {
		fmt.Fprintf(b, `<table style="margin:8px 0;border-collapse:collapse;font-size:inherit;color:inherit">`+"\n")
		for _, c := range p.Checks {
			fmt.Fprintf(b, `<tr><td style="text-align:left;vertical-align:top;padding:2px 8px 2px 0;font-weight:600" title="%s">%s</td><th scope="row" style="text-align:left;vertical-align:top;padding:2px 12px 2px 0;white-space:nowrap">%s</th><td style="text-align:left;padding:2px 0">%s</td></tr>`+"\n",
				signWords[c.Sign], signs[c.Sign], e(c.Name), e(c.Evidence))
		}
		b.WriteString("</table>\n")
	}
	if s := p.Second; s != nil {
		fmt.Fprintf(b, "<details><summary>%s</summary>%s<br>\n", e(s.Title), e(s.Lead))
		s.image(b)
		b.WriteString("</details>\n")
	}
	if len(p.Facts) > 0 && !p.Open {
		b.WriteString("<details><summary>All of it as tables</summary>\n")
	}
	for _, t := range p.Facts {
		t.html(b)
	}
	if len(p.Facts) > 0 && !p.Open {
		b.WriteString("</details>\n")
	}
	if p.Quote != "" {
		fmt.Fprintf(b, "<details><summary>What Go says</summary><pre>%s</pre></details>\n", e(p.Quote))
	}
	if p.Foot != "" {
		fmt.Fprintf(b, `<div style="font-size:0.85em;color:%s">%s</div>`+"\n", draw.Faint, e(p.Foot))
	}
	b.WriteString("</div>\n")
	return b.String()
}

func (p *Picture) image(b *strings.Builder) {
	if len(p.Nodes) > 0 {
		fmt.Fprintf(b, `<img alt="%s" style="max-width:100%%;height:auto" src="data:image/svg+xml;base64,%s">`+"\n", html.EscapeString(p.alt()), base64.StdEncoding.EncodeToString([]byte(p.SVG())))
	}
}

func (t *Table) html(b *strings.Builder) {
	const cell = `style="text-align:left;vertical-align:top;padding:2px 10px"`
	fmt.Fprintf(b, `<table style="margin:6px 0;border-collapse:collapse;font-size:inherit;color:inherit"><caption style="text-align:left;font-weight:600">%s</caption>`+"\n<tr>", html.EscapeString(t.Title))
	for _, h := range t.Head {
		fmt.Fprintf(b, `<th scope="col" %s>%s</th>`, cell, html.EscapeString(h))
	}
	b.WriteString("</tr>\n")
	for _, r := range t.Rows {
		b.WriteString("<tr>")
		for i, c := range r {
			if i == 0 {
				fmt.Fprintf(b, `<th scope="row" %s>%s</th>`, cell, html.EscapeString(c))
				continue
			}
			fmt.Fprintf(b, "<td %s>%s</td>", cell, html.EscapeString(c))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
}

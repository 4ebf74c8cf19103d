package page

import (
	"bytes"
	_ "embed" // the style
	"fmt"
	"html"
	"html/template"
	"io"
	"io/fs"
	"strings"

	"interleave/kernel/notebook"
)

//go:embed style.css
var style string

//go:embed page.html
var layout string

// Page is a notebook on its way to HTML.
type Page struct {
	Title    string
	Notebook *notebook.Notebook
	Files    fs.FS // where pictures of Markdown cells are; may be nil
}

// cell is what the layout needs of one cell.
type cell struct {
	Kind   string
	Label  string // "[3]"
	HTML   template.HTML
	Result []template.HTML
}

// Write writes the page.
func (p Page) Write(w io.Writer) error {
	tmpl, err := template.New("page").Parse(layout)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	data := struct {
		Title string
		Style template.CSS
		Cells []cell
	}{Title: p.Title, Style: template.CSS(style)}
	for i, c := range p.Notebook.Cells {
		made, err := p.cell(c)
		if err != nil {
			return fmt.Errorf("page: cell %d: %w", i+1, err)
		}
		data.Cells = append(data.Cells, made)
	}
	var b bytes.Buffer
	if err := tmpl.Execute(&b, data); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}

func (p Page) cell(c *notebook.Cell) (cell, error) {
	made := cell{Kind: c.Kind()}
	switch c.Kind() {
	case notebook.Markdown:
		text, err := p.markdown(c)
		made.HTML = template.HTML(text)
		return made, err
	case notebook.Raw:
		made.HTML = template.HTML("<pre>" + html.EscapeString(c.Source()) + "</pre>")
		return made, nil
	}
	made.Label = "[ ]"
	if n := c.Count(); n != 0 {
		made.Label = fmt.Sprintf("[%d]", n)
	}
	made.HTML = template.HTML(highlight(c.Source()))
	for _, o := range c.Outputs() {
		text, err := p.output(o)
		if err != nil {
			return made, err
		}
		made.Result = append(made.Result, template.HTML(text))
	}
	return made, nil
}

// output is the HTML of one output: of the richest form that shows without a
// front end.
func (p Page) output(o notebook.Output) (string, error) {
	switch o.Kind() {
	case notebook.Stream:
		name, text := o.Stream()
		if name != "stderr" {
			name = "stdout"
		}
		return `<pre class="` + name + `">` + ansi(text) + "</pre>", nil
	case notebook.ErrorOutput:
		name, value, traceback := o.Error()
		if len(traceback) == 0 {
			traceback = []string{name + ": " + value}
		}
		return `<pre class="failure">` + ansi(strings.Join(traceback, "\n")) + "</pre>", nil
	}
	data := o.Data()
	text := func(mime string) string {
		s, _ := data[mime].(string)
		return s
	}
	alt := html.EscapeString(text("text/plain"))
	if s := text("text/html"); s != "" {
		return `<div class="rich">` + s + "</div>", nil
	}
	if s := text("image/svg+xml"); s != "" {
		return `<img alt="` + alt + `" src="` + dataURI("image/svg+xml", []byte(s)) + `">`, nil
	}
	for _, mime := range []string{"image/png", "image/jpeg", "image/gif"} {
		if s := text(mime); s != "" { // in base64 already
			return `<img alt="` + alt + `" src="data:` + mime + ";base64," + strings.Join(strings.Fields(html.EscapeString(s)), "") + `">`, nil
		}
	}
	if s := text("text/markdown"); s != "" {
		converted, err := convert(s, p.Files, nil)
		return `<div class="rich">` + converted + "</div>", err
	}
	return "<pre>" + ansi(text("text/plain")) + "</pre>", nil
}

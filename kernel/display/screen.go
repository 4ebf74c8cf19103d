package display

import "reflect"

// screen is the functions of this package, bound to where they show.
type screen struct{ current func() Sink }

func program() screen { return screen{func() Sink { return console{} }} }

// Symbols is the table of this package for an interpreter, in the form of
// yaegi's tables. Its functions show in the Sink that current returns when
// they are called: that of the cell that the calling goroutine belongs to.
func Symbols(current func() Sink) map[string]map[string]reflect.Value {
	s := screen{current}
	v := reflect.ValueOf
	return map[string]map[string]reflect.Value{"interleave/kernel/display/display": {
		"HTML": v(s.html), "Markdown": v(s.markdown), "Latex": v(s.latex), "Text": v(s.text),
		"SVG": v(s.svg), "PNG": v(s.png), "JPEG": v(s.jpeg), "JSON": v(s.json), "VegaLite": v(s.vegaLite),
		"Table": v(s.table), "Show": v(s.show), "ShowAs": v(s.showAs), "Update": v(s.update),
		"Progress": v(s.progress), "Clear": v(s.clear), "Input": v(s.input), "Password": v(s.password),

		"As": v(As), "AsHTML": v(AsHTML), "AsMarkdown": v(AsMarkdown), "AsLatex": v(AsLatex), "AsText": v(AsText),
		"AsSVG": v(AsSVG), "AsPNG": v(AsPNG), "AsJPEG": v(AsJPEG), "AsJSON": v(AsJSON), "AsVegaLite": v(AsVegaLite),
		"AsTable": v(AsTable),

		"Bundle": v((*Bundle)(nil)), "Bar": v((*Bar)(nil)),
		"Displayer": v((*Displayer)(nil)), "_Displayer": v((*displayer)(nil)),
	}}
}

// displayer is how an interpreted value becomes a Displayer; yaegi finds its
// fields by their names.
type displayer struct {
	IValue   any
	WDisplay func() Bundle
}

func (d displayer) Display() Bundle { return d.WDisplay() }

// HTML shows a page or a part of one.
func HTML(page string) { program().html(page) }

func (s screen) html(page string) { s.put(AsHTML(page)) }

// Markdown shows Markdown.
func Markdown(text string) { program().markdown(text) }

func (s screen) markdown(text string) { s.put(AsMarkdown(text)) }

// Latex shows a formula, given with its delimiters.
func Latex(formula string) { program().latex(formula) }

func (s screen) latex(formula string) { s.put(AsLatex(formula)) }

// Text shows plain text.
func Text(text string) { program().text(text) }

func (s screen) text(text string) { s.put(AsText(text)) }

// SVG shows a picture. Its title element, if it has one, is its text.
func SVG(svg string) { program().svg(svg) }

func (s screen) svg(svg string) { s.put(AsSVG(svg)) }

// PNG shows an image.Image or the bytes of a PNG file.
func PNG(picture any) { program().png(picture) }

func (s screen) png(picture any) { s.put(AsPNG(picture)) }

// JPEG shows an image.Image or the bytes of a JPEG file.
func JPEG(picture any) { program().jpeg(picture) }

func (s screen) jpeg(picture any) { s.put(AsJPEG(picture)) }

// JSON shows a value as a tree.
func JSON(value any) { program().json(value) }

func (s screen) json(value any) { s.put(AsJSON(value)) }

// VegaLite shows a chart: a Vega-Lite specification as JSON text, as bytes, or
// as a value that encodes to it.
func VegaLite(spec any) { program().vegaLite(spec) }

func (s screen) vegaLite(spec any) { s.put(AsVegaLite(spec)) }

// Table shows a slice of structs, maps or slices, or a map, as a table.
func Table(rows any) { program().table(rows) }

func (s screen) table(rows any) { s.put(AsTable(rows)) }

// Show shows each value in its best form.
func Show(values ...any) { program().show(values...) }

func (s screen) show(values ...any) {
	for _, v := range values {
		s.put(As(v))
	}
}

// ShowAs shows a value under an id of your choice, for Update.
func ShowAs(id string, value any) { program().showAs(id, value) }

func (s screen) showAs(id string, value any) { s.current().Display(Output{Data: As(value), ID: id}) }

// Update replaces what was shown under the id, wherever that was.
func Update(id string, value any) { program().update(id, value) }

func (s screen) update(id string, value any) {
	s.current().Display(Output{Data: As(value), ID: id, Update: true})
}

// Progress shows a progress bar for total steps, at least 1.
func Progress(title string, total int) *Bar { return program().progress(title, total) }

func (s screen) progress(title string, total int) *Bar { return newBar(s.current(), title, total) }

// Clear removes what the cell shows; with wait, when its next output comes.
func Clear(wait bool) { program().clear(wait) }

func (s screen) clear(wait bool) { s.current().Clear(wait) }

// Input asks for a line of text; it is empty where there is nobody to ask.
func Input(prompt string) string { return program().input(prompt) }

func (s screen) input(prompt string) string {
	line, _ := s.current().Prompt(prompt, false)
	return line
}

// Password asks for a line of text that is not shown while it is typed.
func Password(prompt string) string { return program().password(prompt) }

func (s screen) password(prompt string) string {
	line, _ := s.current().Prompt(prompt, true)
	return line
}

func (s screen) put(b Bundle) { s.current().Display(Output{Data: complete(b)}) }

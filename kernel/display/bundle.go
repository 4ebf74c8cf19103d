package display

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"image"
	"image/jpeg"
	"image/png"
	"maps"
	"reflect"
	"regexp"
	"strings"
)

// Bundle is one output in several forms, by mime type: "text/plain" and, say,
// "text/html". Front ends show the richest one they know.
type Bundle map[string]any

// Displayer is a value that shows itself.
type Displayer interface{ Display() Bundle }

// Display makes a Bundle a Displayer.
func (b Bundle) Display() Bundle { return b }

// With returns the forms of b and of more together; those of more win.
func (b Bundle) With(more Bundle) Bundle {
	both := maps.Clone(b)
	maps.Copy(both, more)
	return both
}

// AsText is plain text.
func AsText(text string) Bundle { return Bundle{"text/plain": text} }

// AsHTML is a page or a part of one. Front ends remove scripts, styles and
// inline SVG from a notebook that they do not trust.
func AsHTML(page string) Bundle {
	return Bundle{"text/html": page, "text/plain": textOfHTML(page)}
}

// AsMarkdown is Markdown, with $…$ for formulas.
func AsMarkdown(text string) Bundle { return Bundle{"text/markdown": text, "text/plain": text} }

// AsLatex is a formula, with its delimiters: "$e^{i\\pi} = -1$".
func AsLatex(formula string) Bundle { return Bundle{"text/latex": formula, "text/plain": formula} }

// AsSVG is a picture. Its title element, if it has one, is its text.
func AsSVG(svg string) Bundle {
	about := "picture"
	if m := svgTitle.FindStringSubmatch(svg); m != nil {
		about = html.UnescapeString(strings.TrimSpace(m[1]))
	}
	// An img survives where inline SVG would be removed, and has a text.
	page := fmt.Sprintf(`<img alt="%s" src="data:image/svg+xml;base64,%s">`,
		html.EscapeString(about), base64.StdEncoding.EncodeToString([]byte(svg)))
	return Bundle{"text/html": page, "image/svg+xml": svg, "text/plain": "[" + about + "]"}
}

var svgTitle = regexp.MustCompile(`(?s)^[^>]*<svg\b[^>]*>\s*<title[^>]*>([^<]*)</title>`)

// AsPNG is a picture: an image.Image, or the bytes of a PNG file. It panics on
// anything else.
func AsPNG(picture any) Bundle {
	data, text := encoded("PNG", picture, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
	return Bundle{"image/png": data, "text/plain": text}
}

// AsJPEG is a picture: an image.Image, or the bytes of a JPEG file. It panics
// on anything else.
func AsJPEG(picture any) Bundle {
	data, text := encoded("JPEG", picture, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })
	return Bundle{"image/jpeg": data, "text/plain": text}
}

func encoded(kind string, picture any, encode func(*bytes.Buffer, image.Image) error) (data, text string) {
	var file []byte
	switch p := open(picture).(type) {
	case []byte:
		file = p
	case image.Image:
		var b bytes.Buffer
		if err := encode(&b, p); err != nil {
			panic(fmt.Sprintf("display: %s: %v", kind, err))
		}
		file = b.Bytes()
	default:
		panic(fmt.Sprintf("display: %s of a %s: it takes an image.Image or the bytes of a file", kind, typeOf(picture)))
	}
	text = "[" + kind + " picture]"
	if cfg, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil {
		text = fmt.Sprintf("[%s picture, %d × %d]", kind, cfg.Width, cfg.Height)
	}
	return base64.StdEncoding.EncodeToString(file), text
}

// AsJSON is a value that front ends show as a tree. It panics where the value
// has no JSON form.
func AsJSON(value any) Bundle {
	tree, text := toJSON("JSON", value)
	return Bundle{"application/json": tree, "text/plain": text}
}

// AsVegaLite is a chart: a Vega-Lite specification as JSON text, as bytes, or
// as a value that encodes to it. It panics where that is no JSON.
func AsVegaLite(spec any) Bundle {
	switch s := open(spec).(type) {
	case string:
		spec = json.RawMessage(s)
	case []byte:
		spec = json.RawMessage(s)
	}
	tree, _ := toJSON("VegaLite", spec)
	about := "[chart]"
	if m, ok := tree.(map[string]any); ok {
		for _, key := range []string{"title", "description"} {
			if title, ok := m[key].(string); ok {
				about = "[chart: " + title + "]"
				break
			}
		}
	}
	return Bundle{"application/vnd.vegalite.v5+json": tree, "text/plain": about}
}

// toJSON returns the value as plain maps, slices and scalars, and as text.
func toJSON(function string, value any) (tree any, text string) {
	data, err := marshal(value)
	var indented bytes.Buffer
	if err == nil {
		err = errors.Join(json.Indent(&indented, data, "", "  "), json.Unmarshal(data, &tree))
	}
	if err != nil {
		panic(fmt.Sprintf("display: %s: %v", function, err))
	}
	return tree, indented.String()
}

// As is the bundle that Show shows: a Displayer's own, a table of a slice of
// structs, maps or slices, a picture of an image.Image, otherwise its text.
func As(value any) Bundle {
	if b, ok := ownDisplay(value); ok {
		return complete(b)
	}
	native := open(value)
	switch v := native.(type) {
	case Displayer:
		if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() {
			return AsText("nil")
		}
		return complete(v.Display())
	case image.Image:
		return AsPNG(v)
	}
	if isTable(native) {
		return AsTable(native)
	}
	return AsText(fmt.Sprint(value))
}

// complete gives a bundle without a text one.
func complete(b Bundle) Bundle {
	if _, ok := b["text/plain"]; ok {
		return b
	}
	text := "[output]"
	if page, ok := b["text/html"].(string); ok {
		text = textOfHTML(page)
	} else if m, ok := b["text/markdown"].(string); ok {
		text = m
	}
	return b.With(AsText(text))
}

var (
	unseen  = regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)\s*>|<!--.*?-->`)
	newline = regexp.MustCompile(`(?i)<(br|/p|/div|/tr|/li|/h[1-6])\b[^>]*>`)
	nextCol = regexp.MustCompile(`(?i)</t[dh]\s*>`)
	altText = regexp.MustCompile(`(?i)<img\b[^>]*\balt="([^"]*)"[^>]*>`)
	tag     = regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)
)

// textOfHTML is what a reader would see of a page, roughly.
func textOfHTML(page string) string {
	page = unseen.ReplaceAllString(page, "")
	page = newline.ReplaceAllString(page, "\n")
	page = nextCol.ReplaceAllString(page, " ")
	page = altText.ReplaceAllString(page, "[$1]")
	page = html.UnescapeString(tag.ReplaceAllString(page, ""))
	var lines []string
	for line := range strings.Lines(page) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

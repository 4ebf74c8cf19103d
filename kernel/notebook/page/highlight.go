package page

import (
	"go/scanner"
	"go/token"
	"go/types"
	"html"
	"strings"
)

// highlight is Go source as HTML with a span around each word that has a
// colour: k keyword, s string, c comment, n number, b predeclared name, m magic
// line. All other text, errors included, stays as it is.
func highlight(source string) string {
	var b strings.Builder
	for _, block := range magicBlocks(source) {
		if block.magic {
			b.WriteString(span("m", block.text))
		} else {
			highlightGo(&b, block.text)
		}
	}
	return b.String()
}

type block struct {
	text  string
	magic bool
}

// magicBlocks splits off the lines that begin with "%"; after a first line that
// begins with "%%" nothing is certain to be Go.
func magicBlocks(source string) []block {
	if strings.HasPrefix(strings.TrimSpace(source), "%%") {
		head, body, _ := strings.Cut(source, "\n")
		if body == "" {
			return []block{{head, true}}
		}
		return []block{{head + "\n", true}, {body, false}}
	}
	var list []block
	for line := range strings.Lines(source) {
		magic := strings.HasPrefix(line, "%")
		if n := len(list); n > 0 && list[n-1].magic == magic {
			list[n-1].text += line
			continue
		}
		list = append(list, block{line, magic})
	}
	return list
}

func highlightGo(b *strings.Builder, source string) {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(source))
	var s scanner.Scanner
	s.Init(file, []byte(source), func(token.Position, string) {}, scanner.ScanComments)
	done := 0 // how much of source is written
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			break
		}
		class := classOf(tok, text)
		if class == "" {
			continue
		}
		at := file.Offset(pos)
		end := min(at+len(text), len(source))
		if at < done || source[at:end] != text { // a token without "\r"s that the source has
			continue
		}
		b.WriteString(html.EscapeString(source[done:at]))
		b.WriteString(span(class, text))
		done = end
	}
	b.WriteString(html.EscapeString(source[done:]))
}

func classOf(tok token.Token, text string) string {
	switch {
	case tok.IsKeyword():
		return "k"
	case tok == token.STRING || tok == token.CHAR:
		return "s"
	case tok == token.COMMENT:
		return "c"
	case tok == token.INT || tok == token.FLOAT || tok == token.IMAG:
		return "n"
	case tok == token.IDENT && types.Universe.Lookup(text) != nil:
		return "b"
	}
	return ""
}

func span(class, text string) string {
	return `<span class="` + class + `">` + html.EscapeString(text) + "</span>"
}

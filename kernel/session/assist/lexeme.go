package assist

import (
	"go/scanner"
	"go/token"
	"strings"
)

// lexeme is one token of a cell's text, by byte offsets.
type lexeme struct {
	tok      token.Token
	lit      string // as written; "\n" for a semicolon that the line end stands for
	pos, end int
}

// lex splits text into tokens, comments among them, however broken it is.
// Magic lines are passed over.
func lex(text string) []lexeme {
	src := []byte(withoutMagics(text))
	fset := token.NewFileSet()
	f := fset.AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(f, src, func(token.Position, string) {}, scanner.ScanComments)
	var out []lexeme
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		off := f.Offset(pos)
		t := lexeme{tok: tok, lit: lit, pos: off, end: off + len(lit)}
		switch {
		case tok == token.SEMICOLON && lit == "\n":
			t.end = off
		case lit == "":
			t.end = off + len(tok.String())
			t.lit = tok.String()
		}
		t.end = min(t.end, len(src))
		out = append(out, t)
	}
}

// withoutMagics blanks lines that begin with a percent sign, byte by byte.
func withoutMagics(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimLeft(line, " \t"), "%") {
			b.WriteString(line)
			continue
		}
		body := strings.TrimRight(line, "\r\n")
		b.WriteString(strings.Repeat(" ", len(body)))
		b.WriteString(line[len(body):])
	}
	return b.String()
}

// before lists the tokens that end at or before off, without comments.
func before(all []lexeme, off int) []lexeme {
	var out []lexeme
	for _, t := range all {
		if t.pos >= off || t.end > off {
			break
		}
		if t.tok != token.COMMENT {
			out = append(out, t)
		}
	}
	return out
}

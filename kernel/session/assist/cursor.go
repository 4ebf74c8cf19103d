package assist

import (
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cursor is a place in a cell's text, and the name it stands in or after.
type cursor struct {
	text       string
	skipped    int // code points of the cell before text
	off        int // bytes before the cursor
	start, end int // bytes; the name around the cursor, start == end where there is none
	prefix     string
}

// newCursor takes the cursor in code points, as front ends count. Beyond the
// text means its end.
func newCursor(text string, points int) cursor {
	c := window(text, byteOffset(text, points))
	text = c.text
	c.start = c.off
	for c.start > 0 {
		r, n := utf8.DecodeLastRuneInString(text[:c.start])
		if !letter(r) {
			break
		}
		c.start -= n
	}
	c.end = c.off
	for c.end < len(text) {
		r, n := utf8.DecodeRuneInString(text[c.end:])
		if !letter(r) {
			break
		}
		c.end += n
	}
	// A number is no name, but "x1" is one.
	if r, _ := utf8.DecodeRuneInString(text[c.start:]); c.start < c.end && unicode.IsDigit(r) {
		c.start, c.end = c.off, c.off
	}
	c.prefix = text[c.start:c.off]
	return c
}

// windowBytes bounds how much text before and behind the cursor is looked at, so
// that a cell of a megabyte is answered as quickly as a small one.
const windowBytes = 16 << 10

// window cuts a long text to the part around off: from a line that begins in
// the first column, where there is one, to the end of a line.
func window(text string, off int) cursor {
	from, to := 0, len(text)
	if off > windowBytes {
		from = off - windowBytes
		for i := from; i < off; i++ {
			if text[i] == '\n' && i+1 < off && !strings.ContainsRune(" \t\n\r})/", rune(text[i+1])) {
				from = i + 1
				break
			}
		}
	}
	if len(text)-off > windowBytes {
		to = off + windowBytes
		if i := strings.LastIndexByte(text[off:to], '\n'); i >= 0 {
			to = off + i
		}
	}
	for from > 0 && from < off && !utf8.RuneStart(text[from]) {
		from++
	}
	for to < len(text) && to > off && !utf8.RuneStart(text[to]) {
		to--
	}
	return cursor{text: text[from:to], skipped: utf8.RuneCountInString(text[:from]), off: off - from}
}

// name is the whole name around the cursor.
func (c cursor) name() string { return c.text[c.start:c.end] }

// within reports whether the cursor is inside a token, not merely beside it.
// An unfinished string or comment has the cursor at its end inside.
func (c cursor) within(t lexeme) bool {
	if c.off <= t.pos || c.off > t.end {
		return false
	}
	switch t.tok {
	case token.COMMENT:
		return c.off < t.end || t.lit[1] == '/' || !closed(t.lit)
	case token.STRING, token.CHAR:
		return c.off < t.end || !closed(t.lit)
	}
	return false
}

// closed reports whether a string, character or general comment has its end.
func closed(lit string) bool {
	if len(lit) >= 2 && lit[0] == '/' {
		return len(lit) >= 4 && lit[len(lit)-2:] == "*/"
	}
	if len(lit) < 2 || lit[len(lit)-1] != lit[0] {
		return false
	}
	if lit[0] == '`' {
		return true
	}
	slashes := 0
	for i := len(lit) - 2; i > 0 && lit[i] == '\\'; i-- {
		slashes++
	}
	return slashes%2 == 0
}

func letter(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// byteOffset turns a count of code points into one of bytes.
func byteOffset(text string, points int) int {
	if points <= 0 {
		return 0
	}
	for off := range text {
		if points == 0 {
			return off
		}
		points--
	}
	return len(text)
}

// points is the reverse of byteOffset: the code points of the cell before off.
func (c cursor) points(off int) int { return c.skipped + utf8.RuneCountInString(c.text[:off]) }

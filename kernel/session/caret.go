package session

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// excerptWidth is the most columns of a source line that an error shows.
const excerptWidth = 120

// excerpt is a source line and the line below it with a caret under byte column
// col (from 1), continued by tildes up to byte column end where that is on the
// same line. Both are indented alike. A long line is cut around the column.
func excerpt(line string, col, end int) (source, caret string) {
	at := min(max(col-1, 0), len(line))
	stop := min(max(end-1, at), len(line))
	for at > 0 && at < len(line) && !utf8.RuneStart(line[at]) {
		at--
	}
	head, mark, tail := line[:at], line[at:stop], line[stop:]
	if mark == "" && tail != "" {
		_, n := utf8.DecodeRuneInString(tail)
		mark, tail = tail[:n], tail[n:]
	}
	if columns(head) > excerptWidth/2 {
		head = "…" + lastColumns(head, excerptWidth/2)
	}
	if columns(mark)+columns(tail) > excerptWidth {
		mark = firstColumns(mark, excerptWidth)
		tail = firstColumns(tail, excerptWidth-columns(mark)) + "…"
	}
	var pad strings.Builder
	for _, r := range head {
		if r == '\t' {
			pad.WriteByte('\t')
		} else {
			pad.WriteString(strings.Repeat(" ", runeColumns(r)))
		}
	}
	const indent = "    "
	return indent + head + mark + tail, indent + pad.String() + "^" + strings.Repeat("~", max(columns(strings.TrimRight(mark, " \t"))-1, 0))
}

// columns is how many columns of a terminal a text takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

// runeColumns is 2 for wide letters, 0 for marks that combine with the letter
// before them and for invisible ones, and 1 otherwise.
func runeColumns(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

func firstColumns(s string, limit int) string {
	for i, r := range s {
		if limit -= runeColumns(r); limit < 0 {
			return s[:i]
		}
	}
	return s
}

func lastColumns(s string, limit int) string {
	for i := len(s); i > 0; {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if limit -= runeColumns(r); limit < 0 {
			return s[i:]
		}
		i -= n
	}
	return s
}

package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// magics finds the lines that are not Go and gives the text with them blanked.
// A line of Go never begins with a percent sign: an operand at the end of the
// line before would have ended its statement.
func magics(src string) (found []Magic, rest []byte) {
	rest = []byte(src)
	var in lexical
	first := true
	for start, line := 0, 1; start < len(src); line++ {
		end := len(src)
		if i := strings.IndexByte(src[start:], '\n'); i >= 0 {
			end = start + i
		}
		text := strings.TrimSpace(src[start:end])
		if in == code {
			if m, ok := magic(text); ok && (first || !m.Cell) {
				m.Line = line
				if m.Cell {
					m.Body = src[min(end+1, len(src)):]
					blank(rest)
					return append(found, m), rest
				}
				found = append(found, m)
				blank(rest[start:end])
				text = ""
			}
		}
		if text != "" {
			first = false
		}
		in = in.after(string(rest[start:end]))
		start = end + 1
	}
	return found, rest
}

// Go is the cell's source with everything blanked that is not Go.
func (c *Cell) Go() []byte {
	_, text := magics(c.Source)
	return text
}

func magic(line string) (Magic, bool) {
	name, ok := strings.CutPrefix(line, "%")
	if !ok {
		return Magic{}, false
	}
	name, cell := strings.CutPrefix(name, "%")
	if r, _ := utf8.DecodeRuneInString(name); !unicode.IsLetter(r) {
		return Magic{}, false
	}
	words := strings.Fields(name)
	return Magic{Name: words[0], Args: words[1:], Cell: cell}, true
}

// blank overwrites text with spaces, keeping its lines.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' && c != '\r' {
			text[i] = ' '
		}
	}
}

// lexical says what the end of a line of Go is inside of.
type lexical int

const (
	code lexical = iota
	rawString
	comment
)

// after gives the state at the end of a line that begins in state in.
func (in lexical) after(line string) lexical {
	for i := 0; i < len(line); i++ {
		switch in {
		case rawString:
			if line[i] == '`' {
				in = code
			}
			continue
		case comment:
			if strings.HasPrefix(line[i:], "*/") {
				in = code
				i++
			}
			continue
		}
		switch c := line[i]; {
		case c == '`':
			in = rawString
		case strings.HasPrefix(line[i:], "//"):
			return code
		case strings.HasPrefix(line[i:], "/*"):
			in = comment
			i++
		case c == '"' || c == '\'':
			for i++; i < len(line) && line[i] != c; i++ {
				if line[i] == '\\' {
					i++
				}
			}
		}
	}
	return in
}

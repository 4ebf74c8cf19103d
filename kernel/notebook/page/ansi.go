package page

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// escape matches the control sequences of terminals: first those that set
// colours and styles, then any other.
var escape = regexp.MustCompile(`\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b`)

// ansi is text with terminal colours as HTML. Colours beyond the sixteen named
// ones and movements of the cursor are dropped; a line that is written over
// ("\r") shows as it was left.
func ansi(text string) string {
	var b strings.Builder
	var now look
	open := false
	put := func(plain string) {
		if plain != "" {
			b.WriteString(html.EscapeString(plain))
		}
	}
	text, done := overwritten(text), 0
	for _, m := range escape.FindAllStringSubmatchIndex(text, -1) {
		put(text[done:m[0]])
		done = m[1]
		if m[2] < 0 {
			continue
		}
		if open {
			b.WriteString("</span>")
			open = false
		}
		now.set(text[m[2]:m[3]])
		if classes := now.classes(); classes != "" {
			b.WriteString(`<span class="` + classes + `">`)
			open = true
		}
	}
	put(text[done:])
	if open {
		b.WriteString("</span>")
	}
	return b.String()
}

// overwritten drops what a carriage return within a line writes over.
func overwritten(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !strings.Contains(text, "\r") {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		body, newline := strings.CutSuffix(line, "\n")
		body = strings.TrimRight(body, "\r")
		b.WriteString(body[strings.LastIndexByte(body, '\r')+1:])
		if newline {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// look is the look of text at one place; colours count from 1, 0 is none.
type look struct {
	bold, italic, underline bool
	front, back             int
}

// set follows the numbers of one sequence, such as "1;31".
func (s *look) set(codes string) {
	numbers := strings.Split(codes, ";")
	for i := 0; i < len(numbers); i++ {
		n, err := strconv.Atoi(numbers[i])
		if err != nil {
			n = 0 // an empty number is 0
		}
		switch {
		case n == 0:
			*s = look{}
		case n == 1:
			s.bold = true
		case n == 3:
			s.italic = true
		case n == 4:
			s.underline = true
		case n == 22:
			s.bold = false
		case n == 23:
			s.italic = false
		case n == 24:
			s.underline = false
		case n >= 30 && n <= 37:
			s.front = n - 29
		case n >= 90 && n <= 97:
			s.front = n - 89
		case n == 39:
			s.front = 0
		case n >= 40 && n <= 47:
			s.back = n - 39
		case n >= 100 && n <= 107:
			s.back = n - 99
		case n == 49:
			s.back = 0
		case n == 38 || n == 48: // 5;N or 2;R;G;B follow
			if i+1 < len(numbers) && numbers[i+1] == "5" {
				i += 2
			} else {
				i += 4
			}
		}
	}
}

func (s look) classes() string {
	var list []string
	for _, c := range []struct {
		on   bool
		name string
	}{
		{s.bold, "bold"}, {s.italic, "italic"}, {s.underline, "underline"},
		{s.front > 0, fmt.Sprint("f", s.front-1)}, {s.back > 0, fmt.Sprint("g", s.back-1)},
	} {
		if c.on {
			list = append(list, c.name)
		}
	}
	return strings.Join(list, " ")
}

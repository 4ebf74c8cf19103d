package source

import "bytes"

// skeleton cuts the bodies of functions out of gofmt-formatted source: a
// function's text begins with "func " in the first column, its body after a
// line that ends with "{", and its end is the next line that begins with "}".
// What does not look so is kept whole, which costs time and nothing else.
func skeleton(src []byte) []byte {
	out := make([]byte, 0, len(src)/2)
	header := false // inside a function's header of several lines
	body := false
	for len(src) > 0 {
		line := src
		if i := bytes.IndexByte(src, '\n'); i >= 0 {
			line = src[:i+1]
		}
		src = src[len(line):]
		if body {
			body = line[0] != '}'
			continue
		}
		text := bytes.TrimRight(line, " \t\r\n")
		switch {
		case bytes.HasPrefix(text, []byte("func ")):
			header = bytes.HasSuffix(text, []byte("(")) || bytes.HasSuffix(text, []byte(","))
			body = bytes.HasSuffix(text, []byte("{"))
		case header && len(text) > 0 && text[0] == ')':
			header = false
			body = bytes.HasSuffix(text, []byte("{"))
		}
		if body {
			out = append(out, bytes.TrimSuffix(text, []byte("{"))...)
			out = append(out, '\n')
			continue
		}
		out = append(out, line...)
	}
	return out
}

package os

// Expand replaces ${var} and $var.
func Expand(s string, mapping func(string) string) string {
	var out []byte
	at := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '$' || i+1 == len(s) {
			continue
		}
		out = append(out, s[at:i]...)
		name, width := variable(s[i+1:])
		switch {
		case name != "":
			out = append(out, mapping(name)...)
		case width == 0: // a dollar sign that begins nothing stays
			out = append(out, '$')
		}
		i += width
		at = i + 1
	}
	if out == nil {
		return s
	}
	return string(out) + s[at:]
}

// variable gives the name behind a dollar sign, and how much of s it takes; a
// bad one is eaten.
func variable(s string) (name string, width int) {
	special := func(c byte) bool {
		switch c {
		case '*', '#', '$', '@', '!', '?', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			return true
		}
		return false
	}
	letter := func(c byte) bool {
		return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	if s[0] == '{' {
		if len(s) > 2 && special(s[1]) && s[2] == '}' {
			return s[1:2], 3
		}
		for i := 1; i < len(s); i++ {
			if s[i] == '}' {
				if i == 1 {
					return "", 2
				}
				return s[1:i], i + 1
			}
		}
		return "", 1
	}
	if special(s[0]) {
		return s[:1], 1
	}
	i := 0
	for i < len(s) && letter(s[i]) {
		i++
	}
	return s[:i], i
}

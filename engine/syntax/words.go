package syntax

import (
	"go/token"
	"regexp"
	"strings"
	"unicode"
)

var (
	missingComma  = regexp.MustCompile(`^missing ',' before newline in (.*)$`)
	missingSemi   = regexp.MustCompile(`^expected ';', found (.+)$`)
	illegalChar   = regexp.MustCompile(`^illegal character (U\+([0-9A-F]+).*)$`)
	plain         = regexp.MustCompile(`(binary|octal|decimal|hexadecimal) literal|must separate successive digits$|^escape |^final index required|^expression in (go|defer) must|^empty rune|^exponent has|exponent requires|requires a 'p' exponent$`)
	expectedFound = regexp.MustCompile(`^expected (.+), found (.+)$`)
)

// words gives a message of go/parser in the words of the compiler, which is
// what books and search engines know.
func words(msg string) string {
	switch msg {
	case "string literal not terminated":
		return "newline in string"
	case "raw string literal not terminated":
		return "string not terminated"
	case "illegal rune literal":
		return "more than one character in rune literal"
	case "unknown escape sequence":
		return "unknown escape"
	case "rune literal not terminated", "comment not terminated":
		return msg
	case "expected ';', found 'EOF'":
		return "syntax error: unexpected EOF, expected }"
	}
	if m := illegalChar.FindStringSubmatch(msg); m != nil {
		if len(m[2]) > 4 || m[2] > "007F" {
			return "invalid character " + m[1] + " in identifier"
		}
		return "invalid character " + m[1]
	}
	if plain.MatchString(msg) {
		return msg
	}
	if m := missingComma.FindStringSubmatch(msg); m != nil {
		closing := ")"
		if strings.HasPrefix(m[1], "composite") {
			closing = "}"
		}
		return "syntax error: unexpected newline in " + m[1] + "; possibly missing comma or " + closing
	}
	if m := missingSemi.FindStringSubmatch(msg); m != nil {
		return "syntax error: unexpected " + found(m[1]) + " at end of statement"
	}
	if msg == "expected declaration, found 'EOF'" || strings.HasPrefix(msg, "expected declaration, found") {
		return "syntax error: non-declaration statement outside function body"
	}
	if m := expectedFound.FindStringSubmatch(msg); m != nil {
		want := strings.Trim(m[1], "'")
		switch want {
		case "operand":
			want = "expression"
		case "statement":
			return "syntax error: unexpected " + found(m[2])
		case "IDENT":
			want = "name"
		}
		return "syntax error: unexpected " + found(m[2]) + ", expected " + want
	}
	msg = strings.NewReplacer(", expecting ", ", expected ", "; expecting ", "; expected ").Replace(msg)
	return "syntax error: " + msg
}

// found names a token as the compiler does: "name x", "keyword else", "literal 1", "newline", "}".
func found(what string) string {
	if quoted := strings.Trim(what, "'"); quoted != what && len(what) > 2 && what[0] == '\'' {
		if token.IsKeyword(quoted) {
			return "keyword " + quoted
		}
		return quoted
	}
	switch first := rune(what[0]); {
	case what == "newline":
		return what
	case first == '"' || first == '`' || first == '\'' || unicode.IsDigit(first) || first == '.':
		return "literal " + what
	case strings.Contains(what, " "):
		return what
	}
	return "name " + what
}

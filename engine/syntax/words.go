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
	plain         = regexp.MustCompile(`(binary|octal|decimal|hexadecimal) literal|must separate successive digits$|^escape |in 3-index slice$|^expression in (go|defer) must|^can only use \.\.\.|^empty rune|^exponent has|exponent requires|requires a 'p' exponent$`)
	expectedFound = regexp.MustCompile(`^expected (.+), found (.+)$`)
)

// words gives a message of go/parser in the words of the compiler, which is
// what books and search engines know. top: the place is in a declaration of a file.
func words(msg string, c context, top bool) string {
	switch msg {
	case "string literal not terminated":
		return "newline in string"
	case "raw string literal not terminated":
		return "string not terminated"
	case "illegal rune literal":
		return "more than one character in rune literal"
	case "rune literal not terminated", "comment not terminated":
		return msg
	case "unknown escape sequence":
		return "unknown escape"
	case "expected ';', found 'EOF'":
		return "syntax error: unexpected EOF, expected }"
	case "expected type, found ':='":
		return "syntax error: unexpected :=, expected ="
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
		return "syntax error: unexpected newline in " + m[1] + "; possibly missing comma or " + closing(m[1])
	}
	if m := missingSemi.FindStringSubmatch(msg); m != nil {
		return "syntax error: unexpected " + found(m[1]) + c.goesOn(top)
	}
	if msg == "expected declaration, found 'EOF'" || strings.HasPrefix(msg, "expected declaration, found") {
		return "syntax error: non-declaration statement outside function body"
	}
	if m := expectedFound.FindStringSubmatch(msg); m != nil {
		want, what := strings.Trim(m[1], "'"), found(m[2])
		switch {
		case want == "operand" && !(c.before == token.LBRACK && what == "]"):
			want = "expression"
		case want == "statement" && c.first != token.ILLEGAL:
			return "syntax error: unexpected " + what + c.goesOn(top)
		case want == "statement" && c.open == token.LBRACE:
			want = "}"
		case want == "statement":
			return "syntax error: unexpected " + what
		case want == "IDENT" && c.before == token.FUNC:
			want = "name or ("
		case want == "IDENT":
			want = "name"
		case want == "selector or type assertion":
			want = "name or ("
		case want == "{" && (c.first == token.FOR && what == "newline" || c.clauses > 0 && (c.first == token.FOR || c.first == token.IF)):
			want = "{ after " + c.first.String() + " clause"
		case want == "}" && c.in == token.STRUCT:
			want = "field name or embedded type"
		case want == "}" && c.open == token.LBRACE && c.in == token.ILLEGAL && what != "EOF" && c.before == token.LBRACE:
			want = "case or default or }"
		case want == "type" && c.before == token.CHAN:
			return "syntax error: missing channel element type"
		case want == "type" && c.before == token.ELLIPSIS:
			return "syntax error: ... is missing type"
		case want == "type" && (c.first == token.TYPE || c.in == token.TYPE) && (what == "newline" || what == "{"):
			return "syntax error: unexpected " + what + " in type declaration"
		case want == "==" && c.equals > 0:
			return "syntax error: unexpected =" + c.goesOn(top)
		case want == "==" && c.open == token.LPAREN:
			return "syntax error: unexpected = in argument list; possibly missing comma or )"
		case want == "==" && c.open == token.LBRACE:
			return "syntax error: unexpected = in composite literal; possibly missing comma or }"
		}
		return "syntax error: unexpected " + what + ", expected " + want
	}
	msg = strings.NewReplacer(", expecting ", ", expected ", "; expecting ", "; expected ").Replace(msg)
	return "syntax error: " + msg
}

// goesOn is what the compiler says of a token behind a whole statement or declaration.
func (c context) goesOn(top bool) string {
	switch {
	case c.found == ":=" && (c.first == token.CONST || c.in == token.CONST || c.in == token.VAR):
		return ", expected ="
	case c.list() != "":
		return " in " + c.list()
	case c.header && c.first == token.FOR && c.clauses == 1:
		return ", expected semicolon or newline"
	case c.header && c.clauses > 0 && (c.first == token.IF || c.first == token.FOR):
		return ", expected { after " + c.first.String() + " clause"
	case c.header && (c.first == token.IF || c.first == token.FOR || c.first == token.SWITCH):
		return ", expected {"
	case top && c.open == token.ILLEGAL:
		return " after top level declaration"
	}
	return " at end of statement"
}

// closing is the bracket that ends a list.
func closing(list string) string {
	if strings.HasPrefix(list, "composite") {
		return "}"
	}
	return ")"
}

// found names a token as the compiler does: "name x", "keyword else", "literal 1", "newline", "}".
func found(what string) string {
	if quoted := strings.Trim(what, "'"); quoted != what && len(what) > 2 && what[0] == '\'' {
		if token.IsKeyword(quoted) {
			return "keyword " + quoted
		}
		switch quoted {
		case ",":
			return "comma"
		case ";":
			return "semicolon"
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

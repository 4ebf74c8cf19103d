package syntax

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// context is what surrounds a place in a text, as far as messages speak of it.
type context struct {
	in      token.Token // what the innermost open bracket belongs to: STRUCT, INTERFACE, or a keyword before "("; ILLEGAL: nothing of these
	open    token.Token // that bracket; ILLEGAL: the place is in none
	first   token.Token // what the statement begins with
	header  bool        // the statement's block has not begun
	clauses int         // semicolons in the statement's header
	equals  int         // signs "=" in the statement before the place
	before  token.Token // the token before the place
	found   string      // the token at the place, as the compiler names it; "": its end
}

// contextOf reads a text up to an offset.
func contextOf(text []byte, offset int) context {
	file := token.NewFileSet().AddFile("", 1, len(text))
	var s scanner.Scanner
	s.Init(file, text, func(token.Position, string) {}, 0)
	c := context{in: token.ILLEGAL, open: token.ILLEGAL, first: token.ILLEGAL, header: true, before: token.ILLEGAL}
	var around []context
	for {
		pos, tok, lit := s.Scan()
		if at := file.Offset(pos); at >= offset || tok == token.EOF {
			if at == offset {
				c.found = named(tok, lit)
			}
			return c
		}
		switch tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if c.first == token.ILLEGAL {
				c.first = tok
			}
			around = append(around, c)
			in := token.ILLEGAL
			if c.before == token.STRUCT || c.before == token.INTERFACE || tok == token.LPAREN && c.before == c.first && c.before.IsKeyword() {
				in = c.before
			}
			c = context{in: in, open: tok, first: token.ILLEGAL, header: true}
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if n := len(around); n > 0 {
				c, around = around[n-1], around[:n-1]
			}
			c.header = c.header && tok != token.RBRACE
		case token.SEMICOLON:
			within := c.header && (c.first == token.FOR || c.first == token.IF || c.first == token.SWITCH)
			if !within || lit == "\n" {
				c.first, c.header, c.equals, c.clauses = token.ILLEGAL, true, 0, 0
			} else {
				c.clauses++
			}
		default:
			if c.first == token.ILLEGAL {
				c.first = tok
			}
			if tok == token.ASSIGN {
				c.equals++
			}
		}
		c.before = tok
	}
}

// named is a token as the compiler names it.
func named(tok token.Token, lit string) string {
	switch {
	case tok == token.COMMA:
		return "comma"
	case tok == token.SEMICOLON && lit == "\n":
		return "newline"
	case tok == token.SEMICOLON:
		return "semicolon"
	case tok == token.EOF:
		return "EOF"
	case tok == token.IDENT:
		return "name " + lit
	case tok.IsLiteral():
		return "literal " + lit
	case tok.IsKeyword():
		return "keyword " + lit
	}
	return tok.String()
}

// list is what the compiler calls what the innermost bracket holds, and how it says that
// it goes on; "": it has no name for it.
func (c context) list() string {
	switch c.in {
	case token.STRUCT:
		return "struct type; possibly missing semicolon or newline or }"
	case token.INTERFACE:
		return "interface type; possibly missing semicolon or newline or }"
	case token.VAR, token.CONST, token.TYPE, token.IMPORT:
		return "grouped declaration; possibly missing semicolon or newline or )"
	}
	return ""
}

// assignment is the one that a text begins with and that stands where a value must, as
// the compiler writes it; "": it has another form.
func assignment(text []byte) string {
	if i := bytes.IndexAny(text, "{;\n"); i >= 0 {
		text = text[:i]
	}
	s := strings.TrimSpace(string(text))
	left, right, ok := strings.Cut(s, "=")
	if !ok || strings.HasPrefix(right, "=") || strings.ContainsAny(left[max(0, len(left)-1):], "!<>") {
		return ""
	}
	if strings.ContainsAny(left[max(0, len(left)-1):], ":+-*/%&|^") {
		return s
	}
	return "assignment " + inParentheses(left) + " = " + inParentheses(right)
}

// inParentheses puts an expression in parentheses that is more than a name or a literal.
func inParentheses(text string) string {
	text = strings.TrimSpace(text)
	switch e, _ := parser.ParseExpr(text); e.(type) {
	case *ast.Ident, *ast.BasicLit:
		return text
	}
	return "(" + text + ")"
}

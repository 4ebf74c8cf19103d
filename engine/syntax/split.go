package syntax

import (
	"go/scanner"
	"go/token"
)

// Kind tells what an item of the top level is.
type Kind int

const (
	Statement   Kind = iota // includes var declarations
	Declaration             // func, type or const
	Import
	Package
)

// Span is one item of the top level: the bytes from Start up to End, with its
// semicolon where that is written.
type Span struct {
	Kind       Kind
	Start, End int
}

// lexed is what a cell looks like before it is parsed.
type lexed struct {
	items    []Span
	last     int  // offset behind the last token
	silenced bool // the last token is a written semicolon
	open     bool // a bracket, raw string or comment is not closed at the end
	unclosed int  // offset of the first bracket that nothing closes; -1 for none
	stray    int  // offset of the first closing bracket that nothing opened or that closes another kind; -1 for none
	deep     int  // offset of the first token nested too deeply; -1 for none
}

// maxNesting bounds brackets in brackets, and operators before an operand:
// more would cost the checker and the evaluators stack without end.
const maxNesting = 1000

// split cuts the text at the semicolons of the top level, written or implied.
func split(text []byte) lexed {
	out := lexed{unclosed: -1, stray: -1, deep: -1}
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, text, func(_ token.Position, msg string) {
		if msg == "raw string literal not terminated" || msg == "comment not terminated" {
			out.open = true
		}
	}, 0)

	var (
		head   []token.Token // first tokens of the item, enough to tell what it is
		stack  []bracket
		start  = -1
		prefix = 0
	)
	for {
		pos, tok, lit := s.Scan()
		at := file.Offset(pos)
		if tok == token.EOF {
			break
		}
		implied := tok == token.SEMICOLON && lit != ";"
		if !implied {
			out.last = min(at+max(len(lit), len(tok.String())), len(text))
			if tok.IsOperator() {
				out.last = min(at+len(tok.String()), len(text))
			}
			out.silenced = tok == token.SEMICOLON
		}
		if start < 0 && !implied {
			start = at
		}
		if len(head) < 64 {
			head = append(head, tok)
		}
		if prefixed(tok) {
			prefix++
		} else {
			prefix = 0
		}
		switch tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			stack = append(stack, bracket{tok, at})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(stack) == 0 || stack[len(stack)-1].tok != opener[tok] {
				if out.stray < 0 {
					out.stray = at
				}
			}
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		case token.SEMICOLON:
			if len(stack) == 0 && start >= 0 {
				end := at
				if !implied {
					end++
				}
				out.items = append(out.items, Span{kindOf(head), start, end})
				start, head = -1, nil
			}
			if len(stack) == 0 {
				head = nil
			}
		}
		if out.deep < 0 && (len(stack) > maxNesting || prefix > maxNesting) {
			out.deep = at
		}
	}
	if start >= 0 {
		out.items = append(out.items, Span{kindOf(head), start, len(text)})
	}
	if len(stack) > 0 {
		out.open = true
		out.unclosed = stack[0].at
	}
	return out
}

type bracket struct {
	tok token.Token
	at  int
}

var opener = map[token.Token]token.Token{
	token.RPAREN: token.LPAREN, token.RBRACK: token.LBRACK, token.RBRACE: token.LBRACE,
}

// prefixed says whether tok may stand before an operand or a type any number of times.
func prefixed(tok token.Token) bool {
	switch tok {
	case token.ADD, token.SUB, token.NOT, token.XOR, token.MUL, token.AND, token.ARROW, token.TILDE, token.CHAN,
		token.LBRACK, token.RBRACK, token.FUNC, token.LPAREN, token.RPAREN, token.MAP:
		return true
	}
	return false
}

// kindOf classifies an item by its first tokens. A function literal that is
// called or passed on is a statement; "func name" and "func (r T) name(" declare.
func kindOf(head []token.Token) Kind {
	at := func(i int) token.Token {
		if i < len(head) {
			return head[i]
		}
		return token.ILLEGAL
	}
	switch at(0) {
	case token.PACKAGE:
		return Package
	case token.IMPORT:
		return Import
	case token.TYPE, token.CONST:
		return Declaration
	case token.FUNC:
		if at(1) != token.LPAREN {
			return Declaration
		}
		depth := 0
		for i := 1; i < len(head); i++ {
			switch head[i] {
			case token.LPAREN, token.LBRACK, token.LBRACE:
				depth++
			case token.RPAREN, token.RBRACK, token.RBRACE:
				if depth--; depth == 0 {
					if at(i+1) == token.IDENT && at(i+2) == token.LPAREN {
						return Declaration
					}
					return Statement
				}
			}
		}
	}
	return Statement
}

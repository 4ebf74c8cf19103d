package assist

import (
	"go/token"
	"slices"

	"interleave/kernel/protocol"
)

// keywords lists the keywords that fit after the tokens before the cursor.
func keywords(prior []lexeme) []candidate {
	var words []string
	switch place := placeOf(prior); place {
	case placeElse:
		words = []string{"else"}
	case placeAfterElse:
		words = []string{"if"}
	case placeStatement:
		words = []string{"const", "defer", "for", "func", "go", "goto", "if", "select", "switch", "type", "var"}
		in := surroundings(prior)
		if !in.function {
			words = append(words, "import", "package")
		} else {
			words = append(words, "return")
		}
		if in.loop {
			words = append(words, "break", "continue")
		}
		if in.clause {
			words = append(words, "break", "case", "default", "fallthrough")
		}
	case placeRange:
		words = []string{"chan", "func", "interface", "map", "range", "struct"}
	case placeExpression:
		words = []string{"chan", "func", "interface", "map", "struct"}
	}
	slices.Sort(words)
	var all []candidate
	for _, w := range slices.Compact(words) {
		all = append(all, candidate{protocol.Completion{Text: w, Type: "keyword"}, groupKeyword})
	}
	return all
}

type place int

const (
	placeNone place = iota
	placeStatement
	placeExpression
	placeRange     // an expression, or range
	placeElse      // behind the block of an if
	placeAfterElse // behind else
)

// placeOf tells from the last token what may follow.
func placeOf(prior []lexeme) place {
	if len(prior) == 0 {
		return placeStatement
	}
	last := prior[len(prior)-1]
	switch last.tok {
	case token.SEMICOLON:
		return placeStatement
	case token.COLON:
		return placeStatement
	case token.LBRACE:
		if opensBlock(prior) {
			return placeStatement
		}
		return placeExpression
	case token.RBRACE:
		return placeElse
	case token.ELSE:
		return placeAfterElse
	case token.FOR:
		return placeRange
	case token.ASSIGN, token.DEFINE:
		for i := len(prior) - 2; i >= 0; i-- {
			switch prior[i].tok {
			case token.FOR:
				return placeRange
			case token.IDENT, token.COMMA:
				continue
			}
			break
		}
		return placeExpression
	case token.PERIOD, token.PACKAGE, token.IMPORT, token.BREAK, token.CONTINUE, token.GOTO, token.IDENT:
		if last.tok == token.IDENT {
			return placeExpression // a type may follow a parameter's name
		}
		return placeNone
	}
	return placeExpression
}

// opensBlock tells the brace of a block from that of a composite literal or a type.
func opensBlock(prior []lexeme) bool {
	for i := len(prior) - 2; i >= 0; i-- {
		switch prior[i].tok {
		case token.FUNC, token.IF, token.FOR, token.SWITCH, token.SELECT, token.ELSE:
			return true
		case token.STRUCT, token.INTERFACE, token.ASSIGN, token.DEFINE, token.RETURN, token.SEMICOLON, token.LBRACE, token.COMMA:
			// "if x := f(); x {" has a semicolon in its header.
			if prior[i].tok == token.SEMICOLON && prior[i].lit == ";" || prior[i].tok == token.DEFINE || prior[i].tok == token.ASSIGN || prior[i].tok == token.COMMA {
				if statementEnding(prior[:len(prior)-1]) != "" {
					return true
				}
				if prior[i].tok == token.COMMA {
					continue
				}
			}
			return false
		}
	}
	return len(prior) == 1
}

// around says what the cursor is inside of, within its function.
type around struct{ function, loop, clause bool }

func surroundings(prior []lexeme) around {
	var in around
	depth := 0
	for i := len(prior) - 1; i >= 0; i-- {
		switch prior[i].tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK:
			depth--
		case token.LBRACE:
			depth--
			if depth >= 0 {
				continue
			}
			depth = 0
			switch blockOf(prior[:i]) {
			case token.FUNC:
				in.function = true
				return in
			case token.FOR:
				in.loop = true
			case token.SWITCH, token.SELECT:
				in.clause = true
			}
		}
	}
	return in
}

// blockOf finds the keyword of the statement whose block begins after prior.
func blockOf(prior []lexeme) token.Token {
	depth := 0
	for i := len(prior) - 1; i >= 0; i-- {
		switch t := prior[i]; t.tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth--; depth < 0 {
				return token.ILLEGAL
			}
		case token.FUNC, token.FOR, token.SWITCH, token.SELECT, token.IF, token.ELSE:
			if depth == 0 {
				return t.tok
			}
		case token.SEMICOLON:
			if depth == 0 && t.lit == "\n" {
				return token.ILLEGAL
			}
		}
	}
	return token.ILLEGAL
}

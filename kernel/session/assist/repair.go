package assist

import (
	"go/token"
	"strings"
)

// placeholder stands for the name at the cursor while unfinished text is parsed.
const placeholder = "Ξcursor"

// repairs lists parseable forms of the text with a placeholder at the cursor,
// the most faithful first: with everything that follows the cursor, then
// without it, then with nothing of the cursor's own statement but the operand
// before the dot.
func repairs(c cursor) []string {
	head, tail := c.text[:c.start]+placeholder, c.text[c.end:]
	toks := lex(c.text)
	ending := statementEnding(before(toks, c.start))
	out := []string{balance(head + tail)}
	if ending != "" {
		out = append(out, balance(head+ending+tail))
	}
	out = append(out, balance(head+ending))
	if chain := operand(before(toks, c.start)); chain >= 0 {
		line := strings.LastIndexByte(c.text[:chain], '\n') + 1
		out = append(out, balance(c.text[:line]+"_ = "+c.text[chain:c.start]+placeholder))
	}
	return out
}

// statementEnding is what the statement around the cursor lacks to be one, when
// it was begun by a keyword that wants a block or a colon.
func statementEnding(toks []lexeme) string {
	depth := 0
	for i := len(toks) - 1; i >= 0; i-- {
		switch toks[i].tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth--
			if depth < 0 {
				return ""
			}
		case token.IF, token.FOR, token.SWITCH, token.SELECT:
			if depth == 0 {
				return " {}"
			}
		case token.CASE:
			if depth == 0 {
				return ":"
			}
		case token.COLON:
			if depth == 0 {
				return ""
			}
		case token.SEMICOLON:
			if depth == 0 && toks[i].lit == "\n" {
				return ""
			}
		}
	}
	return ""
}

// operand finds where the expression before a dot begins, "a.b(c)[1]." for
// one; -1 where the last token is no dot.
func operand(toks []lexeme) int {
	if len(toks) == 0 || toks[len(toks)-1].tok != token.PERIOD {
		return -1
	}
	i, depth := len(toks)-2, 0
	wantOperand := true
	start := -1
	for ; i >= 0; i-- {
		t := toks[i]
		switch t.tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
			continue
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth == 0 {
				return start
			}
			depth--
			start = t.pos
			wantOperand = true
			continue
		}
		if depth > 0 {
			continue
		}
		switch {
		case t.tok == token.PERIOD:
			wantOperand = true
		case wantOperand && (t.tok == token.IDENT || t.tok.IsLiteral()):
			start = t.pos
			wantOperand = false
		default:
			return start
		}
	}
	return start
}

// bracket is one open bracket.
type bracket struct {
	closer string
	call   bool // the body of a function literal after go or defer, which must be called
}

// balance closes every bracket that text leaves open, before a closing one that
// does not fit as well as at the end, and blanks closing ones that nothing opened.
func balance(text string) string {
	var b strings.Builder
	var open []bracket
	copied, last := 0, 0
	starts := []token.Token{token.ILLEGAL} // the first token of the statement, for each depth
	fresh, remark := true, false
	closeTop := func() {
		top := open[len(open)-1]
		open = open[:len(open)-1]
		starts = starts[:len(starts)-1]
		b.WriteString(top.closer)
		if top.call {
			b.WriteString("()")
		}
	}
	for _, t := range lex(text) {
		if t.tok == token.COMMENT {
			remark = t.end == len(text) && strings.HasPrefix(t.lit, "//")
			continue
		}
		if fresh {
			starts[len(starts)-1] = t.tok
		}
		fresh = t.tok == token.SEMICOLON || t.tok == token.LBRACE || t.tok == token.COLON
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			first := starts[len(starts)-1]
			br := bracket{closer: map[token.Token]string{token.LPAREN: ")", token.LBRACK: "]", token.LBRACE: "}"}[t.tok]}
			br.call = t.tok == token.LBRACE && (first == token.GO || first == token.DEFER)
			open = append(open, br)
			starts = append(starts, token.ILLEGAL)
			fresh = true
		case token.RPAREN, token.RBRACK, token.RBRACE:
			fits := -1
			for i := len(open) - 1; i >= 0; i-- {
				if open[i].closer == t.lit {
					fits = i
					break
				}
			}
			if fits < 0 {
				b.WriteString(text[copied:t.pos] + " ")
				copied = t.end
				break
			}
			if fits < len(open)-1 {
				b.WriteString(text[copied:last])
				copied = last
				for len(open)-1 > fits {
					closeTop()
				}
			}
			open = open[:fits]
			starts = starts[:fits+1]
		}
		if t.tok != token.SEMICOLON || t.lit != "\n" {
			last = t.end
		}
		if (t.tok == token.STRING || t.tok == token.CHAR) && !closed(t.lit) {
			b.WriteString(text[copied:t.end] + t.lit[:1])
			copied = t.end
		}
	}
	b.WriteString(text[copied:])
	if remark {
		b.WriteByte('\n')
	}
	for len(open) > 0 {
		closeTop()
	}
	return b.String()
}

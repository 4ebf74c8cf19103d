package session

import (
	"go/scanner"
	"go/token"
	"strings"

	"interleave/engine/syntax"
	"interleave/kernel/protocol"
)

// unit is the indentation that a console adds where the learner uses none of
// their own: front ends show a tab as eight columns or as "^I".
const unit = "    "

// IsComplete implements protocol.Handler. A text that more lines could mend is
// incomplete, one that none can mend is invalid.
func (s *Session) IsComplete(code string) protocol.Completeness {
	_, errs := syntax.Parse(token.NewFileSet(), "cell", code)
	if len(errs) == 0 {
		return protocol.Completeness{Status: "complete"}
	}
	for _, e := range errs {
		if !e.Incomplete {
			return protocol.Completeness{Status: "invalid"}
		}
	}
	return protocol.Completeness{Status: "incomplete", Indent: indentAfter(code)}
}

// indentAfter is the indentation of the line that goes on after code: that of
// its last line, deeper where that line opens a bracket or ends with an operator.
// Inside a raw string or a comment nothing is added.
func indentAfter(code string) string {
	trimmed := strings.TrimRight(code, " \t\r\n")
	last := trimmed[strings.LastIndexByte(trimmed, '\n')+1:]
	indent := last[:len(last)-len(strings.TrimLeft(last, " \t"))]
	step := unit
	if strings.HasPrefix(code, "\t") || strings.Contains(code, "\n\t") {
		step = "\t"
	}
	var s scanner.Scanner
	src := []byte(code)
	file := token.NewFileSet().AddFile("", -1, len(src))
	unfinished, depth := false, 0
	s.Init(file, src, func(_ token.Position, msg string) { unfinished = strings.Contains(msg, "not terminated") }, 0)
	end := token.ILLEGAL
	from := len(trimmed) - len(last)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok == token.SEMICOLON && lit == "\n" {
			continue
		}
		if file.Offset(pos) >= from {
			switch tok {
			case token.LPAREN, token.LBRACK, token.LBRACE:
				depth++
			case token.RPAREN, token.RBRACK, token.RBRACE:
				depth = max(depth-1, 0)
			}
		}
		end = tok
	}
	switch {
	case unfinished:
		if strings.Count(code, "`")%2 == 1 {
			return ""
		}
		return indent
	case depth > 0 || end == token.COLON || end == token.ELSE:
		return indent + step
	case end.IsOperator() && end != token.RPAREN && end != token.RBRACK && end != token.RBRACE && end != token.COMMA:
		return indent + step
	}
	return indent
}

package programs

import (
	"go/scanner"
	"go/token"
)

// kind says where a chunk goes in the compiled program.
type kind int

const (
	importChunk kind = iota
	declChunk        // func, method, type, const: package level
	varChunk         // its variables: package level; its values: assigned in order
	stmtChunk        // in order
)

// chunk is one top-level piece of a cell.
type chunk struct {
	kind      kind
	text      string
	line, col int // of its first byte, from 1
}

// split cuts a cell into its top-level pieces, by tokens alone: a piece ends at
// a semicolon, written or implied, outside all brackets and outside the header
// of a for, if or switch. What is wrong in a cell the compiler will say.
func split(cell string) []chunk {
	fset := token.NewFileSet()
	file := fset.AddFile("cell", -1, len(cell))
	var s scanner.Scanner
	s.Init(file, []byte(cell), func(token.Position, string) {}, 0)

	var chunks []chunk
	var tokens []token.Token
	depth, start, end := 0, 0, 0
	header := false // between for, if or switch and its "{"
	flush := func() {
		if len(tokens) > 0 {
			at := file.Position(file.Pos(start))
			chunks = append(chunks, chunk{classify(tokens), cell[start:end], at.Line, at.Column})
		}
		tokens = tokens[:0]
	}
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			flush()
			return chunks
		}
		switch tok {
		case token.FOR, token.IF, token.SWITCH:
			header = header || depth == 0
		case token.LPAREN, token.LBRACK, token.LBRACE:
			header = header && (depth > 0 || tok != token.LBRACE)
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.SEMICOLON:
			if depth == 0 && !header {
				flush()
				continue
			}
		}
		if len(tokens) == 0 {
			start = file.Offset(pos)
		}
		if lit == "" || tok.IsOperator() {
			lit = tok.String()
		}
		end = min(file.Offset(pos)+len(lit), len(cell))
		tokens = append(tokens, tok)
	}
}

// classify knows a chunk by its first tokens. "func (" begins a method where a
// name and a further "(" follow the first pair of brackets, else a literal.
func classify(tokens []token.Token) kind {
	switch tokens[0] {
	case token.IMPORT:
		return importChunk
	case token.TYPE, token.CONST:
		return declChunk
	case token.VAR:
		return varChunk
	case token.FUNC:
		if len(tokens) > 1 && tokens[1] == token.IDENT {
			return declChunk
		}
		depth := 0
		for i, tok := range tokens {
			switch tok {
			case token.LPAREN:
				depth++
			case token.RPAREN:
				if depth--; depth == 0 {
					if i+2 < len(tokens) && tokens[i+1] == token.IDENT && tokens[i+2] == token.LPAREN {
						return declChunk
					}
					return stmtChunk
				}
			}
		}
	}
	return stmtChunk
}

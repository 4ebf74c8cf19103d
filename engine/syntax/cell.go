package syntax

import (
	"go/ast"
	"go/token"
)

// Cell is the text of one notebook cell, parsed. Every position in it is the
// cell's own: fset.Position(pos) gives Name, line and column (in bytes, from 1)
// of the text that the learner typed.
type Cell struct {
	Name   string // "cell[7]"
	Source string // as typed
	Magics []Magic
	Fset   *token.FileSet
	File   *token.File // File.Pos(offset) is the position of a byte of Source

	Whole    bool              // a whole program: it began with a package clause
	Imports  []*ast.ImportSpec // anywhere at the top of the cell
	Decls    []ast.Decl        // func, type and const declarations, as written
	Stmts    []ast.Stmt        // everything else, in order; var declarations are *ast.DeclStmt
	Result   ast.Expr          // the last statement where it is an expression not silenced by ";"; not in Stmts
	Comments []*ast.CommentGroup
	Items    []Span // where each item of the top level stands, in order
}

// Magic is one line that is not Go: "%name args", or "%%name args" on the first
// line, whose body is the rest of the cell.
type Magic struct {
	Name string // without the percent signs
	Args []string
	Cell bool // "%%": the whole cell is its body and nothing of it is parsed as Go
	Body string
	Line int
}

// Error is one syntax error in Go's words.
type Error struct {
	Pos        token.Position
	Msg        string
	Incomplete bool // more input could mend it (an open brace, a trailing operator)
}

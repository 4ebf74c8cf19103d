package syntax

import (
	"bytes"
	"cmp"
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// The parser reads whole files only, so each blanked text gets a beginning of
// this length, and statements an end. Their positions lie outside of the cell's file.
const (
	before = 32
	ending = "\n}\n"
)

// Parse parses one cell. Its file is added to fset, which nobody else may add
// to meanwhile. The cell is never nil: where there are errors it holds what could be
// understood, good enough for completing and nothing else. The errors are in source order.
func Parse(fset *token.FileSet, name, src string) (*Cell, []Error) {
	c := &Cell{Name: name, Source: src, Fset: fset}
	base := fset.Base()
	c.File = fset.AddFile(name, base+before, len(src)+len(ending))
	c.File.SetLinesForContent([]byte(src))

	found, text := magics(src)
	c.Magics = found
	lex := split(text)
	c.Items = lex.items
	p := &parse{cell: c, base: base, text: text, lex: lex}
	if lex.deep >= 0 {
		p.fail(lex.deep, "nesting is too deep")
		return c, p.errs
	}
	switch {
	case len(lex.items) > 0 && lex.items[0].Kind == Package:
		p.whole()
	case len(lex.items) == 0 && lex.open:
		p.fail(len(src), "comment not terminated")
	default:
		p.pieces()
	}
	p.tooDeep()
	return c, p.errors()
}

var foundEnd = regexp.MustCompile(`found ('}'|newline|'EOF')$`)

type parse struct {
	cell     *Cell
	base     int // of the text with its beginning, in the cell's file set
	text     []byte
	lex      lexed
	errs     []Error
	comments []*ast.CommentGroup
}

// whole parses a program with a package clause.
func (p *parse) whole() {
	c := p.cell
	c.Whole = true
	file := p.file("", slices.Concat([]byte(strings.Repeat(" ", before)), p.text), parser.SkipObjectResolution)
	if file == nil {
		return
	}
	if file.Name.Name != "main" && file.Name.Name != "_" {
		p.fail(p.cell.File.Offset(file.Name.Pos()), "a cell is package main, not package "+file.Name.Name)
	}
	c.Imports = file.Imports
	for _, d := range file.Decls {
		switch g, _ := d.(*ast.GenDecl); {
		case g != nil && g.Tok == token.IMPORT:
		case g != nil && g.Tok == token.VAR:
			c.Stmts = append(c.Stmts, &ast.DeclStmt{Decl: g})
		default:
			c.Decls = append(c.Decls, d)
		}
	}
}

// pieces parses imports, declarations and statements, each with the rest blanked.
func (p *parse) pieces() {
	c := p.cell
	for _, it := range p.lex.items {
		if it.Kind == Package {
			p.fail(it.Start, "syntax error: package clause must come first")
			p.lex.items = slices.DeleteFunc(slices.Clone(p.lex.items), func(s Span) bool { return s == it })
			blank(p.text[it.Start:it.End])
			break
		}
	}
	if p.has(Import) {
		if file := p.piece("package main;", Import, "", parser.SkipObjectResolution); file != nil {
			c.Imports = file.Imports
		}
	}
	if p.has(Declaration) {
		if file := p.piece("package main;", Declaration, "", parser.SkipObjectResolution); file != nil {
			c.Decls = file.Decls
		}
	}
	if p.has(Statement) {
		file := p.piece("package main; func _() {", Statement, ending, 0)
		if file != nil && len(file.Decls) > 0 {
			if f, ok := file.Decls[0].(*ast.FuncDecl); ok && f.Body != nil {
				c.Stmts = slices.DeleteFunc(f.Body.List, func(s ast.Stmt) bool {
					_, empty := s.(*ast.EmptyStmt)
					return empty
				})
			}
		}
	}
	n := len(c.Stmts)
	if n == 0 {
		return
	}
	e, ok := c.Stmts[n-1].(*ast.ExprStmt)
	switch {
	case !ok:
	case !p.lex.silenced:
		c.Result, c.Stmts = e.X, c.Stmts[:n-1]
	case value(e.X):
		// As a statement the checker would want it used.
		c.Stmts[n-1] = &ast.AssignStmt{
			Lhs: []ast.Expr{&ast.Ident{NamePos: e.Pos(), Name: "_"}}, TokPos: e.Pos(), Tok: token.ASSIGN, Rhs: []ast.Expr{e.X},
		}
	}
}

// value reports whether an expression cannot be a statement: it is no call and
// receives nothing.
func value(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr, *ast.BadExpr:
		return false
	case *ast.UnaryExpr:
		return e.Op != token.ARROW
	}
	return true
}

func (p *parse) has(k Kind) bool {
	return slices.ContainsFunc(p.lex.items, func(s Span) bool { return s.Kind == k })
}

// piece parses the items of one kind.
func (p *parse) piece(begin string, k Kind, end string, mode parser.Mode) *ast.File {
	text := make([]byte, before, before+len(p.text)+len(end))
	// On a line of its own, or a comment that begins the cell would be its remark.
	copy(text, begin+strings.Repeat(" ", before-1-len(begin))+"\n")
	text = append(text, p.text...)
	body := text[before:]
	for _, it := range p.lex.items {
		if it.Kind != k {
			// A comment behind it on the same line belongs to it, not to what follows.
			stop := it.End
			if i := bytes.IndexByte(body[stop:], '\n'); i >= 0 {
				if rest := bytes.TrimSpace(body[stop : stop+i]); bytes.HasPrefix(rest, []byte("//")) {
					stop += i
				}
			}
			blank(body[it.Start:stop])
		}
	}
	return p.file(begin, append(text, end...), mode)
}

// file parses a text that begins with the piece's beginning, at the positions of the cell's file.
func (p *parse) file(begin string, text []byte, mode parser.Mode) *ast.File {
	fset := token.NewFileSet()
	if p.base > 1 {
		fset.AddFile("", 1, p.base-2)
	}
	file, err := parser.ParseFile(fset, "", text, mode|parser.ParseComments|parser.AllErrors)
	var list scanner.ErrorList
	if errors.As(err, &list) {
		for _, e := range list {
			if !strings.HasSuffix(e.Msg, "found 'ILLEGAL'") { // the scanner says what is wrong with it
				p.failed(e.Pos.Offset-before, e.Msg, !strings.HasSuffix(begin, "{"))
			}
		}
	} else if err != nil {
		p.fail(0, err.Error())
	}
	if file != nil {
		p.comments = append(p.comments, file.Comments...)
	}
	return file
}

// failed notes an error of the parser at an offset of the cell; top: of a declaration.
func (p *parse) failed(offset int, msg string, top bool) {
	offset = min(max(offset, 0), len(p.cell.Source))
	if p.atEnd(offset, msg) {
		// What the parser saw is the end that was put behind the statements.
		msg = foundEnd.ReplaceAllString(msg, "found 'EOF'")
	}
	if msg == "illegal rune literal" && bytes.HasPrefix(p.text[offset:], []byte("''")) {
		offset++
		msg = "empty rune literal or unescaped '"
	}
	c := contextOf(p.text, offset)
	if what, ok := strings.CutPrefix(msg, "missing ',' in "); ok && c.found != "" {
		msg = "unexpected " + c.found + " in " + what + "; possibly missing comma or " + closing(what)
	}
	if strings.HasSuffix(msg, "found assignment (missing parentheses around composite literal?)") {
		if s := assignment(p.text[offset:]); s != "" && c.first != token.FOR {
			msg = "cannot use " + s + " as value"
		}
	}
	p.fail(offset, words(msg, c, top))
}

// atEnd says whether more input could mend an error.
func (p *parse) atEnd(offset int, msg string) bool {
	switch msg {
	case "raw string literal not terminated", "string not terminated", "comment not terminated":
		return p.lex.open
	case "string literal not terminated", "rune literal not terminated", "newline in string":
		return false
	}
	if strings.HasPrefix(msg, "illegal character") || strings.HasPrefix(msg, "invalid character") {
		return false
	}
	return offset >= p.lex.last && p.lex.last > 0
}

// fail notes an error at an offset of the cell.
func (p *parse) fail(offset int, msg string) {
	offset = min(max(offset, 0), len(p.cell.Source))
	atEnd := p.atEnd(offset, msg)
	if atEnd && offset > p.lex.last {
		offset = p.lex.last
	}
	p.errs = append(p.errs, Error{
		Pos:        p.cell.Fset.Position(p.cell.File.Pos(offset)),
		Msg:        msg,
		Incomplete: atEnd,
	})
}

// errors sorts the errors and keeps one a line, the first: those behind it
// are mostly of its making. Behind a stray bracket nothing is believed.
func (p *parse) errors() []Error {
	slices.SortFunc(p.comments, func(a, b *ast.CommentGroup) int { return cmp.Compare(a.Pos(), b.Pos()) })
	p.cell.Comments = slices.CompactFunc(p.comments, func(a, b *ast.CommentGroup) bool { return a.Pos() == b.Pos() })

	slices.SortStableFunc(p.errs, func(a, b Error) int { return cmp.Compare(a.Pos.Offset, b.Pos.Offset) })
	if p.lex.stray >= 0 {
		i := slices.IndexFunc(p.errs, func(e Error) bool { return e.Pos.Offset > p.lex.stray })
		if i >= 0 {
			p.errs = p.errs[:i]
		}
		if len(p.errs) == 0 {
			p.fail(p.lex.stray, "syntax error: unexpected "+string(p.text[p.lex.stray]))
		}
		for i := range p.errs {
			p.errs[i].Incomplete = false
		}
	}
	if p.lex.unclosed >= 0 { // all behind it was read as a part of it
		i := slices.IndexFunc(p.errs, func(e Error) bool { return e.Pos.Offset > p.lex.unclosed })
		if i >= 0 {
			p.errs = p.errs[:i+1]
		}
	}
	if len(p.errs) > 1 { // the end is missed where an error lost its bracket
		rest := slices.DeleteFunc(p.errs[1:], func(e Error) bool { return strings.HasPrefix(e.Msg, "syntax error: unexpected EOF") })
		p.errs = p.errs[:1+len(rest)]
	}
	p.errs = slices.CompactFunc(p.errs, func(a, b Error) bool { return a.Pos.Line == b.Pos.Line })
	// One error that more input cannot mend makes the cell wrong, not unfinished.
	if slices.ContainsFunc(p.errs, func(e Error) bool { return !e.Incomplete }) {
		for i := range p.errs {
			p.errs[i].Incomplete = false
		}
	}
	return p.errs
}

package assist

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"interleave/kernel/protocol"
)

// Inspect says what the name at the cursor is. The cursor may stand anywhere in
// the name or right behind it; between the brackets of a call, where there is no
// name, the function that is called is meant.
func (a *Assistant) Inspect(req protocol.Inspect) protocol.Inspection {
	c := newCursor(req.Code, req.Cursor)
	if m, ok := a.magicAt(c); ok {
		return m.inspection()
	}
	toks := lex(c.text)
	for _, t := range toks {
		if !c.within(t) {
			continue
		}
		if t.tok == token.STRING && inImport(before(toks, t.pos)) {
			if art, ok := a.packageArticle(strings.Trim(t.lit, "`\"")); ok {
				return art.inspection()
			}
		}
		return protocol.Inspection{}
	}
	if c.name() == "" {
		callee, ok := calledAt(toks, c.off)
		if !ok {
			return protocol.Inspection{}
		}
		c.off, c.start, c.end = callee.end, callee.pos, callee.end
	}
	if token.IsKeyword(c.name()) {
		art, _ := languageArticle(c.name())
		return art.inspection()
	}
	if art, ok := a.named(c, before(toks, c.start), req.Detail); ok {
		return art.inspection()
	}
	return protocol.Inspection{}
}

// named describes the name at the cursor, through the checker where the text
// parses and by its spelling where it does not.
func (a *Assistant) named(c cursor, prior []lexeme, detail int) (article, bool) {
	ps, end := a.begin()
	defer end()
	head, ending := c.text[:c.end], statementEnding(prior)
	for _, text := range []string{balance(c.text), balance(head + ending + c.text[c.end:]), balance(head + ending)} {
		p := ps.probe(text)
		way := p.find(func(id *ast.Ident) bool { return p.cell.File.Offset(id.Pos()) == c.start && id.Name == c.name() })
		if way == nil {
			continue
		}
		id := way[len(way)-1].(*ast.Ident)
		if obj := p.object(id); obj != nil {
			return a.article(p, obj, detail)
		}
		if t, _ := p.typeOf(id); t != nil {
			return article{code: "var " + id.Name + " " + types.TypeString(t, qualifier), note: "local variable"}, true
		}
	}
	if n := len(prior); n >= 2 && prior[n-1].tok == token.PERIOD {
		for _, path := range a.lib.ByName(prior[n-2].lit) {
			if pkg, err := a.lib.Import(path); err == nil {
				if obj := pkg.Scope().Lookup(c.name()); obj != nil && obj.Exported() {
					return a.libraryArticle(obj, detail), true
				}
			}
		}
		return article{}, false
	}
	if obj := a.cfg.Session.Lookup(c.name()); obj != nil {
		return a.article(ps.probe(""), obj, detail)
	}
	if art, ok := languageArticle(c.name()); ok {
		return art, true
	}
	for _, path := range a.lib.ByName(c.name()) {
		if art, ok := a.packageArticle(path); ok {
			return art, true
		}
	}
	return article{}, false
}

// article describes an object of the checker.
func (a *Assistant) article(p probe, obj types.Object, detail int) (article, bool) {
	if pkg, ok := obj.(*types.PkgName); ok {
		return a.packageArticle(pkg.Imported().Path())
	}
	if f, ok := obj.(*types.Func); ok {
		obj = f.Origin()
	}
	if v, ok := obj.(*types.Var); ok {
		obj = v.Origin()
	}
	switch {
	case obj.Type() == nil: // of a declaration that the checker could not finish
		return article{}, false
	case obj.Pkg() == nil:
		if f, ok := obj.(*types.Func); ok && f.Name() == "Error" {
			return article{code: "func (error) Error() string", text: "What failed, in words.", note: "built into Go"}, true
		}
		return languageArticle(obj.Name())
	case obj.Pkg().Path() == "main":
		return a.sessionArticle(p, obj, detail), true
	}
	return a.libraryArticle(obj, detail), true
}

// packageArticle describes a package of the library.
func (a *Assistant) packageArticle(path string) (article, bool) {
	pkg, err := a.lib.Import(path)
	if err != nil {
		return article{}, false
	}
	if e, ok := a.cfg.Source().Lookup(path, "", ""); ok {
		return entryArticle(e, 0, ""), true
	}
	return article{code: "package " + pkg.Name() + " // import \"" + path + "\""}, true
}

// libraryArticle describes a name of the library: as its source says it, or,
// where there is no source, as the checker knows it.
func (a *Assistant) libraryArticle(obj types.Object, detail int) article {
	path := obj.Pkg().Path()
	name, member := obj.Name(), ""
	if owner := a.owner(obj); owner != nil {
		name, member = owner.Name(), obj.Name()
	}
	note := "package " + path
	art := article{code: types.ObjectString(obj, qualifier), note: note}
	if e, ok := a.cfg.Source().Lookup(path, name, member); ok {
		art = entryArticle(e, detail, note)
	}
	if c, ok := obj.(*types.Const); ok {
		art.code = "const " + obj.Name() + " " + types.TypeString(obj.Type(), qualifier) + " = " + c.Val().ExactString()
	}
	return art
}

// owner is the type that declares a method or field; nil for other objects.
func (a *Assistant) owner(obj types.Object) *types.TypeName {
	switch obj := obj.(type) {
	case *types.Func:
		if recv := obj.Signature().Recv(); recv != nil {
			if n := namedType(recv.Type()); n != nil {
				return n.Obj()
			}
		}
	case *types.Var:
		if !obj.IsField() {
			return nil
		}
		for _, t := range a.typesOf(obj.Pkg()) {
			if st, ok := t.Type().Underlying().(*types.Struct); ok {
				for f := range st.Fields() {
					if f.Origin() == obj {
						return t
					}
				}
			}
		}
	}
	return nil
}

// typesOf lists the named types at the top of a package, the session's for main.
func (a *Assistant) typesOf(pkg *types.Package) []*types.TypeName {
	var out []*types.TypeName
	add := func(obj types.Object) {
		if t, ok := obj.(*types.TypeName); ok {
			out = append(out, t)
		}
	}
	for _, name := range pkg.Scope().Names() {
		add(pkg.Scope().Lookup(name))
	}
	if pkg.Path() == "main" {
		for _, name := range a.cfg.Session.Names() {
			add(a.cfg.Session.Lookup(name))
		}
	}
	return out
}

// calledAt finds the name of the function whose argument list the offset is in.
func calledAt(toks []lexeme, off int) (lexeme, bool) {
	prior := before(toks, off)
	depth := 0
	for i := len(prior) - 1; i > 0; i-- {
		switch prior[i].tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LBRACK, token.LBRACE:
			depth--
		case token.LPAREN:
			if depth--; depth < 0 && prior[i-1].tok == token.IDENT {
				return prior[i-1], true
			}
		}
		if depth < 0 {
			return lexeme{}, false
		}
	}
	return lexeme{}, false
}

// magicAt describes the magic whose name the cursor is in.
func (a *Assistant) magicAt(c cursor) (article, bool) {
	line := strings.TrimLeft(c.text[strings.LastIndexByte(c.text[:c.start], '\n')+1:c.start], " \t")
	if line != "%" && line != "%%" {
		return article{}, false
	}
	for _, m := range a.cfg.Magics {
		if m.Name == c.name() {
			return article{code: m.Usage, text: m.About, note: "magic command"}, true
		}
	}
	return article{}, false
}

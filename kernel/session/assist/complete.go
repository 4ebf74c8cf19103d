package assist

import (
	"go/ast"
	"go/token"
	"strings"

	"interleave/kernel/protocol"
)

// Complete lists what may stand at the cursor. Start and End are the code points
// that a candidate replaces: the whole name around the cursor, of which the part
// before the cursor is what candidates must match.
func (a *Assistant) Complete(req protocol.Complete) protocol.Completions {
	c := newCursor(req.Code, req.Cursor)
	reply := func(c cursor, all []candidate) protocol.Completions {
		return protocol.Completions{
			Start:   c.points(c.start),
			End:     c.points(c.end),
			Matches: rank(all, c.prefix),
		}
	}
	toks := lex(c.text)
	for _, t := range toks {
		if !c.within(t) {
			continue
		}
		if t.tok == token.STRING && inImport(before(toks, t.pos)) {
			return reply(a.importPaths(c, t))
		}
		return reply(c, nil)
	}
	if m, all, ok := a.magics(c); ok {
		return reply(m, all)
	}
	if c.start == c.end && afterNumber(toks, c.off) {
		return reply(c, nil)
	}
	prior := before(toks, c.start)
	if declares(prior) {
		return reply(c, nil)
	}
	if place := placeOf(prior); place == placeElse || place == placeAfterElse {
		return reply(c, keywords(prior))
	}
	ps, end := a.begin()
	defer end()
	for _, text := range repairs(c) {
		p, way := ps.mend(text)
		if way == nil {
			continue
		}
		if all := a.site(p, way, prior, c.prefix); len(all) > 0 {
			return reply(c, all)
		}
	}
	if len(prior) > 0 && prior[len(prior)-1].tok == token.PERIOD {
		return reply(c, a.importedMembers(prior))
	}
	// Nothing parses around the cursor: the session's names are still there.
	p := ps.probe("")
	return reply(c, append(a.names(p, token.NoPos, c.prefix), keywords(prior)...))
}

// mend probes a text and finds the placeholder in it. Where the parser gave up
// on a line before the placeholder came, that line is left out.
func (ps *probes) mend(text string) (probe, []ast.Node) {
	for range 4 {
		p := ps.probe(text)
		if way := p.find(func(id *ast.Ident) bool { return id.Name == placeholder }); way != nil {
			return p, way
		}
		lines := strings.SplitAfter(text, "\n")
		left := false
		for _, e := range p.errs {
			n := e.Pos.Line - 1
			if n < len(lines) && !strings.Contains(lines[n], placeholder) && strings.TrimSpace(lines[n]) != "" {
				lines[n] = "\n"
				left = true
			}
		}
		if !left {
			return p, nil
		}
		text = balance(strings.Join(lines, ""))
	}
	return probe{}, nil
}

// site lists the candidates for the place that way leads to.
func (a *Assistant) site(p probe, way []ast.Node, prior []lexeme, prefix string) []candidate {
	id := way[len(way)-1].(*ast.Ident)
	var parent ast.Node
	if len(way) > 1 {
		parent = way[len(way)-2]
	}
	switch parent := parent.(type) {
	case *ast.SelectorExpr:
		if parent.Sel == id {
			return a.members(p, parent.X)
		}
	case *ast.BranchStmt:
		return labels(way)
	}
	all := a.literalKeys(p, way)
	all = append(all, a.names(p, id.Pos(), prefix)...)
	return append(all, keywords(prior)...)
}

// importedMembers serves "pkg.‸" in text that cannot be parsed at all.
func (a *Assistant) importedMembers(prior []lexeme) []candidate {
	if len(prior) < 2 || prior[len(prior)-2].tok != token.IDENT {
		return nil
	}
	return a.unimportedMembers(prior[len(prior)-2].lit)
}

// declares reports whether the cursor stands where a new name is being chosen,
// which nobody but the learner knows.
func declares(prior []lexeme) bool {
	if len(prior) == 0 {
		return false
	}
	last := prior[len(prior)-1]
	switch last.tok {
	case token.FUNC:
		return len(prior) == 1 || prior[len(prior)-2].tok == token.SEMICOLON
	case token.VAR, token.CONST, token.TYPE, token.PACKAGE:
		return true
	}
	return false
}

// afterNumber reports whether the cursor touches the end of a number: "1." or "2e".
func afterNumber(toks []lexeme, off int) bool {
	for _, t := range toks {
		if (t.tok == token.INT || t.tok == token.FLOAT || t.tok == token.IMAG) && t.pos < off && off <= t.end {
			return true
		}
	}
	return false
}

// labels lists the labels of the function around the cursor.
func labels(way []ast.Node) []candidate {
	var all []candidate
	for i := len(way) - 1; i >= 0; i-- {
		_, lit := way[i].(*ast.FuncLit)
		_, decl := way[i].(*ast.FuncDecl)
		if !lit && !decl && i > 0 {
			continue
		}
		ast.Inspect(way[i], func(n ast.Node) bool {
			if l, ok := n.(*ast.LabeledStmt); ok && l.Label.Name != placeholder {
				all = append(all, candidate{protocol.Completion{Text: l.Label.Name, Type: "keyword", Signature: "label"}, groupLocal})
			}
			return true
		})
		break
	}
	return all
}

// magics serves a line that begins with a percent sign. The cursor that it
// returns has the magic's name as its name.
func (a *Assistant) magics(c cursor) (cursor, []candidate, bool) {
	line := c.text[strings.LastIndexByte(c.text[:c.off], '\n')+1 : c.off]
	name := strings.TrimLeft(line, " \t")
	if !strings.HasPrefix(name, "%") {
		return c, nil, false
	}
	name = strings.TrimLeft(name, "%")
	if strings.ContainsAny(name, " \t") {
		return c, nil, true
	}
	c.start = c.off - len(name)
	c.prefix = name
	var all []candidate
	for _, m := range a.cfg.Magics {
		all = append(all, candidate{protocol.Completion{Text: m.Name, Type: "magic", Signature: m.About}, groupKeyword})
	}
	return c, all, true
}

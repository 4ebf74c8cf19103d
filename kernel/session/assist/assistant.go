package assist

import (
	"go/ast"
	"go/token"
	"go/types"
	"sync"

	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/syntax"
)

// Assistant completes and inspects in one session. It keeps nothing between
// calls, starts no goroutines and is safe for concurrent use.
type Assistant struct {
	cfg Config
	lib *library.Library
}

// Config is what an Assistant asks.
type Config struct {
	Session *check.Session
	Lock    sync.Locker            // held while something is parsed into the session's file set
	Source  func() *source.Archive // the source of the packages, as far as there is any
	Magics  []Magic
}

// Magic is a magic command, for completion and inspection.
type Magic struct {
	Name  string // without percent signs
	Usage string // "%limit output=20MB"
	About string // one line
}

// New makes an assistant.
func New(cfg Config) *Assistant { return &Assistant{cfg: cfg, lib: cfg.Session.Library()} }

// probe is a text that was checked as far as it goes, together with the session.
type probe struct {
	cell  *syntax.Cell // what was understood of the text
	errs  []syntax.Error
	info  *types.Info
	scope *types.Scope // the session's names and those of the text
}

// probes makes the probes of one question, and forgets them at its end.
type probes struct {
	session *check.Session
	files   []*token.File
}

// begin locks the session's file set for one question; end is to be called.
func (a *Assistant) begin() (ps *probes, end func()) {
	a.cfg.Lock.Lock()
	ps = &probes{session: a.cfg.Session}
	return ps, func() {
		for _, f := range ps.files {
			ps.session.Fset().RemoveFile(f)
		}
		a.cfg.Lock.Unlock()
	}
}

func (ps *probes) probe(text string) probe {
	cell, errs := syntax.Parse(ps.session.Fset(), "cell", text)
	ps.files = append(ps.files, cell.File)
	p := probe{cell: cell, errs: errs}
	if prog := ps.session.CheckTolerant(cell); prog != nil {
		p.info = prog.Info
		if prog.Pkg != nil {
			p.scope = prog.Pkg.Scope()
		}
	}
	return p
}

// nodes lists the syntax of the probed text.
func (p probe) nodes() []ast.Node {
	var out []ast.Node
	for _, d := range p.cell.Decls {
		out = append(out, d)
	}
	for _, s := range p.cell.Stmts {
		out = append(out, s)
	}
	if p.cell.Result != nil {
		out = append(out, p.cell.Result)
	}
	return out
}

// find returns the way from the top to the first name for which match holds,
// that name last; nil where there is none.
func (p probe) find(match func(*ast.Ident) bool) []ast.Node {
	for _, top := range p.nodes() {
		var way, found []ast.Node
		ast.Inspect(top, func(n ast.Node) bool {
			if n == nil {
				way = way[:len(way)-1]
				return true
			}
			way = append(way, n)
			if id, ok := n.(*ast.Ident); ok && found == nil && match(id) {
				found = append([]ast.Node(nil), way...)
			}
			return true
		})
		if found != nil {
			return found
		}
	}
	return nil
}

// object is what a name refers to or declares; nil where the checker could not tell.
func (p probe) object(id *ast.Ident) types.Object {
	if p.info == nil {
		return nil
	}
	if obj := p.info.Uses[id]; obj != nil {
		return obj
	}
	return p.info.Defs[id]
}

// typeOf is the type of an expression and whether it is a type itself; nil
// where the checker could not tell.
func (p probe) typeOf(e ast.Expr) (t types.Type, isType bool) {
	if p.info == nil {
		return nil, false
	}
	if tv, ok := p.info.Types[e]; ok {
		t, isType = tv.Type, tv.IsType()
	} else if id, ok := e.(*ast.Ident); ok {
		if obj := p.object(id); obj != nil {
			_, isType = obj.(*types.TypeName)
			t = obj.Type()
		}
	}
	if t == nil || t == types.Typ[types.Invalid] {
		return nil, false
	}
	return t, isType
}

// innermost is the innermost scope around pos; the top level's where there is
// no other, and nil where nothing could be checked.
func (p probe) innermost(pos token.Pos) *types.Scope {
	best := p.scope
	if p.info == nil {
		return best
	}
	for _, s := range p.info.Scopes {
		if s != p.scope && s.Contains(pos) && (best == p.scope || s.End()-s.Pos() < best.End()-best.Pos()) {
			best = s
		}
	}
	return best
}

// qualifier writes names of the session bare and others with their package's name.
func qualifier(pkg *types.Package) string {
	if pkg.Path() == "main" {
		return ""
	}
	return pkg.Name()
}

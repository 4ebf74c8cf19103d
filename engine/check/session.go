package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"sync"

	"interleave/engine/library"
	"interleave/engine/syntax"
)

// Session is what the cells so far have declared. It is safe for concurrent use.
type Session struct {
	fset *token.FileSet
	lib  *library.Library

	mu      sync.Mutex
	entries map[string]*entry // by key; a visible name has one, stale or not
	imports map[string]string // name → path of the cells' own import declarations
	dots    []string          // paths of dot imports
	pending methodLists       // what a checked program that is not committed added methods to
}

// entry is one declaration of the top level that is still visible.
type entry struct {
	key  string       // "f", "T", or "T.M" for a method
	obj  types.Object // of its last successful check
	node ast.Node     // *ast.FuncDecl, *ast.TypeSpec, *ast.ValueSpec of a constant; nil for a variable
	in   *ast.GenDecl // the group that a constant stands in
	cell *syntax.Cell // that declared it

	uses    map[string]bool   // keys of the entries it refers to
	imports map[string]string // packages it refers to, name → path
	stale   string            // why it no longer checks; empty where it does
	dirty   bool              // it was linked to a variable that never came to life
}

// changes is what a checked cell makes of the session.
type changes struct {
	entries []*entry // new, or checked again
	stale   map[string]string
	gone    []string // names hidden by an import
	imports map[string]string
	dots    []string
	links   map[string]map[string]bool // keys of entries → the cell's variables they were linked to
	methods methodLists                // method lists of earlier types as the cell leaves them
}

// NewSession starts a session over a library.
func NewSession(lib *library.Library) *Session {
	return &Session{
		fset:    token.NewFileSet(),
		lib:     lib,
		entries: map[string]*entry{},
		imports: map[string]string{},
	}
}

// Fset is the file set that cells of this session are parsed into.
func (s *Session) Fset() *token.FileSet { return s.fset }

// Library is where the session's packages come from.
func (s *Session) Library() *library.Library { return s.lib }

// Check checks one cell. The program is nil where there are errors; they are in
// source order. The session stays as it is until Commit, except that types have the
// methods that the program declares for them; the next Check takes them away again.
func (s *Session) Check(c *syntax.Cell) (*Program, []Error) {
	return s.check(c, false)
}

// CheckReplay checks a cell made by Record. What it declares and does not check,
// because it refers to a variable that never came to life, is declared all the same,
// as no longer fitting, just as it is in the session that made the record.
func (s *Session) CheckReplay(c *syntax.Cell) (*Program, []Error) {
	return s.check(c, true)
}

func (s *Session) check(c *syntax.Cell, replay bool) (*Program, []Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending.set()
	s.pending = nil
	ck := newChecking(s, c)
	ck.replay = replay
	p := ck.run()
	if len(ck.errs) > 0 {
		ck.before.set()
		return nil, ck.errors()
	}
	s.pending = ck.before
	return p, nil
}

// Commit makes a checked cell part of the session. done counts the items of
// the body that were completed: variables of the others do not come to life, and
// an earlier one of that name stays.
func (s *Session) Commit(p *Program, done int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.next.methods.set()
	s.pending = nil
	for name, path := range p.next.imports {
		s.imports[name] = path
	}
	s.dots = append(s.dots, p.next.dots...)
	for _, name := range p.next.gone {
		delete(s.entries, name)
	}
	cell := lasting(p.Cell)
	for _, e := range p.next.entries {
		if e.cell == p.Cell {
			e.cell = cell
		}
		s.entries[e.key] = e
		if e.node != nil {
			delete(s.imports, e.key)
		}
	}
	for key, why := range p.next.stale {
		if e := s.entries[key]; e != nil {
			e.stale = why
		}
	}
	dead := map[string]bool{}
	for i, item := range p.Body {
		for _, v := range item.Defines {
			if i >= done {
				dead[v.Name()] = true
				if old := s.entries[v.Name()]; old != nil {
					old.dirty = true // it was not linked with the rest of the cell
				}
				continue
			}
			s.entries[v.Name()] = &entry{key: v.Name(), obj: v, cell: cell}
			delete(s.imports, v.Name())
		}
	}
	for key, names := range p.next.links {
		for name := range names {
			if e := s.entries[key]; e != nil && dead[name] {
				e.dirty = true
			}
		}
	}
}

// lasting is what the session keeps of a cell as long as anything that it
// declared is visible. Of a huge cell, that is not the syntax of its statements.
func lasting(c *syntax.Cell) *syntax.Cell {
	const huge = 64 << 10 // bytes of source; a syntax tree has some 30 times as many
	if len(c.Source) < huge {
		return c
	}
	slim := *c
	slim.Stmts, slim.Result, slim.Items = nil, nil, nil
	return &slim
}

// Lookup gives the visible object of that name: nil for none, and for one
// that no longer checks.
func (s *Session) Lookup(name string) types.Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.entries[name]; e != nil && e.stale == "" {
		return e.obj
	}
	return nil
}

// Names lists the visible names of the top level, without methods, in no order.
func (s *Session) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for key, e := range s.entries {
		if e.stale == "" && token.IsIdentifier(key) {
			names = append(names, key)
		}
	}
	return names
}

// Imports gives the packages that cells imported by declaration, name → path.
func (s *Session) Imports() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := make(map[string]string, len(s.imports))
	for k, v := range s.imports {
		m[k] = v
	}
	return m
}

// Source gives the cell that declared an object, and its declaration: an
// *ast.FuncDecl, *ast.TypeSpec or *ast.ValueSpec, nil for a variable. Both are
// nil for an object that is not, or no longer, the session's.
func (s *Session) Source(obj types.Object) (*syntax.Cell, ast.Node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.entries[keyOf(obj)]; e != nil && e.obj == obj {
		return e.cell, e.node
	}
	return nil, nil
}

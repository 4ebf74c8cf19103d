package yaegi

import (
	"go/ast"
	"go/token"
	"go/types"
)

// shared finds the variables of a function that need a cell: those that a
// literal captures and those whose address is taken, openly or by a method
// with a pointer receiver.
func (u *unit) shared(body ast.Node, sig *types.Signature) map[*types.Var]bool {
	s := &sharing{u: u, vars: map[*types.Var]bool{}, home: map[*types.Var]int{}}
	if sig != nil {
		for _, t := range []*types.Tuple{sig.Params(), sig.Results()} {
			for i := range t.Len() {
				s.home[t.At(i)] = 0
			}
		}
		if sig.Recv() != nil {
			s.home[sig.Recv()] = 0
		}
	}
	s.walk(body)
	return s.vars
}

type sharing struct {
	u     *unit
	vars  map[*types.Var]bool
	home  map[*types.Var]int // the literal that declares it
	depth []int              // literals around, by number
	next  int
}

func (s *sharing) here() int {
	if len(s.depth) == 0 {
		return 0
	}
	return s.depth[len(s.depth)-1]
}

func (s *sharing) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			s.next++
			s.depth = append(s.depth, s.next)
			s.walk(n.Type)
			defers, _ := scanBody(s.u.info, n.Body)
			if defers { // the body becomes a literal of its own
				for _, l := range []*ast.FieldList{n.Type.Params, n.Type.Results} {
					if l == nil {
						continue
					}
					for _, field := range l.List {
						for _, name := range field.Names {
							if v, ok := s.u.info.Defs[name].(*types.Var); ok {
								s.vars[v] = true
							}
						}
					}
				}
			}
			s.walk(n.Body)
			s.depth = s.depth[:len(s.depth)-1]
			return false
		case *ast.RangeStmt:
			if t, ok := s.u.sub(s.u.info.TypeOf(n.X)).Underlying().(*types.Signature); ok && t != nil {
				// The body becomes a literal: everything used inside is captured.
				s.walk(n.X)
				if n.Tok == token.ASSIGN {
					s.sharedLeft(n.Key)
					s.sharedLeft(n.Value)
				}
				s.next++
				s.depth = append(s.depth, s.next)
				if n.Tok == token.DEFINE {
					if n.Key != nil {
						s.walk(n.Key)
					}
					if n.Value != nil {
						s.walk(n.Value)
					}
				}
				s.walk(n.Body)
				s.depth = s.depth[:len(s.depth)-1]
				return false
			}
		case *ast.Ident:
			if v, ok := s.u.info.Defs[n].(*types.Var); ok {
				s.home[v] = s.here()
			}
			if v, ok := s.u.info.Uses[n].(*types.Var); ok {
				if home, local := s.home[v]; local && home != s.here() {
					s.vars[v] = true
				}
			}
		case *ast.TypeSwitchStmt, *ast.CaseClause:
			if v, ok := s.u.info.Implicits[n].(*types.Var); ok {
				s.home[v] = s.here()
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				s.root(n.X)
			}
		case *ast.SliceExpr:
			if _, ok := s.u.sub(s.u.info.TypeOf(n.X)).Underlying().(*types.Array); ok {
				s.root(n.X)
			}
		case *ast.SelectorExpr:
			sel := s.u.info.Selections[n]
			if sel == nil || sel.Kind() != types.MethodVal {
				break
			}
			switch s.u.sub(s.u.info.TypeOf(n.X)).Underlying().(type) {
			case *types.Pointer, *types.Interface:
			default: // whether the method wants a pointer may depend on type arguments: be generous
				s.root(n.X)
			}
		}
		return true
	})
}

func (s *sharing) sharedLeft(e ast.Expr) {
	if id, ok := e.(*ast.Ident); ok {
		if v, ok := s.u.info.Uses[id].(*types.Var); ok {
			s.vars[v] = true
		}
	}
}

// root marks the variable that holds the place e names, if e's address is in it.
func (s *sharing) root(e ast.Expr) {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			v, ok := s.u.info.Uses[x].(*types.Var)
			if !ok {
				return
			}
			s.vars[v] = true
			return
		case *ast.SelectorExpr:
			if _, ok := s.u.sub(s.u.info.TypeOf(x.X)).Underlying().(*types.Pointer); ok {
				return
			}
			e = x.X
		case *ast.IndexExpr:
			if _, ok := s.u.sub(s.u.info.TypeOf(x.X)).Underlying().(*types.Array); !ok {
				return
			}
			e = x.X
		default:
			return
		}
	}
}

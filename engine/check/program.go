package check

import (
	"go/ast"
	"go/token"
	"go/types"

	"interleave/engine/syntax"
)

// Program is a checked cell: all that an evaluator needs to run it.
type Program struct {
	Cell  *syntax.Cell
	Fset  *token.FileSet // of the session; positions carry the name of the cell they come from
	Pkg   *types.Package // path and name "main"; fresh for each cell, its scope holds the still visible earlier objects
	Info  *types.Info    // for the syntax of Decls and Body, nothing else
	Decls []*Decl        // in an order in which each type comes before its use in another declaration where that is possible
	Body  []*Item        // in order of execution
	Main  *types.Func    // for a whole program: the function to call after the body; else nil

	next changes // what Commit does to the session
}

// Decl is one function, method, type or constant that this cell declares, or an
// earlier one that is linked anew because something it refers to was declared
// again. Variables are declared by items of the body.
type Decl struct {
	Object   types.Object // *types.Func, *types.TypeName or *types.Const; objects of different generations of a name differ
	Node     ast.Node     // *ast.FuncDecl, *ast.TypeSpec or *ast.ValueSpec (a constant; its value is the object's)
	Relinked bool
	Replaces types.Object // the object whose name it takes over, nil where the name is new

	// As is the function as which a method of an earlier generic type was checked: with
	// the type's parameters as its own and the receiver as its first parameter. Its body
	// speaks of those parameters, and not of the ones that Object has. Else nil.
	As *types.Signature
}

// Item is one step of the body. All items run in one function activation:
// a defer statement among them runs when the body ends.
type Item struct {
	// Stmt is an ordinary typed statement. A top-level "x := e" or "var x = e"
	// is an *ast.AssignStmt with "=", its left side package-level variables
	// listed in Defines; "var x T" without a value has a nil Stmt.
	Stmt    ast.Stmt
	Defines []*types.Var // package-level variables that come to life here, zeroed before Stmt runs
	Result  ast.Expr     // set on the last item where its value is to be shown; Stmt is then nil
}

// Error is one error of a cell, in the type checker's words.
type Error struct {
	Pos, End token.Position // End may be zero
	Msg      string
	Hint     string // "did you mean fmt.Println?", or what else to do; may be empty
}

func (e Error) Error() string { return e.Pos.String() + ": " + e.Msg }

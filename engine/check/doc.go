// Package check is the type checker of a session: real go/types over one cell
// and what earlier cells declared.
//
//	syntax.Cell ──► collect    what the cell declares, imports and runs
//	            ──► lift       "x := e" at the top becomes a package-level variable
//	            ──► relink     which earlier declarations refer to a name declared again
//	            ──► pass       one package, all of it through go/types
//	            ──► Program    for the evaluator; Commit makes it part of the session
//
// Each cell is a fresh package "main" whose scope is filled with the earlier
// objects that it names. Objects keep their identity from cell to cell; what
// is declared again gets a new object, and earlier functions that refer to it
// are checked again with the new one.
package check

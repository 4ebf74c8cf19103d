// Package syntax parses the text of one notebook cell: Go as people type it
// there, imports, types, functions and statements in any order.
//
//	text ──► magics blanked ──► split at the top level ──► each kind of item parsed
//	          (magic.go)           (split.go)               with the others blanked
//	                                                        (parse.go) ──► Cell
//
// Blanking keeps every byte at its offset, so each position in the result is
// the cell's own: the line and column that the learner typed.
package syntax

// Package generate writes random Go programs whose output is fully determined
// by the language: what compiled Go prints, every evaluator must print.
//
//	seed ──► Program ──► declarations, and a function Main<id>() that prints with print and println
//
// A program is well typed, ends, and never depends on what the language leaves
// open: the order of evaluation within an expression, of a map, of goroutines.
// It may end with a panic. Names end in the program's id, so that many programs
// with one Prelude make one package, which is compiled at once.
package generate

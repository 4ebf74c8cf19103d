// Package engine is the seam between what runs cells and what shows them.
//
// In goes a checked cell (check.Program) with its streams; out come its
// effects, the values of its last expression, or how it failed in Go's words:
//
//	syntax.Parse ──► check.Session.Check ──► Evaluator.Refuse ──► Evaluator.Run ──► Outcome, error
//	                                                                   │
//	                                                        IO of the cell, for as long as
//	                                                        any of its goroutines lives
//
// It knows nothing of Jupyter. The evaluators are below it: yaegi.
package engine

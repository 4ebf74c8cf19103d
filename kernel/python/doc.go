// Package python is what a cell calls to see how threads execute Python's bytecode, step
// by step:
//
//	p := python.Threads("x = 0", "x += 1", "x += 1") // a setup, and what each thread does
//	p                                               // source and bytecode beside each other
//	p.Order("AAABBBAB")                             // one order of steps, with the values after each
//	p.Run("random", 7)                              // the order that a policy makes
//	p.All()                                         // every order, and how it ends
//
// In: source of a small part of Python (package bytecode). Out: values that show
// themselves.
//
//	cell ──Threads──▶ Program ──Order, Run──▶ Steps ─┐
//	                    └──────All────▶ Outcomes ────┴▶ Display
package python

// Package gil draws how threads share an interpreter's lock: who holds it, who waits for
// it, who asked, who had to give it up, and who needs none since it is outside.
//
//	gil.Contention ─┬─▶ lanes as SVG in an <img> with alt
//	(one or more)   ├─▶ a table of figures, thread by thread
//	                └─▶ text
//
// Several runs are drawn below each other on one scale, such as a simulated one and that
// of a real interpreter.
package gil

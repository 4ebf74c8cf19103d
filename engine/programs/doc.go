// Package programs holds short Go programs, written as notebook cells, and
// proves with them that cells behave as compiled Go.
//
// In: testdata/<chapter>/<name>.txtar, each with sections
//
//	-- cell 1 --    what a learner types: imports, declarations, statements
//	-- cell 2 --    the next cell; as many as needed
//	-- input --     optional: what the program reads from its standard input
//	-- main.go --   optional: the same program for the compiler, where it
//	                cannot be derived from the cells (a name declared again)
//	-- output --    standard output of the compiled program
//	-- stderr --    its standard error, up to the first line of a panic
//	-- exit --      its exit code, where that is not 0
//	-- error --     instead of these: what the compiler says about the cells
//	-- check --     and how go/types says it, where that differs
//
// Out: for every program the sections after main.go, written by the compiler
// and by nobody else (go test -run TestGolden -update), and a verdict about
// an evaluator: equal, refused or wrong.
//
//	cells ──split──▶ chunks ──derive──▶ main.go ──Toolchain──▶ Result ─┐
//	  │                                                                ├──▶ Verdict
//	  └──────▶ syntax.Parse ─▶ check ─▶ Evaluator (a child process) ───┘
//
// To add a program write its cells, run the update and read what it wrote.
package programs

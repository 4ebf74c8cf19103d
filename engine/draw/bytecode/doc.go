// Package bytecode draws how threads execute bytecode: source and instructions beside each
// other, one order of steps with the shared values after each, and how all orders end.
//
//	bytecode.Program ─▶ Code                 a table
//	Program, steps   ─▶ Steps                a table: a column a thread, and the values
//	outcomes         ─▶ Outcomes             a table with bars
//
// The pictures are plain tables, which every front end shows and no sanitizer changes
// much.
package bytecode

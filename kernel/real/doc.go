// Package real runs a cell as an ordinary Go program: compiled, in a process of its own,
// on the computer's own cores and clock.
//
//	check.Program ──Source──▶ main.go ──go build──▶ program ──▶ output, exit code, Use
//	 + what it needs            │
//	   of earlier cells         └── no toolchain: an interpreter's command
//
// In: a checked cell, and the session for the declarations that it refers to. Out: what
// the program prints, as it prints it, and what it used of the computer. The program is
// the leader of a process group, which ends with its context. It reads no input.
package real

// Package schedule runs programs of package bytecode on the machine: each thread is a task,
// each step one of the machine's visible steps, so that any policy interleaves them.
//
//	Program, policy ──Run──▶ trace (a mark for each step) ──Order──▶ "AABAB…" ──Program.Follow──▶ steps, values
//	Program ──All──▶ every order, by policy.Guide ──▶ outcomes with counts
package schedule

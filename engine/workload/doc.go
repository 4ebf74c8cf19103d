// Package workload runs textbook processes on the machine: each arrives at a time, and
// then computes and does I/O in turn. They are tasks as all others are, so every policy
// schedules them and every drawing shows them.
//
//	text ──Parse──▶ []Process ──Run──▶ machine tasks (Exec.Work, Exec.Use) under a policy ──▶ trace
//
// Unless told, nothing costs time but the bursts themselves: no switch, no wake-up, no
// jitter. What happens at one instant happens in this order: arrivals and ends of I/O,
// in the order in which they were listed or begun; then the cores, the lowest first, each
// of which ends its burst or its time slice. So a process that arrives just as another's
// slice ends is in the ready queue before it.
package workload

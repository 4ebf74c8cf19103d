// Package process tells of a trace what became of its simulated processes: whose child
// each was, when it ran, was a zombie, was gone, and what it had of its parent's memory.
//
//	trace (notes "process: …", spans of tasks) ──Of──▶ *Family
package process

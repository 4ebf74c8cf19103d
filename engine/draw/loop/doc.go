// Package loop draws an event loop at work: turn by turn what was ready and in which
// order it ran, which timers were set, who waited for what, and which step held up all
// others.
//
//	trace ─▶ analyse/loop.Walk ─▶ film (turns, moments in words) ─┬─▶ text
//	source ─┘                                                     ├─▶ table: HTML that survives a sanitizer
//	                                                              └─▶ script: queues and source, step by step
//
// All words are worked out here; the script only shows them.
package loop

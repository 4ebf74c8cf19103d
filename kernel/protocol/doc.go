// Package protocol is what the front and a worker say to each other: plain
// structs, the two interfaces of the worker's side, and the frames that carry
// the structs over a pipe. It imports nothing of ours.
//
//	front ── Setup, Execute, Interrupt, Replay, Complete, Inspect, Input … ──▶ worker
//	front ◀── Stream, Display, Clear, Comm, Prompt, Done, Completions …    ─── worker
package protocol

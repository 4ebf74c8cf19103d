// Package assist answers what may stand at the cursor, and what the name at the
// cursor is.
//
//	text, cursor ─▶ cursor ─▶ repair ─▶ probe ─▶ site ─▶ candidates ─▶ rank ─▶ Completions
//	                  │         │         │        │
//	                  │         │         │        └─▶ object ─▶ declaration and ─▶ Inspection
//	                  │         │         │                      documentation
//	                  │         │         └ the session's type checker, its errors ignored
//	                  │         └ unfinished text made parseable, a placeholder at the cursor
//	                  └ code points to bytes; the name around it
//
// In: the text of a cell that nobody ran yet, often unfinished, and a Prober,
// which checks it together with the session. Out: protocol structs. Nothing here
// changes the session or runs anything.
package assist

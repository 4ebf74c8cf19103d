// Package figures draws a run's numbers: its summary as a table, and how busy its
// cores were.
//
//	trace ─▶ trace.Summarize ─▶ Summary
//	trace ─▶ trace.Spans     ─▶ Utilization
//
// Both are plain tables, which every front end shows and no sanitizer changes much.
package figures

// Package cores draws how busy a run's cores were over time, and how many tasks were
// ready and had none.
//
//	trace ─▶ Spans ─▶ core time in equal parts of the run ─▶ table, text
//
// The picture is a plain table, which every front end shows and no sanitizer changes
// much.
package cores

// Package history keeps what was typed and what came out of it, across restarts
// of the kernel and shared by all kernels of one user.
//
//	Add(line, input, output) ─► pending ─► writer goroutine ─► file (bbolt)
//	Tail, Range, Search      ◄── pending written, file read, newest first
//
// The file is opened for each batch of entries and for each query, and closed at once, so that several
// kernels may use it: whoever comes second waits for the file's lock for up to 1 s. Each
// kernel's run is a session with a number of its own, given when its first entry is
// written.
//
// History is a convenience; nothing here may stop a kernel. Where the file cannot be opened, the
// entries of this session stay in memory and are tried again later; a damaged file
// is renamed to NAME.damaged and a new one begun. Both are logged.
package history

// Package process draws the processes of a run: a lane for each, from its start to the
// moment at which its parent knows how it ended, and a table of whose child it was, how it
// ended and what it had of its parent's memory.
//
//	analyse/process.Family ──Draw──▶ HTML (tables), text
package process

package trace

// The words of notes about simulated processes. Task is the first task of the process,
// Cause the task that did it; a process is known by that first task.
const (
	Forked     = "process: forked"        // it has a copy of its parent's memory; Arg: process id
	Spawned    = "process: spawned"       // it has begun from nothing; Arg: process id
	Pages      = "process: pages"         // of a forked one; Arg: how many it has together with its parent
	Pickled    = "process: bytes pickled" // for a spawned one; Arg: how many
	Exited     = "process: exited"        // it is a zombie until its parent waits; Arg: exit code
	Killed     = "process: killed"        // likewise; Arg: the signal
	Orphaned   = "process: orphaned"      // its parent has ended; it is a child of init now
	Reaped     = "process: reaped"        // its parent, or init, knows how it ended: it is gone
	PageCopied = "process: page copied"   // Task, of any process, wrote to a page that others had too; Arg: how many pages
)

// Costs is what the mark begins with that says what processes cost in a run.
const Costs = "process costs: "

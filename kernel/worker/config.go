package worker

import "time"

// Config says how workers are started and what they may use. The zero value
// is complete: every zero field has the default given beside it.
type Config struct {
	Command []string // program and arguments; default: this binary with the argument "worker"
	Flags   []string // further arguments of the default command
	Env     []string // added to the environment of this process, "NAME=value"
	Dir     string   // working directory of the cells; default: the one of this process

	Memory      int64 // bytes a worker may use; default 3 GiB; negative: no limit
	OutputLimit int64 // bytes of stdout and stderr a cell may write; default 10 MiB; negative: no limit
	Processes   int   // processes and threads a cell may add to the machine's; default 4096; negative: no limit
	Nice        int   // added to the priority number of a worker that runs cells, 0 to 19; default 5; negative: none

	Patience time.Duration // how long an interrupted cell may take to end before its process is killed; default 700 ms
}

const (
	defaultMemory      = 3 << 30
	defaultOutputLimit = 10 << 20
	defaultProcesses   = 4096
	defaultNice        = 5
	defaultPatience    = 700 * time.Millisecond
)

func (c Config) withDefaults() Config {
	if c.Memory == 0 {
		c.Memory = defaultMemory
	}
	if c.OutputLimit == 0 {
		c.OutputLimit = defaultOutputLimit
	}
	if c.Processes == 0 {
		c.Processes = defaultProcesses
	}
	if c.Nice == 0 {
		c.Nice = defaultNice
	}
	if c.Patience == 0 {
		c.Patience = defaultPatience
	}
	return c
}

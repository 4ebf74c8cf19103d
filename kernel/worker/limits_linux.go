package worker

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// limitMemory limits private writable memory, which is what a Go heap is. Go
// reserves address space far beyond what it uses, so RLIMIT_AS would not do.
func limitMemory(bytes int64) error {
	if bytes <= 0 {
		return nil
	}
	return lower(unix.RLIMIT_DATA, uint64(bytes))
}

// limitTasks lets the worker start that many processes and threads. The
// system's limit counts all of the user's, so those of the whole machine are
// added: the limit is there to stop a cell that starts processes without end.
func limitTasks(n int) error {
	if n <= 0 {
		return nil
	}
	load, err := os.ReadFile("/proc/loadavg") // "0.20 0.18 0.12 1/80 11206": running/all
	if err != nil {
		return nil // no /proc here: nothing to count from
	}
	fields := bytes.Fields(load)
	if len(fields) < 4 {
		return nil
	}
	_, all, _ := bytes.Cut(fields[3], []byte("/"))
	there, err := strconv.Atoi(string(all))
	if err != nil {
		return nil
	}
	return lower(unix.RLIMIT_NPROC, uint64(there+n))
}

func lower(resource int, to uint64) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(resource, &limit); err != nil {
		return err
	}
	limit.Cur, limit.Max = min(limit.Cur, to), min(limit.Max, to)
	return unix.Setrlimit(resource, &limit)
}

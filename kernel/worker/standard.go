package worker

import (
	"fmt"
	"os"
	"time"
)

// standard is what file descriptors 1 and 2 of the child lead to: pipes that
// the child reads itself. Descriptor 1 gets a new one for each cell, so that
// what a child process writes arrives in the cell that started it. All
// descriptors are set again for each cell: one that a cell closed or redirected
// harms no later cell. Descriptor 0 is at its end. Goroutines: one for each
// pipe, until its last writer is gone.
type standard struct {
	out            *output
	own            ownFiles
	stdout, stderr *pipe // of the current cell

	// files are the process's own os.Stdin, os.Stdout and os.Stderr. They are
	// kept because a collected file closes its descriptor.
	files [3]*os.File
}

// pipe is the reading end of one descriptor.
type pipe struct {
	readEnd
	cell  string // guarded by output.mu
	name  string // "stdout" or "stderr"
	delay time.Duration
}

// lastWordsDelay is how long bytes stay in the pipe of descriptor 2 where the
// runtime's last words go there, too: a dying process is frozen by then, and
// the words are left to the parent.
const lastWordsDelay = 25 * time.Millisecond

func newStandard(out *output, own ownFiles) *standard {
	return &standard{out: out, own: own, files: [3]*os.File{os.Stdin, os.Stdout, os.Stderr}}
}

// begin sets the process's standard files for a cell. The caller holds
// output.mu.
func (s *standard) begin(cell string) error {
	s.drain()
	if err := resetInput(); err != nil {
		return fmt.Errorf("stdin: %w", err)
	}
	end, err := redirect(1)
	if err != nil {
		return fmt.Errorf("stdout: %w", err)
	}
	s.stdout = s.follow(&pipe{readEnd: end, cell: cell, name: "stdout"})
	if s.stderr != nil {
		s.stderr.cell = cell
	}
	end, fresh, err := s.own.redirectErrors(s.stderr == nil)
	if err != nil {
		return fmt.Errorf("stderr: %w", err)
	}
	if fresh {
		s.stderr = s.follow(&pipe{readEnd: end, cell: cell, name: "stderr", delay: lastWordsDelay})
	}
	for fd, variable := range []**os.File{&os.Stdin, &os.Stdout, &os.Stderr} {
		s.files[fd] = standardFile(fd, s.files[fd])
		if _, err := (*variable).Stat(); err != nil {
			*variable = s.files[fd]
		}
	}
	return nil
}

// follow starts to move what comes out of a pipe into the output, until its end.
func (s *standard) follow(p *pipe) *pipe {
	buf := make([]byte, 32<<10)
	go p.wait(func() (over bool) {
		time.Sleep(p.delay)
		for {
			s.out.mu.Lock()
			n, eof := p.poll(buf)
			if n > 0 {
				s.out.text(p.cell, p.name, string(buf[:n]))
			}
			s.out.mu.Unlock()
			if n == 0 {
				return eof
			}
		}
	})
	return p
}

// drainStdout moves what is in the current cell's pipe into the output. The
// caller holds output.mu.
func (s *standard) drainStdout() { s.empty(s.stdout) }

// drain moves what is in both pipes. The caller holds output.mu.
func (s *standard) drain() {
	s.empty(s.stdout)
	s.empty(s.stderr)
}

// empty takes no more than a pipe can hold, so that a child process that never
// stops writing cannot hold it.
func (s *standard) empty(p *pipe) {
	const capacity = 64 << 10
	var buf [4 << 10]byte
	if p == nil {
		return
	}
	for taken := 0; taken < capacity; {
		n, _ := p.poll(buf[:])
		if n == 0 {
			return
		}
		taken += n
		s.out.text(p.cell, p.name, string(buf[:n]))
	}
}

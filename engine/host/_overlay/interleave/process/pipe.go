package process

import (
	"errors"
	"io"
)

// Reader and Writer are the two ends of a pipe. A child has those that its parent had
// open when it was started, and each process closes its own: a reader sees the end of the
// file when no process has a writer open any more.
type Reader struct{ id int }

// Writer is the end that is written to.
type Writer struct{ id int }

// ErrBroken is the error of a write to a pipe that no process has open for reading.
var ErrBroken = errors.New("broken pipe: no process has it open for reading")

// NewPipe makes a pipe, which holds 64 KiB: a write waits while it is full, a read while
// it is empty.
func NewPipe() (*Reader, *Writer) {
	work(int(prices().Syscall))
	id := newPipe()
	return &Reader{id}, &Writer{id}
}

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, problem := readPipe(r.id, p)
	c := prices()
	work(int(c.Syscall) + bytes(n, c.Byte))
	switch {
	case problem != "":
		return 0, errors.New("process: " + problem)
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	c, done := prices(), 0
	for done < len(p) {
		n, problem := writePipe(w.id, p[done:])
		done += n
		work(int(c.Syscall) + bytes(n, c.Byte))
		switch problem {
		case "":
		case "broken":
			return done, ErrBroken
		default:
			return done, errors.New("process: " + problem)
		}
	}
	return done, nil
}

// Close closes the running process's own.
func (r *Reader) Close() error { closePipe(r.id, false); return nil }

// Close closes the running process's own.
func (w *Writer) Close() error { closePipe(w.id, true); return nil }

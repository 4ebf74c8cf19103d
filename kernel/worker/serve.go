package worker

import (
	"errors"

	"interleave/kernel/protocol"
)

// Serve is the main function of a worker process: it speaks the protocol over
// standard input and output until the parent closes them. open makes the
// session; it is called after the standard files were replaced and the limits
// set. Serve returns when the parent wants no more; the process should then
// exit with 0, or with 1 on an error.
func Serve(open func() (protocol.Handler, error)) error { return errors.New("worker: building") }

package worker

import (
	"errors"
	"os"
	"time"
)

// eventPipe is the reading end of the pipe of events.
type eventPipe struct{ *os.File }

func newEventPipe() (r *eventPipe, w *os.File, err error) {
	file, w, err := os.Pipe()
	return &eventPipe{file}, w, err
}

// expireAt ends reads at the given time.
func (e *eventPipe) expireAt(at time.Time) {
	if err := e.SetReadDeadline(at); errors.Is(err, os.ErrNoDeadline) {
		time.AfterFunc(time.Until(at), func() { e.Close() })
	}
}

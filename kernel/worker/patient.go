package worker

import (
	"io"
	"time"
)

// patient reads from a pipe that may be written to in very small pieces. Waking
// up for each line of a cell that prints thousands costs more than the line, so
// while pieces come quickly it lets them gather for a moment first.
type patient struct {
	r     io.Reader
	last  time.Time
	quick int // small pieces in a row that came at once
}

const (
	gatherAfter = 16               // pieces
	gatherTime  = time.Millisecond // far below what a person notices
	smallPiece  = 16 << 10         // bytes
)

func (p *patient) Read(b []byte) (int, error) {
	if p.quick > gatherAfter {
		time.Sleep(gatherTime)
	}
	n, err := p.r.Read(b)
	now := time.Now()
	if n < smallPiece && now.Sub(p.last) < 2*gatherTime {
		p.quick++
	} else if n < smallPiece {
		p.quick = 0
	}
	p.last = now
	return n, err
}

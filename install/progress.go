package install

import (
	"fmt"
	"io"
	"sync"
)

// Progress tells the user what happens. Lines stay; a status is shown in their
// place while a long step runs, where the output is a terminal.
type Progress struct {
	Out  io.Writer
	Live bool // Out is a terminal

	mu    sync.Mutex
	shown bool // a status is on the screen
}

// Line writes one line that stays.
func (p *Progress) Line(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wipe()
	fmt.Fprintf(p.Out, format+"\n", args...)
}

// Status replaces the status by a short text.
func (p *Progress) Status(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.Live {
		return
	}
	p.wipe()
	fmt.Fprintf(p.Out, format, args...)
	p.shown = true
}

func (p *Progress) wipe() {
	if p.shown {
		fmt.Fprint(p.Out, "\r\x1b[K")
		p.shown = false
	}
}

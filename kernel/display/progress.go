package display

import (
	"crypto/rand"
	"fmt"
	"html"
	"strings"
	"sync"
)

// Bar is a progress bar that changes in place. Its methods may be called from
// several goroutines.
type Bar struct {
	sink  Sink
	id    string
	title string
	total int

	mu    sync.Mutex
	count int
	shown int // percent; -1: nothing
	ended bool
}

func newBar(sink Sink, title string, total int) *Bar {
	b := &Bar{sink: sink, id: "progress-" + rand.Text(), title: title, total: max(total, 1), shown: -1}
	b.show(Output{ID: b.id})
	return b
}

// Step adds n to the count.
func (b *Bar) Step(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(b.count + n)
}

// Set sets the count, from 0 to the total.
func (b *Bar) Set(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(n)
}

// Done fills the bar. It changes no more after that.
func (b *Bar) Done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(b.total)
	b.ended = true
}

// set shows the bar again when its percentage has changed, so that a million
// steps cost a hundred outputs.
func (b *Bar) set(n int) {
	if b.ended {
		return
	}
	b.count = min(max(n, 0), b.total)
	if b.percent() != b.shown {
		b.show(Output{ID: b.id, Update: true})
	}
}

func (b *Bar) percent() int { return int(int64(b.count) * 100 / int64(b.total)) }

func (b *Bar) show(out Output) {
	b.shown = b.percent()
	const steps = 25
	filled := b.shown * steps / 100
	label := fmt.Sprintf("%3d %% (%d of %d)", b.shown, b.count, b.total)
	text := "▕" + strings.Repeat("█", filled) + strings.Repeat("░", steps-filled) + "▏" + label
	name := ""
	if b.title != "" {
		text = b.title + " " + text
		name = html.EscapeString(b.title) + " "
	}
	out.Data = Bundle{"text/plain": text, "text/html": fmt.Sprintf(
		`<div>%s<div style="display: inline-block; width: 200px; height: 12px; border: 1px solid #808080; `+
			`background-color: var(--jp-layout-color2, #eeeeee)" title="%s"><div style="width: %d%%; height: 12px; `+
			`background-color: #0072b2"></div></div> %s</div>`,
		name, strings.TrimSpace(label), b.shown, strings.TrimSpace(label))}
	b.sink.Display(out)
}

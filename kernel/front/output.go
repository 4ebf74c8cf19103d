package front

import (
	"context"
	"sync"

	"interleave/kernel/message"
	"interleave/kernel/protocol"
)

// output publishes what the worker sends, each piece with the header of its
// own cell as parent. It implements protocol.Output.
type output struct{ front *front }

func (o output) Stream(s protocol.Stream) {
	o.publish(s.Cell, "stream", message.Stream{Name: s.Name, Text: s.Text})
}

func (o output) Display(d protocol.Display) {
	c := o.front.cells.find(d.Cell)
	if c == nil {
		return
	}
	transient := message.Transient{DisplayID: d.DisplayID}
	if d.Kind == "execute_result" {
		text, _ := d.Data["text/plain"].(string)
		o.front.results.keep(c.id, text)
		o.publish(d.Cell, d.Kind, message.ExecuteResult{Count: c.count, Data: d.Data, Metadata: d.Metadata, Transient: transient})
		return
	}
	o.publish(d.Cell, d.Kind, message.Display{Data: d.Data, Metadata: d.Metadata, Transient: transient})
}

func (o output) Clear(c protocol.Clear) {
	o.publish(c.Cell, "clear_output", message.ClearOutput{Wait: c.Wait})
}

func (o output) Comm(c protocol.Comm) {
	o.front.comms.note(c)
	var content any
	switch c.Type {
	case "comm_open":
		content = message.CommOpen{ID: c.ID, Target: c.Target, Data: object(c.Data)}
	case "comm_close":
		content = message.CommClose{ID: c.ID, Data: object(c.Data)}
	default:
		content = message.CommMsg{ID: c.ID, Data: object(c.Data)}
	}
	m := o.make(c.Cell, c.Type, content)
	if m == nil {
		return
	}
	m.Metadata, m.Buffers = object(c.Metadata), c.Buffers
	o.front.iopub.output(m)
}

func (o output) Prompt(ctx context.Context, p protocol.Prompt) (protocol.Input, error) {
	c := o.front.cells.find(p.Cell)
	if c == nil || !c.stdin {
		return protocol.Input{EOF: true}, nil
	}
	return o.front.prompts.ask(ctx, c, p)
}

func (o output) publish(id, typ string, content any) {
	if m := o.make(id, typ, content); m != nil {
		o.front.iopub.output(m)
	}
}

// make returns nil where nothing is to be shown.
func (o output) make(id, typ string, content any) *message.Message {
	c := o.front.cells.find(id)
	if c == nil || c.silent {
		return nil
	}
	return o.front.broadcast(c.request, typ, content)
}

// result remembers the text of the last execute_result, for the history.
type result struct {
	mu   sync.Mutex
	cell string
	text string
}

func (r *result) keep(cell, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cell, r.text = cell, text
}

// of returns the result of the cell, "" where it had none.
func (r *result) of(cell string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cell != cell {
		return ""
	}
	return r.text
}

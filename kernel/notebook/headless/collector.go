package headless

import (
	"context"
	"sync"

	"interleave/kernel/notebook"
	"interleave/kernel/protocol"
)

// collector gathers the outputs of all cells of one run as a front end would
// show them. It is a protocol.Output. Output that arrives after its cell ended
// is added to that cell.
type collector struct {
	mu    sync.Mutex
	cells map[string]*collected
}

// collected is what one cell shows.
type collected struct {
	count int // n of "Out [n]"
	items []*item
	clear bool // a clear that waits for the next output
}

type item struct {
	output    notebook.Output
	displayID string
}

func newCollector() *collector { return &collector{cells: map[string]*collected{}} }

// begin says that a cell is about to run.
func (c *collector) begin(cell string, count int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cell(cell).count = count
}

// outputs are those of that cell, as they stand now.
func (c *collector) outputs(cell string) []notebook.Output {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []notebook.Output
	for _, it := range c.cell(cell).items {
		list = append(list, it.output)
	}
	return list
}

func (c *collector) fail(cell string, e *protocol.Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cell(cell).add(&item{output: notebook.NewError(e.Name, e.Value, e.Traceback)})
}

func (c *collector) Stream(s protocol.Stream) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cell := c.cell(s.Cell)
	if n := len(cell.items); n > 0 && !cell.clear {
		last := cell.items[n-1]
		if name, text := last.output.Stream(); last.output.Kind() == notebook.Stream && name == s.Name {
			last.output = notebook.NewStream(name, text+s.Text)
			return
		}
	}
	cell.add(&item{output: notebook.NewStream(s.Name, s.Text)})
}

func (c *collector) Display(d protocol.Display) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch d.Kind {
	case "update_display_data":
		c.update(d)
	case notebook.ExecuteResult:
		cell := c.cell(d.Cell)
		cell.add(&item{output: notebook.NewResult(cell.count, d.Data, d.Metadata), displayID: d.DisplayID})
	default:
		c.cell(d.Cell).add(&item{output: notebook.NewDisplay(d.Data, d.Metadata), displayID: d.DisplayID})
	}
}

func (c *collector) update(d protocol.Display) {
	for _, cell := range c.cells {
		for _, it := range cell.items {
			if d.DisplayID != "" && it.displayID == d.DisplayID {
				it.output.SetData(d.Data, d.Metadata)
			}
		}
	}
}

func (c *collector) Clear(cl protocol.Clear) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cell := c.cell(cl.Cell)
	if cl.Wait {
		cell.clear = true
		return
	}
	cell.items = nil
}

// Comm is ignored: there is no front end to answer.
func (c *collector) Comm(protocol.Comm) {}

// Prompt answers that there is no input.
func (c *collector) Prompt(context.Context, protocol.Prompt) (protocol.Input, error) {
	return protocol.Input{EOF: true}, nil
}

func (c *collector) cell(id string) *collected {
	if c.cells[id] == nil {
		c.cells[id] = &collected{}
	}
	return c.cells[id]
}

func (c *collected) add(it *item) {
	if c.clear {
		c.items, c.clear = nil, false
	}
	c.items = append(c.items, it)
}

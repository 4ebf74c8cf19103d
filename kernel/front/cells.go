package front

import (
	"fmt"
	"sync"

	"interleave/kernel/message"
)

// remembered is how many past requests keep their headers for late output:
// about 10 MB.
const remembered = 10_000

// cell is one request that a worker acts for: whatever the worker prints,
// whenever, names it.
type cell struct {
	id      string
	request *message.Message // without content: header and identities
	count   int              // n of its execution_count
	silent  bool             // nothing of it is shown
	stdin   bool             // its front end answers input_request
}

// cells keeps the requests that output may still name. It is safe for
// concurrent use.
type cells struct {
	mu    sync.Mutex
	made  int
	byID  map[string]*cell
	order []string // of byID, oldest first
}

func newCells() *cells { return &cells{byID: map[string]*cell{}} }

// add gives c an id and keeps it. Beyond the limit the oldest one goes.
func (cs *cells) add(c cell) *cell {
	head := *c.request
	head.Parent, head.Metadata, head.Content, head.Buffers = nil, nil, nil, nil
	c.request = &head
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.made++
	c.id = fmt.Sprintf("c%d", cs.made)
	cs.byID[c.id] = &c
	cs.order = append(cs.order, c.id)
	if len(cs.order) > remembered {
		delete(cs.byID, cs.order[0])
		cs.order = cs.order[1:]
	}
	return &c
}

// find returns the cell of that id. Output of a cell that is no longer known
// goes to the oldest known one rather than nowhere; nil where there is none.
func (cs *cells) find(id string) *cell {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if c := cs.byID[id]; c != nil || len(cs.order) == 0 {
		return c
	}
	return cs.byID[cs.order[0]]
}

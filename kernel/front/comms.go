package front

import (
	"encoding/json"
	"sync"

	"interleave/kernel/message"
	"interleave/kernel/protocol"
)

// comms knows which comms are open, from the messages that pass in both
// directions. It is safe for concurrent use.
type comms struct {
	mu   sync.Mutex
	open message.Comms
}

func newComms() *comms { return &comms{open: message.Comms{}} }

// note takes over what one message changes.
func (c *comms) note(m protocol.Comm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch m.Type {
	case "comm_open":
		c.open[m.ID] = message.CommTarget{Target: m.Target}
	case "comm_close":
		delete(c.open, m.ID)
	}
}

// list returns the open comms of one target, of all where target is "".
func (c *comms) list(target string) message.Comms {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := message.Comms{}
	for id, t := range c.open {
		if target == "" || t.Target == target {
			found[id] = t
		}
	}
	return found
}

// forget closes all: the process at their other end is gone.
func (c *comms) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.open)
}

// readComm turns a comm message of a front end into the worker's form.
func readComm(m *message.Message) (protocol.Comm, error) {
	c := protocol.Comm{Type: m.Header.Type, Metadata: m.Metadata, Buffers: m.Buffers}
	var err error
	switch m.Header.Type {
	case "comm_open":
		var open message.CommOpen
		err = m.Read(&open)
		c.ID, c.Target, c.Data = open.ID, open.Target, open.Data
	case "comm_close":
		var closing message.CommClose
		err = m.Read(&closing)
		c.ID, c.Data = closing.ID, closing.Data
	default:
		var msg message.CommMsg
		err = m.Read(&msg)
		c.ID, c.Data = msg.ID, msg.Data
	}
	return c, err
}

func object(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("{}")
	}
	return raw
}

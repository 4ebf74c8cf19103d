package message

import (
	"encoding/json"
	"errors"
)

// CommOpen is the content of "comm_open", in either direction.
type CommOpen struct {
	ID     string          `json:"comm_id" required:"true"`
	Target string          `json:"target_name" required:"true"`
	Module string          `json:"target_module,omitempty"`
	Data   json.RawMessage `json:"data"` // an object, default {}
}

func (c *CommOpen) settle(func(string) bool) error { return settleData(&c.Data) }

// MarshalJSON implements json.Marshaler; nil data is written as {}.
func (c CommOpen) MarshalJSON() ([]byte, error) {
	type plain CommOpen
	if err := settleData(&c.Data); err != nil {
		return nil, err
	}
	return json.Marshal(plain(c))
}

// CommMsg is the content of "comm_msg", in either direction.
type CommMsg struct {
	ID   string          `json:"comm_id" required:"true"`
	Data json.RawMessage `json:"data"` // an object, default {}
}

func (c *CommMsg) settle(func(string) bool) error { return settleData(&c.Data) }

// MarshalJSON implements json.Marshaler; nil data is written as {}.
func (c CommMsg) MarshalJSON() ([]byte, error) {
	type plain CommMsg
	if err := settleData(&c.Data); err != nil {
		return nil, err
	}
	return json.Marshal(plain(c))
}

// CommClose is the content of "comm_close", in either direction.
type CommClose struct {
	ID   string          `json:"comm_id" required:"true"`
	Data json.RawMessage `json:"data"` // an object, default {}
}

func (c *CommClose) settle(func(string) bool) error { return settleData(&c.Data) }

// MarshalJSON implements json.Marshaler; nil data is written as {}.
func (c CommClose) MarshalJSON() ([]byte, error) {
	type plain CommClose
	if err := settleData(&c.Data); err != nil {
		return nil, err
	}
	return json.Marshal(plain(c))
}

// CommInfoRequest is the content of "comm_info_request".
type CommInfoRequest struct {
	Target string `json:"target_name"` // default "": comms of every target
}

// CommInfoReply is the content of "comm_info_reply".
type CommInfoReply struct {
	ok
	Comms Comms `json:"comms"` // by comm_id
}

// Comms are open comms by their id; nil is written as {}.
type Comms map[string]CommTarget

// MarshalJSON implements json.Marshaler.
func (c Comms) MarshalJSON() ([]byte, error) {
	if c == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(map[string]CommTarget(c))
}

// CommTarget says what a comm is for.
type CommTarget struct {
	Target string `json:"target_name"`
}

// settleData fills in the default of a comm's data and holds it to an object.
func settleData(data *json.RawMessage) error {
	if len(*data) == 0 || string(*data) == "null" {
		*data = emptyObject()
	}
	if !isObject(*data) {
		return errors.New("data is not an object")
	}
	return nil
}

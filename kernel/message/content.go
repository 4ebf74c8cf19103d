package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// Read fills content, a pointer to a struct of this package, from the message. A
// field tagged required must be there; any other may be absent or null and then has
// the protocol's default. The error names the field and the message type.
func (m *Message) Read(content any) error {
	typ := m.Header.Type
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(orEmpty(m.Content), &fields); err != nil {
		return fmt.Errorf("message: content of %s is not an object", typ)
	}
	has := func(name string) bool {
		raw, there := fields[name]
		return there && string(raw) != "null"
	}
	into := reflect.TypeOf(content).Elem()
	for i := range into.NumField() {
		f := into.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Tag.Get("required") == "true" && !has(name) {
			return fmt.Errorf("message: %s lacks the field %q", typ, name)
		}
	}
	if err := json.Unmarshal(orEmpty(m.Content), content); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return fmt.Errorf("message: the field %q of %s must be %s, not %s", wrong.Field, typ, kindName(wrong.Type), wrong.Value)
		}
		return fmt.Errorf("message: content of %s: %w", typ, err)
	}
	if c, ok := content.(interface {
		settle(has func(field string) bool) error
	}); ok {
		if err := c.settle(has); err != nil {
			return fmt.Errorf("message: %s: %w", typ, err)
		}
	}
	return nil
}

// kindName names the JSON form of a Go type for an error message.
func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}

// Object is a JSON object; a nil one is written as {}.
type Object map[string]any

// MarshalJSON implements json.Marshaler.
func (o Object) MarshalJSON() ([]byte, error) {
	if o == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(map[string]any(o))
}

// Strings is a list of strings; a nil one is written as [].
type Strings []string

// MarshalJSON implements json.Marshaler.
func (s Strings) MarshalJSON() ([]byte, error) {
	if s == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]string(s))
}

// ok is embedded in every reply that reports success: it writes "status": "ok".
type ok struct {
	Status okStatus `json:"status"`
}

type okStatus struct{}

func (okStatus) MarshalJSON() ([]byte, error) { return []byte(`"ok"`), nil }

func (*okStatus) UnmarshalJSON(raw []byte) error {
	if string(raw) != `"ok"` {
		return fmt.Errorf("status %s is not \"ok\"", raw)
	}
	return nil
}

// Error is the content of the iopub message "error".
type Error struct {
	Name      string  `json:"ename"`  // "panic", "compile error", …
	Value     string  `json:"evalue"` // one line
	Traceback Strings `json:"traceback"`
}

// ErrorReply is the content of any reply that reports failure.
type ErrorReply struct {
	Status string `json:"status"` // "error"
	Error
	Count *int `json:"execution_count,omitempty"` // in an execute_reply: the cell's number
}

// NewErrorReply returns the failure that answers a request other than execute_request.
func NewErrorReply(name, value string) ErrorReply {
	return ErrorReply{Status: "error", Error: Error{Name: name, Value: value, Traceback: Strings{name + ": " + value}}}
}

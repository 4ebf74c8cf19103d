package message

import "encoding/json"

// ExecuteRequest is the content of "execute_request".
type ExecuteRequest struct {
	Code         string            `json:"code" required:"true"`
	Silent       bool              `json:"silent"`           // default false: no output, no count, no history
	StoreHistory bool              `json:"store_history"`    // default: not silent; always false where silent
	Expressions  map[string]string `json:"user_expressions"` // evaluated after the code
	AllowStdin   bool              `json:"allow_stdin"`      // default true
	StopOnError  bool              `json:"stop_on_error"`    // default true: a failure aborts the requests queued behind it
}

func (r *ExecuteRequest) settle(has func(string) bool) error {
	if !has("store_history") {
		r.StoreHistory = true
	}
	if r.Silent {
		r.StoreHistory = false
	}
	if !has("allow_stdin") {
		r.AllowStdin = true
	}
	if !has("stop_on_error") {
		r.StopOnError = true
	}
	return nil
}

// ExecuteReply is the content of "execute_reply" for a cell that ran through.
type ExecuteReply struct {
	ok
	Count       int      `json:"execution_count"`
	Expressions Object   `json:"user_expressions"` // by name: Expression or ErrorReply
	Payload     Payloads `json:"payload"`
}

// Payloads is a list of payloads; a nil one is written as [].
type Payloads []Payload

// MarshalJSON implements json.Marshaler.
func (p Payloads) MarshalJSON() ([]byte, error) {
	if p == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]Payload(p))
}

// Payload asks the front end to show a text in its pager. The protocol deprecates
// payloads without offering another way to the pager.
type Payload struct {
	Source string `json:"source"` // "page"
	Data   Object `json:"data"`   // by mime type; with text/plain
	Start  int    `json:"start"`  // line to show first, from 0
}

// Expression is the value of one user expression.
type Expression struct {
	ok
	Data     Object `json:"data"` // by mime type
	Metadata Object `json:"metadata"`
}

// NewExecuteError returns the execute_reply for cell number count that failed.
func NewExecuteError(count int, e Error) ErrorReply {
	return ErrorReply{Status: "error", Error: e, Count: &count}
}

// NewExecuteAborted returns the execute_reply for a request that was not run because
// one before it in the queue failed. Front ends show nothing for it.
func NewExecuteAborted(count int) ErrorReply {
	return ErrorReply{Status: "aborted", Error: Error{Name: "aborted", Value: "an earlier cell failed"}, Count: &count}
}

// ExecuteInput is the content of the iopub message "execute_input".
type ExecuteInput struct {
	Code  string `json:"code"`
	Count int    `json:"execution_count"`
}

// ExecuteResult is the content of the iopub message "execute_result".
type ExecuteResult struct {
	Count     int       `json:"execution_count"`
	Data      Object    `json:"data"` // by mime type; always with text/plain
	Metadata  Object    `json:"metadata"`
	Transient Transient `json:"transient"`
}

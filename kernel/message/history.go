package message

import (
	"encoding/json"
	"fmt"
)

// HistoryRequest is the content of "history_request".
type HistoryRequest struct {
	Access  string `json:"hist_access_type" required:"true"` // "tail", "range" or "search"
	Output  bool   `json:"output"`                           // default false: inputs alone
	Raw     bool   `json:"raw"`                              // default true; this kernel stores the raw input only
	Session int    `json:"session"`                          // range: 0 (default) is this session, -1 the one before
	Start   int    `json:"start"`                            // range: first line
	Stop    int    `json:"stop"`                             // range: line after the last; 0: to the end
	N       int    `json:"n"`                                // tail (default 10), search (default 0: all): the last n entries
	Pattern string `json:"pattern"`                          // search: glob, default "*"
	Unique  bool   `json:"unique"`                           // search, tail: the newest of equal inputs only
}

func (r *HistoryRequest) settle(has func(string) bool) error {
	switch r.Access {
	case "tail", "range", "search":
	default:
		return fmt.Errorf("hist_access_type is %q, not tail, range or search", r.Access)
	}
	if r.N < 0 {
		return fmt.Errorf("n is %d, below 0", r.N)
	}
	if !has("raw") {
		r.Raw = true
	}
	if !has("n") && r.Access == "tail" {
		r.N = 10
	}
	if !has("pattern") {
		r.Pattern = "*"
	}
	return nil
}

// HistoryReply is the content of "history_reply".
type HistoryReply struct {
	ok
	History HistoryEntries `json:"history"`
}

// HistoryEntries is a list of entries; a nil one is written as [].
type HistoryEntries []HistoryEntry

// MarshalJSON implements json.Marshaler.
func (e HistoryEntries) MarshalJSON() ([]byte, error) {
	if e == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]HistoryEntry(e))
}

// HistoryEntry is one entry, written as [session, line, input], or as
// [session, line, [input, output]] where WithOutput.
type HistoryEntry struct {
	Session    int
	Line       int
	Input      string
	Output     string // "" is written as null
	WithOutput bool
}

// MarshalJSON implements json.Marshaler.
func (e HistoryEntry) MarshalJSON() ([]byte, error) {
	if !e.WithOutput {
		return json.Marshal([]any{e.Session, e.Line, e.Input})
	}
	var output any
	if e.Output != "" {
		output = e.Output
	}
	return json.Marshal([]any{e.Session, e.Line, []any{e.Input, output}})
}

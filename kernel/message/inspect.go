package message

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// InspectRequest is the content of "inspect_request".
type InspectRequest struct {
	Code   string `json:"code" required:"true"`
	Cursor int    `json:"cursor_pos" required:"true"` // code points, 0 to the length of Code
	Detail int    `json:"detail_level"`               // 0 (default) or 1
}

func (r *InspectRequest) settle(func(string) bool) error {
	if r.Detail != 0 && r.Detail != 1 {
		return fmt.Errorf("detail_level is %d, not 0 or 1", r.Detail)
	}
	return checkCursor(r.Code, r.Cursor)
}

// InspectReply is the content of "inspect_reply".
type InspectReply struct {
	ok
	Found    bool   `json:"found"`
	Data     Object `json:"data"` // by mime type
	Metadata Object `json:"metadata"`
}

// CompleteRequest is the content of "complete_request".
type CompleteRequest struct {
	Code   string `json:"code" required:"true"`
	Cursor int    `json:"cursor_pos" required:"true"` // code points, 0 to the length of Code
}

func (r *CompleteRequest) settle(func(string) bool) error { return checkCursor(r.Code, r.Cursor) }

// CompleteReply is the content of "complete_reply".
type CompleteReply struct {
	ok
	Matches  Strings          `json:"matches"`
	Start    int              `json:"cursor_start"` // code points
	End      int              `json:"cursor_end"`   // code points
	Metadata CompleteMetadata `json:"metadata"`
}

// CompleteMetadata tells front ends more than the text of the matches.
type CompleteMetadata struct {
	Types []Match `json:"_jupyter_types_experimental,omitempty"` // in the order of Matches
}

// Match is one completion with its type.
type Match struct {
	Start     int    `json:"start"` // code points
	End       int    `json:"end"`   // code points
	Text      string `json:"text"`
	Type      string `json:"type"` // "function", "variable", …
	Signature string `json:"signature"`
}

// IsCompleteRequest is the content of "is_complete_request".
type IsCompleteRequest struct {
	Code string `json:"code" required:"true"`
}

// IsCompleteReply is the content of "is_complete_reply".
type IsCompleteReply struct {
	Status string `json:"status"` // "complete", "incomplete", "invalid" or "unknown"
	Indent string `json:"indent"` // of the next line; used where incomplete
}

// checkCursor holds the cursor to the code, both in code points.
func checkCursor(code string, cursor int) error {
	if cursor < 0 {
		return errors.New("cursor_pos is negative")
	}
	if n := utf8.RuneCountInString(code); cursor > n {
		return fmt.Errorf("cursor_pos %d is beyond the code, which has %d characters", cursor, n)
	}
	return nil
}

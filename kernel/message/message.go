package message

import "encoding/json"

// ProtocolVersion is the version of the Jupyter messaging protocol that this
// kernel speaks.
const ProtocolVersion = "5.4"

// Header identifies one message.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"` // ISO 8601, UTC
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
	Subshell string `json:"subshell_id,omitempty"`
}

// Message is one Jupyter message, decoded and verified.
type Message struct {
	Identities [][]byte // routing prefix; a topic on iopub
	Header     Header
	Parent     json.RawMessage // header of the request that caused it; {} where none
	Metadata   json.RawMessage
	Content    json.RawMessage
	Buffers    [][]byte
}

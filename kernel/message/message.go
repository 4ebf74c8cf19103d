package message

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ProtocolVersion is the version of the Jupyter messaging protocol that this
// kernel speaks.
const ProtocolVersion = "5.4"

// dateLayout is ISO 8601 with microseconds, the precision Python can read.
const dateLayout = "2006-01-02T15:04:05.000000Z07:00"

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

	raw json.RawMessage // the header as received, so that replies repeat it unchanged
}

// Session makes the messages of one kernel process. It is immutable and safe for
// concurrent use.
type Session struct {
	ID       string // header field "session": a UUID, one a kernel process
	Username string // header field "username"
}

// NewSession returns a session with a new random identifier.
func NewSession() *Session {
	return &Session{ID: uuid.NewString(), Username: "kernel"}
}

// New makes a message of type typ caused by parent; parent is nil where nothing
// caused it. The content is anything that marshals to a JSON object; nil stands for {}. The message
// has no identities: on iopub the caller sets a topic.
func (s *Session) New(parent *Message, typ string, content any) (*Message, error) {
	m := &Message{
		Header: Header{
			ID:       uuid.NewString(),
			Session:  s.ID,
			Username: s.Username,
			Date:     time.Now().UTC().Format(dateLayout),
			Type:     typ,
			Version:  ProtocolVersion,
		},
		Parent:   emptyObject(),
		Metadata: emptyObject(),
		Content:  emptyObject(),
	}
	if parent != nil {
		head, err := parent.header()
		if err != nil {
			return nil, err
		}
		m.Parent = head
	}
	if content != nil {
		raw, err := json.Marshal(content)
		if err != nil {
			return nil, fmt.Errorf("message: content of %s: %w", typ, err)
		}
		if !isObject(raw) {
			return nil, fmt.Errorf("message: content of %s is not an object", typ)
		}
		m.Content = raw
	}
	return m, nil
}

// Reply makes the answer to a request: its type is the request's with "_reply" in place of
// "_request", and it goes to the identities that the request came from.
func (s *Session) Reply(request *Message, content any) (*Message, error) {
	m, err := s.New(request, strings.TrimSuffix(request.Header.Type, "_request")+"_reply", content)
	if err != nil {
		return nil, err
	}
	m.Identities = request.Identities
	return m, nil
}

// ParentID returns the msg_id of the request that caused m, "" where there is none.
func (m *Message) ParentID() string {
	var head struct {
		ID string `json:"msg_id"`
	}
	if json.Unmarshal(m.Parent, &head) != nil {
		return ""
	}
	return head.ID
}

// header returns the JSON text of the header: as received where it was received.
func (m *Message) header() (json.RawMessage, error) {
	if m.raw != nil {
		return m.raw, nil
	}
	raw, err := json.Marshal(m.Header)
	if err != nil {
		return nil, fmt.Errorf("message: header of %s: %w", m.Header.Type, err)
	}
	return raw, nil
}

func emptyObject() json.RawMessage { return json.RawMessage("{}") }

// isObject reports whether valid JSON text is an object.
func isObject(raw []byte) bool {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	return len(raw) > 0 && raw[0] == '{'
}

package message

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Limits of Decode. What exceeds them comes from no Jupyter client.
const (
	maxFrames     = 1024 // frames of one message, buffers included
	maxIdentities = 16   // routing frames before the delimiter
	maxIdentity   = 4096 // bytes of one routing frame
)

const delimiter = "<IDS|MSG>"

// ErrSignature is wrapped by Decode's error for a message that was signed with another key, changed
// on the way, or not signed at all.
var ErrSignature = errors.New("the signature does not match")

// Decode verifies and splits the frames of one message. An empty key means that
// messages are not signed; then any signature frame is accepted. The message
// keeps the slices of frames.
func Decode(frames [][]byte, key []byte) (*Message, error) {
	if len(frames) > maxFrames {
		return nil, fmt.Errorf("message: %d frames, at most %d are allowed", len(frames), maxFrames)
	}
	at, err := findDelimiter(frames)
	if err != nil {
		return nil, err
	}
	rest := frames[at+1:]
	if len(rest) < 5 {
		return nil, fmt.Errorf("message: %d frames after the delimiter, at least 5 are needed", len(rest))
	}
	signature, parts := rest[0], rest[1:5]
	if len(key) > 0 && !hmac.Equal(signature, sign(key, parts)) {
		return nil, fmt.Errorf("message: %w", ErrSignature)
	}
	m := &Message{Identities: frames[:at:at], Buffers: rest[5:]}
	if err := m.readParts(parts); err != nil {
		return nil, err
	}
	return m, nil
}

func findDelimiter(frames [][]byte) (int, error) {
	for i, f := range frames {
		switch {
		case string(f) == delimiter:
			return i, nil
		case i == maxIdentities:
			return 0, fmt.Errorf("message: more than %d frames before the delimiter %s", maxIdentities, delimiter)
		case len(f) > maxIdentity:
			return 0, fmt.Errorf("message: an identity of %d bytes, at most %d are allowed", len(f), maxIdentity)
		}
	}
	return 0, fmt.Errorf("message: the delimiter %s is missing", delimiter)
}

// readParts takes over the four signed frames.
func (m *Message) readParts(parts [][]byte) error {
	names := [4]string{"header", "parent header", "metadata", "content"}
	var objects [4]json.RawMessage
	for i, p := range parts {
		if !utf8.Valid(p) {
			return fmt.Errorf("message: the %s is not UTF-8", names[i])
		}
		if !json.Valid(p) {
			return fmt.Errorf("message: the %s is not JSON", names[i])
		}
		if i > 0 && string(bytes.TrimSpace(p)) == "null" {
			objects[i] = emptyObject()
			continue
		}
		if !isObject(p) {
			return fmt.Errorf("message: the %s is not an object", names[i])
		}
		objects[i] = p
	}
	if err := json.Unmarshal(objects[0], &m.Header); err != nil {
		return fmt.Errorf("message: header: %w", err)
	}
	if m.Header.ID == "" {
		return errors.New(`message: the header lacks the field "msg_id"`)
	}
	if m.Header.Type == "" {
		return errors.New(`message: the header lacks the field "msg_type"`)
	}
	m.raw, m.Parent, m.Metadata, m.Content = objects[0], objects[1], objects[2], objects[3]
	return nil
}

// Encode returns the frames of m, signed where key is not empty. The frames share
// memory with m.
func (m *Message) Encode(key []byte) [][]byte {
	head, err := m.header()
	if err != nil {
		panic(err) // a Header is strings; it always marshals
	}
	parts := [][]byte{head, orEmpty(m.Parent), orEmpty(m.Metadata), orEmpty(m.Content)}
	frames := make([][]byte, 0, len(m.Identities)+6+len(m.Buffers))
	frames = append(frames, m.Identities...)
	frames = append(frames, []byte(delimiter), sign(key, parts))
	frames = append(frames, parts...)
	return append(frames, m.Buffers...)
}

// sign returns the lower-case hexadecimal HMAC-SHA256 of the parts; nothing
// where key is empty.
func sign(key []byte, parts [][]byte) []byte {
	if len(key) == 0 {
		return []byte{}
	}
	mac := hmac.New(sha256.New, key)
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

func orEmpty(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return emptyObject()
	}
	return raw
}

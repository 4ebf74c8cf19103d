package protocol

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Kind says what the payload of a frame is. The values are part of the
// protocol between a front and a worker of the same binary only.
type Kind byte

// From front to worker; the comment names the payload.
const (
	KindSetup      Kind = 'S' // Setup, always first
	KindExecute    Kind = 'x' // Execute
	KindInterrupt  Kind = 'i' // none
	KindReplay     Kind = 'r' // Record
	KindComplete   Kind = 'c' // Complete
	KindInspect    Kind = 'n' // Inspect
	KindIsComplete Kind = 'q' // string
	KindInput      Kind = 'a' // Input, answers KindPrompt of the same number
)

// From worker to front.
const (
	KindReady        Kind = 'R' // none: the session is open
	KindStream       Kind = 's' // Stream
	KindDisplay      Kind = 'd' // Display
	KindClear        Kind = 'e' // Clear
	KindPrompt       Kind = 'p' // Prompt
	KindPromptEnd    Kind = 'P' // none: nobody waits for that Input any more
	KindDone         Kind = 'D' // Done, answers KindExecute
	KindReplayed     Kind = 'T' // string, answers KindReplay; empty where it worked
	KindCompletions  Kind = 'C' // Completions
	KindInspection   Kind = 'N' // Inspection
	KindCompleteness Kind = 'Q' // Completeness
)

// In both directions.
const (
	KindComm  Kind = 'm' // Comm
	KindLimit Kind = 'l' // int64: bytes of output a cell may write
)

// Setup is what a worker needs to know before it opens its session.
// A number that is not positive means no limit.
type Setup struct {
	Memory      int64 `json:"memory"`       // bytes
	OutputLimit int64 `json:"output_limit"` // bytes a cell
	Processes   int   `json:"processes"`    // processes and threads beyond those there are
	Nice        int   `json:"nice"`         // 0 to 19
	Spare       bool  `json:"spare"`        // it has time: another worker runs the cells
}

// MaxFrame is the largest payload, in bytes, that is written or read.
const MaxFrame = 256 << 20

// ErrTooLarge is returned by WriteFrame for a payload above MaxFrame; nothing
// was written then.
var ErrTooLarge = errors.New("protocol: frame too large")

const headerSize = 9 // kind, number, length

// Frame is one message between front and worker. On the pipe: one byte of
// kind, four of number, four of length (big endian), then the payload, JSON.
type Frame struct {
	Kind    Kind
	Number  uint32 // links an answer to its request; 0 where there is no answer
	Payload []byte
}

// NewFrame encodes payload; nil makes an empty one.
func NewFrame(kind Kind, number uint32, payload any) (Frame, error) {
	f := Frame{Kind: kind, Number: number}
	if payload == nil {
		return f, nil
	}
	data, err := json.Marshal(payload)
	if err != nil {
		return f, fmt.Errorf("protocol: frame %q: %w", kind, err)
	}
	f.Payload = data
	return f, nil
}

// Decode decodes the payload into v.
func (f Frame) Decode(v any) error {
	if err := json.Unmarshal(f.Payload, v); err != nil {
		return fmt.Errorf("protocol: frame %q: %w", f.Kind, err)
	}
	return nil
}

// WriteFrame writes f with one call of Write.
func WriteFrame(w io.Writer, f Frame) error {
	if len(f.Payload) > MaxFrame {
		return ErrTooLarge
	}
	buf := make([]byte, headerSize+len(f.Payload))
	buf[0] = byte(f.Kind)
	binary.BigEndian.PutUint32(buf[1:], f.Number)
	binary.BigEndian.PutUint32(buf[5:], uint32(len(f.Payload)))
	copy(buf[headerSize:], f.Payload)
	if _, err := w.Write(buf); err != nil {
		return fmt.Errorf("protocol: write: %w", err)
	}
	return nil
}

// ReadFrame reads one frame. It returns io.EOF at a clean end between frames,
// and another error for a cut, oversized or foreign one. It never allocates
// much more than what arrived.
func ReadFrame(r io.Reader) (Frame, error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if err == io.EOF {
			return Frame{}, io.EOF
		}
		return Frame{}, fmt.Errorf("protocol: read: %w", err)
	}
	f := Frame{Kind: Kind(head[0]), Number: binary.BigEndian.Uint32(head[1:])}
	size := binary.BigEndian.Uint32(head[5:])
	if !f.Kind.known() {
		return Frame{}, fmt.Errorf("protocol: unknown frame kind %q", head[0])
	}
	if size > MaxFrame {
		return Frame{}, ErrTooLarge
	}
	payload, err := readPayload(r, int(size))
	if err != nil {
		return Frame{}, err
	}
	f.Payload = payload
	return f, nil
}

// readPayload reads size bytes, growing in steps so that a wrong length costs
// no memory that was not sent.
func readPayload(r io.Reader, size int) ([]byte, error) {
	const step = 1 << 20
	var payload []byte
	for len(payload) < size {
		n := min(size-len(payload), max(step, len(payload)))
		start := len(payload)
		payload = append(payload, make([]byte, n)...)
		if _, err := io.ReadFull(r, payload[start:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, fmt.Errorf("protocol: read: %w", err)
		}
	}
	return payload, nil
}

func (k Kind) known() bool {
	switch k {
	case KindSetup, KindExecute, KindInterrupt, KindReplay, KindComplete, KindInspect, KindIsComplete, KindInput,
		KindReady, KindStream, KindDisplay, KindClear, KindPrompt, KindPromptEnd, KindDone, KindReplayed,
		KindCompletions, KindInspection, KindCompleteness, KindComm, KindLimit:
		return true
	}
	return false
}

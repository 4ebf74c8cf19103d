package protocol

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A cell that prints makes a frame a line, so a KindStream payload is not JSON:
// one byte for the name, two for the length of the cell's id, the id, the text.

const (
	stdoutByte = 1
	stderrByte = 2
)

// AppendStreamFrame appends the whole frame of s to buf.
func AppendStreamFrame(buf []byte, s Stream) []byte {
	size := 3 + len(s.Cell) + len(s.Text)
	buf = append(buf, byte(KindStream))
	buf = binary.BigEndian.AppendUint32(buf, 0)
	buf = binary.BigEndian.AppendUint32(buf, uint32(size))
	name := byte(stdoutByte)
	if s.Name == "stderr" {
		name = stderrByte
	}
	buf = append(buf, name)
	buf = binary.BigEndian.AppendUint16(buf, uint16(len(s.Cell)))
	buf = append(buf, s.Cell...)
	return append(buf, s.Text...)
}

// Stream decodes the payload of a KindStream frame.
func (f Frame) Stream() (Stream, error) {
	p := f.Payload
	if len(p) < 3 || p[0] != stdoutByte && p[0] != stderrByte {
		return Stream{}, errStream
	}
	n := 3 + int(binary.BigEndian.Uint16(p[1:]))
	if n > len(p) {
		return Stream{}, errStream
	}
	s := Stream{Name: "stdout", Cell: string(p[3:n]), Text: string(p[n:])}
	if p[0] == stderrByte {
		s.Name = "stderr"
	}
	return s, nil
}

var errStream = fmt.Errorf("protocol: frame %q: %w", KindStream, errors.New("cut short"))

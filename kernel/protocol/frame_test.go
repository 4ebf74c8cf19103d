package protocol

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestFrameRoundTrip(t *testing.T) {
	var pipe bytes.Buffer
	sent := []Stream{{Cell: "a", Name: "stdout", Text: "héllo\n\x00\"<&>"}, {}, {Text: strings.Repeat("x", 3<<20)}}
	for i, s := range sent {
		f, err := NewFrame(KindStream, uint32(i), s)
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteFrame(&pipe, f); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range sent {
		f, err := ReadFrame(&pipe)
		if err != nil {
			t.Fatal(err)
		}
		var got Stream
		if err := f.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if f.Kind != KindStream || f.Number != uint32(i) || got != want {
			t.Errorf("frame %d: kind %q, number %d, %d bytes of text", i, f.Kind, f.Number, len(got.Text))
		}
	}
	if _, err := ReadFrame(&pipe); err != io.EOF {
		t.Errorf("after the last frame: %v, want io.EOF", err)
	}
}

func TestReadFrameRefuses(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"unknown kind", "\x01\x00\x00\x00\x00\x00\x00\x00\x00", "unknown frame kind"},
		{"giant length", "s\x00\x00\x00\x00\xff\xff\xff\xff", "too large"},
		{"cut header", "s\x00\x00", "unexpected EOF"},
		{"cut payload", "s\x00\x00\x00\x00\x00\x00\x00\x05{}", "unexpected EOF"},
		{"no payload", "s\x00\x00\x00\x00\x00\x00\x00\x05", "unexpected EOF"},
	}
	for _, test := range tests {
		_, err := ReadFrame(strings.NewReader(test.in))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

func TestWriteFrameRefusesTooLarge(t *testing.T) {
	var pipe bytes.Buffer
	err := WriteFrame(&pipe, Frame{Kind: KindDisplay, Payload: make([]byte, MaxFrame+1)})
	if !errors.Is(err, ErrTooLarge) || pipe.Len() != 0 {
		t.Errorf("error %v, %d bytes written", err, pipe.Len())
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("s\x00\x00\x00\x00\x00\x00\x00\x02{}"))
	f.Add([]byte("l\x00\x00\x00\x01\x00\x00\x00\x0112"))
	f.Add([]byte("s\x00\x00\x00\x00\x10\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytes.NewReader(data)
		read := 0
		for {
			frame, err := ReadFrame(r)
			if err != nil {
				return
			}
			read += headerSize + len(frame.Payload)
			var again bytes.Buffer
			if err := WriteFrame(&again, frame); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(again.Bytes(), data[read-again.Len():read]) {
				t.Fatalf("frame %q does not write back as it was read", frame.Kind)
			}
		}
	})
}

package protocol

import (
	"bytes"
	"strings"
	"testing"
)

func TestStreamFrames(t *testing.T) {
	list := []Stream{
		{Cell: "a", Name: "stdout", Text: "line\n"},
		{Cell: "", Name: "stderr", Text: ""},
		{Cell: strings.Repeat("c", 300), Name: "stdout", Text: "ä\x00\xff" + strings.Repeat("x", 1<<20)},
	}
	var pipe []byte
	for _, s := range list {
		pipe = AppendStreamFrame(pipe, s)
	}
	r := bytes.NewReader(pipe)
	for _, want := range list {
		f, err := ReadFrame(r)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Stream(); err != nil || got != want {
			t.Errorf("got %q of cell %q, %v", got.Name, got.Cell, err)
		}
	}
}

func TestStreamCutShort(t *testing.T) {
	whole := AppendStreamFrame(nil, Stream{Cell: "abc", Name: "stdout"})[headerSize:]
	for n := range len(whole) {
		if _, err := (Frame{Kind: KindStream, Payload: whole[:n]}).Stream(); err == nil {
			t.Errorf("%d bytes of %d are taken for whole", n, len(whole))
		}
	}
	if _, err := (Frame{Kind: KindStream, Payload: []byte{7, 0, 0}}).Stream(); err == nil {
		t.Error("an unknown stream is taken for one")
	}
}

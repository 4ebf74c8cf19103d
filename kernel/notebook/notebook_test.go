package notebook

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testdata/nbformat.ipynb was written by Python's nbformat: fields that we do
// not know, characters that split lines, every kind of cell and output.
const written = "testdata/nbformat.ipynb"

func TestRoundTripKeepsEveryByte(t *testing.T) {
	want, err := os.ReadFile(written)
	if err != nil {
		t.Fatal(err)
	}
	nb, err := Read(written)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "out.ipynb")
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the bytes changed\ngot:\n%s\nwant:\n%s", got, want)
	}
}

func TestCellsAreRead(t *testing.T) {
	nb, err := Read(written)
	if err != nil {
		t.Fatal(err)
	}
	if got := nb.Language(); got != "go" {
		t.Errorf("Language() = %q, want go", got)
	}
	if len(nb.Cells) != 4 {
		t.Fatalf("%d cells, want 4", len(nb.Cells))
	}
	code := nb.Cells[1]
	if code.Kind() != Code || code.ID() != "b2" || code.Source() != "x := 1\nx" || code.Count() != 3 {
		t.Errorf("cell 2 = %s %s %q %d", code.Kind(), code.ID(), code.Source(), code.Count())
	}
	if !code.Tagged("raises-exception") || code.Tagged("x") {
		t.Error("tags of cell 2 are wrong")
	}
	if mime, data := nb.Cells[0].Attachment("q.svg"); mime != "image/svg+xml" || data != "<svg>\n</svg>\n" {
		t.Errorf("attachment = %q %q", mime, data)
	}
	out := code.Outputs()
	if name, text := out[0].Stream(); name != "stdout" || text != "one\ntwo" {
		t.Errorf("stream = %q %q", name, text)
	}
	if got := out[1].Data()["text/html"]; got != "<b>\nx</b>" {
		t.Errorf("html = %q", got)
	}
	if name, value, trace := out[3].Error(); name != "panic" || value != "boom" || len(trace) != 2 {
		t.Errorf("error = %q %q %q", name, value, trace)
	}
}

func TestNewNotebook(t *testing.T) {
	nb := New()
	nb.Cells = append(nb.Cells, NewCell(Code, "one", "1 + 1\n"))
	nb.Cells[0].SetResult(1, []Output{
		NewStream("stdout", "a\nb\n"),
		NewResult(1, map[string]any{"text/plain": "2", "application/json": map[string]int{"n": 2}}, nil),
		NewError("panic", "boom", []string{"boom"}),
	})
	got, err := nb.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	want := `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "one",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "a\n",
      "b\n"
     ]
    },
    {
     "data": {
      "application/json": {
       "n": 2
      },
      "text/plain": [
       "2"
      ]
     },
     "execution_count": 1,
     "metadata": {},
     "output_type": "execute_result"
    },
    {
     "ename": "panic",
     "evalue": "boom",
     "output_type": "error",
     "traceback": [
      "boom"
     ]
    }
   ],
   "source": [
    "1 + 1\n"
   ]
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`
	if string(got) != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if _, err := Parse(got); err != nil {
		t.Errorf("what was written cannot be read: %v", err)
	}
}

func TestBadNotebooks(t *testing.T) {
	const head = `{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"raw","id":"r","metadata":{},"source":""},`
	for _, test := range []struct{ text, want string }{
		{"", "the file is empty"},
		{"{\n \"cells\": [,\n", "not valid JSON: line 2, column 12"},
		{`{"nbformat":4} x`, "more text after the end"},
		{`[]`, "the file is not a notebook: it begins with [, not with an object"},
		{`null`, "the file is not a notebook: it begins with n, not with an object"},
		{`{}`, `not a notebook: field "nbformat" is missing`},
		{`{"nbformat":3,"worksheets":[]}`, "nbformat 3, and only 4 can be read: open it in JupyterLab"},
		{`{"nbformat":5}`, "newer than this program knows"},
		{`{"nbformat":"4"}`, `"nbformat" is not a number`},
		{`{"nbformat":4}`, `"nbformat_minor" is missing`},
		{`{"nbformat":4,"nbformat_minor":5}`, `"metadata" is missing`},
		{`{"nbformat":4,"nbformat_minor":5,"metadata":{}}`, `"cells" is missing`},
		{head + `7]}`, "cell 2 of 2: is not an object"},
		{head + `{}]}`, `cell 2 of 2: field "cell_type" is missing`},
		{head + `{"cell_type":"go","id":"x"}]}`, `cell 2 of 2 (id x): cell_type is "go"`},
		{head + `{"cell_type":"code","source":["a\n","b"]}]}`, `cell 2 of 2 ("a"): field "id" is missing`},
		{head + `{"cell_type":"code","id":"x","source":"a"}]}`, `(id x, "a"): field "metadata" is missing`},
		{head + `{"cell_type":"code","id":"x","metadata":{},"source":7}]}`, `field "source" is missing or is not text`},
		{head + `{"cell_type":"code","id":"x","metadata":{},"source":""}]}`, `field "outputs" is missing`},
		{head + `{"cell_type":"code","id":"x","metadata":{},"source":"","outputs":[]}]}`, `field "execution_count" is missing`},
		{head + `{"cell_type":"code","id":"x","metadata":{},"source":"","execution_count":null,"outputs":[{"output_type":"stream"}]}]}`, `output 1: field "text" is missing`},
		{head + `{"cell_type":"code","id":"x","metadata":{},"source":"","execution_count":null,"outputs":[{"output_type":"pyout"}]}]}`, `output 1: output_type is "pyout"`},
		{head + `{"cell_type":"raw","id":"r","metadata":{},"source":""}]}`, `cells 1 and 2 have the same id "r"`},
	} {
		_, err := Parse([]byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Parse(%s)\n  error %v\n  want  %s", test.text, err, test.want)
		}
	}
}

func TestReadNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bad.ipynb")
	if err := os.WriteFile(path, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "bad.ipynb") {
		t.Errorf("error %v does not name the file", err)
	}
}

package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Notebook is one notebook of nbformat 4 (any minor version). The tree that was
// read is kept whole; the methods look into it and change it in place.
type Notebook struct {
	Cells []*Cell
	root  map[string]any // as read, without "cells"
}

// New returns an empty notebook of nbformat 4.5 for Go.
func New() *Notebook {
	return &Notebook{root: map[string]any{
		"metadata":       map[string]any{},
		"nbformat":       json.Number("4"),
		"nbformat_minor": json.Number("5"),
	}}
}

// firstOf is the first character that is no blank.
func firstOf(text []byte) string {
	return string(bytes.TrimSpace(text)[:1])
}

// Parse reads a notebook from its text. The error says what is wrong with it
// and in which cell.
func Parse(text []byte) (*Notebook, error) {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("notebook: the file is empty")
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber() // numbers are written back as they were typed
	var root map[string]any
	var wrong *json.UnmarshalTypeError
	switch err := dec.Decode(&root); {
	case errors.As(err, &wrong) || err == nil && root == nil:
		return nil, fmt.Errorf("notebook: the file is not a notebook: it begins with %s, not with an object", firstOf(text))
	case err != nil:
		return nil, fmt.Errorf("notebook: not valid JSON: %w", positioned(text, err))
	}
	if dec.More() {
		return nil, fmt.Errorf("notebook: not valid JSON: more text after the end at byte %d", dec.InputOffset())
	}
	if err := checkVersion(root); err != nil {
		return nil, err
	}
	nb := &Notebook{root: root}
	metadata, ok := root["metadata"].(map[string]any)
	if !ok {
		return nil, fmt.Errorf(`notebook: field "metadata" is missing or is not an object`)
	}
	for _, transient := range []string{"orig_nbformat", "orig_nbformat_minor", "signature"} {
		delete(metadata, transient)
	}
	cells, ok := root["cells"].([]any)
	if !ok {
		return nil, fmt.Errorf(`notebook: field "cells" is missing or is not a list`)
	}
	delete(root, "cells")
	seen := map[string]int{}
	for i, raw := range cells {
		cell, err := parseCell(raw, nb.minor() >= 5)
		if err != nil {
			return nil, fmt.Errorf("notebook: cell %d of %d%s: %w", i+1, len(cells), describe(raw), err)
		}
		if id := cell.ID(); id != "" {
			if first, twice := seen[id]; twice {
				return nil, fmt.Errorf("notebook: cells %d and %d have the same id %q", first, i+1, id)
			}
			seen[id] = i + 1
		}
		nb.Cells = append(nb.Cells, cell)
	}
	return nb, nil
}

// Read reads the notebook in the file of that name.
func Read(path string) (*Notebook, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("notebook: %w", err)
	}
	nb, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return nb, nil
}

// Write writes the notebook to the file of that name, or that a link of that name leads
// to. The file is replaced as a whole: whoever reads it sees the old or the new text.
// What is no file, such as /dev/stdout, stays in its place and is written to.
func (nb *Notebook) Write(path string) error {
	text, err := nb.Bytes()
	if err != nil {
		return err
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	mode := os.FileMode(0o644)
	if old, err := os.Stat(path); err == nil {
		if !old.Mode().IsRegular() {
			return stream(path, text)
		}
		mode = old.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("notebook: %w", err)
	}
	defer os.Remove(tmp.Name()) // fails once it is renamed
	_, err = tmp.Write(text)
	if closing := tmp.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), mode)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("notebook: %w", err)
	}
	return nil
}

// stream writes to what is no file.
func stream(path string, text []byte) error {
	w, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("notebook: %w", err)
	}
	_, err = w.Write(text)
	if closing := w.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("notebook: %w", err)
	}
	return nil
}

// Metadata is the notebook's metadata; changes to it are kept.
func (nb *Notebook) Metadata() map[string]any {
	return nb.root["metadata"].(map[string]any)
}

// Language is the language of the notebook's kernel in lower case, "" where the
// metadata does not tell.
func (nb *Notebook) Language() string {
	for _, key := range []string{"kernelspec", "language_info"} {
		info, _ := nb.Metadata()[key].(map[string]any)
		for _, field := range []string{"language", "name"} {
			if key == "kernelspec" && field == "name" {
				continue // the kernel's name, not the language's
			}
			if language, ok := info[field].(string); ok {
				return string(bytes.ToLower([]byte(language)))
			}
		}
	}
	return ""
}

func (nb *Notebook) minor() int {
	n, _ := whole(nb.root["nbformat_minor"])
	return n
}

func checkVersion(root map[string]any) error {
	if _, ok := root["nbformat"]; !ok {
		return fmt.Errorf(`notebook: not a notebook: field "nbformat" is missing`)
	}
	major, ok := whole(root["nbformat"])
	if !ok {
		return fmt.Errorf(`notebook: field "nbformat" is not a number`)
	}
	if major < 4 {
		return fmt.Errorf("notebook: written in nbformat %d, and only 4 can be read: open it in JupyterLab and save it once", major)
	}
	if major > 4 {
		return fmt.Errorf("notebook: written in nbformat %d, which is newer than this program knows (4)", major)
	}
	if _, ok := whole(root["nbformat_minor"]); !ok {
		return fmt.Errorf(`notebook: field "nbformat_minor" is missing or is not a number`)
	}
	return nil
}

func whole(v any) (int, bool) {
	number, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := number.Int64()
	return int(n), err == nil
}

// positioned adds line and column to an error of the JSON decoder.
func positioned(text []byte, err error) error {
	var offset int64
	switch err := err.(type) {
	case *json.SyntaxError:
		offset = err.Offset
	case *json.UnmarshalTypeError:
		offset = err.Offset
	default:
		return err
	}
	before := text[:min(int(offset), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	return fmt.Errorf("line %d, column %d: %w", line, max(column, 1), err)
}

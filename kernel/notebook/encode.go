package notebook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bytes is the text of the notebook as Python's nbformat writes it: keys
// sorted, one space a level, long text as lists of lines, only what JSON
// demands escaped, a newline at the end.
func (nb *Notebook) Bytes() ([]byte, error) {
	root := maps.Clone(nb.root)
	cells := make([]any, len(nb.Cells))
	for i, c := range nb.Cells {
		cells[i] = c.stored()
	}
	root["cells"] = cells
	var b bytes.Buffer
	if err := encode(&b, root, 0); err != nil {
		return nil, fmt.Errorf("notebook: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func (c *Cell) stored() map[string]any {
	fields := maps.Clone(c.fields)
	fields["source"] = lines(c.Source())
	if files, ok := fields["attachments"].(map[string]any); ok {
		stored := map[string]any{}
		for name, file := range files {
			stored[name] = storedBundle(file.(map[string]any))
		}
		fields["attachments"] = stored
	}
	if c.Kind() == Code {
		outputs := make([]any, len(c.outputs))
		for i, o := range c.outputs {
			outputs[i] = o.stored()
		}
		fields["outputs"] = outputs
	}
	return fields
}

func (o Output) stored() map[string]any {
	fields := maps.Clone(o.fields)
	if text, ok := fields["text"].(string); ok && o.Kind() == Stream {
		fields["text"] = lines(text)
	}
	if data := o.Data(); data != nil {
		fields["data"] = storedBundle(data)
	}
	return fields
}

func storedBundle(bundle map[string]any) map[string]any {
	stored := maps.Clone(bundle)
	for mime, value := range stored {
		if text, ok := value.(string); ok && isLines(mime) {
			stored[mime] = lines(text)
		}
	}
	return stored
}

// lines splits text where Python's str.splitlines does, keeping the ends.
func lines(text string) []any {
	list := []any{}
	start := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch r {
		case '\r':
			if i < len(text) && text[i] == '\n' {
				i++
			}
		case '\n', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
		default:
			continue
		}
		list = append(list, text[start:i])
		start = i
	}
	if start < len(text) {
		list = append(list, text[start:])
	}
	return list
}

func encode(b *bytes.Buffer, v any, depth int) error {
	newline := func(depth int) {
		b.WriteByte('\n')
		for range depth {
			b.WriteByte(' ')
		}
	}
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			b.WriteString("{}")
			return nil
		}
		b.WriteByte('{')
		for i, key := range sortedKeys(v) {
			if i > 0 {
				b.WriteByte(',')
			}
			newline(depth + 1)
			quote(b, key)
			b.WriteString(": ")
			if err := encode(b, v[key], depth+1); err != nil {
				return err
			}
		}
		newline(depth)
		b.WriteByte('}')
	case []any:
		if len(v) == 0 {
			b.WriteString("[]")
			return nil
		}
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			newline(depth + 1)
			if err := encode(b, item, depth+1); err != nil {
				return err
			}
		}
		newline(depth)
		b.WriteByte(']')
	case string:
		quote(b, v)
	case nil, bool, json.Number:
		text, err := json.Marshal(v)
		b.Write(text)
		return err
	default:
		return encodeForeign(b, v, depth)
	}
	return nil
}

// encodeForeign encodes a value that did not come from a notebook, such as the
// JSON data of a new output.
func encodeForeign(b *bytes.Buffer, v any, depth int) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var plain any
	if err := dec.Decode(&plain); err != nil {
		return err
	}
	return encode(b, plain, depth)
}

func quote(b *bytes.Buffer, text string) {
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch r {
		case '"':
			b.WriteString(`\"`)
		case '\\':
			b.WriteString(`\\`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		default:
			if r < 0x20 {
				fmt.Fprintf(b, `\u%04x`, r)
				continue
			}
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

func sortedKeys(m map[string]any) []string {
	return slices.Sorted(maps.Keys(m))
}

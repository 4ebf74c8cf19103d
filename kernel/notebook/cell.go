package notebook

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// The kinds of cells.
const (
	Code     = "code"
	Markdown = "markdown"
	Raw      = "raw"
)

// Cell is one cell; it keeps fields that it does not know.
type Cell struct {
	fields  map[string]any // multi-line text joined
	outputs []Output
}

// NewCell returns a cell of that kind. The id must be unique in its notebook:
// 1 to 64 letters, digits, "-" and "_".
func NewCell(kind, id, source string) *Cell {
	c := &Cell{fields: map[string]any{
		"cell_type": kind,
		"id":        id,
		"metadata":  map[string]any{},
		"source":    source,
	}}
	if kind == Code {
		c.fields["execution_count"] = nil
	}
	return c
}

// Kind is Code, Markdown or Raw.
func (c *Cell) Kind() string { return c.fields["cell_type"].(string) }

// ID is the cell's id, "" before nbformat 4.5.
func (c *Cell) ID() string {
	id, _ := c.fields["id"].(string)
	return id
}

// Source is the text of the cell.
func (c *Cell) Source() string { return c.fields["source"].(string) }

// Metadata is the cell's metadata; changes to it are kept.
func (c *Cell) Metadata() map[string]any { return c.fields["metadata"].(map[string]any) }

// Tagged reports whether the cell carries that tag.
func (c *Cell) Tagged(tag string) bool {
	tags, _ := c.Metadata()["tags"].([]any)
	return slices.Contains(tags, any(tag))
}

// Attachment is one attached file of a Markdown cell by name and mime type, in
// base64; "" where there is none.
func (c *Cell) Attachment(name string) (mime, base64 string) {
	files, _ := c.fields["attachments"].(map[string]any)
	bundle, _ := files[name].(map[string]any)
	for _, mime := range sortedKeys(bundle) {
		if text, ok := bundle[mime].(string); ok {
			return mime, text
		}
	}
	return "", ""
}

// Count is the n of "In [n]", 0 where the cell was not run.
func (c *Cell) Count() int {
	n, _ := whole(c.fields["execution_count"])
	return n
}

// Outputs are what a code cell showed when it ran last.
func (c *Cell) Outputs() []Output { return c.outputs }

// SetResult replaces the outputs and the count of a code cell; 0 stands for
// not run.
func (c *Cell) SetResult(count int, outputs []Output) {
	c.outputs = outputs
	if count == 0 {
		c.fields["execution_count"] = nil
		return
	}
	c.fields["execution_count"] = json.Number(fmt.Sprint(count))
}

func parseCell(raw any, withID bool) (*Cell, error) {
	fields, ok := raw.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("is not an object")
	}
	kind, ok := fields["cell_type"].(string)
	if !ok {
		return nil, fmt.Errorf(`field "cell_type" is missing or is not a string`)
	}
	if kind != Code && kind != Markdown && kind != Raw {
		return nil, fmt.Errorf("cell_type is %q; it must be code, markdown or raw", kind)
	}
	if _, ok := fields["id"].(string); withID && !ok {
		return nil, fmt.Errorf(`field "id" is missing (nbformat 4.5 needs one for each cell): open the notebook in JupyterLab and save it once`)
	}
	metadata, ok := fields["metadata"].(map[string]any)
	if !ok {
		return nil, fmt.Errorf(`field "metadata" is missing or is not an object`)
	}
	delete(metadata, "trusted")
	fields["source"] = joined(fields["source"])
	if _, ok := fields["source"].(string); !ok {
		return nil, fmt.Errorf(`field "source" is missing or is not text`)
	}
	if err := joinAttachments(fields); err != nil {
		return nil, err
	}
	c := &Cell{fields: fields}
	if kind != Code {
		return c, nil
	}
	outputs, ok := fields["outputs"].([]any)
	if !ok {
		return nil, fmt.Errorf(`field "outputs" is missing or is not a list`)
	}
	delete(fields, "outputs")
	count, ok := fields["execution_count"]
	if _, number := whole(count); !ok || (count != nil && !number) {
		return nil, fmt.Errorf(`field "execution_count" is missing or is not a number`)
	}
	for i, raw := range outputs {
		output, err := parseOutput(raw)
		if err != nil {
			return nil, fmt.Errorf("output %d: %w", i+1, err)
		}
		c.outputs = append(c.outputs, output)
	}
	return c, nil
}

func joinAttachments(fields map[string]any) error {
	raw, ok := fields["attachments"]
	if !ok {
		return nil
	}
	files, ok := raw.(map[string]any)
	if !ok {
		return fmt.Errorf(`field "attachments" is not an object`)
	}
	for name, file := range files {
		bundle, ok := file.(map[string]any)
		if !ok {
			return fmt.Errorf("attachment %q is not an object", name)
		}
		joinBundle(bundle)
	}
	return nil
}

// joined makes one string of text that nbformat stores as a list of lines; any
// other value is returned as it is.
func joined(v any) any {
	lines, ok := v.([]any)
	if !ok {
		return v
	}
	var b strings.Builder
	for _, line := range lines {
		text, ok := line.(string)
		if !ok {
			return v
		}
		b.WriteString(text)
	}
	return b.String()
}

// describe says which cell a raw one is, as far as it tells: its kind, its id
// and its first line.
func describe(raw any) string {
	fields, ok := raw.(map[string]any)
	if !ok {
		return ""
	}
	var parts []string
	if id, ok := fields["id"].(string); ok {
		parts = append(parts, "id "+id)
	}
	if source, ok := joined(fields["source"]).(string); ok && source != "" {
		first, _, _ := strings.Cut(source, "\n")
		if len([]rune(first)) > 40 {
			first = string([]rune(first)[:40]) + "…"
		}
		parts = append(parts, fmt.Sprintf("%q", first))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

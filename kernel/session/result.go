package session

import (
	"maps"
	"strings"

	"interleave/engine"
)

// mostText bounds the text of one result, in bytes.
const mostText = 200_000

// bundle makes the mime bundle of a cell's result. Even with an error it holds
// the text.
func (c *cellRun) bundle(values []engine.Value) (data, meta map[string]any, err error) {
	if len(values) == 0 {
		return nil, nil, nil
	}
	texts := make([]string, len(values))
	lines := false
	for i, v := range values {
		texts[i] = textOf(v)
		lines = lines || strings.Contains(texts[i], "\n")
	}
	sep := ", "
	if lines {
		sep = "\n"
	}
	data = map[string]any{"text/plain": strings.Join(texts, sep)}
	if len(values) > 1 {
		return data, nil, nil
	}
	more, meta, err := c.showItself(values[0])
	maps.Copy(data, more)
	return data, meta, err
}

// textOf is the text of one value, cut where it is too long to be looked at.
func textOf(v engine.Value) string {
	text := v.Text()
	if text == "<nil>" {
		return "nil"
	}
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "") + "… (the text goes on; print it to see all)"
	}
	return text
}

package notebook

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// The kinds of outputs.
const (
	Stream        = "stream"
	DisplayData   = "display_data"
	ExecuteResult = "execute_result"
	ErrorOutput   = "error"
)

// Output is one output of a code cell; it keeps fields that it does not know.
type Output struct{ fields map[string]any }

// NewStream is text written to "stdout" or "stderr".
func NewStream(name, text string) Output {
	return Output{map[string]any{"output_type": Stream, "name": name, "text": text}}
}

// NewDisplay is a rich output by mime types.
func NewDisplay(data, metadata map[string]any) Output {
	if metadata == nil {
		metadata = map[string]any{}
	}
	return Output{map[string]any{"output_type": DisplayData, "data": data, "metadata": metadata}}
}

// NewResult is the value of a cell's last expression; count is the n of "Out [n]".
func NewResult(count int, data, metadata map[string]any) Output {
	out := NewDisplay(data, metadata)
	out.fields["output_type"] = ExecuteResult
	out.fields["execution_count"] = json.Number(fmt.Sprint(count))
	return out
}

// NewError is the error that ended a cell.
func NewError(name, value string, traceback []string) Output {
	lines := make([]any, len(traceback))
	for i, line := range traceback {
		lines[i] = line
	}
	return Output{map[string]any{"output_type": ErrorOutput, "ename": name, "evalue": value, "traceback": lines}}
}

// Kind is Stream, DisplayData, ExecuteResult or ErrorOutput.
func (o Output) Kind() string { return o.fields["output_type"].(string) }

// Stream is the name and the text of a stream.
func (o Output) Stream() (name, text string) {
	name, _ = o.fields["name"].(string)
	text, _ = o.fields["text"].(string)
	return name, text
}

// Data is the content of a rich output by mime type: strings, and for JSON
// types any value.
func (o Output) Data() map[string]any {
	data, _ := o.fields["data"].(map[string]any)
	return data
}

// SetData replaces the content of a rich output, as an update of it does.
func (o Output) SetData(data, metadata map[string]any) {
	if metadata == nil {
		metadata = map[string]any{}
	}
	o.fields["data"], o.fields["metadata"] = data, metadata
}

// Error is the name, the value and the traceback of an error.
func (o Output) Error() (name, value string, traceback []string) {
	name, _ = o.fields["ename"].(string)
	value, _ = o.fields["evalue"].(string)
	lines, _ := o.fields["traceback"].([]any)
	for _, line := range lines {
		if text, ok := line.(string); ok {
			traceback = append(traceback, text)
		}
	}
	return name, value, traceback
}

func parseOutput(raw any) (Output, error) {
	fields, ok := raw.(map[string]any)
	if !ok {
		return Output{}, fmt.Errorf("is not an object")
	}
	kind, ok := fields["output_type"].(string)
	if !ok {
		return Output{}, fmt.Errorf(`field "output_type" is missing or is not a string`)
	}
	switch kind {
	case Stream:
		fields["text"] = joined(fields["text"])
		if _, ok := fields["text"].(string); !ok {
			return Output{}, fmt.Errorf(`field "text" is missing or is not text`)
		}
	case DisplayData, ExecuteResult:
		data, ok := fields["data"].(map[string]any)
		if !ok {
			return Output{}, fmt.Errorf(`field "data" is missing or is not an object`)
		}
		joinBundle(data)
	case ErrorOutput:
		if _, ok := fields["traceback"].([]any); !ok {
			return Output{}, fmt.Errorf(`field "traceback" is missing or is not a list`)
		}
	default:
		return Output{}, fmt.Errorf("output_type is %q; it must be stream, display_data, execute_result or error", kind)
	}
	return Output{fields}, nil
}

func joinBundle(bundle map[string]any) {
	for mime, value := range bundle {
		if !isJSON(mime) {
			bundle[mime] = joined(value)
		}
	}
}

// isJSON reports whether values of that mime type are JSON, whose lists are lists.
func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}

// isLines reports whether text of that mime type is stored as a list of lines.
func isLines(mime string) bool {
	return strings.HasPrefix(mime, "text/") || slices.Contains([]string{"application/javascript", "image/svg+xml"}, mime)
}

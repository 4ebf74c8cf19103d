package history

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Entry is one executed cell.
type Entry struct {
	Session int    // from 1; 0 while the file could not be written yet
	Line    int    // the cell's number in its session
	Input   string // as typed
	Output  string // its result as plain text, cut after 64 KB; "" where there was none
}

// maxOutput is where an entry's output is cut, in bytes.
const maxOutput = 64 << 10

// stored is the value of an entry in the file; its key holds session and line.
type stored struct {
	Input  string `json:"in"`
	Output string `json:"out,omitempty"`
}

// key sorts by session, then line.
func (e Entry) key() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(e.Session)), uint64(e.Line))
}

func (e Entry) value() ([]byte, error) {
	return json.Marshal(stored{Input: e.Input, Output: e.Output})
}

func parseEntry(key, value []byte) (Entry, error) {
	if len(key) != 16 {
		return Entry{}, fmt.Errorf("a key of %d bytes", len(key))
	}
	var v stored
	if err := json.Unmarshal(value, &v); err != nil {
		return Entry{}, err
	}
	return Entry{
		Session: int(binary.BigEndian.Uint64(key)),
		Line:    int(binary.BigEndian.Uint64(key[8:])),
		Input:   v.Input,
		Output:  v.Output,
	}, nil
}

// cut shortens text to at most limit bytes, between characters, and says so.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}

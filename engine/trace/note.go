package trace

import (
	"strconv"
	"strings"
)

// counted are the ends of words that a number follows, even if it is 0.
var counted = [...]string{":", " queue", " core", " ticket", " tickets", " by", "turn"}

// NoteText is what a policy said in an event of kind Note: its words, and the number
// that belongs to them.
func (t *Trace) NoteText(e *Event) string {
	words := t.Reasons[e.Reason]
	number := e.Arg != 0
	for _, end := range counted {
		number = number || strings.HasSuffix(words, end)
	}
	if !number {
		return words
	}
	return words + " " + strconv.Itoa(int(e.Arg))
}

package trace

import (
	"strconv"
	"strings"
)

// NoteText is what a policy said in an event of kind Note: its words, with the event's
// number in place of %d.
func (t *Trace) NoteText(e *Event) string {
	return strings.Replace(t.Reasons[e.Reason], "%d", strconv.Itoa(int(e.Arg)), 1)
}

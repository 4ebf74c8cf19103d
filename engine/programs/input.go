package programs

import (
	"io"
	"strings"
	"sync"
)

// lineReader gives its text line by line, as a learner answers prompts.
type lineReader struct {
	mu   sync.Mutex
	text string
}

func (l *lineReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.text == "" {
		return 0, io.EOF
	}
	end := strings.IndexByte(l.text, '\n') + 1
	if end == 0 {
		end = len(l.text)
	}
	n := copy(p, l.text[:end])
	l.text = l.text[n:]
	return n, nil
}

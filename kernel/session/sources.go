package session

import (
	"strconv"
	"strings"
)

// keptBytes bounds the texts of earlier cells that are kept for showing lines.
const keptBytes = 16 << 20

// sources keeps the texts of cells by name, the newest ones first to stay.
type sources struct {
	texts map[string]string
	order []string
	size  int
}

func newSources() *sources { return &sources{texts: map[string]string{}} }

// add keeps a cell's text, and forgets the oldest where there are too many.
func (s *sources) add(cell, text string) {
	if old, ok := s.texts[cell]; ok {
		s.size -= len(old)
	} else {
		s.order = append(s.order, cell)
	}
	s.texts[cell] = text
	s.size += len(text)
	for s.size > keptBytes && len(s.order) > 1 {
		s.size -= len(s.texts[s.order[0]])
		delete(s.texts, s.order[0])
		s.order = s.order[1:]
	}
}

// line returns one line of a cell, from 1.
func (s *sources) line(cell string, n int) (string, bool) {
	text, ok := s.texts[cell]
	if !ok || n < 1 {
		return "", false
	}
	for line := range strings.Lines(text) {
		if n--; n == 0 {
			return strings.TrimRight(line, "\r\n"), true
		}
	}
	return "", false
}

// splitPosition takes "cell[3]:12:5" apart.
func splitPosition(pos string) (cell string, line, col int, ok bool) {
	rest, c, ok := cutLast(pos, ':')
	if !ok {
		return "", 0, 0, false
	}
	cell, l, ok := cutLast(rest, ':')
	if !ok {
		return "", 0, 0, false
	}
	line, err1 := strconv.Atoi(l)
	col, err2 := strconv.Atoi(c)
	return cell, line, col, err1 == nil && err2 == nil
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

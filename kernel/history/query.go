package history

import (
	"slices"
	"unicode/utf8"
)

// Tail returns the last n entries of all sessions, oldest first; all where n is 0.
// unique keeps the newest of equal inputs only.
func (s *Store) Tail(n int, unique bool) []Entry {
	return s.Search("*", n, unique)
}

// Search returns the last n entries, oldest first, whose whole input matches pattern; all where n is 0. In
// the pattern * stands for any text and ? for any character. unique keeps the newest
// of equal inputs only.
func (s *Store) Search(pattern string, n int, unique bool) []Entry {
	var found []Entry
	seen := map[string]bool{}
	s.newest(func(e Entry) bool {
		if unique && seen[e.Input] || !match(pattern, e.Input) {
			return true
		}
		if unique {
			seen[e.Input] = true
		}
		found = append(found, e)
		return len(found) != n
	})
	slices.Reverse(found)
	return found
}

// Range returns the entries of one session from line start to the line before stop, to the last one where
// stop is 0. Session 0 is this one, -1 the one before, and so on; a positive
// number names a session as entries do.
func (s *Store) Range(session, start, stop int) []Entry {
	own := s.number()
	if session <= 0 {
		session += own
	}
	var found []Entry
	s.newest(func(e Entry) bool {
		if e.Session == session && e.Line >= start && (stop == 0 || e.Line < stop) {
			found = append(found, e)
		}
		return e.Session >= session || e.Session == own
	})
	slices.Reverse(found)
	return found
}

// match reports whether the whole text matches a pattern of literal characters, * and ?. It goes back to
// the last * only, so its time is bounded by the product of both lengths.
func match(pattern, text string) bool {
	p, t := 0, 0
	star, from := -1, 0
	for t < len(text) {
		_, size := utf8.DecodeRuneInString(text[t:])
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, t
			p++
		case p < len(pattern) && pattern[p] == '?':
			p++
			t += size
		case p < len(pattern) && pattern[p] == text[t]:
			p++
			t++
		case star >= 0:
			_, step := utf8.DecodeRuneInString(text[from:])
			from += step
			p, t = star+1, from
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

package assist

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"interleave/kernel/protocol"
)

// The groups in which candidates of equal match stand, nearest to the cursor first.
const (
	groupLocal = iota
	groupField
	groupSession
	groupPromoted
	groupKeyword
	groupUniverse
	groupImported
	groupImportable
)

// candidate is one thing that may stand at the cursor.
type candidate struct {
	protocol.Completion
	group int
}

// rank keeps what matches the prefix: names that begin with it first, then those
// that do so in other case, then those that hold its letters in order. Within
// these, by group and then by name. Of one name, the first stays.
func rank(all []candidate, prefix string) []protocol.Completion {
	type scored struct {
		candidate
		tier int
	}
	var kept []scored
	seen := map[string]bool{}
	for _, c := range all {
		if t := tier(c.Text, prefix); t >= 0 && !seen[c.Text] {
			seen[c.Text] = true
			kept = append(kept, scored{c, t})
		}
	}
	slices.SortStableFunc(kept, func(a, b scored) int {
		if a.tier != b.tier {
			return a.tier - b.tier
		}
		if a.group != b.group {
			return a.group - b.group
		}
		return strings.Compare(a.Text, b.Text)
	})
	out := make([]protocol.Completion, len(kept))
	for i, k := range kept {
		out[i] = k.Completion
	}
	return out
}

// tier says how name matches prefix: 0 begins with it, 1 begins with it in other
// case, 2 holds its letters in order, -1 not at all.
func tier(name, prefix string) int {
	if strings.HasPrefix(name, prefix) {
		return 0
	}
	low, want := strings.ToLower(name), strings.ToLower(prefix)
	if strings.HasPrefix(low, want) {
		return 1
	}
	// A subsequence begins with the same letter, or every short prefix would
	// match half of the names there are.
	first, _ := utf8.DecodeRuneInString(want)
	if r, _ := utf8.DecodeRuneInString(low); unicode.ToLower(r) != first {
		return -1
	}
	for _, r := range want {
		i := strings.IndexRune(low, r)
		if i < 0 {
			return -1
		}
		low = low[i+utf8.RuneLen(r):]
	}
	return 2
}

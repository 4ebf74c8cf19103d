package programs

import (
	"fmt"
	"strings"
)

// table counts verdicts by chapter, in the order of the programs.
type table struct {
	chapters []string
	counts   map[string]*[3]int
}

func newTable(all []*Program, verdicts []Verdict) *table {
	t := &table{counts: map[string]*[3]int{}}
	for i, p := range all {
		row := t.counts[p.Chapter()]
		if row == nil {
			row = new([3]int)
			t.counts[p.Chapter()] = row
			t.chapters = append(t.chapters, p.Chapter())
		}
		row[verdicts[i]]++
	}
	return t
}

func (t *table) sum() (sum [3]int) {
	for _, row := range t.counts {
		for v, n := range row {
			sum[v] += n
		}
	}
	return sum
}

// Total is one line: "260 programs: 240 equal, 20 refused, 0 wrong".
func (t *table) Total() string {
	s := t.sum()
	return fmt.Sprintf("%d programs: %d equal, %d refused, %d wrong", s[0]+s[1]+s[2], s[Equal], s[Refused], s[Wrong])
}

// Markdown is the table for a README.
func (t *table) Markdown() string {
	var b strings.Builder
	b.WriteString("| chapter | programs | equal | refused | wrong |\n|---|--:|--:|--:|--:|\n")
	row := func(name string, n [3]int) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", name, n[0]+n[1]+n[2], n[Equal], n[Refused], n[Wrong])
	}
	for _, chapter := range t.chapters {
		row(chapter, *t.counts[chapter])
	}
	row("all", t.sum())
	return b.String()
}

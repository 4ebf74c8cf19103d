package loop

import (
	_ "embed"
	"encoding/json"
	"strings"
)

// program shows the moments in place of the table; see the file.
//
//go:embed loop.js
var program string

// data is what it shows. Words are numbers of Words.
type data struct {
	Title   string              `json:"title"`
	Alt     string              `json:"alt"`
	Amount  string              `json:"amount"`
	Blocked []string            `json:"blocked"`
	Notes   []string            `json:"notes"`
	Left    int                 `json:"left"` // moments that are not shown
	Words   []string            `json:"words"`
	Moments []picture           `json:"moments"`
	Files   map[string][]string `json:"files"`
}

// picture is a moment.
type picture struct {
	Kind   int    `json:"kind"`
	At     int64  `json:"at"`
	Took   int64  `json:"took"`
	Turn   int    `json:"turn"`
	Runs   int    `json:"runs"`
	Say    int    `json:"say"`
	Deeds  []int  `json:"deeds"`
	Rest   []int  `json:"rest"`
	Next   []int  `json:"next"`
	Timers []int  `json:"timers"`
	Waits  []int  `json:"waits"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
}

// mostWarnings bounds the blocking steps that are told of one by one.
const mostWarnings = 5

func (f *film) data() data {
	d := data{
		Title: "Event loop", Alt: f.alt(), Amount: f.amount(), Blocked: append([]string{}, f.blocked[:min(len(f.blocked), mostWarnings)]...),
		Notes: f.notes(), Left: f.seen - len(f.moments), Words: []string{}, Moments: []picture{}, Files: map[string][]string{},
	}
	numbers := map[string]int{}
	word := func(s string) int {
		n, ok := numbers[s]
		if !ok {
			n = len(d.Words)
			numbers[s] = n
			d.Words = append(d.Words, s)
		}
		return n
	}
	words := func(list []string) []int {
		out := []int{}
		for _, s := range list {
			out = append(out, word(s))
		}
		return out
	}
	for _, m := range f.moments {
		d.Moments = append(d.Moments, picture{
			m.Kind, m.At, m.Took, m.Turn, word(m.Runs), word(m.Say), words(m.Deeds), words(m.Rest), words(m.Next), words(m.Timers), words(m.Waits), m.File, m.Line,
		})
		if text, ok := f.source[m.File]; ok {
			d.Files[m.File] = strings.Split(text, "\n")
		}
	}
	return d
}

func (f *film) script(b *strings.Builder) {
	text, err := json.Marshal(f.data())
	if err != nil { // strings and numbers always marshal
		panic(err)
	}
	b.WriteString("<script>(function(data){\n")
	b.WriteString(program)
	b.WriteString("\n})(")
	b.Write(text)
	b.WriteString(")</script>")
}

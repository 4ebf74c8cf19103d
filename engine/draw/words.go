package draw

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Duration writes virtual ns with three digits that matter.
func Duration(ns int64) string {
	switch {
	case ns < 0:
		return "−" + Duration(-ns)
	case ns < 1000:
		return strconv.FormatInt(ns, 10) + " ns"
	case ns < 999_500:
		return three(float64(ns)/1e3) + " µs"
	case ns < 999_500_000:
		return three(float64(ns)/1e6) + " ms"
	}
	return three(float64(ns)/1e9) + " s"
}

func three(x float64) string {
	digits := 2
	switch {
	case x >= 99.95:
		digits = 0
	case x >= 9.995:
		digits = 1
	}
	s := strconv.FormatFloat(x, 'f', digits, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Percent writes a share. What is not nothing and not all is not written as such.
func Percent(part, whole int64) string {
	if whole <= 0 {
		return "0 %"
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case part > 0 && p < 1:
		return "under 1 %"
	case part < whole && p > 99:
		return "over 99 %"
	}
	return strconv.FormatFloat(p, 'f', 0, 64) + " %"
}

// Plural writes a number of things.
func Plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + one + "s"
}

// Thousands writes 1234567 as 1,234,567.
func Thousands(n int) string {
	if n < 0 {
		return "−" + Thousands(-n)
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Wrap writes words in lines of at most 100 columns, each as far to the right as the
// first.
func Wrap(b *strings.Builder, s string) {
	indent := s[:len(s)-len(strings.TrimLeft(s, " "))]
	width := 0
	for i, w := range strings.Fields(s) {
		n := utf8.RuneCountInString(w)
		switch {
		case i == 0:
			b.WriteString(indent)
			width = len(indent)
		case width+1+n > 100:
			b.WriteString("\n" + indent)
			width = len(indent)
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(w)
		width += n
	}
	if width > 0 {
		b.WriteByte('\n')
	}
}

package programs

import (
	"fmt"
	"slices"
	"strings"
)

// Verdict says how an evaluation compares with compiled Go.
type Verdict int

const (
	Equal   Verdict = iota // the same output, end and errors
	Refused                // not run to its end, for a reason that is said; no wrong output before
	Wrong                  // anything else
)

func (v Verdict) String() string { return [...]string{"equal", "refused", "wrong"}[v] }

// Judge compares an evaluation of p with what compiled Go does, and gives the
// reason of a verdict other than Equal.
func Judge(p *Program, e Evaluation) (Verdict, string) {
	switch {
	case e.Internal != "":
		return Wrong, "  " + e.Internal + "\n" + p.Want.Diff(e.Result)
	case len(e.Refused) > 0 || unavailable(e.Errors):
		if !strings.HasPrefix(p.Want.Stdout, e.Stdout) {
			return Wrong, "  wrong before it was refused:\n" + p.Want.Diff(e.Result)
		}
		return Refused, strings.Join(slices.Concat(e.Refused, e.Errors), "\n")
	case p.Want.Errors != nil:
		if reason := judgeErrors(p.Want, e.Errors); reason != "" {
			return Wrong, reason
		}
		return Equal, ""
	}
	if diff := p.Want.Diff(e.Result); diff != "" {
		return Wrong, diff
	}
	return Equal, ""
}

// unavailable says whether a check failed because of what the library lacks,
// and said so. A name that Go has must never be called undefined.
func unavailable(errs []string) bool {
	return slices.ContainsFunc(errs, func(err string) bool {
		return strings.Contains(err, "not available on this evaluator")
	})
}

// judgeErrors wants as many errors as the compiler or go/types has, each at the
// place and in the words of one of them. Of a syntax error it wants the line: the
// compiler has a parser of its own. What follows ";" is detail.
func judgeErrors(want Result, got []string) string {
	simple := func(errs []string) []string {
		var lines []string
		for _, err := range errs {
			head, _, _ := strings.Cut(err, "; ")
			if _, message, _ := strings.Cut(head, ": "); strings.HasPrefix(message, "syntax error") {
				return errorLines([]string{head})
			}
			lines = append(lines, head)
		}
		return lines
	}
	known := simple(slices.Concat(want.Errors, want.Checks))
	mine := simple(got)
	same := len(got) == len(want.Errors) || len(got) == len(want.Checks) || len(mine) == 1
	same = same && slices.Equal(errorLines(simple(want.Errors)), errorLines(mine))
	for _, err := range mine {
		same = same && slices.Contains(known, err)
	}
	if same {
		return ""
	}
	return fmt.Sprintf("  errors (- compiled Go, + here):\n%s", diffLines(strings.Join(want.Errors, "\n"), strings.Join(got, "\n")))
}

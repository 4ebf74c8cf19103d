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
		if reason := judgeErrors(p.Want.Errors, e.Errors); reason != "" {
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

// judgeErrors wants the same errors, at the same places and in the same words.
// Of a syntax error it wants the line: the parser and the compiler are two.
func judgeErrors(want, got []string) string {
	simple := func(errs []string) []string {
		var lines []string
		for _, err := range errs {
			message, _, _ := strings.Cut(err, "; ")
			parts := strings.SplitN(message, ": ", 2)
			if len(parts) == 2 && strings.HasPrefix(parts[1], "syntax error") {
				return errorLines([]string{err})
			}
			lines = append(lines, message)
		}
		return lines
	}
	if slices.Equal(simple(want), simple(got)) {
		return ""
	}
	return fmt.Sprintf("  errors (- compiled Go, + here):\n%s", diffLines(strings.Join(want, "\n"), strings.Join(got, "\n")))
}

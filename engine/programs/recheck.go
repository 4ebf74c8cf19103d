package programs

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// recheck puts the compiler's type errors also into the words and columns of
// go/types. Both are one checker, written twice; some messages and columns
// differ, and cells may have either. The lines must be the same.
func (t *Toolchain) recheck(c *Compiled) error {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", c.source, parser.SkipObjectResolution)
	if err != nil {
		for i, e := range c.Errors { // of a syntax error only the line is compared
			if at, message, _ := strings.Cut(e, ": "); !strings.HasPrefix(message, "syntax error: ") {
				c.Errors[i] = at + ": syntax error: " + message
			}
		}
		return nil
	}
	var found []types.Error
	config := types.Config{GoVersion: "go1.26", Importer: t.types, Error: func(err error) {
		var e types.Error
		if !errors.As(err, &e) {
			return
		}
		if more, ok := strings.CutPrefix(e.Msg, "\t"); ok && len(found) > 0 { // continues the one before
			found[len(found)-1].Msg += "; " + fset.Position(e.Pos).String() + ": " + more
			return
		}
		found = append(found, e)
	}}
	config.Check("main", fset, []*ast.File{f}, nil)
	slices.SortStableFunc(found, func(a, b types.Error) int { return int(a.Pos - b.Pos) })
	var words []string
	for _, e := range found {
		words = append(words, fset.Position(e.Pos).String()+": "+strings.ReplaceAll(e.Msg, "\n\t", "; "))
	}
	if a, b := errorLines(c.Errors), errorLines(words); !slices.Equal(a, b) {
		return fmt.Errorf("programs: %s: the compiler finds errors at %v, go/types at %v", c.Program.Name, a, b)
	}
	if !slices.Equal(words, c.Errors) {
		c.Checks = words
	}
	return nil
}

// errorLines lists the distinct lines "cell[1]:3" that errors stand at, sorted.
func errorLines(errs []string) []string {
	var lines []string
	for _, err := range errs {
		parts := strings.SplitN(err, ":", 3)
		lines = append(lines, strings.Join(parts[:min(2, len(parts))], ":"))
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

package session

import (
	"cmp"
	"errors"
	"fmt"
	"go/types"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"interleave/kernel/protocol"
)

// test asks for the tests of the cell, or of the session, once the cell has run.
func test(c *cellRun, args []string) (err error) {
	if len(args) > 1 {
		return errors.New("want one regular expression, or none")
	}
	if c.tests, err = regexp.Compile(strings.Join(args, "")); err != nil {
		return fmt.Errorf("%q is no regular expression: %w", args[0], err)
	}
	return nil
}

// runTests runs the tests that the cell declares, or where it declares none, those
// of all cells: what is named as go test wants it, in the order of the source.
func (c *cellRun) runTests() *protocol.Error {
	names := c.testNames(true)
	if len(names) == 0 {
		names = c.testNames(false)
	}
	if len(names) == 0 {
		return plainError("no tests", fmt.Sprintf("no function %q with the signature func(*testing.T) is declared", "Test…"))
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !c.tests.MatchString(name) })
	if len(names) == 0 {
		return plainError("no tests", fmt.Sprintf("no test matches %q", c.tests))
	}
	var list strings.Builder
	for _, name := range names {
		f := name
		if strings.HasPrefix(name, "Fuzz") {
			f = "testing.Fuzzing(" + name + ")"
		}
		fmt.Fprintf(&list, "{%q, %s},", name, f)
	}
	e := &cellRun{s: c.s, ctx: c.ctx, req: c.req, out: c.out, name: "tests", io: c.io}
	all := "func(_, _ string) (bool, error) { return true, nil }"
	values, bad := e.evaluate("testing.RunTests(" + all + ", []testing.InternalTest{" + list.String() + "})")
	c.ends = c.ends || e.ends
	switch {
	case bad != nil:
		return bad
	case len(values) != 1 || values[0].Text() != "true":
		c.tellLeft()
		return plainError("FAIL", "a test failed")
	}
	fmt.Fprintln(c.io.Stdout, "PASS")
	c.tellLeft()
	return nil
}

// testNames lists the tests of this cell, or of all.
func (c *cellRun) testNames(here bool) []string {
	var found []types.Object
	for _, name := range c.s.check.Names() {
		obj := c.s.check.Lookup(name)
		if obj == nil || !isTest(obj) {
			continue
		}
		if cell, _ := c.s.check.Source(obj); here && (cell == nil || cell.Name != c.name) {
			continue
		}
		found = append(found, obj)
	}
	slices.SortFunc(found, func(a, b types.Object) int { return cmp.Compare(a.Pos(), b.Pos()) })
	var names []string
	for _, obj := range found {
		names = append(names, obj.Name())
	}
	return names
}

// isTest tells a test as go test does: TestX where X does not begin with a small
// letter, with one parameter of type *testing.T, or FuzzX with one of type *testing.F.
func isTest(obj types.Object) bool {
	param := "*testing.T"
	rest, ok := strings.CutPrefix(obj.Name(), "Test")
	if !ok {
		param = "*testing.F"
		rest, ok = strings.CutPrefix(obj.Name(), "Fuzz")
	}
	if first, _ := utf8.DecodeRuneInString(rest); !ok || unicode.IsLower(first) {
		return false
	}
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	sig := fn.Signature()
	return sig.Params().Len() == 1 && sig.Results().Len() == 0 && sig.TypeParams().Len() == 0 && sig.Params().At(0).Type().String() == param
}

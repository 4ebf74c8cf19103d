package session

import (
	"errors"
	"fmt"
	"go/types"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"interleave/kernel/protocol"
)

// help shows every magic with an example.
func help(c *cellRun, args []string) error {
	rows := [][]string{{"command", "what it does", "example"}}
	for _, m := range magicTable() {
		rows = append(rows, []string{m.usage, m.about, m.example})
	}
	c.table(rows)
	return nil
}

// doc shows what an inspection of a name shows.
func doc(c *cellRun, args []string) error {
	if len(args) != 1 {
		return errors.New("want one name")
	}
	found := c.s.Inspect(protocol.Inspect{Code: args[0], Cursor: utf8.RuneCountInString(args[0]), Detail: 1})
	if !found.Found {
		return fmt.Errorf("nothing is known of %s", args[0])
	}
	c.page = found.Data
	return nil
}

// who lists the declared names.
func who(c *cellRun, args []string) error {
	s := c.s
	names := s.check.Names()
	slices.Sort(names)
	rows := [][]string{{"name", "kind", "type", "declared in"}}
	for _, name := range names {
		obj := s.check.Lookup(name)
		if obj == nil {
			continue
		}
		where := ""
		if cell, _ := s.check.Source(obj); cell != nil {
			where = cell.Name
		}
		kind, text := "variable", types.TypeString(obj.Type(), bare)
		switch obj := obj.(type) {
		case *types.Func:
			kind = "function"
		case *types.Const:
			kind = "constant"
			text += " = " + obj.Val().String()
		case *types.TypeName:
			kind, text = "type", types.TypeString(obj.Type().Underlying(), bare)
		}
		rows = append(rows, []string{name, kind, text, where})
	}
	if len(rows) == 1 {
		c.note("nothing is declared yet")
		return nil
	}
	c.table(rows)
	return nil
}

// bare writes names of the session without a package name.
func bare(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}

// limit sets a bound.
func limit(c *cellRun, args []string) error {
	if len(args) != 1 {
		return errors.New("want one setting")
	}
	name, value, ok := strings.Cut(args[0], "=")
	if !ok || name != "output" {
		return fmt.Errorf("no setting %q", args[0])
	}
	size, err := parseSize(value)
	if err != nil {
		return err
	}
	if l, ok := c.out.(protocol.Limiter); ok { // none in a replay: the parent of the worker knows the limit
		l.SetOutputLimit(size)
	}
	return nil
}

// parseSize reads "20MB" as bytes, and "none" as -1.
func parseSize(text string) (int64, error) {
	upper := strings.ToUpper(strings.TrimSpace(text))
	if upper == "NONE" {
		return -1, nil
	}
	factor := float64(1)
	for i, suffix := range []string{"KB", "MB", "GB"} {
		if rest, ok := strings.CutSuffix(upper, suffix); ok {
			upper, factor = rest, math.Pow(1024, float64(i+1))
			break
		}
	}
	n, err := strconv.ParseFloat(strings.TrimSuffix(upper, "B"), 64)
	if err != nil || n <= 0 || n*factor > 1<<50 {
		return 0, fmt.Errorf("%q is no size", text)
	}
	return int64(n * factor), nil
}

// chooseEvaluator shows the evaluators, or goes over to another.
func chooseEvaluator(c *cellRun, args []string) error {
	s := c.s
	if len(args) == 0 {
		rows := [][]string{{"evaluator", "", ""}}
		for _, e := range s.cfg.Evaluators {
			mark := ""
			if e.Name == s.chosen.Name {
				mark = "in use"
			}
			rows = append(rows, []string{e.Name, e.About, mark})
		}
		c.table(rows)
		return nil
	}
	chosen, ok := s.evaluator(args[0])
	switch {
	case len(args) > 1:
		return errors.New("want one name")
	case !ok:
		if near, ok := nearest(args[0], s.evaluatorNames()); ok {
			return fmt.Errorf("no evaluator %q (did you mean %s?)", args[0], near)
		}
		return fmt.Errorf("no evaluator %q (there is: %s)", args[0], strings.Join(s.evaluatorNames(), ", "))
	case chosen.Name == s.chosen.Name:
		return nil
	}
	records := s.records
	if err := s.begin(chosen); err != nil {
		return err
	}
	var lost, out []string
	for _, rec := range records {
		lost = append(lost, rec.Vars...)
		n := len(s.records)
		if err := s.replay(rec, true); err != nil {
			s.records = append(s.records[:min(n, len(s.records))], rec) // whole, as the next evaluator may have it
			out = append(out, fmt.Sprintf("what %s declared is not there: %v", cellName(rec.Count), err))
		}
	}
	if len(lost) > 0 && !c.replay {
		slices.Sort(lost)
		c.note("these variables lost their values: " + strings.Join(slices.Compact(lost), ", "))
	}
	if len(out) > 0 && !c.replay {
		c.note(strings.Join(out, "\n"))
	}
	return nil
}

// configurable is an evaluator whose machine can be set.
type configurable interface {
	Configure(name, value string) error
	Settings() [][2]string
}

// setMachine sets the machine of the next cells.
func setMachine(c *cellRun, args []string) error {
	m, ok := c.s.eval.(configurable)
	if !ok && c.replay {
		return nil // kept for an evaluator that has one
	}
	if !ok {
		return fmt.Errorf("the evaluator %s has no virtual machine; %%evaluator machine has one", c.s.chosen.Name)
	}
	if len(args) == 0 {
		rows := [][]string{{"setting", "value"}}
		for _, s := range m.Settings() {
			rows = append(rows, s[:])
		}
		c.table(rows)
		return nil
	}
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			return fmt.Errorf("want settings such as cores=2, not %q", arg)
		}
		if err := m.Configure(name, value); err != nil {
			return err
		}
	}
	return nil
}

// reset forgets the session.
func reset(c *cellRun, args []string) error {
	if len(args) > 0 {
		return errors.New("want nothing behind it")
	}
	return c.s.begin(c.s.chosen)
}

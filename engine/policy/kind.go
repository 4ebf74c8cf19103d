package policy

import (
	"fmt"
	"strings"
)

// Kind is a policy that can be asked for by name: a row of the table that Kinds lists.
type Kind struct {
	Name    string // "rr"
	Help    string // one line: what it does
	Params  []Param
	Example string // "rr(q=4ms)"; Named takes it

	make func(c called) Policy
}

// Usage is how the policy is asked for, with all its parameters: "rr(q=TIME)".
func (k Kind) Usage() string {
	var list []string
	for _, p := range k.Params {
		list = append(list, p.Name+"="+p.form())
	}
	return withParams(k.Name, list)
}

// Kinds is the table of all policies that have a name, in the order in which they
// are listed for a user.
func Kinds() []Kind {
	return []Kind{
		goKind(), randomKind(),
		fcfsKind(), rrKind(), sjfKind(), srtfKind(), priorityKind(), mlfqKind(), lotteryKind(), strideKind(),
		cfsKind(), eevdfKind(), multiKind(), cooperativeKind(),
		gilKind(), tickGILKind(), freeThreadedKind(),
		loopKind(),
	}
}

// Named makes a policy from its name and parameters, as a user writes them:
//
//	fcfs    rr    rr(q=4ms)    rr(4)    mlfq(q=10ms/20ms/40ms, boost=100ms)
//
// A number without a unit is ms where a time is wanted; the first parameter needs no
// name. A policy's Name is of this form too. The error of what cannot be says
// what can.
func Named(text string) (Policy, error) {
	name, inner, _ := strings.Cut(strings.TrimSpace(text), "(")
	name = strings.TrimSpace(name)
	inner, closed := strings.CutSuffix(strings.TrimSpace(inner), ")")
	if closed != strings.Contains(text, "(") {
		return nil, fmt.Errorf("policy: %q: want a name, or a name and parameters in parentheses, such as rr(q=4ms)", text)
	}
	var names []string
	for _, k := range Kinds() {
		if k.Name == name {
			c, err := k.call(inner)
			if err != nil {
				return nil, err
			}
			return k.make(c), nil
		}
		names = append(names, k.Name)
	}
	return nil, fmt.Errorf("policy: there is no policy %q%s (there is: %s)", name, meant(name, names), strings.Join(names, ", "))
}

// Anew makes a policy like p that has not started, with the parameters that were
// given to p. It is for those of the table.
func Anew(p Policy) (Policy, error) {
	if c, ok := p.(interface{ given() string }); ok {
		return Named(c.given())
	}
	return Named(p.Name())
}

// call reads the parameters of a call.
func (k Kind) call(inner string) (called, error) {
	c := called{kind: k.Name, params: k.Params, values: make([]value, len(k.Params))}
	for i, p := range k.Params {
		c.values[i].standard(p)
	}
	if strings.TrimSpace(inner) == "" {
		return c, nil
	}
	for n, part := range strings.Split(inner, ",") {
		name, text, named := strings.Cut(part, "=")
		name, text = strings.TrimSpace(name), strings.TrimSpace(text)
		if !named && n == 0 && len(k.Params) > 0 {
			name, text = k.Params[0].Name, name
		}
		i := c.index(name)
		if i < 0 {
			return c, k.unknown(name)
		}
		v := &c.values[i]
		if v.given {
			return c, fmt.Errorf("policy: %s is given twice in %s", name, k.Name)
		}
		v.list, v.given = nil, true
		if err := v.read(k.Params[i], text); err != nil {
			return c, fmt.Errorf("policy: %s: %w", k.Name, err)
		}
	}
	return c, nil
}

func (k Kind) unknown(param string) error {
	if len(k.Params) == 0 {
		return fmt.Errorf("policy: %s takes no parameters", k.Name)
	}
	var names []string
	for _, p := range k.Params {
		names = append(names, p.Name)
	}
	return fmt.Errorf("policy: %s has no parameter %q%s (it is %s)", k.Name, param, meant(param, names), k.Usage())
}

// called is how a policy of the table was asked for. Each of them embeds it for
// its name.
type called struct {
	kind   string
	params []Param
	values []value
}

// Name is the policy with its parameters, those left out that are as always.
func (c *called) Name() string {
	return c.write(func(v value, p Param) bool { return p.Shown && v.num != 0 || !v.same(p) })
}

func (c *called) given() string { return c.write(func(v value, _ Param) bool { return v.given }) }

func (c *called) write(shown func(value, Param) bool) string {
	var list []string
	for i, p := range c.params {
		if v := c.values[i]; shown(v, p) {
			list = append(list, p.Name+"="+v.text(p))
		}
	}
	return withParams(c.kind, list)
}

func withParams(name string, list []string) string {
	if len(list) == 0 {
		return name
	}
	return name + "(" + strings.Join(list, ",") + ")"
}

func (c *called) index(name string) int {
	for i, p := range c.params {
		if p.Name == name {
			return i
		}
	}
	return -1
}

// num is the value of a parameter: ns, a number, millionths or the index of a word.
func (c *called) num(name string) int64 { return c.values[c.index(name)].num }

// is tells whether a parameter that takes words has this one.
func (c *called) is(name, word string) bool {
	i := c.index(name)
	return c.params[i].Words[c.values[i].num] == word
}

// list is the value of a parameter that takes several times.
func (c *called) list(name string) []int64 { return c.values[c.index(name)].list }

// slice is a time slice that is the machine's where none was given.
func (c *called) slice(name string, s Setup) int64 {
	i := c.index(name)
	if v := &c.values[i]; !v.given {
		own := append([]value(nil), c.values...) // copies of the policy keep theirs
		own[i].num = min(s.Slice, mostTime)
		c.values = own
	}
	return c.values[i].num
}

package policy

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Param is a parameter of a policy.
type Param struct {
	Name    string
	Kind    ParamKind
	Default string // as a user writes it; empty: the machine's slice
	Least   int64  // in ns, or a number
	Most    int64  // 0 stands for 10 hours, or, of a number, for no bound
	Words   []string
	Help    string // "how long a task runs at a time"
	Shown   bool   // in the policy's name even where it is as always
}

// ParamKind says what a parameter takes.
type ParamKind uint8

// The kinds of parameter.
const (
	Time     ParamKind = iota // "4ms"; a number without a unit is ms
	Times                     // one or more, parted by /
	Number                    // a whole number
	Fraction                  // "0.5": 0 to 1, with up to six digits
	Word                      // one of Words
)

func (p Param) form() string {
	switch p.Kind {
	case Times:
		return "TIME/TIME…"
	case Number:
		return "N"
	case Fraction:
		return "0…1"
	case Word:
		return strings.Join(p.Words, "|")
	}
	return "TIME"
}

// Standard is the default as a user reads it.
func (p Param) Standard() string {
	if p.Default == "" {
		return "the machine's slice"
	}
	return p.Default
}

// Range is what the parameter may be, as a user reads it.
func (p Param) Range() string {
	switch p.Kind {
	case Fraction:
		return "0 to 1"
	case Word:
		return strings.Join(p.Words, " or ")
	}
	write := func(n int64) string {
		if p.Kind == Number {
			return strconv.FormatInt(n, 10)
		}
		return duration(n)
	}
	text := "from " + write(p.Least) + " on"
	if p.most() < math.MaxInt64 {
		text = write(p.Least) + " to " + write(p.most())
	}
	if p.Kind == Times {
		text += " each"
	}
	return text
}

// whole is what stands for 1 in a Fraction.
const whole = 1_000_000

// value is what a parameter is.
type value struct {
	num   int64
	list  []int64
	given bool // by the user
}

func (v *value) standard(p Param) {
	if p.Default == "" {
		return
	}
	if err := v.read(p, p.Default); err != nil { // a mistake in the table
		panic(err)
	}
}

func (v *value) same(p Param) bool {
	var d value
	d.standard(p)
	return v.text(p) == d.text(p)
}

func (v *value) read(p Param, text string) error {
	bad := func() error {
		return fmt.Errorf("%s: want %s, not %q", p.Name, p.wants(), text)
	}
	switch p.Kind {
	case Word:
		for i, w := range p.Words {
			if w == text {
				v.num = int64(i)
				return nil
			}
		}
		return fmt.Errorf("%w%s", bad(), meant(text, p.Words))
	case Fraction:
		n, ok := millionths(text)
		if !ok {
			return bad()
		}
		v.num = n
		return nil
	case Number:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || !p.holds(n) {
			return bad()
		}
		v.num = n
		return nil
	}
	for i, part := range strings.Split(text, "/") {
		n, ok := readTime(strings.TrimSpace(part))
		if !ok || !p.holds(n) || i > 0 && p.Kind == Time {
			return bad()
		}
		v.num = n
		if p.Kind == Times {
			v.list = append(v.list, n)
		}
	}
	return nil
}

func (p Param) holds(n int64) bool { return n >= p.Least && n <= p.most() }

// mostTime bounds times, so that what is made of them stays a number: 10 hours.
const mostTime = 10 * 3600 * 1_000_000_000

func (p Param) most() int64 {
	switch {
	case p.Most > 0:
		return p.Most
	case p.Kind == Number:
		return math.MaxInt64
	}
	return mostTime
}

func (p Param) wants() string {
	switch p.Kind {
	case Time:
		return "a time such as 4ms, " + p.Range()
	case Times:
		return "times such as 10ms/20ms, " + p.Range()
	case Number:
		return "a number, " + p.Range()
	case Fraction:
		return "a number, " + p.Range() + ", with at most six digits"
	}
	return p.Range()
}

func (v value) text(p Param) string {
	switch p.Kind {
	case Word:
		return p.Words[v.num]
	case Fraction:
		return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%06d", v.num/whole, v.num%whole), "0"), ".")
	case Number:
		return strconv.FormatInt(v.num, 10)
	case Times:
		var list []string
		for _, n := range v.list {
			list = append(list, duration(n))
		}
		return strings.Join(list, "/")
	}
	return duration(v.num)
}

// duration is a time as a user writes it.
func duration(ns int64) string {
	if ns == 0 {
		return "0"
	}
	text := time.Duration(ns).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// readTime reads a time that is not negative; without a unit it is in ms.
func readTime(text string) (int64, bool) {
	d, err := time.ParseDuration(text)
	if err != nil {
		d, err = time.ParseDuration(text + "ms")
	}
	return int64(d), err == nil && d >= 0
}

// millionths reads a number from 0 to 1.
func millionths(text string) (int64, bool) {
	units, rest, _ := strings.Cut(text, ".")
	if len(rest) > 6 {
		return 0, false
	}
	n, err := strconv.ParseUint(units+rest+strings.Repeat("0", 6-len(rest)), 10, 63)
	return int64(n), err == nil && n <= whole
}

package machine

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"interleave/engine/memory"
	"interleave/engine/policy"
)

// tokenMark stands in a token before each setting that is not the default:
//
//	go.1.4.10ms.v1~switch=1ms~jitter=0~watch~caches:L1=4096B/0ns/8ways
const tokenMark = "~"

// Token replays the run so far: seed and policy where they decide everything, else
// the schedule; and all settings on which the order of steps depends.
func (m *Machine) Token() string {
	c := m.config
	s := &policy.Schedule{Policy: m.policy.Name(), Seed: c.Seed, Cores: len(m.cores), Slice: c.Slice}
	if p, ok := m.policy.(policy.Scheduled); ok {
		s = p.Schedule()
	}
	token := s.String()
	for _, cost := range costs(&c.Cost) {
		if *cost.ns != cost.standard {
			token += tokenMark + cost.name + "=" + cost.text()
		}
	}
	if c.Watch {
		token += tokenMark + "watch"
	}
	if c.Memory != nil {
		token += tokenMark + "caches:" + c.Memory.Text()
	}
	return token
}

// ParseToken gives a configuration with what a token says, which replays the run.
func ParseToken(c Config, token string) (Config, error) {
	parts := strings.Split(token, tokenMark)
	s, err := policy.ParseSchedule(parts[0])
	if err != nil {
		return c, err
	}
	c.Seed, c.Cores, c.Slice = s.Seed, s.Cores, s.Slice
	if c.Policy, err = policy.Replay(s); err != nil {
		return c, err
	}
	c.Cost, c.Watch, c.Memory = Cost{}, false, nil
	for _, part := range parts[1:] {
		name, value, _ := strings.Cut(part, "=")
		text, caches := strings.CutPrefix(part, "caches:")
		switch {
		case part == "watch":
			c.Watch = true
		case caches:
			config, err := memory.Parse(text)
			if err != nil {
				return c, err
			}
			c.Memory = &config
		default:
			if c.Cost, err = c.Cost.Set(name, value); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

// namedCost is a cost by the name that a user gives it.
type namedCost struct {
	name     string
	ns       *int64 // negative: nothing; jitter in percent
	standard int64
}

func costs(c *Cost) []namedCost {
	return []namedCost{
		{"switch", &c.Switch, defaultSwitch}, {"wake", &c.Wake, defaultWake}, {"spawn", &c.Spawn, defaultSpawn}, {"jitter", &c.Jitter, defaultJitter},
	}
}

func (c namedCost) text() string {
	n := max(*c.ns, 0)
	if c.name == "jitter" {
		return strconv.FormatInt(n, 10)
	}
	return time.Duration(n).String()
}

// longest bounds a cost: beyond an hour the clock would soon be at its end.
const longest = time.Hour

// Set gives the costs with one of them changed: switch, wake or spawn to a time from 0
// to 1h; jitter to a number of percent from 0 to 100.
func (c Cost) Set(name, value string) (Cost, error) {
	for _, k := range costs(&c) {
		if k.name != name {
			continue
		}
		if name == "jitter" {
			n, err := strconv.Atoi(strings.TrimSuffix(value, "%"))
			if err != nil || n < 0 || n > 100 {
				return c, fmt.Errorf("machine: jitter: want a number of percent from 0 to 100, not %q", value)
			}
			*k.ns = int64(n)
		} else {
			d, err := time.ParseDuration(value)
			if err != nil || d < 0 || d > longest {
				return c, fmt.Errorf("machine: %s: want a time from 0s to %v, such as 1µs, not %q", name, longest, value)
			}
			*k.ns = int64(d)
		}
		if *k.ns == 0 {
			*k.ns = -1
		}
		return c, nil
	}
	return c, fmt.Errorf("machine: there is no cost %q", name)
}

// Texts are the costs by name, as Set takes them.
func (c Cost) Texts() [][2]string {
	var list [][2]string
	for _, k := range costs(&c) {
		list = append(list, [2]string{k.name, k.text()})
	}
	return list
}

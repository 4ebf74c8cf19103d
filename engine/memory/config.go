package memory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Config is a memory's sizes and costs.
type Config struct {
	Line     int64 // bytes of a cache line; at most 64
	L1, L2   Level // of each core; no L2: Size 0
	L3       Level // of all cores together; none: Size 0
	Latency  int64 // ns until a line from memory is there
	Transfer int64 // ns until a line that another core has written is there, or until others have given up theirs
	Bus      int64 // ns for which a line occupies the bus
	Prefetch bool  // lines in a row cost the bus's time only
}

// Level is one cache.
type Level struct {
	Size int64 // bytes
	Ways int64 // places for a line
	Hit  int64 // ns
}

// Default is a small computer: caches of 32 KiB, 256 KiB and 2 MiB.
func Default() Config {
	return Config{
		Line: 64, L1: Level{32 << 10, 8, 0}, L2: Level{256 << 10, 8, 4}, L3: Level{2 << 20, 16, 15},
		Latency: 100, Transfer: 60, Bus: 16, Prefetch: true,
	}
}

// names are those of Parse.
var names = []string{"L1", "L2", "L3", "line", "memory", "transfer", "bus", "prefetch"}

// Parse reads what differs from Default: "L1=4KB, L2=32KB/4ns, L3=0, memory=80ns,
// transfer=40ns, bus=32ns, line=64B, prefetch=off". A cache's size may be followed by
// the time of a hit and by its ways: "L1=4KB/1ns/4ways". KB and KiB are both 1,024
// bytes.
func Parse(text string) (Config, error) {
	c := Default()
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return c, fmt.Errorf("memory: %q: want name=value (names: %s)", part, strings.Join(names, ", "))
		}
		if err := c.set(name, value); err != nil {
			return c, err
		}
	}
	return c, c.check()
}

func (c *Config) set(name, value string) (err error) {
	ns := func(to *int64) error {
		d, err := time.ParseDuration(value)
		if err != nil || d < 0 || d > time.Second {
			return fmt.Errorf("memory: %s: want a time such as 100ns, not %q", name, value)
		}
		*to = int64(d)
		return nil
	}
	switch i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) }); i {
	case 0, 1, 2:
		return []*Level{&c.L1, &c.L2, &c.L3}[i].set(names[i], value)
	case 3:
		c.Line, err = size(value)
		return err
	case 4:
		return ns(&c.Latency)
	case 5:
		return ns(&c.Transfer)
	case 6:
		return ns(&c.Bus)
	case 7:
		if value != "on" && value != "off" {
			return fmt.Errorf("memory: prefetch: want on or off, not %q", value)
		}
		c.Prefetch = value == "on"
		return nil
	}
	return fmt.Errorf("memory: no %q (there is: %s)", name, strings.Join(names, ", "))
}

func (l *Level) set(name, value string) error {
	parts := strings.Split(value, "/")
	n, err := size(parts[0])
	if err != nil {
		return fmt.Errorf("memory: %s: %w", name, err)
	}
	l.Size = n
	for _, part := range parts[1:] {
		if ways, ok := strings.CutSuffix(part, "ways"); ok {
			l.Ways, err = strconv.ParseInt(ways, 10, 64)
			if err != nil || l.Ways < 1 {
				return fmt.Errorf("memory: %s: want a number of ways such as 8ways, not %q", name, part)
			}
			continue
		}
		d, err := time.ParseDuration(part)
		if err != nil || d < 0 || d > time.Second {
			return fmt.Errorf("memory: %s: want a size, and behind a / a time or ways, such as 32KB/4ns/8ways, not %q", name, value)
		}
		l.Hit = int64(d)
	}
	return nil
}

// mostSize bounds a cache, in bytes: the host's memory holds what the machine knows of each line.
const mostSize = 64 << 20

// size reads "32KB".
func size(text string) (int64, error) {
	number, unit := text, int64(1)
	for _, u := range []struct {
		suffix string
		of     int64
	}{{"KiB", 1 << 10}, {"KB", 1 << 10}, {"MiB", 1 << 20}, {"MB", 1 << 20}, {"B", 1}} {
		if rest, ok := strings.CutSuffix(text, u.suffix); ok {
			number, unit = rest, u.of
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > mostSize/unit {
		return 0, fmt.Errorf("want a size up to 64MB, such as 32KB, not %q", text)
	}
	return n * unit, nil
}

// check tells what cannot be built.
func (c Config) check() error {
	if c.Line < 8 || c.Line > 64 || c.Line&(c.Line-1) != 0 {
		return fmt.Errorf("memory: line: want 8, 16, 32 or 64 bytes, not %d", c.Line)
	}
	below, of := int64(0), ""
	for i, l := range []Level{c.L1, c.L2, c.L3} {
		if l.Size == 0 && i > 0 {
			continue
		}
		if l.Ways > l.Size || l.Size%(c.Line*l.Ways) != 0 || l.Size == 0 {
			return fmt.Errorf("memory: %s: a cache of %d ways and lines of %d bytes has a multiple of %d bytes, not %d", names[i], l.Ways, c.Line, c.Line*l.Ways, l.Size)
		}
		if l.Size < below {
			return fmt.Errorf("memory: %s holds all that %s holds, and cannot be smaller", names[i], of)
		}
		below, of = l.Size, names[i]
	}
	return nil
}

// Text is what Parse makes this of again, with what differs from Default only.
func (c Config) Text() string {
	d := Default()
	var list []string
	levels, defaults := []Level{c.L1, c.L2, c.L3}, []Level{d.L1, d.L2, d.L3}
	for i, l := range levels {
		switch {
		case l == defaults[i]:
		case l.Size == 0:
			list = append(list, names[i]+"=0")
		default:
			list = append(list, fmt.Sprintf("%s=%dB/%dns/%dways", names[i], l.Size, l.Hit, l.Ways))
		}
	}
	if c.Line != d.Line {
		list = append(list, fmt.Sprintf("line=%d", c.Line))
	}
	for i, ns := range [][2]int64{{c.Latency, d.Latency}, {c.Transfer, d.Transfer}, {c.Bus, d.Bus}} {
		if ns[0] != ns[1] {
			list = append(list, fmt.Sprintf("%s=%dns", names[4+i], ns[0]))
		}
	}
	if c.Prefetch != d.Prefetch {
		list = append(list, "prefetch=off")
	}
	return strings.Join(list, ",")
}

// String is the cost model in words.
func (c Config) String() string {
	var b strings.Builder
	for i, l := range []Level{c.L1, c.L2, c.L3} {
		if l.Size == 0 {
			continue
		}
		of := "each core"
		if i == 2 {
			of = "shared"
		}
		fmt.Fprintf(&b, "%s %s %s %d ns, ", names[i], Bytes(l.Size), of, l.Hit)
	}
	fmt.Fprintf(&b, "memory %d ns", c.Latency)
	if c.Prefetch {
		b.WriteString(" (lines in a row: the bus's time)")
	}
	fmt.Fprintf(&b, ", bus %d ns a line of %d bytes, from another core %d ns", c.Bus, c.Line, c.Transfer)
	return b.String()
}

// Bytes writes a size in powers of 1,024: "32 KiB".
func Bytes(n int64) string {
	for _, u := range []struct {
		of   int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= u.of && n%u.of == 0 {
			return fmt.Sprintf("%d %s", n/u.of, u.name)
		}
	}
	return fmt.Sprintf("%d B", n)
}

package workload

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Parse reads processes from a table as textbooks have it: a heading, and a line for
// each process.
//
//	process  arrival  burst      process,arrival,cpu,io,cpu,priority
//	P1       0        24         editor,0,1,5,1,2
//	P2       0        3          compile,3,20,,,1
//
// Columns are separated by spaces, by commas, semicolons or tabs (CSV), or by bars (a
// Markdown table). Their order is free, and these are known, in capitals or not:
//
//	process, name, job, task, pid, id    its name; without one: P1, P2 …
//	arrival, arrives                     when it comes; without one: 0
//	burst, cpu, service, length          for how long it computes
//	io, or the name of a device          for how long it then uses a device
//	priority, nice, tickets, group       as in policy.Traits
//
// Several burst and device columns happen in their order, one after another. A cell may
// hold several bursts, too: "5+3+2" computes, uses the device "io" and computes again;
// "5+disk:3+2" names the device. A time is a number of units of 1 ms, such as 2.5, or has a
// unit, such as 300us. A cell that is empty or "-" says nothing. Lines that are empty or
// begin with # are passed over. Where the first line has numbers, there is no heading: two
// columns are name and burst, three name, arrival and burst.
//
// An error names the line.
func Parse(text string) ([]Process, error) {
	rows, err := split(text)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("workload: the table is empty: want a heading such as \"process arrival burst\" and a line for each process")
	}
	columns, rows, err := heading(rows)
	if err != nil {
		return nil, err
	}
	var list []Process
	names := map[string]int{}
	for _, r := range rows {
		p, err := r.process(columns)
		if err != nil {
			return nil, err
		}
		if p.Name == "" {
			p.Name = fmt.Sprintf("P%d", len(list)+1)
		}
		if names[p.Name] > 0 {
			return nil, r.errorf("%s is already the name of the process in line %d", p.Name, names[p.Name])
		}
		names[p.Name] = r.line
		list = append(list, p)
	}
	if len(list) == 0 {
		return nil, errors.New("workload: the table has a heading and no process below it")
	}
	return list, nil
}

// row is a line of a table.
type row struct {
	line  int
	cells []string
}

func (r row) errorf(format string, args ...any) error {
	return fmt.Errorf("workload: line %d: %w", r.line, fmt.Errorf(format, args...))
}

// split cuts a text into rows of cells, by what its first line is separated with.
func split(text string) (rows []row, err error) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	separator := ""
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if separator == "" {
			separator = " "
			for _, s := range []string{"|", ",", ";", "\t"} {
				if strings.Contains(line, s) {
					separator = s
					break
				}
			}
		}
		r := row{line: i + 1}
		switch separator {
		case " ":
			r.cells = strings.Fields(line)
		case "|":
			line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
			if strings.Trim(line, "|-: ") == "" {
				continue // the line below a heading
			}
			r.cells = strings.Split(line, "|")
		default:
			c := csv.NewReader(strings.NewReader(line))
			c.Comma, c.TrimLeadingSpace = rune(separator[0]), true
			if r.cells, err = c.Read(); err != nil && !errors.Is(err, io.EOF) {
				return nil, r.errorf("%v", errors.Unwrap(err))
			}
		}
		for i, c := range r.cells {
			r.cells[i] = strings.TrimSpace(c)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// column says what a column holds.
type column struct {
	kind   string
	device string // of kind io
}

// The kinds of column, with the words that name them.
var columnWords = map[string]string{
	"process": "name", "processes": "name", "proc": "name", "name": "name", "job": "name", "task": "name", "pid": "name", "id": "name",
	"arrival": "arrival", "arrives": "arrival", "arrive": "arrival", "at": "arrival",
	"burst": "burst", "bursts": "burst", "cpu": "burst", "service": "burst", "length": "burst", "run": "burst", "runtime": "burst", "execution": "burst",
	"priority": "priority", "prio": "priority", "nice": "nice", "tickets": "tickets", "ticket": "tickets", "group": "group",
}

// heading finds what the columns are, and the rows below.
func heading(rows []row) ([]column, []row, error) {
	first := rows[0]
	if slices.ContainsFunc(first.cells, isTime) {
		switch n := len(first.cells); n {
		case 2:
			return []column{{kind: "name"}, {kind: "burst"}}, rows, nil
		case 3:
			return []column{{kind: "name"}, {kind: "arrival"}, {kind: "burst"}}, rows, nil
		default:
			return nil, nil, first.errorf("there is no heading: with %d columns it must say what they are, such as \"process arrival burst priority\"", n)
		}
	}
	var columns []column
	for _, word := range first.cells {
		key := strings.ToLower(word)
		if i := strings.IndexAny(key, "(["); i > 0 { // "burst (ms)"
			key = strings.TrimSpace(key[:i])
		}
		key = strings.TrimSpace(strings.TrimSuffix(strings.ReplaceAll(key, "_", " "), "time"))
		switch {
		case key == "" || strings.HasPrefix(key, "(") || key == "ms" || key == "number":
			if len(columns) > 0 { // "burst time" in two words
				continue
			}
			return nil, nil, first.errorf("%q names no column", word)
		case columnWords[key] != "":
			columns = append(columns, column{kind: columnWords[key]})
		case key == "io" || key == "i/o" || key == "i o":
			columns = append(columns, column{"io", "io"})
		case isDevice(key):
			columns = append(columns, column{"io", key})
		default:
			return nil, nil, first.errorf("%q names no column: want process, arrival, burst, io, priority, nice, tickets or group", word)
		}
	}
	for i, c := range columns {
		if c.kind != "burst" && c.kind != "io" && slices.ContainsFunc(columns[:i], func(o column) bool { return o.kind == c.kind }) {
			return nil, nil, first.errorf("there are two columns for %s", c.kind)
		}
	}
	if !slices.ContainsFunc(columns, func(c column) bool { return c.kind == "burst" }) {
		return nil, nil, first.errorf("no column is called burst (or cpu): for how long do the processes compute?")
	}
	return columns, rows[1:], nil
}

// devices are the names of devices that a column may have.
var devices = []string{"disk", "ssd", "net", "network", "keyboard", "printer", "terminal", "tty", "usb", "device", "db", "database"}

func isDevice(word string) bool { return slices.Contains(devices, word) }

func isTime(s string) bool {
	_, err := parseTime(s)
	return err == nil
}

// process reads a row.
func (r row) process(columns []column) (p Process, err error) {
	if len(r.cells) != len(columns) {
		return p, r.errorf("%s for %s: %s; write - where there is nothing",
			plural(len(r.cells), "cell"), plural(len(columns), "column"), strings.Join(r.cells, " "))
	}
	for i, c := range columns {
		cell := r.cells[i]
		if cell == "" || cell == "-" || cell == "–" {
			continue
		}
		number := func(into *int) error {
			n, err := strconv.Atoi(cell)
			if err != nil {
				return r.errorf("%s %q: want a whole number", c.kind, cell)
			}
			*into = n
			return nil
		}
		switch c.kind {
		case "name":
			p.Name = cell
		case "arrival":
			if p.Arrival, err = parseTime(cell); err != nil {
				err = r.errorf("arrival: %w", err)
			} else if p.Arrival < 0 {
				err = r.errorf("arrival %s: want 0 or later", cell)
			}
		case "burst":
			err = bursts(&p, cell, r)
		case "io":
			var ns int64
			if ns, err = burstTime(cell); err != nil {
				err = r.errorf("%s: %w", c.device, err)
			} else if ns > 0 {
				p.Bursts = append(p.Bursts, IO(c.device, ns))
			}
		case "priority":
			err = number(&p.Priority)
		case "nice":
			if err = number(&p.Nice); err == nil && (p.Nice < -20 || p.Nice > 19) {
				err = r.errorf("nice %s: want -20 to 19", cell)
			}
		case "tickets":
			if err = number(&p.Tickets); err == nil && p.Tickets < 1 {
				err = r.errorf("tickets %s: want a number from 1 on", cell)
			}
		case "group":
			if err = number(&p.Group); err == nil && p.Group < 0 {
				err = r.errorf("group %s: want a number from 0 on", cell)
			}
		}
		if err != nil {
			return p, err
		}
	}
	if len(p.Bursts) == 0 {
		return p, r.errorf("%s has no burst: for how long does it compute?", cmp.Or(p.Name, "the process"))
	}
	return p, nil
}

// bursts reads "5", "5+3+2" or "5+disk:3+2".
func bursts(p *Process, cell string, r row) error {
	for i, part := range strings.Split(cell, "+") {
		part = strings.TrimSpace(part)
		device, rest, named := strings.Cut(part, ":")
		if device = strings.TrimSpace(device); !named {
			device, rest = "", part
			if i%2 == 1 {
				device = "io"
			}
		}
		ns, err := burstTime(strings.TrimSpace(rest))
		switch {
		case err != nil:
			return r.errorf("burst %s: %w", cell, err)
		case ns == 0:
			return r.errorf("burst %s: a burst of no time: want more than 0", cell)
		case strings.EqualFold(device, "cpu"):
			device = ""
		}
		p.Bursts = append(p.Bursts, Burst{Time: ns, Device: device})
	}
	return nil
}

func burstTime(s string) (int64, error) {
	ns, err := parseTime(s)
	if err == nil && ns < 0 {
		err = fmt.Errorf("%s: want more than 0", s)
	}
	return ns, err
}

// MostTime bounds a time in a table, in units: eleven days.
const MostTime = 1e9

// parseTime reads a number of units, or a time with its own unit.
func parseTime(s string) (int64, error) {
	if x, err := strconv.ParseFloat(s, 64); err == nil {
		ns := math.Round(x * Unit)
		switch {
		case math.IsNaN(x) || math.Abs(x) > MostTime:
			return 0, fmt.Errorf("%s: want a time of at most %d", s, int64(MostTime))
		case x != 0 && ns == 0:
			return 0, fmt.Errorf("%s: want a time of at least 0.000001", s)
		}
		return int64(ns), nil
	}
	if d, err := time.ParseDuration(s); err == nil {
		if d.Abs() > time.Duration(MostTime)*time.Millisecond {
			return 0, fmt.Errorf("%s: want a time of at most %d ms", s, int64(MostTime))
		}
		return int64(d), nil
	}
	return 0, fmt.Errorf("%q: want a time, such as 5 or 2.5 (ms) or 300us", s)
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

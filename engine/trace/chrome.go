package trace

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// Chrome's viewers group tracks by process: one for the cores, one for the tasks.
const (
	coresTrack = 1
	tasksTrack = 2
)

// Chrome writes a trace in the Trace Event Format that Perfetto and chrome://tracing
// read: a track per core with what ran on it, a track per task with its states, an
// arrow from each waker to the task it woke. Its clock is the virtual one, in µs.
func Chrome(w io.Writer, t *Trace) error {
	c := &chrome{b: bufio.NewWriterSize(w, 1<<16)}
	c.b.WriteString(`{"displayTimeUnit":"ns","traceEvents":[`)
	c.name(coresTrack, "cores")
	c.name(tasksTrack, "tasks")
	for i := range t.Head.Cores {
		c.thread(coresTrack, i, fmt.Sprintf("core %d", i))
	}
	for i := range t.Tasks[1:] {
		n := uint32(i + 1)
		c.thread(tasksTrack, int(n), t.TaskName(n)+" "+t.Tasks[n].Start)
	}
	events := t.Events()
	list := spans(t, events)
	wake := 0
	for _, s := range list {
		name := s.State.String()
		args := [][2]string{{"place", t.PlaceName(s.Place)}}
		switch s.State {
		case IsRunning:
			c.span(coresTrack, int(s.Core), s.From, s.To, t.TaskName(s.Task), args)
		case IsBlocked, IsOutside:
			name = t.Reasons[s.Reason]
			if s.Object != 0 {
				args = append(args, [2]string{"object", t.ObjectName(s.Object)})
			}
		case IsReady:
			if s.Cause != 0 {
				wake++
				c.arrow("s", wake, s.Cause, s.From)
				c.arrow("f", wake, s.Task, s.From)
			}
		}
		c.span(tasksTrack, int(s.Task), s.From, s.To, name, args)
	}
	for _, e := range events {
		if e.Kind >= Lock && e.Task != 0 {
			name := e.Kind.String()
			if e.Object != 0 {
				name += " " + t.ObjectName(e.Object)
			}
			c.put(fmt.Sprintf(`{"ph":"i","s":"t","pid":%d,"tid":%d,"ts":%s,"name":%s}`, tasksTrack, e.Task, micro(e.Time), quote(name)))
		}
	}
	fmt.Fprintf(c.b, "\n],\"otherData\":{\"policy\":%s,\"seed\":\"%d\",\"token\":%s,\"dropped\":\"%d\"}}\n", quote(t.Head.Policy), t.Head.Seed, quote(t.Head.Token), t.Dropped)
	return c.b.Flush()
}

type chrome struct {
	b    *bufio.Writer
	more bool
}

func (c *chrome) put(s string) {
	if c.more {
		c.b.WriteByte(',')
	}
	c.more = true
	c.b.WriteByte('\n')
	c.b.WriteString(s)
}

func (c *chrome) name(pid int, name string) {
	c.put(fmt.Sprintf(`{"ph":"M","pid":%d,"name":"process_name","args":{"name":%s}}`, pid, quote(name)))
}

func (c *chrome) thread(pid, tid int, name string) {
	c.put(fmt.Sprintf(`{"ph":"M","pid":%d,"tid":%d,"name":"thread_name","args":{"name":%s}}`, pid, tid, quote(name)))
}

func (c *chrome) span(pid, tid int, from, to int64, name string, args [][2]string) {
	text := ""
	for _, a := range args {
		if a[1] != "" {
			if text != "" {
				text += ","
			}
			text += quote(a[0]) + ":" + quote(a[1])
		}
	}
	c.put(fmt.Sprintf(`{"ph":"X","pid":%d,"tid":%d,"ts":%s,"dur":%s,"name":%s,"args":{%s}}`, pid, tid, micro(from), micro(to-from), quote(name), text))
}

func (c *chrome) arrow(ph string, id int, task uint32, at int64) {
	bind := ""
	if ph == "f" {
		bind = `"bp":"e",`
	}
	c.put(fmt.Sprintf(`{"ph":%q,%s"id":%d,"pid":%d,"tid":%d,"ts":%s,"name":"wake","cat":"wake"}`, ph, bind, id, tasksTrack, task, micro(at)))
}

// micro writes ns as µs.
func micro(ns int64) string { return strconv.FormatFloat(float64(ns)/1000, 'f', -1, 64) }

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // a string always marshals
		return `""`
	}
	return string(b)
}

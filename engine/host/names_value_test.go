package host

import (
	"strings"
	"testing"

	"interleave/engine/trace"
)

const describedCell = `type point struct { x, y int; next *point }
func (p point) String() string { panic("nobody may ask") }
type shape interface{}
values := make(chan shape, 9)
total := 0
feed := func(p point, names []string, m map[string]int, long string) {
	total += p.x
	values <- p
	values <- names
	values <- m
	values <- long
	values <- &p
	values <- nil
	values <- error(nil)
	values <- 1.5
	values <- [3]bool{true}
}
feed(point{1, 2, nil}, []string{"a", "b"}, map[string]int{"k": 1}, strings.Repeat("long ", 100))`

// The values that are sent, and variables, in words: without a call of the program's
// methods, and without an address.
func TestDetails(t *testing.T) {
	s := open(t)
	if out := s.run(t, describedCell); out != "" {
		t.Fatal(out)
	}
	events, details := s.h.Last().Trace.Detailed()
	var sent, locals []string
	shared := ""
	for i, e := range events {
		d := details[i]
		if d == nil {
			continue
		}
		if e.Kind == trace.Send {
			sent = append(sent, d.Value)
		}
		if len(d.Shared) > 0 {
			shared = d.Shared[0].Name + " = " + d.Shared[0].Text
		}
		for _, f := range d.Frames {
			for _, l := range f.Locals {
				locals = append(locals, l.Name+" = "+l.Text)
			}
		}
	}
	want := []string{
		"point{x: 1, y: 2, next: nil}", `["a" "b"]`, "map[string]int of 1", `"long long long long long long long lon…`, "*point", "nil", "nil", "1.5", "[true false false]",
	}
	if strings.Join(sent, "|") != strings.Join(want, "|") {
		t.Errorf("sent\n%s\nwant\n%s", strings.Join(sent, "\n"), strings.Join(want, "\n"))
	}
	all := strings.Join(locals, "\n")
	for _, l := range []string{"p = point{x: 1, y: 2, next: nil}", `names = ["a" "b"]`, "m = map[string]int of 1"} {
		if !strings.Contains(all, l) {
			t.Errorf("no local %q among\n%s", l, all)
		}
	}
	if shared != "total = 1" {
		t.Errorf("shared: %q", shared)
	}
	if strings.Contains(all+strings.Join(sent, ""), "0x") {
		t.Error("an address is in a trace")
	}
}

package workload

import (
	"fmt"
	"strings"
	"testing"
)

// written is processes in one line, times in units.
func written(list []Process) string {
	var out []string
	for _, p := range list {
		s := fmt.Sprintf("%s@%v", p.Name, float64(p.Arrival)/Unit)
		for _, b := range p.Bursts {
			s += " "
			if b.Device != "" {
				s += b.Device + ":"
			}
			s += fmt.Sprint(float64(b.Time) / Unit)
		}
		for _, n := range []struct {
			name string
			of   int
		}{{"priority", p.Priority}, {"nice", p.Nice}, {"tickets", p.Tickets}, {"group", p.Group}} {
			if n.of != 0 {
				s += fmt.Sprintf(" %s=%d", n.name, n.of)
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestParse(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"as in a textbook", "Process  Arrival Time  Burst Time\nP1 0 8\nP2 1 4\n", "P1@0 8; P2@1 4"},
		{"without arrivals", "job length\nA 100\nB 10", "A@0 100; B@0 10"},
		{"without names", "burst priority\n10 3\n1 1", "P1@0 10 priority=3; P2@0 1 priority=1"},
		{"without a heading", "P1 24\nP2 3", "P1@0 24; P2@0 3"},
		{"without a heading, with arrivals", "P1 0 8\nP2 1 4", "P1@0 8; P2@1 4"},
		{"columns of bursts", "name arrival cpu io cpu\nA 0 5 3 2\nB 1 4 - -", "A@0 5 io:3 2; B@1 4"},
		{"devices by their names", "name cpu disk cpu net\nA 1 2 3 4", "A@0 1 disk:2 3 net:4"},
		{"bursts in a cell", "name burst\nA 5+3+2\nB 1+disk:2.5+cpu:1", "A@0 5 io:3 2; B@0 1 disk:2.5 1"},
		{"CSV", "name,arrival,burst,nice,tickets,group\n\"the editor\",0,1,-5,10,2\nB,1,2,,,\n", "the editor@0 1 nice=-5 tickets=10 group=2; B@1 2"},
		{"semicolons and Windows' line ends", "name;burst\r\nA;1,5\r\n", ""},
		{"tabs", "name\tburst\nan editor\t2", "an editor@0 2"},
		{"Markdown", "| process | burst (ms) |\n|---|--:|\n| P 1 | 5 |", "P 1@0 5"},
		{"comments and blank lines", "# Silberschatz, 5.3\n\nprocess burst\n# the long one\nP1 24\n\n", "P1@0 24"},
		{"units", "name burst arrival\nA 300us 1.5\nB 2s 0", "A@1.5 0.3; B@0 2000"},
		{"any order of columns", "priority burst name\n-2 5 A", "A@0 5 priority=-2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := Parse(test.text)
			if test.want == "" {
				if err == nil {
					t.Fatal("no error")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := written(list); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if err := Check(list); err != nil {
				t.Error(err)
			}
		})
	}
}

// Every error says what to do, and in which line.
func TestParseErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "the table is empty"},
		{"# nothing\n\n", "the table is empty"},
		{"process burst", "a heading and no process below it"},
		{"process burst\nP1 five", `line 2: burst five: "five": want a time, such as 5 or 2.5 (ms) or 300us`},
		{"process burst\n\nP1 5\nP2", "line 4: 1 cell for 2 columns: P2; write - where there is nothing"},
		{"process burst\nP1 5 3", "line 2: 3 cells for 2 columns"},
		{"process burst\nP1 0", "line 2: burst 0: a burst of no time: want more than 0"},
		{"process burst\nP1 -4", "line 2: burst -4: -4: want more than 0"},
		{"process burst\nP1 1+x+2", "line 2: burst 1+x+2"},
		{"process burst\nP1 1e300", "line 2: burst 1e300: 1e300: want a time of at most 1000000000"},
		{"process burst\nP1 NaN", "line 2: burst NaN: NaN: want a time"},
		{"process burst\nP1 1e-9", "line 2: burst 1e-9: 1e-9: want a time of at least 0.000001"},
		{"process arrival burst\nP1 -1 4", "line 2: arrival -1: want 0 or later"},
		{"process arrival burst\nP1 soon 4", `line 2: arrival: "soon": want a time`},
		{"process burst\nP1 -", "line 2: P1 has no burst"},
		{"process arrival\nP1 0", "line 1: no column is called burst"},
		{"process colour burst\nP1 red 5", `line 1: "colour" names no column: want process, arrival, burst`},
		{"time burst\n1 2", `line 1: "time" names no column`},
		{"process burst priority\nP1 5 high", `line 2: priority "high": want a whole number`},
		{"process burst nice\nP1 5 20", "line 2: nice 20: want -20 to 19"},
		{"process burst tickets\nP1 5 0", "line 2: tickets 0: want a number from 1 on"},
		{"process burst group\nP1 5 -1", "line 2: group -1: want a number from 0 on"},
		{"process burst\nA 1\nB 2\nA 3", "line 4: A is already the name of the process in line 2"},
		{"process arrival arrival burst\nA 1 1 1", "line 1: there are two columns for arrival"},
		{"1 2 3 4", "line 1: there is no heading: with 4 columns it must say what they are"},
		{"name,burst\n\"A,5", "line 2: "},
	}
	for _, test := range tests {
		if _, err := Parse(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: want %q, got %v", test.text, test.want, err)
		}
	}
}

// What is read can be run, whatever the text.
func FuzzParse(f *testing.F) {
	f.Add("process arrival burst\nP1 0 8\nP2 1 4+3+2\n")
	f.Add("a,cpu,disk\n\"x\",1,-\n")
	f.Add("|burst|\n|--|\n|5|")
	f.Fuzz(func(t *testing.T, text string) {
		if list, err := Parse(text); err == nil {
			if err := Check(list); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}

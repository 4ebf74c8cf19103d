package session

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/kernel/protocol"
)

var update = flag.Bool("update", false, "write the answers that the scripts get into them")

var std = sync.OnceValue(func() *library.Library { return library.New(stdlib.Symbols) })

// newSession makes a session with two fake evaluators.
func newSession(t testing.TB) *Session {
	t.Helper()
	open := func(name string) func(func() *source.Archive) (*check.Session, engine.Evaluator, error) {
		return func(func() *source.Archive) (*check.Session, engine.Evaluator, error) {
			return check.NewSession(std()), newFake(name), nil
		}
	}
	s, err := New(Config{
		Evaluators: []Evaluator{
			{Name: "fake", About: "for tests", Open: open("fake")},
			{Name: "other", About: "for tests, too", Open: open("other")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// log is a protocol.Output that writes down what it gets.
type log struct {
	mu    sync.Mutex
	text  strings.Builder
	lines []string // answers of the learner
}

func (l *log) printf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(&l.text, format, args...)
}

func (l *log) Stream(s protocol.Stream)   { l.printf("[%s] %s", s.Name, s.Text) }
func (l *log) Clear(protocol.Clear)       { l.printf("[clear]\n") }
func (l *log) Comm(c protocol.Comm)       { l.printf("[%s %s]\n", c.Type, c.ID) }
func (l *log) SetOutputLimit(bytes int64) { l.printf("[limit %d]\n", bytes) }

func (l *log) Display(d protocol.Display) {
	if page, ok := d.Data["text/html"].(string); ok && strings.HasPrefix(page, "<div") { // what drawings look like is tested with them
		title, _, _ := strings.Cut(d.Data["text/plain"].(string), "\n")
		l.printf("[%s drawing] %s\n", d.Kind, title)
		return
	}
	for _, mime := range slices.Sorted(maps.Keys(d.Data)) {
		if page, ok := d.Data[mime].(string); ok && strings.HasPrefix(page, "<table>") {
			l.printf("[%s table]\n", d.Kind)
			continue
		}
		l.printf("[%s %s]\n%v\n", d.Kind, mime, d.Data[mime])
	}
}

func (l *log) Prompt(ctx context.Context, p protocol.Prompt) (protocol.Input, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.lines) == 0 {
		return protocol.Input{EOF: true}, nil
	}
	line := l.lines[0]
	l.lines = l.lines[1:]
	return protocol.Input{Text: line}, nil
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

func (l *log) error(e *protocol.Error) {
	l.printf("[%s] %s\n", e.Name, e.Value)
	l.printf("%s\n", colours.ReplaceAllString(strings.Join(e.Traceback, "\n"), ""))
}

func (l *log) done(d protocol.Done) string {
	for _, key := range slices.Sorted(maps.Keys(d.Expressions)) {
		e := d.Expressions[key]
		l.printf("[expression %s]\n", key)
		if e.Error != nil {
			l.error(e.Error)
		} else {
			l.printf("%v\n", e.Data["text/plain"])
		}
	}
	if text, ok := d.Page["text/plain"]; ok {
		l.printf("[page]\n%s\n", text)
	}
	if d.Error != nil {
		l.error(d.Error)
	}
	if d.Ends {
		l.printf("[worker ends]\n")
	}
	return l.text.String()
}

// TestScripts runs the cells of each script in one session. An answer follows
// each cell: what it printed and showed, and its error without colours. The title
// of a cell may hold "silent", "stdin=LINE", "expr=GO".  "replay" in a title hands
// the records so far to a new session and goes on there; "record" wants the
// record instead of the output.
func TestScripts(t *testing.T) { scripts(t, "testdata/*.txtar", newSession) }

func scripts(t *testing.T, pattern string, newSession func(testing.TB) *Session) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			script := txtar.Parse(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
			s := newSession(t)
			count := 0
			var records []protocol.Record
			for i, f := range script.Files {
				words := strings.Fields(f.Name)
				if words[0] != "cell" {
					continue
				}
				if slices.Contains(words, "replay") {
					s = newSession(t)
					for _, r := range records {
						if err := s.Replay(r); err != nil {
							t.Errorf("replay: %v", err)
						}
					}
				}
				count++
				req := protocol.Execute{ID: fmt.Sprint("id", count), Count: count, Code: strings.TrimSuffix(string(f.Data), "\n")}
				out := &log{}
				for _, w := range words[1:] {
					if w == "silent" {
						req.Silent = true
					}
					if line, ok := strings.CutPrefix(w, "stdin="); ok {
						req.AllowStdin = true
						out.lines = append(out.lines, line)
					}
					if expr, ok := strings.CutPrefix(w, "expr="); ok {
						if req.Expressions == nil {
							req.Expressions = map[string]string{}
						}
						req.Expressions[expr] = expr
					}
				}
				d := s.Execute(context.Background(), req, out)
				if d.ID != req.ID {
					t.Errorf("cell %d: the reply has id %q", count, d.ID)
				}
				got := out.done(d)
				if d.Record != nil {
					records = append(records, *d.Record)
				}
				if slices.Contains(words, "record") {
					got = "none"
					if d.Record != nil {
						got = fmt.Sprintf("%d %v\n%s", d.Record.Count, d.Record.Vars, d.Record.Code)
					}
				}
				if i+1 == len(script.Files) || script.Files[i+1].Name != "want" {
					t.Fatalf("cell %d has no answer", count)
				}
				if *update {
					script.Files[i+1].Data = []byte(strings.TrimRight(got, "\n") + "\n")
				}
				if want := string(script.Files[i+1].Data); trimmed(got) != trimmed(want) {
					t.Errorf("cell %d:\n%s\ngot\n%s\nwant\n%s", count, req.Code, got, want)
				}
			}
			if *update {
				if err := os.WriteFile(name, txtar.Format(script), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// trimmed is text without spaces at the ends of its lines and empty lines at its end.
func trimmed(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return strings.Trim(b.String(), "\n")
}

package session

import (
	"slices"
	"strings"
	"testing"

	"interleave/kernel/protocol"
)

// TestEngineWithoutMachine wants one sentence that says what to do.
func TestEngineWithoutMachine(t *testing.T) {
	s := newYaegi(t)
	for i, code := range []string{"engine.Last()", "engine.Run(func() {}, engine.Cores(2))", "engine.Tasks()", "engine.Set()"} {
		d := s.Execute(t.Context(), protocol.Execute{ID: "id", Count: i + 1, Code: code}, &log{})
		if d.Error == nil || !strings.HasSuffix(d.Error.Value, "works on the deterministic machine only: choose it with %evaluator machine") {
			t.Errorf("%s: %+v", code, d.Error)
		}
	}
}

// TestEngineIsDocumented asks about our own package, which no Go installation has.
func TestEngineIsDocumented(t *testing.T) {
	s := newMachine(t)
	for _, c := range []struct{ code, signature, words string }{
		{"engine.Run", "func Run(f func(), options ...Option) *Execution", "a program of its own"},
		{"async.Sleep", "func Sleep(d time.Duration) *Coroutine[None]", "gives way to the others"},
	} {
		got := s.Inspect(protocol.Inspect{Code: c.code, Cursor: len(c.code)})
		if text, _ := got.Data["text/plain"].(string); !strings.Contains(text, c.signature) || !strings.Contains(text, c.words) {
			t.Errorf("%s: %v", c.code, got)
		}
	}
}

// TestAsyncIsCompleted asks what package async offers before any cell has used it.
func TestAsyncIsCompleted(t *testing.T) {
	s := newMachine(t)
	code := "async.Task"
	got := s.Complete(protocol.Complete{Code: code, Cursor: len(code)})
	if !slices.ContainsFunc(got.Matches, func(c protocol.Completion) bool { return strings.Contains(c.Text, "TaskGroup") }) {
		t.Errorf("%v", got)
	}
}

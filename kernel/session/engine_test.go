package session

import (
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
	code := "engine.Run"
	got := s.Inspect(protocol.Inspect{Code: code, Cursor: len(code)})
	if text, _ := got.Data["text/plain"].(string); !strings.Contains(text, "func Run(f func(), options ...Option) *Execution") || !strings.Contains(text, "a program of its own") {
		t.Errorf("%v", got)
	}
}

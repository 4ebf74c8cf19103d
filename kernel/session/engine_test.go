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

// TestEngineOfNothing gives nil and empty values to the functions of package engine: each
// says what is missing.
func TestEngineOfNothing(t *testing.T) {
	s := newMachine(t)
	for i, c := range []struct{ code, says string }{
		{"engine.Run(nil)", "engine.Run: there is no function to run: it is nil"},
		{"engine.Replay(engine.Run(func() {}).Token(), nil)", "engine.Replay: there is no function to run: it is nil"},
		{"engine.Run(func() {}, engine.Option{})", `engine.Run: no setting ""`},
		{"engine.Run(func() {}, nil...).Err().Error()", "nil pointer"}, // of error: it is the learner's
		{"var run *engine.Execution; run.Summary()", "there is no run: this *engine.Execution is nil"},
		{"engine.Execution{}.Token()", "cannot call pointer method"},
		{"(&engine.Execution{}).Token()", "there is no run: this *engine.Execution is nil or empty"},
		{"engine.Compare(nil, nil)", "there is no run"},
		{"engine.CompareGantt(nil, nil)", "there is no run"},
		{"engine.CompareGIL()", "there are no runs"},
		{"engine.CompareGIL(nil)", "there is no run"},
		{"(&engine.Metrics{}).String()", "there is no run: this *engine.Metrics"},
		{"(&engine.Family{}).String()", "there is no run: this *engine.Family"},
		{"(*engine.Contention)(nil).Thread(\"a\")", "there is no run: this *engine.Contention"},
		{"(*engine.Workload)(nil).Run()", "there is no table of processes"},
		{"(*engine.Resources)(nil).Grants(\"a\", 1)", "there is no table of resources"},
		{"(*engine.Grading)(nil).Case(1, \"a\", \"\")", "there is no grading"},
		{"(*engine.Measurement)(nil).Value(\"a\")", "there is no measurement"},
		{"engine.Sweep(\"q\", []float64{1}, nil)", "there is no function that runs a value"},
		{"engine.IO(\"\", 1)", "the device has no name"},
	} {
		d := s.Execute(t.Context(), protocol.Execute{ID: "id", Count: i + 1, Code: c.code}, &log{})
		if d.Error == nil || !strings.Contains(d.Error.Value, c.says) {
			t.Errorf("%s: %+v", c.code, d.Error)
		}
	}
}

// TestNotOnTheMachine names what Go has and the machine does not.
func TestNotOnTheMachine(t *testing.T) {
	s := newMachine(t)
	for i, c := range []struct{ code, says string }{
		{"import \"runtime\"; runtime.ReadTrace()", "it is not available on this evaluator; %evaluator yaegi has it"},
		{"import \"net\"; new(net.TCPConn).MultipathTCP()", "it is not available on this evaluator; %evaluator yaegi has it"},
		{"net.Dialer{Control: nil}", "it is not available on this evaluator; %evaluator yaegi has it"},
		{"net.Dialer{Timout: 1}", "did you mean Timeout?"},
		{"import \"os\"; os.OpenRoot(\".\")", "Go has it, but no evaluator does"},
		{"var files embed.FS", "package embed is not available in cells: read the file while the cell runs, with os.ReadFile"},
		{"//go:embed x.txt\nvar text string", "go:embed only allowed in Go files that import \"embed\""},
		{"runtime.SetCgoTraceback(0, nil, nil, nil)", "it is not available on this evaluator\x1b"},
		{"runtime.Gosch()", "runtime.Gosched?"},
	} {
		d := s.Execute(t.Context(), protocol.Execute{ID: "id", Count: i + 1, Code: c.code}, &log{})
		if d.Error == nil || !strings.Contains(strings.Join(d.Error.Traceback, "\n"), c.says) {
			t.Errorf("%s: %+v", c.code, d.Error)
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

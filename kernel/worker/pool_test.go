//go:build unix

package worker

import (
	"fmt"
	"strings"
	"testing"

	"interleave/kernel/protocol"
)

func TestExecute(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("print one; warn two; print three; show four; print five")
	b.expect("c1 stdout: one\nc1 stderr: two\nc1 stdout: three\nc1 display_data: four\nc1 stdout: five\n")
	done, err := b.run(t.Context(), "nonsense")
	if err != nil || done.Error == nil || done.Error.Value != `unknown command "nonsense"` {
		t.Errorf("done %+v, %v", done, err)
	}
}

func TestDeaths(t *testing.T) {
	tests := []struct{ code, reason string }{
		{"exit 3", "os.Exit(3)"},
		{"exit 0", "os.Exit(0)"},
		{"signal 9", "killed by the signal SIGKILL"},
		{"signal 15", "killed by the signal SIGTERM"},
		{"die boo", "panic: boo"},
		{"writes", "fatal error: concurrent map writes"},
		{"overflow", "stack overflow: a function called itself until its stack was larger than 256 MB"},
		{"allocate 4096", "out of memory: the limit is 3 GB"},
		{"sleepers 100000; die crowd", "panic: crowd"},
		{"scribble; hang", "something wrote to the pipe that it speaks to the kernel with: protocol: unknown frame kind 'g'"},
		{"closeall; hang", "fatal error: runtime: netpoll failed"},
	}
	b := newBench(t, Config{})
	b.ok("var x; var y")
	for _, test := range tests {
		if underRace && strings.HasPrefix(test.reason, "out of memory") {
			continue // there is no limit then
		}
		died := b.dies("print before; " + test.code)
		if died.Reason != test.reason {
			t.Errorf("%s: reason %q, want %q", test.code, died.Reason, test.reason)
		}
		if !died.Restored || !died.Unsaved || fmt.Sprint(died.Lost) != "[x y]" {
			t.Errorf("%s: %+v", test.code, died)
		}
		b.out.wait(t, fmt.Sprintf("c%d stdout: before", b.count))
		b.ok("names")
		b.out.wait(t, fmt.Sprintf("c%d stdout: x y", b.count))
	}
}

func TestReportSaysWhatWasLost(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("var x")
	b.ok("var y; var x")
	report := b.dies("exit 3").Report()
	want := "\x1b[31mworker died: \x1b[0m" + `the process that ran the cell ended: os.Exit(3)
All declarations of earlier cells are there again; what this cell declared is not.
These variables lost their values: x, y. Run the cells that set them again.`
	if got := strings.Join(report.Traceback, "\n"); got != want {
		t.Errorf("report:\n%s\nwant:\n%s", got, want)
	}
}

func TestDeathBetweenCells(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("var x; dielater 5")
	b.Interrupt()
	b.out.wait(t, "c1 stderr: the process that ran the cell ended: os.Exit(5).\nAll declarations are there again.\nThe variable x lost its value")
	b.ok("names")
	b.out.wait(t, "c2 stdout: x")
}

func TestMemoryLimit(t *testing.T) {
	if underRace {
		t.Skip("the race detector needs more memory than the limit")
	}
	b := newBench(t, Config{Memory: 300 << 20})
	if died := b.dies("fill"); died.Reason != "out of memory: the limit is 300 MB" {
		t.Errorf("reason %q", died.Reason)
	}
	b.ok("print on")
}

func TestInterrupt(t *testing.T) {
	b := newBench(t, Config{})
	done, err := b.interrupted("wait", "waiting")
	if err != nil || done.Error == nil || done.Error.Value != "context canceled" {
		t.Errorf("a cell that listens: %+v, %v", done, err)
	}
	done, err = b.interrupted("spin 10", "spinning")
	if err != nil || done.Error == nil || done.Error.Value != "context canceled" {
		t.Errorf("a cell with busy goroutines that listen: %+v, %v", done, err)
	}
	_, err = b.interrupted("hang", "hanging")
	died, ok := err.(*Died)
	if !ok || !died.Asked || !died.Restored {
		t.Fatalf("a cell that does not listen: %v", err)
	}
	report := died.Report()
	if first := "\x1b[31minterrupted: \x1b[0mthe cell did not stop by itself, so its process was ended"; report.Name != "interrupted" || report.Traceback[0] != first {
		t.Errorf("it is reported as %q: %q", report.Name, report.Traceback[0])
	}
	b.ok("print on")
}

func TestInterruptBeforeStart(t *testing.T) {
	b := newBench(t, Config{Patience: patience}) // so that only the asking can end it
	ctx, cancel := contextCancelled(t)
	defer cancel()
	done, err := b.run(ctx, "wait")
	if err != nil || done.Error == nil || done.Error.Value != "context canceled" {
		t.Errorf("%+v, %v", done, err)
	}
}

func TestInterruptStopsWhatCellsLeft(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("late one")
	b.ok("print two")
	b.Interrupt()
	b.out.wait(t, "c1 stdout: one\n") // under its own cell, though c2 was the latest
	b.expect("c2 stdout: two\nc1 stdout: one\n")
}

func TestInput(t *testing.T) {
	b := newBench(t, Config{})
	b.out.inputs = []string{"Ada"}
	b.ok("print hello; ask name?")
	b.expect("c1 stdout: hello\nc1 prompt: name?\nc1 stdout: got \"Ada\" false\n")
	done, err := b.interrupted("ask again?", "again?")
	if err != nil || done.Error == nil || done.Error.Value != "context canceled" {
		t.Errorf("interrupted while it asks: %+v, %v", done, err)
	}
	b.out.wait(t, "c2 prompt ended")
}

func TestDeathWhileAsking(t *testing.T) {
	b := newBench(t, Config{})
	b.dies("run kill -9 $PPID")
	_, err := b.interrupted("start sleep 1000; ask who?; hang", "who?")
	if err != nil {
		t.Errorf("interrupt: %v", err)
	}
}

func TestComm(t *testing.T) {
	b := newBench(t, Config{})
	if err := b.Comm(t.Context(), protocol.Comm{Type: "comm_open", ID: "7", Target: "slider", Buffers: [][]byte{{1, 2}}}, b.out); err != nil {
		t.Fatal(err)
	}
	b.out.until(t, "a comm", func() bool {
		b.out.mu.Lock()
		defer b.out.mu.Unlock()
		return len(b.out.comms) == 1 && b.out.comms[0].Target == "slider heard" && b.out.comms[0].Buffers[0][1] == 2
	})
}

func TestQuestionsGoToTheSpare(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("var x; pid")
	active := strings.TrimSpace(strings.TrimPrefix(b.out.all(), "c1 stdout: "))
	b.spareReady()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.interrupted("spin 1000", "enough") // may have to be killed: only how it is here matters
	}()
	b.out.wait(t, "spinning")
	got, err := b.Complete(t.Context(), protocol.Complete{Code: "pid"})
	if err != nil || len(got.Matches) != 1 || got.Matches[0].Text == active {
		t.Errorf("answered by %v, %v; the cell runs in %s", got, err, active)
	}
	got, err = b.Complete(t.Context(), protocol.Complete{})
	if err != nil || len(got.Matches) != 1 || got.Matches[0].Text != "x" {
		t.Errorf("completions %v, %v", got, err)
	}
	found, err := b.Inspect(t.Context(), protocol.Inspect{Code: "x"})
	if err != nil || !found.Found {
		t.Errorf("inspection %v, %v", found, err)
	}
	whole, err := b.IsComplete(t.Context(), "x")
	if err != nil || whole.Status != "complete" || whole.Indent != "x" {
		t.Errorf("completeness %v, %v", whole, err)
	}
	b.out.Stream(protocol.Stream{Text: "enough"})
	<-ended
}

func TestDeadlyQuestion(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("var x; pid")
	b.spareReady()
	if got, err := b.Complete(t.Context(), protocol.Complete{Code: "panic"}); err != nil || len(got.Matches) != 0 {
		t.Errorf("a panic: %v, %v", got, err)
	}
	if _, err := b.Complete(t.Context(), protocol.Complete{Code: "exit"}); err == nil {
		t.Error("an exit: no error")
	}
	b.ok("names; pid")
	b.spareReady()
	if got, err := b.Complete(t.Context(), protocol.Complete{}); err != nil || len(got.Matches) != 1 {
		t.Errorf("after it: %v, %v", got, err)
	}
}

func TestInternalErrorsKeepTheWorker(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("var x")
	for code, want := range map[string]string{"panic ouch": "ouch", "goexit": "the cell's goroutine was ended by runtime.Goexit"} {
		done, err := b.run(t.Context(), code)
		if err != nil || done.Error == nil || done.Error.Name != "internal error" || done.Error.Value != want {
			t.Errorf("%s: %+v, %v", code, done, err)
		}
	}
	b.ok("names")
	b.out.wait(t, "stdout: x")
}

func TestEnds(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("var x")
	b.ok("ends")
	b.ok("names")
	b.expect("c2 stderr: All declarations are there again.\nThe variable x lost its value: run the cell that sets it again.\nc3 stdout: x\n")
}

func TestRecordsThatDoNotReplay(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("record bad")
	b.ok("record deadly")
	b.ok("var x")
	b.spareReady()
	died := b.dies("exit 1")
	want := []string{
		"The declarations of cell[1] could not be restored: no such thing",
		"The declarations of cell[2] could not be restored: the worker ends of them: os.Exit(9)",
	}
	if fmt.Sprint(died.NotBack) != fmt.Sprint(want) {
		t.Errorf("not back:\n%s\nwant:\n%s", strings.Join(died.NotBack, "\n"), strings.Join(want, "\n"))
	}
	b.ok("names")
	b.out.wait(t, "stdout: x")
}

func TestRestartForgets(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("var x")
	ended := make(chan error, 1)
	go func() {
		_, err := b.run(t.Context(), "hang")
		ended <- err
	}()
	b.out.wait(t, "hanging")
	for range 3 {
		if err := b.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	if died, ok := (<-ended).(*Died); !ok || died.Reason != "the kernel was restarted" || died.Restored {
		t.Errorf("the running cell: %+v", died)
	}
	b.ok("names; print end")
	b.out.wait(t, "c3 stdout: \nend")
}

func TestWorkersThatDieAtOnce(t *testing.T) {
	for mode, want := range map[string]string{
		"exits": "os.Exit(7) (and no new one can be started: it ended several times in a row right after its start)",
		"fails": "worker: session: this session does not open (and no new one can be started: it ended several times in a row right after its start)",
	} {
		b := newBench(t, Config{Env: []string{asWorker + "=" + mode}})
		var died *Died
		for range 2 * maxEarly {
			died = b.dies("print never")
			if !died.Restored {
				break
			}
		}
		if died.Reason != want || died.Restored {
			t.Errorf("%s: %+v", mode, died)
		}
	}
}

func TestNoSuchBinary(t *testing.T) {
	if _, err := Start(Config{Command: []string{"/does/not/exist"}}); err == nil || !strings.Contains(err.Error(), "worker: cannot start") {
		t.Errorf("%v", err)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("start exec sleep 1000")
	pid := strings.TrimSpace(strings.TrimPrefix(b.out.all(), "c1 stdout: child "))
	ended := make(chan error, 1)
	go func() {
		_, err := b.run(t.Context(), "hang")
		ended <- err
	}()
	b.out.wait(t, "hanging")
	b.Close()
	if died, ok := (<-ended).(*Died); !ok || died.Reason != "the kernel was shut down" {
		t.Errorf("the running cell: %v", died)
	}
	b.ends(pid)
	if _, err := b.run(t.Context(), "print no"); err == nil {
		t.Error("a cell runs after Close")
	}
}

func TestManyCellsLeaveNothing(t *testing.T) {
	b := newBench(t, Config{})
	count := func() (n int) {
		b.out = newListener()
		b.ok("files")
		fmt.Sscanf(b.out.all(), fmt.Sprintf("c%d stdout: %%d", b.count), &n)
		return n
	}
	for range 10 {
		b.ok("native 1")
	}
	before := count()
	for range 500 {
		b.ok("native 1; run true")
	}
	if after := count(); before == 0 || after > before+20 {
		t.Errorf("descriptors and goroutines: %d after 10 cells, %d after 500 more", before, after)
	}
}

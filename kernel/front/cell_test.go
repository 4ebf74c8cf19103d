package front

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"interleave/kernel/message"
	"interleave/kernel/protocol"
)

func TestCellOutputsComeInOrderBetweenBusyAndIdle(t *testing.T) {
	w := newFakeWorker()
	w.execute = func(_ context.Context, r protocol.Execute, out protocol.Output) (protocol.Done, error) {
		out.Stream(protocol.Stream{Cell: r.ID, Name: "stdout", Text: "a"})
		out.Stream(protocol.Stream{Cell: r.ID, Name: "stderr", Text: "b"})
		out.Clear(protocol.Clear{Cell: r.ID, Wait: true})
		out.Display(protocol.Display{Cell: r.ID, Kind: "display_data", DisplayID: "d", Data: map[string]any{"text/plain": "shown"}})
		out.Display(protocol.Display{Cell: r.ID, Kind: "update_display_data", DisplayID: "d", Data: map[string]any{"text/plain": "again"}})
		out.Display(protocol.Display{Cell: r.ID, Kind: "execute_result", Data: map[string]any{"text/plain": "2"}})
		return protocol.Done{
			Expressions: map[string]protocol.Expression{
				"good": {Data: map[string]any{"text/plain": "7"}},
				"bad":  {Error: &protocol.Error{Name: "compile error", Value: "undefined: y"}},
			},
			Page: map[string]any{"text/plain": "help"},
		}, nil
	}
	b := start(t, w)
	b.run("1+1")
	b.wantIOPub("status busy <execute-1>", "execute_input 1+1 <execute-1>", "stream stdout a <execute-1>", "stream stderr b <execute-1>",
		"clear_output <execute-1>", "display_data shown <execute-1>", "update_display_data again <execute-1>", "execute_result 2 <execute-1>", "status idle <execute-1>")
	reply := b.next(shell)
	var got struct {
		Status      string `json:"status"`
		Count       int    `json:"execution_count"`
		Expressions map[string]struct {
			Status string         `json:"status"`
			Data   map[string]any `json:"data"`
			Value  string         `json:"evalue"`
		} `json:"user_expressions"`
		Payload []struct {
			Source string            `json:"source"`
			Data   map[string]string `json:"data"`
		} `json:"payload"`
	}
	if err := json.Unmarshal(reply.Content, &got); err != nil {
		t.Fatal(err)
	}
	if got.Status != "ok" || got.Count != 1 || got.Expressions["good"].Data["text/plain"] != "7" ||
		got.Expressions["bad"].Status != "error" || got.Expressions["bad"].Value != "undefined: y" ||
		len(got.Payload) != 1 || got.Payload[0].Source != "page" || got.Payload[0].Data["text/plain"] != "help" {
		t.Errorf("reply %s", reply.Content)
	}
	if string(reply.Identities[0]) != "alice" || string(reply.Metadata) != `{"started":"2026-01-02T03:04:05.123456Z"}` {
		t.Errorf("reply to %q with %s", reply.Identities, reply.Metadata)
	}
}

func TestNumbersCountOnlyStoredCells(t *testing.T) {
	w := newFakeWorker()
	numbers := make(chan int, 10)
	w.execute = func(_ context.Context, r protocol.Execute, _ protocol.Output) (protocol.Done, error) {
		numbers <- r.Count
		return protocol.Done{}, nil
	}
	b := start(t, w)
	for _, c := range []struct {
		content string
		want    int
	}{
		{`{"code":"a"}`, 1},
		{`{"code":"b","store_history":false}`, 2},
		{`{"code":"c","silent":true}`, 2},
		{`{"code":"d","silent":true,"store_history":true}`, 2},
		{`{"code":"e"}`, 2},
		{`{"code":"f"}`, 3},
	} {
		b.fromShell(b.request("execute_request", c.content))
		if got := <-numbers; got != c.want {
			t.Errorf("%s: number %d, want %d", c.content, got, c.want)
		}
	}
}

func TestSilentCellPublishesNothingButStatus(t *testing.T) {
	w := newFakeWorker()
	w.execute = func(_ context.Context, r protocol.Execute, out protocol.Output) (protocol.Done, error) {
		out.Stream(protocol.Stream{Cell: r.ID, Name: "stdout", Text: "a"})
		out.Display(protocol.Display{Cell: r.ID, Kind: "execute_result", Data: map[string]any{"text/plain": "2"}})
		return protocol.Done{Error: &protocol.Error{Name: "panic", Value: "x"}}, nil
	}
	b := start(t, w)
	b.fromShell(b.request("execute_request", `{"code":"x","silent":true}`))
	b.wantIOPub("status busy <execute-1>", "status idle <execute-1>")
	b.want(shell, "execute_reply error panic x <execute-1>")
	b.quiet(iopub)
}

func TestLateOutputKeepsItsCell(t *testing.T) {
	w := newFakeWorker()
	var first string
	w.execute = func(_ context.Context, r protocol.Execute, out protocol.Output) (protocol.Done, error) {
		if first == "" {
			first = r.ID
		} else {
			out.Stream(protocol.Stream{Cell: first, Name: "stdout", Text: "late"})
		}
		return protocol.Done{}, nil
	}
	b := start(t, w)
	b.run("one")
	b.run("two")
	b.wantIOPub("status busy <execute-1>", "execute_input one <execute-1>", "status idle <execute-1>",
		"status busy <execute-2>", "execute_input two <execute-2>", "stream stdout late <execute-1>", "status idle <execute-2>")
}

func TestOutputOfAForgottenCellIsNotLost(t *testing.T) {
	cs := newCells()
	request := &message.Message{}
	cs.add(cell{request: request})
	for range remembered {
		cs.add(cell{request: request})
	}
	if c := cs.find("c1"); c == nil || c.id != "c2" {
		t.Errorf("output of the first cell goes to %+v", c)
	}
	if len(cs.byID) != remembered || len(cs.order) != remembered {
		t.Errorf("%d cells and %d ids are kept", len(cs.byID), len(cs.order))
	}
}

func TestFailureAbortsTheQueue(t *testing.T) {
	w := newFakeWorker()
	begun, goOn := make(chan string, 10), make(chan struct{})
	w.execute = func(_ context.Context, r protocol.Execute, _ protocol.Output) (protocol.Done, error) {
		begun <- r.Code
		if r.Code == "bad" {
			<-goOn
			return protocol.Done{Error: &protocol.Error{Name: "panic", Value: "boom", Traceback: []string{"t"}}}, nil
		}
		return protocol.Done{}, nil
	}
	b := start(t, w)
	b.run("bad")
	<-begun
	b.run("two")
	b.run("three")
	onItsWay := b.request("execute_request", `{"code":"on its way"}`)
	b.clock.add(10 * time.Microsecond)
	close(goOn)
	b.want(shell, "execute_reply error panic boom <execute-1>", "execute_reply aborted aborted an earlier cell failed <execute-2>",
		"execute_reply aborted aborted an earlier cell failed <execute-3>")
	b.clock.add(90 * time.Millisecond)
	b.fromShell(onItsWay) // made before the failure, arrives after it
	b.want(shell, "execute_reply aborted aborted an earlier cell failed <execute-4>")
	b.run("after") // made after the failure
	b.want(shell, "execute_reply ok <execute-5>")
	if code := <-begun; code != "after" {
		t.Errorf("%q was run", code)
	}
	b.wantIOPub("status busy <execute-1>", "execute_input bad <execute-1>", "error panic boom <execute-1>", "status idle <execute-1>",
		"status busy <execute-2>", "status idle <execute-2>", "status busy <execute-3>", "status idle <execute-3>")
}

func TestDatesInMillisecondsAreNotTakenForOlder(t *testing.T) {
	w := newFakeWorker()
	w.execute = func(_ context.Context, r protocol.Execute, _ protocol.Output) (protocol.Done, error) {
		if r.Code == "bad" {
			return protocol.Done{Error: &protocol.Error{Name: "panic"}}, nil
		}
		return protocol.Done{}, nil
	}
	b := start(t, w)
	b.clock.add(300 * time.Microsecond)
	b.run("bad")
	b.want(shell, "execute_reply error panic <execute-1>")
	after := b.request("execute_request", `{"code":"ok"}`)
	after.Header.Date = b.clock.Now().Truncate(time.Millisecond).Format(time.RFC3339Nano)
	b.fromShell(after)
	b.want(shell, "execute_reply ok <execute-2>")
}

func TestOldDatesAreNotAbortedForLong(t *testing.T) {
	w := newFakeWorker()
	w.execute = func(_ context.Context, r protocol.Execute, _ protocol.Output) (protocol.Done, error) {
		if r.Code == "bad" {
			return protocol.Done{Error: &protocol.Error{Name: "panic"}}, nil
		}
		return protocol.Done{}, nil
	}
	b := start(t, w)
	slow := b.request("execute_request", `{"code":"ok"}`) // of a front end whose clock is slow
	b.clock.add(time.Hour)
	b.run("bad")
	b.want(shell, "execute_reply error panic <execute-2>")
	b.clock.add(101 * time.Millisecond)
	b.fromShell(slow)
	b.want(shell, "execute_reply ok <execute-1>")
}

func TestFailureWithoutStopOnErrorAbortsNothing(t *testing.T) {
	w := newFakeWorker()
	goOn := make(chan struct{})
	w.execute = func(_ context.Context, r protocol.Execute, _ protocol.Output) (protocol.Done, error) {
		if r.Code == "bad" {
			<-goOn
			return protocol.Done{Error: &protocol.Error{Name: "panic"}}, nil
		}
		return protocol.Done{}, nil
	}
	b := start(t, w)
	b.fromShell(b.request("execute_request", `{"code":"bad","stop_on_error":false}`))
	b.run("two")
	close(goOn)
	b.want(shell, "execute_reply error panic <execute-1>", "execute_reply ok <execute-2>")
}

func TestDeathOfTheWorkerIsToldInTheCell(t *testing.T) {
	w := newFakeWorker()
	w.execute = func(_ context.Context, r protocol.Execute, out protocol.Output) (protocol.Done, error) {
		if r.Code == "2" {
			return protocol.Done{}, nil
		}
		out.Stream(protocol.Stream{Cell: r.ID, Name: "stdout", Text: "last words"})
		return protocol.Done{}, deadWorker{}
	}
	b := start(t, w)
	b.comms.note(protocol.Comm{Type: "comm_open", ID: "k", Target: "t"})
	b.run("os.Exit(3)")
	b.wantIOPub("status busy <execute-1>", "execute_input os.Exit(3) <execute-1>", "stream stdout last words <execute-1>")
	told := b.next(iopub)
	if trace := content(t, told)["traceback"].([]any); describe(told) != "error worker died os.Exit(3) <execute-1>" || len(trace) != 2 || trace[1] != "x lost its value" {
		t.Errorf("told %q %v", describe(told), trace)
	}
	b.want(shell, "execute_reply error worker died os.Exit(3) <execute-1>")
	if open := b.comms.list(""); len(open) != 0 {
		t.Errorf("comms of the dead process are open: %v", open)
	}
	b.run("2")
	b.want(shell, "execute_reply ok <execute-2>")
}

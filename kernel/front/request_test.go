package front

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"interleave/kernel/message"
	"interleave/kernel/protocol"
)

// holding is a worker whose cell runs until goOn is closed or it is interrupted.
func holding() (w *fakeWorker, begun, goOn chan struct{}) {
	w, begun, goOn = newFakeWorker(), make(chan struct{}), make(chan struct{})
	w.execute = func(ctx context.Context, r protocol.Execute, _ protocol.Output) (protocol.Done, error) {
		begun <- struct{}{}
		select {
		case <-goOn:
			return protocol.Done{}, nil
		case <-ctx.Done():
			return protocol.Done{Error: &protocol.Error{Name: "interrupted"}}, nil
		}
	}
	return w, begun, goOn
}

func TestEverythingButCellsIsAnsweredWhileACellRuns(t *testing.T) {
	for _, c := range []struct{ typ, content, want string }{
		{"complete_request", `{"code":"fmt.Pr","cursor_pos":6}`, "complete_reply ok"},
		{"inspect_request", `{"code":"fmt.Println","cursor_pos":6}`, "inspect_reply ok func Println"},
		{"is_complete_request", `{"code":"{"}`, "is_complete_reply incomplete"},
		{"is_complete_request", `{"code":"?"}`, "is_complete_reply unknown"},
		{"history_request", `{"hist_access_type":"tail","n":3}`, "history_reply ok"},
		{"comm_info_request", `{}`, "comm_info_reply ok"},
		{"kernel_info_request", `{}`, "kernel_info_reply ok"},
		{"connect_request", `{}`, "connect_reply ok"},
	} {
		t.Run(c.typ, func(t *testing.T) {
			w, begun, goOn := holding()
			b := start(t, w)
			b.run("for {}")
			<-begun
			m := b.request(c.typ, c.content)
			b.fromShell(m)
			id := "<" + m.Header.ID + ">"
			b.want(shell, c.want+" "+id)
			b.wantIOPub("status busy <execute-1>", "execute_input for {} <execute-1>",
				"status busy "+id, "status idle "+id, "status busy <execute-1>")
			close(goOn)
			b.want(shell, "execute_reply ok <execute-1>")
			b.wantIOPub("status idle <execute-1>")
			b.quiet(iopub)
		})
	}
}

func TestBadRequestsAreAnsweredWithTheField(t *testing.T) {
	for _, c := range []struct{ typ, content, want string }{
		{"execute_request", `{}`, `"code"`},
		{"execute_request", `{"code":null}`, `"code"`},
		{"execute_request", `{"code":5}`, `"code"`},
		{"execute_request", `{"code":"x","silent":"yes"}`, `"silent"`},
		{"complete_request", `{"code":"x"}`, `"cursor_pos"`},
		{"complete_request", `{"cursor_pos":0}`, `"code"`},
		{"complete_request", `{"code":"é","cursor_pos":2}`, "cursor_pos"},
		{"complete_request", `{"code":"x","cursor_pos":-1}`, "cursor_pos"},
		{"inspect_request", `{"code":"x","cursor_pos":99}`, "cursor_pos"},
		{"inspect_request", `{"code":"x","cursor_pos":1,"detail_level":2}`, "detail_level"},
		{"is_complete_request", `{}`, `"code"`},
		{"history_request", `{}`, `"hist_access_type"`},
		{"history_request", `{"hist_access_type":"some"}`, "hist_access_type"},
		{"comm_info_request", `{"target_name":1}`, `"target_name"`},
		{"shutdown_request", `{"restart":"no"}`, `"restart"`},
	} {
		t.Run(c.typ+c.content, func(t *testing.T) {
			b := start(t, newFakeWorker())
			m := b.request(c.typ, c.content)
			b.fromShell(m)
			reply := b.next(shell)
			got := content(t, reply)
			if value, _ := got["evalue"].(string); got["status"] != "error" || !strings.Contains(value, c.want) || reply.ParentID() != m.Header.ID {
				t.Errorf("answered %s", reply.Content)
			}
			b.wantIOPub("status busy <"+m.Header.ID+">", "status idle <"+m.Header.ID+">")
			b.run("still here")
			b.want(shell, "execute_reply ok <execute-2>")
		})
	}
}

func TestUnknownTypesAreLoggedOnce(t *testing.T) {
	b := start(t, newFakeWorker())
	b.fromShell(b.request("dance_request", `{}`))
	b.fromControl(b.request("sing_request", `{}`))
	b.fromStdin(b.request("hum_request", `{}`))
	b.fromShell(b.request("comm_msg", `{}`))
	b.fromShell(b.request("kernel_info_request", `{}`))
	b.want(shell, "kernel_info_reply ok <kernel_info-5>")
	b.quiet(shell)
	b.quiet(control)
	for _, word := range []string{"dance_request", "sing_request", "hum_request"} {
		if n := strings.Count(b.log.String(), word); n != 1 {
			t.Errorf("%s: %d log lines in\n%s", word, n, b.log)
		}
	}
}

func TestLogIsRateLimited(t *testing.T) {
	b := start(t, newFakeWorker())
	for range 1000 {
		b.fromShell(b.request("dance_request", `{}`))
	}
	if n := strings.Count(b.log.String(), "\n"); n != perSecond {
		t.Errorf("%d lines in a second", n)
	}
	b.clock.add(time.Second)
	b.fromShell(b.request("dance_request", `{}`))
	if !strings.Contains(b.log.String(), fmt.Sprintf("lines_dropped_before=%d", 1000-perSecond)) {
		t.Errorf("nothing says what was dropped:\n%s", b.log)
	}
}

func TestKernelInfo(t *testing.T) {
	b := start(t, newFakeWorker())
	for on, take := range map[channel]func(*message.Message){shell: b.fromShell, control: b.fromControl} {
		take(b.request("kernel_info_request", `{}`))
		var got message.KernelInfoReply
		if err := json.Unmarshal(b.next(on).Content, &got); err != nil {
			t.Fatal(err)
		}
		l := got.Language
		if got.Protocol != "5.4" || got.Version != "1.2.3" || l.Name != "go" || l.Mimetype != "text/x-go" || l.Extension != ".go" ||
			l.Pygments != "go" || l.CodeMirror != "go" || l.Exporter == "" || !strings.HasPrefix(l.Version, "1.") || len(got.HelpLinks) == 0 || got.Banner == "" {
			t.Errorf("%s: %+v", on, got)
		}
	}
}

func TestCompletionsCarryTypes(t *testing.T) {
	b := start(t, newFakeWorker())
	b.fromShell(b.request("complete_request", `{"code":"fmt.Pr","cursor_pos":6}`))
	var got message.CompleteReply
	if err := json.Unmarshal(b.next(shell).Content, &got); err != nil {
		t.Fatal(err)
	}
	want := message.Match{Start: 4, End: 6, Text: "Println", Type: "function", Signature: "func(a ...any)"}
	if got.Start != 4 || got.End != 6 || len(got.Matches) != 1 || got.Matches[0] != "Println" || got.Metadata.Types[0] != want {
		t.Errorf("%+v", got)
	}
}

func TestAFaultInTheFrontEndsOneRequestOnly(t *testing.T) {
	w := newFakeWorker()
	w.complete = func(protocol.Complete) (protocol.Completions, error) { panic("a fault") }
	b := start(t, w)
	b.fromShell(b.request("complete_request", `{"code":"","cursor_pos":0}`))
	b.wantIOPub("status busy <complete-1>", "status idle <complete-1>")
	b.run("still here")
	b.want(shell, "execute_reply ok <execute-2>")
}

func TestComms(t *testing.T) {
	w := newFakeWorker()
	w.comm = func(c protocol.Comm, out protocol.Output) {
		out.Comm(protocol.Comm{Cell: c.Cell, Type: "comm_msg", ID: c.ID, Data: c.Data, Buffers: c.Buffers})
		if c.Type == "comm_msg" {
			out.Comm(protocol.Comm{Cell: c.Cell, Type: "comm_open", ID: "ours", Target: "plot"})
			out.Comm(protocol.Comm{Cell: c.Cell, Type: "comm_close", ID: c.ID})
		}
	}
	b := start(t, w)
	b.fromShell(b.request("comm_open", `{"comm_id":"theirs","target_name":"echo","data":{"a":1}}`))
	b.wantIOPub("status busy <comm_open-1>", "comm_msg theirs <comm_open-1>", "status idle <comm_open-1>")
	list := func(filter string) string {
		b.fromShell(b.request("comm_info_request", filter))
		m := b.next(shell)
		b.next(iopub)
		b.next(iopub)
		raw, _ := json.Marshal(content(t, m)["comms"])
		return string(raw)
	}
	if got := list(`{}`); got != `{"theirs":{"target_name":"echo"}}` {
		t.Errorf("open: %s", got)
	}
	msg := b.request("comm_msg", `{"comm_id":"theirs","data":{"b":2}}`)
	msg.Buffers = [][]byte{{1, 2, 3}}
	b.fromShell(msg)
	b.wantIOPub("status busy <comm_msg-3>")
	echo := b.next(iopub)
	if string(content(t, echo)["comm_id"].(string)) != "theirs" || len(echo.Buffers) != 1 || len(echo.Buffers[0]) != 3 || !strings.Contains(string(echo.Content), `"b":2`) {
		t.Errorf("echo %s %v", echo.Content, echo.Buffers)
	}
	b.wantIOPub("comm_open ours <comm_msg-3>", "comm_close theirs <comm_msg-3>", "status idle <comm_msg-3>")
	if got := list(`{}`); got != `{"ours":{"target_name":"plot"}}` {
		t.Errorf("open: %s", got)
	}
	if got := list(`{"target_name":"other"}`); got != `{}` {
		t.Errorf("open for another target: %s", got)
	}
}

func TestHistoryKnowsCellsAndResults(t *testing.T) {
	w := newFakeWorker()
	w.execute = func(_ context.Context, r protocol.Execute, out protocol.Output) (protocol.Done, error) {
		if r.Code == "1+1" {
			out.Display(protocol.Display{Cell: r.ID, Kind: "execute_result", Data: map[string]any{"text/plain": "2"}})
		}
		return protocol.Done{}, nil
	}
	b := start(t, w)
	b.run("1+1")
	b.run("x := 1")
	b.fromShell(b.request("execute_request", `{"code":"hidden","store_history":false}`))
	for range 3 {
		b.next(shell)
	}
	b.fromShell(b.request("history_request", `{"hist_access_type":"tail","n":5,"output":true}`))
	raw, _ := json.Marshal(content(t, b.next(shell))["history"])
	if got := string(raw); got != `[[1,1,["1+1","2"]],[1,2,["x := 1",null]]]` {
		t.Errorf("history %s", got)
	}
}

package front

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"testing"

	"interleave/kernel/protocol"
)

func TestInterruptEndsTheCell(t *testing.T) {
	w, begun, _ := holding()
	b := start(t, w)
	b.run("for {}")
	<-begun
	b.fromControl(b.request("interrupt_request", `{}`))
	b.want(control, "interrupt_reply ok <interrupt-2>")
	b.want(shell, "execute_reply error interrupted <execute-1>")
}

func TestInterruptWithoutACellStopsWhatCellsLeft(t *testing.T) {
	b := start(t, newFakeWorker())
	b.fromControl(b.request("interrupt_request", `{}`))
	b.want(control, "interrupt_reply ok <interrupt-1>")
	<-b.worker.interrupted
}

func TestInterruptAbortsTheQueueBehindTheCell(t *testing.T) {
	w, begun, _ := holding()
	b := start(t, w)
	b.run("for {}")
	<-begun
	b.run("two")
	b.fromControl(b.request("interrupt_request", `{}`))
	b.want(shell, "execute_reply error interrupted <execute-1>", "execute_reply aborted aborted an earlier cell failed <execute-2>")
}

func TestSignals(t *testing.T) {
	w, begun, _ := holding()
	b := start(t, w)
	b.signal(os.Interrupt) // idle: ignored
	if len(w.interrupted) != 0 {
		t.Error("SIGINT while idle reached the worker")
	}
	b.run("for {}")
	<-begun
	b.signal(os.Interrupt)
	b.want(shell, "execute_reply error interrupted <execute-1>")
	b.signal(syscall.SIGTERM)
	<-b.ended
	<-w.closed
}

func TestShutdownIsAnsweredWhileACellRuns(t *testing.T) {
	for _, restart := range []bool{false, true} {
		for _, on := range []channel{control, shell} {
			t.Run(fmt.Sprintf("%s restart=%t", on, restart), func(t *testing.T) {
				w, begun, _ := holding()
				b := start(t, w)
				b.run("for {}")
				<-begun
				m := b.request("shutdown_request", fmt.Sprintf(`{"restart":%t}`, restart))
				if on == shell {
					b.fromShell(m)
				} else {
					b.fromControl(m)
				}
				reply := b.next(on)
				if describe(reply) != "shutdown_reply ok <shutdown-2>" || content(t, reply)["restart"] != restart {
					t.Errorf("%s %s", describe(reply), reply.Content)
				}
				<-b.ended
				<-w.closed
				b.wantIOPub("status busy <execute-1>", "execute_input for {} <execute-1>", "status busy <shutdown-2>", "shutdown_reply ok <shutdown-2>")
			})
		}
	}
}

func TestDebugRequestIsRefused(t *testing.T) {
	b := start(t, newFakeWorker())
	b.fromControl(b.request("debug_request", `{"seq":4,"type":"request","command":"initialize"}`))
	reply := b.next(control)
	got := content(t, reply)
	if got["status"] != "error" || got["success"] != false || got["request_seq"] != 4.0 || got["command"] != "initialize" || reply.Header.Type != "debug_reply" {
		t.Errorf("%s", reply.Content)
	}
}

// A front end that reads slowly holds up the output of a cell, but neither
// control nor the end of an interrupted cell.
func TestAFullQueueHoldsUpOutputOnly(t *testing.T) {
	w := newFakeWorker()
	w.execute = func(ctx context.Context, r protocol.Execute, out protocol.Output) (protocol.Done, error) {
		for ctx.Err() == nil {
			out.Stream(protocol.Stream{Cell: r.ID, Name: "stdout", Text: "."})
		}
		return protocol.Done{Error: &protocol.Error{Name: "interrupted"}}, nil
	}
	reads := make(chan struct{})
	b := startUnread(t, w, reads)
	b.run("flood")
	b.iopub.mu.Lock()
	for len(b.iopub.queue) < roomMessages {
		b.iopub.change.Wait()
	}
	b.iopub.mu.Unlock()
	b.fromControl(b.request("kernel_info_request", `{}`))
	b.want(control, "kernel_info_reply ok <kernel_info-2>")
	b.fromControl(b.request("interrupt_request", `{}`))
	b.want(control, "interrupt_reply ok <interrupt-3>")
	b.want(shell, "execute_reply error interrupted <execute-1>")
	close(reads)
}

package front

import (
	"context"
	"testing"

	"interleave/kernel/protocol"
)

// asking is a worker whose cells ask for one line and hand on the answer.
func asking() (*fakeWorker, chan string) {
	w, answers := newFakeWorker(), make(chan string, 10)
	w.execute = func(ctx context.Context, r protocol.Execute, out protocol.Output) (protocol.Done, error) {
		in, err := out.Prompt(ctx, protocol.Prompt{Cell: r.ID, Text: "name? ", Password: true})
		switch {
		case err != nil:
			answers <- "error"
		case in.EOF:
			answers <- "EOF"
		default:
			answers <- in.Text
		}
		return protocol.Done{}, err
	}
	return w, answers
}

func TestInputGoesToTheOneWhoExecuted(t *testing.T) {
	w, answers := asking()
	b := start(t, w)
	b.fromStdin(b.request("input_reply", `{"value":"before anybody asked"}`))
	b.run("fmt.Scan(&s)")
	question := b.next(stdin)
	if describe(question) != "input_request name?  <execute-2>" || content(t, question)["password"] != true || string(question.Identities[0]) != "alice" {
		t.Errorf("asked %q of %q", describe(question), question.Identities)
	}
	stranger := b.request("input_reply", `{"value":"from bob"}`)
	stranger.Identities[0] = []byte("bob")
	b.fromStdin(stranger)
	late := b.request("input_reply", `{"value":"to an earlier question"}`)
	late.Parent = []byte(`{"msg_id":"another"}`)
	b.fromStdin(late)
	b.fromStdin(b.request("input_reply", `{}`))
	answer := b.request("input_reply", `{"value":"Ada"}`)
	answer.Parent = []byte(`{"msg_id":"` + question.Header.ID + `"}`)
	b.fromStdin(answer)
	b.fromStdin(b.request("input_reply", `{"value":"twice"}`))
	if got := <-answers; got != "Ada" {
		t.Errorf("answer %q", got)
	}
	b.want(shell, "execute_reply ok <execute-2>")
}

func TestAnswersWithoutParentCount(t *testing.T) {
	w, answers := asking()
	b := start(t, w)
	b.run("fmt.Scan(&s)")
	b.next(stdin)
	b.fromStdin(b.request("input_reply", `{"value":"Ada"}`))
	if got := <-answers; got != "Ada" {
		t.Errorf("answer %q", got)
	}
}

func TestEndOfFile(t *testing.T) {
	w, answers := asking()
	b := start(t, w)
	b.fromShell(b.request("execute_request", `{"code":"","allow_stdin":false}`))
	if got := <-answers; got != "EOF" {
		t.Errorf("without allow_stdin: %q", got)
	}
	b.run("")
	b.next(stdin)
	b.fromStdin(b.request("input_reply", `{"value":"\u0004"}`))
	if got := <-answers; got != "EOF" {
		t.Errorf("Ctrl-D: %q", got)
	}
	gone := b.request("execute_request", `{"code":""}`)
	gone.Identities[0] = []byte("gone")
	b.fromShell(gone)
	if got := <-answers; got != "EOF" {
		t.Errorf("nobody there: %q", got)
	}
}

func TestInterruptEndsTheWaitForInput(t *testing.T) {
	w, answers := asking()
	b := start(t, w)
	b.run("fmt.Scan(&s)")
	b.next(stdin)
	b.fromControl(b.request("interrupt_request", `{}`))
	if got := <-answers; got != "error" {
		t.Errorf("answer %q", got)
	}
	b.next(shell)
	b.run("fmt.Scan(&s)")
	b.next(stdin)
	b.fromStdin(b.request("input_reply", `{"value":"Ada"}`))
	if got := <-answers; got != "Ada" {
		t.Errorf("answer after the interrupt %q", got)
	}
}

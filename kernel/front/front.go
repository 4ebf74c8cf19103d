package front

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"interleave/kernel/history"
	"interleave/kernel/message"
)

// Config says what Run serves and with what.
type Config struct {
	ConnectionFile string         // path of the file that Jupyter wrote
	Worker         Worker         // closed by Run
	History        *history.Store // closed by Run
	Version        string         // of the kernel, for kernel_info
	Log            *slog.Logger   // where the operator reads, never a cell's output; nil discards
}

// channel names a socket of the kernel.
type channel string

const (
	shell   channel = "shell"
	control channel = "control"
	stdin   channel = "stdin"
	iopub   channel = "iopub"
)

// front answers the messages of one kernel.
//
// Goroutines, all ended when serve returns: the executor, the publisher, and
// one lane each for asks, comms and the history. The methods fromShell,
// fromControl and fromStdin are called by the goroutines of the sockets' peers
// and never wait for a worker.
type front struct {
	cfg     Config
	log     *slog.Logger
	session *message.Session
	send    func(channel, *message.Message) error
	ports   message.ConnectReply

	iopub    *publisher
	status   *status
	cells    *cells
	results  result
	comms    *comms
	prompts  *prompts
	executor *executor

	asks, comming, past *lane

	stopping sync.Once
	stopped  chan struct{} // closed by stop
}

// patience limits how long a completion may take: the learner has typed on by then.
const patience = 3 * time.Second

func newFront(cfg Config, send func(channel, *message.Message) error, now func() time.Time) *front {
	f := &front{
		cfg:     cfg,
		log:     cfg.Log,
		session: message.NewSession(),
		send:    send,
		cells:   newCells(),
		comms:   newComms(),
		asks:    newLane(),
		comming: newLane(),
		past:    newLane(),
		stopped: make(chan struct{}),
	}
	f.iopub = newPublisher(func(m *message.Message) { f.deliver(iopub, m) })
	f.status = &status{post: func(parent *message.Message, state string) {
		f.iopub.post(f.broadcast(parent, "status", message.Status{State: state}))
	}}
	f.prompts = newPrompts(f.askForInput)
	f.executor = newExecutor(f, now)
	return f
}

// serve works until ctx ends or a shutdown is asked for, then ends the worker
// and lets what was published go out.
func (f *front) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var group, publishing sync.WaitGroup
	for _, run := range []func(){f.asks.run, f.comming.run, f.past.run, func() { f.executor.run(ctx) }} {
		group.Go(run)
	}
	publishing.Go(f.iopub.run)
	f.status.post(nil, message.Starting)

	select {
	case <-ctx.Done():
	case <-f.stopped:
	}
	cancel()
	f.executor.close()
	f.prompts.interrupt()
	f.iopub.unbound(true)
	err := f.cfg.Worker.Close()
	for _, l := range []*lane{f.asks, f.comming, f.past} {
		l.close()
	}
	group.Wait()
	f.iopub.close()
	publishing.Wait()
	if err = errors.Join(err, f.cfg.History.Close()); err != nil {
		return fmt.Errorf("front: %w", err)
	}
	return nil
}

// stop ends serve.
func (f *front) stop() { f.stopping.Do(func() { close(f.stopped) }) }

// broadcast makes a message for iopub.
func (f *front) broadcast(parent *message.Message, typ string, content any) *message.Message {
	m, err := f.session.New(parent, typ, content)
	if err != nil {
		// A display bundle that does not marshal; say so in its place.
		f.log.Error("an output was lost", "type", typ, "err", err)
		m, _ = f.session.New(parent, "stream", message.Stream{Name: "stderr", Text: "lost: " + err.Error() + "\n"})
	}
	m.Identities = [][]byte{[]byte(typ)}
	return m
}

// reply answers a request on the socket it came from.
func (f *front) reply(on channel, request *message.Message, content any) {
	m, err := f.session.Reply(request, content)
	if err != nil {
		m, _ = f.session.Reply(request, message.NewErrorReply("kernel error", err.Error()))
	}
	f.deliver(on, m)
}

// refuse answers a request that could not be served.
func (f *front) refuse(on channel, request *message.Message, err error) {
	f.reply(on, request, message.NewErrorReply("bad request", err.Error()))
}

func (f *front) deliver(on channel, m *message.Message) {
	if err := f.send(on, m); err != nil {
		f.log.Warn("a message was not sent", "type", m.Header.Type, "socket", string(on), "err", err)
	}
}

// answerCell replies to an execute_request and says when the cell began.
func (f *front) answerCell(request *message.Message, started time.Time, content any) {
	m, err := f.session.Reply(request, content)
	if err != nil {
		f.reply(shell, request, message.NewErrorReply("kernel error", err.Error()))
		return
	}
	m.Metadata = fmt.Appendf(nil, `{"started":%q}`, started.UTC().Format("2006-01-02T15:04:05.000000Z"))
	f.deliver(shell, m)
}

// askForInput sends an input_request to the front end that sent the cell.
func (f *front) askForInput(c *cell, content message.InputRequest) (*message.Message, error) {
	m, err := f.session.New(c.request, "input_request", content)
	if err != nil {
		return nil, err
	}
	m.Identities = c.request.Identities
	return m, f.send(stdin, m)
}

// guard keeps a fault of the front's own from ending the kernel.
func (f *front) guard(m *message.Message) {
	if fault := recover(); fault != nil {
		f.log.Error("fault", "request", m.Header.Type, "fault", fault)
	}
}

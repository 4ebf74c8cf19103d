package front

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"interleave/kernel/message"
	"interleave/kernel/wire"
)

// languageVersion is the Go that the checker knows, without "go".
var languageVersion = strings.TrimPrefix(strings.Fields(runtime.Version())[0], "go")

// Run serves one connection file until a shutdown_request, SIGTERM, the end of
// ctx or of the parent process that JPY_PARENT_PID names. SIGINT interrupts a
// running cell and is ignored otherwise.
func Run(ctx context.Context, cfg Config) error {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.Log = slog.New(limit(cfg.Log.Handler(), time.Now))
	file, err := message.ReadConnectionFile(cfg.ConnectionFile)
	if err != nil {
		return errors.Join(fmt.Errorf("front: %w", err), cfg.Worker.Close(), cfg.History.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	s := &sockets{key: []byte(file.Key)}
	f := newFront(cfg, s.send, time.Now)
	if err := s.open(file, f); err != nil {
		return errors.Join(fmt.Errorf("front: %w", err), s.close(), cfg.Worker.Close(), cfg.History.Close())
	}
	f.ports = message.ConnectReply{
		Shell: s.shell.Port(), IOPub: s.iopub.Port(), Stdin: s.stdin.Port(),
		Heartbeat: s.heartbeat.Port(), Control: s.control.Port(),
	}

	var watching sync.WaitGroup
	watching.Go(func() { f.watchSignals(ctx) })
	if pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID")); err == nil && pid > 1 {
		watching.Go(func() { watchParent(ctx, pid, f.stop) })
	}
	err = f.serve(ctx)
	cancel()
	watching.Wait()
	return errors.Join(err, s.close())
}

// watchSignals turns signals into interrupts and the end of Run.
func (f *front) watchSignals(ctx context.Context) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	for {
		select {
		case s := <-signals:
			f.signal(s)
		case <-ctx.Done():
			return
		}
	}
}

// signal ignores an interrupt while no cell runs: a terminal sends it to every
// process of its group, and Jupyter does so to the kernel's.
func (f *front) signal(s os.Signal) {
	if s != os.Interrupt {
		f.stop()
		return
	}
	if f.executor.interrupt() {
		f.prompts.interrupt()
	}
}

// sockets are the five sockets of one connection file.
type sockets struct {
	key                   []byte
	shell, control, stdin *wire.Router
	iopub                 *wire.Publisher
	heartbeat             *wire.Heartbeat
}

// open binds them all and hands what arrives to f.
func (s *sockets) open(file *message.ConnectionFile, f *front) error {
	at := func(port int) wire.Endpoint {
		return wire.Endpoint{Transport: file.Transport, Address: file.IP, Port: port}
	}
	var err error
	if s.heartbeat, err = wire.NewHeartbeat(at(file.Heartbeat), f.log); err != nil {
		return err
	}
	if s.iopub, err = wire.NewPublisher(at(file.IOPub), f.log, f.welcome(s.key)); err != nil {
		return err
	}
	for _, r := range []struct {
		socket **wire.Router
		port   int
		name   channel
		take   func(*message.Message)
	}{
		{&s.stdin, file.Stdin, stdin, f.fromStdin},
		{&s.control, file.Control, control, f.fromControl},
		{&s.shell, file.Shell, shell, f.fromShell},
	} {
		*r.socket, err = wire.NewRouter(at(r.port), f.log, func(frames [][]byte) {
			m, err := message.Decode(frames, s.key)
			if err != nil {
				f.log.Warn("dropped a message", "socket", string(r.name), "err", err)
				return
			}
			r.take(m)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sockets) send(on channel, m *message.Message) error {
	frames := m.Encode(s.key)
	switch on {
	case shell:
		return s.shell.Send(frames)
	case control:
		return s.control.Send(frames)
	case stdin:
		return s.stdin.Send(frames)
	}
	return s.iopub.Publish(frames)
}

// close sends what is queued, for up to a second each and all at once, and
// ends every connection.
func (s *sockets) close() error {
	var group sync.WaitGroup
	var errs [5]error
	for i, c := range []func() error{
		func() error { return closeOne(s.shell) }, func() error { return closeOne(s.control) },
		func() error { return closeOne(s.stdin) }, func() error { return closeOne(s.iopub) },
		func() error { return closeOne(s.heartbeat) },
	} {
		group.Go(func() { errs[i] = c() })
	}
	group.Wait()
	return errors.Join(errs[:]...)
}

// closeOne closes a socket that may not have been opened.
func closeOne[T interface {
	comparable
	Close() error
}](socket T) error {
	var none T
	if socket == none {
		return nil
	}
	return socket.Close()
}

// welcome greets a subscriber (JEP 65).
func (f *front) welcome(key []byte) func(topic string) [][]byte {
	return func(topic string) [][]byte {
		m, err := f.session.New(nil, "iopub_welcome", message.Welcome{Subscription: topic})
		if err != nil {
			panic(err) // a string always marshals
		}
		m.Identities = [][]byte{[]byte(topic)}
		return m.Encode(key)
	}
}

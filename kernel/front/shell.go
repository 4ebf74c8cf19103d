package front

import (
	"context"

	"interleave/kernel/history"
	"interleave/kernel/message"
	"interleave/kernel/protocol"
)

// fromShell takes one message of the shell socket. Cells are queued; what the
// front knows by itself is answered here; the rest goes to its lane.
func (f *front) fromShell(m *message.Message) {
	defer f.guard(m)
	switch m.Header.Type {
	case "execute_request":
		f.execute(m)
	case "complete_request":
		f.later(f.asks, m, f.complete)
	case "inspect_request":
		f.later(f.asks, m, f.inspect)
	case "is_complete_request":
		f.later(f.asks, m, f.isComplete)
	case "history_request":
		f.later(f.past, m, f.history)
	case "comm_open", "comm_msg", "comm_close":
		f.later(f.comming, m, f.comm)
	case "comm_info_request":
		f.now(shell, m, f.commInfo)
	case "kernel_info_request":
		f.now(shell, m, f.kernelInfo)
	case "connect_request":
		f.now(shell, m, f.connect)
	case "shutdown_request":
		f.shutdown(shell, m)
	default:
		f.log.Warn("ignored a message of unknown type", "type", m.Header.Type, "socket", string(shell))
	}
}

// handler answers one request: it returns the content of the reply, nil where
// there is none, or an error that names what is wrong with the request.
type handler func(m *message.Message) (any, error)

// now answers at once, with busy and idle around.
func (f *front) now(on channel, m *message.Message, h handler) {
	f.status.busy(m)
	defer f.status.idle(m)
	content, err := h(m)
	switch {
	case err != nil:
		f.refuse(on, m, err)
	case content != nil:
		f.reply(on, m, content)
	}
}

// later answers in l, behind the earlier ones there.
func (f *front) later(l *lane, m *message.Message, h handler) {
	l.add(func() {
		defer f.guard(m)
		f.now(shell, m, h)
	})
}

func (f *front) execute(m *message.Message) {
	var r message.ExecuteRequest
	if err := m.Read(&r); err != nil {
		f.now(shell, m, func(*message.Message) (any, error) { return nil, err })
		return
	}
	f.executor.add(m, r)
}

func (f *front) complete(m *message.Message) (any, error) {
	var r message.CompleteRequest
	if err := m.Read(&r); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	found, err := f.cfg.Worker.Complete(ctx, protocol.Complete{Code: r.Code, Cursor: r.Cursor})
	if err != nil {
		return nil, err
	}
	reply := message.CompleteReply{Start: found.Start, End: found.End}
	for _, c := range found.Matches {
		reply.Matches = append(reply.Matches, c.Text)
		reply.Metadata.Types = append(reply.Metadata.Types, message.Match{
			Start: found.Start, End: found.End, Text: c.Text, Type: c.Type, Signature: c.Signature,
		})
	}
	return reply, nil
}

func (f *front) inspect(m *message.Message) (any, error) {
	var r message.InspectRequest
	if err := m.Read(&r); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	found, err := f.cfg.Worker.Inspect(ctx, protocol.Inspect{Code: r.Code, Cursor: r.Cursor, Detail: r.Detail})
	if err != nil {
		return nil, err
	}
	return message.InspectReply{Found: found.Found, Data: found.Data}, nil
}

// isComplete answers "unknown" where the worker cannot tell: the reply has no
// form for errors, and a front end then decides by itself.
func (f *front) isComplete(m *message.Message) (any, error) {
	var r message.IsCompleteRequest
	if err := m.Read(&r); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	found, err := f.cfg.Worker.IsComplete(ctx, r.Code)
	if err != nil {
		f.log.Warn("is_complete was not answered", "err", err)
		return message.IsCompleteReply{Status: "unknown"}, nil
	}
	return message.IsCompleteReply{Status: found.Status, Indent: found.Indent}, nil
}

func (f *front) history(m *message.Message) (any, error) {
	var r message.HistoryRequest
	if err := m.Read(&r); err != nil {
		return nil, err
	}
	var found []history.Entry
	switch r.Access {
	case "tail":
		found = f.cfg.History.Tail(r.N, r.Unique)
	case "range":
		found = f.cfg.History.Range(r.Session, r.Start, r.Stop)
	case "search":
		found = f.cfg.History.Search(r.Pattern, r.N, r.Unique)
	}
	var reply message.HistoryReply
	for _, e := range found {
		reply.History = append(reply.History, message.HistoryEntry{
			Session: e.Session, Line: e.Line, Input: e.Input, Output: e.Output, WithOutput: r.Output,
		})
	}
	return reply, nil
}

func (f *front) comm(m *message.Message) (any, error) {
	c, err := readComm(m)
	if err != nil {
		f.log.Warn("ignored a comm message", "err", err)
		return nil, nil
	}
	c.Cell = f.cells.add(cell{request: m, stdin: false}).id
	f.comms.note(c)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := f.cfg.Worker.Comm(ctx, c, output{f}); err != nil {
		f.log.Warn("a comm message did not reach the worker", "err", err)
	}
	return nil, nil
}

func (f *front) commInfo(m *message.Message) (any, error) {
	var r message.CommInfoRequest
	if err := m.Read(&r); err != nil {
		return nil, err
	}
	return message.CommInfoReply{Comms: f.comms.list(r.Target)}, nil
}

func (f *front) connect(*message.Message) (any, error) { return f.ports, nil }

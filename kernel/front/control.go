package front

import (
	"encoding/json"

	"interleave/kernel/message"
)

// fromControl takes one message of the control socket. Nothing here waits.
func (f *front) fromControl(m *message.Message) {
	defer f.guard(m)
	switch m.Header.Type {
	case "interrupt_request":
		f.now(control, m, func(*message.Message) (any, error) {
			f.interrupt()
			return message.InterruptReply{}, nil
		})
	case "shutdown_request":
		f.shutdown(control, m)
	case "kernel_info_request":
		f.now(control, m, f.kernelInfo)
	case "debug_request":
		f.now(control, m, f.debug)
	default:
		f.log.Warn("ignored a message of unknown type", "type", m.Header.Type, "socket", string(control))
	}
}

// fromStdin takes one message of the stdin socket.
func (f *front) fromStdin(m *message.Message) {
	defer f.guard(m)
	if err := f.prompts.accept(m); err != nil {
		f.log.Warn("ignored a message", "socket", string(stdin), "err", err)
	}
}

// interrupt stops the running cell and its wait for input; without one, what
// earlier cells left running.
func (f *front) interrupt() {
	if f.executor.interrupt() {
		f.prompts.interrupt()
		return
	}
	f.cfg.Worker.Interrupt()
}

// shutdown replies, tells every front end, and ends serve.
func (f *front) shutdown(on channel, m *message.Message) {
	f.now(on, m, func(m *message.Message) (any, error) {
		var r message.ShutdownRequest
		if err := m.Read(&r); err != nil {
			return nil, err
		}
		reply := message.ShutdownReply{Restart: r.Restart}
		f.iopub.post(f.broadcast(m, "shutdown_reply", reply))
		defer f.stop()
		f.reply(on, m, reply)
		return nil, nil
	})
}

// debug refuses in both forms that a debugger's front end may look for: that
// of the protocol and that of the Debug Adapter Protocol inside it.
func (f *front) debug(m *message.Message) (any, error) {
	var r struct {
		Seq     int    `json:"seq"`
		Command string `json:"command"`
	}
	if err := json.Unmarshal(m.Content, &r); err != nil {
		return nil, err
	}
	const why = "this kernel has no debugger"
	return struct {
		message.ErrorReply
		Type    string `json:"type"`
		Request int    `json:"request_seq"`
		Command string `json:"command"`
		Success bool   `json:"success"`
		Message string `json:"message"`
	}{message.NewErrorReply("not supported", why), "response", r.Seq, r.Command, false, why}, nil
}

func (f *front) kernelInfo(*message.Message) (any, error) {
	return message.KernelInfoReply{
		Protocol:       message.ProtocolVersion,
		Implementation: "interleave",
		Version:        f.cfg.Version,
		Language: message.LanguageInfo{
			Name:       "go",
			Version:    languageVersion,
			Mimetype:   "text/x-go",
			Extension:  ".go",
			Pygments:   "go",
			CodeMirror: "go",
			Exporter:   "script",
		},
		Banner: "Interleave " + f.cfg.Version + ": Go " + languageVersion + " in cells, made for learning concurrency",
		HelpLinks: []message.HelpLink{
			{Text: "A Tour of Go", URL: "https://go.dev/tour/"},
			{Text: "Standard library", URL: "https://pkg.go.dev/std"},
			{Text: "Effective Go", URL: "https://go.dev/doc/effective_go"},
			{Text: "The Go memory model", URL: "https://go.dev/ref/mem"},
		},
	}, nil
}

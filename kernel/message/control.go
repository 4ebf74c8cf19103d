package message

// KernelInfoRequest is the content of "kernel_info_request": nothing.
type KernelInfoRequest struct{}

// KernelInfoReply is the content of "kernel_info_reply".
type KernelInfoReply struct {
	ok
	Protocol       string       `json:"protocol_version"` // ProtocolVersion
	Implementation string       `json:"implementation"`
	Version        string       `json:"implementation_version"`
	Language       LanguageInfo `json:"language_info"`
	Banner         string       `json:"banner"`
	HelpLinks      []HelpLink   `json:"help_links,omitempty"`
	Features       Strings      `json:"supported_features"` // JEP 92: "kernel subshells", "debugger"
}

// LanguageInfo describes the language of the cells.
type LanguageInfo struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Mimetype   string `json:"mimetype"`
	Extension  string `json:"file_extension"` // with the dot
	Pygments   string `json:"pygments_lexer,omitempty"`
	CodeMirror string `json:"codemirror_mode,omitempty"`
	Exporter   string `json:"nbconvert_exporter,omitempty"`
}

// HelpLink is one entry of a front end's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// ConnectRequest is the content of "connect_request" (deprecated by the protocol): nothing.
type ConnectRequest struct{}

// ConnectReply is the content of "connect_reply".
type ConnectReply struct {
	ok
	Shell     int `json:"shell_port"`
	IOPub     int `json:"iopub_port"`
	Stdin     int `json:"stdin_port"`
	Heartbeat int `json:"hb_port"`
	Control   int `json:"control_port"`
}

// InterruptRequest is the content of "interrupt_request": nothing.
type InterruptRequest struct{}

// InterruptReply is the content of "interrupt_reply".
type InterruptReply struct{ ok }

// ShutdownRequest is the content of "shutdown_request".
type ShutdownRequest struct {
	Restart bool `json:"restart"` // default false: for good
}

// ShutdownReply is the content of "shutdown_reply".
type ShutdownReply struct {
	ok
	Restart bool `json:"restart"` // as requested
}

// InputRequest is the content of "input_request", from the kernel to one front end.
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"` // what is typed must not be shown
}

// InputReply is the content of "input_reply", from that front end.
type InputReply struct {
	Value string `json:"value" required:"true"`
}

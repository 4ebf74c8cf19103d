package message

// Stream is the content of the iopub message "stream".
type Stream struct {
	Name string `json:"name"` // "stdout" or "stderr"
	Text string `json:"text"`
}

// Display is the content of the iopub messages "display_data" and "update_display_data".
type Display struct {
	Data      Object    `json:"data"` // by mime type; always with text/plain
	Metadata  Object    `json:"metadata"`
	Transient Transient `json:"transient"`
}

// Transient is what a front end does not save with an output.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"` // names the output for update_display_data
}

// ClearOutput is the content of the iopub message "clear_output".
type ClearOutput struct {
	Wait bool `json:"wait"` // clear when the next output comes, not now
}

// Values of Status.State.
const (
	Starting = "starting" // once, at the start of the process
	Busy     = "busy"
	Idle     = "idle"
)

// Status is the content of the iopub message "status".
type Status struct {
	State string `json:"execution_state"`
}

// Welcome is the content of "iopub_welcome" (JEP 65), sent to one subscriber when its subscription
// took effect. Its message has no parent, and the topic, where not empty, as identity.
type Welcome struct {
	Subscription string `json:"subscription"`
}

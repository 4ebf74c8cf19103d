package message

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	for _, test := range []struct {
		typ, content string
		want         any // pointer to a struct, or the end of an error
	}{
		{"execute_request", `{"code":"1"}`, &ExecuteRequest{Code: "1", StoreHistory: true, AllowStdin: true, StopOnError: true}},
		{"execute_request", `{"code":"","silent":null,"store_history":null,"allow_stdin":null,"stop_on_error":null,"user_expressions":null}`,
			&ExecuteRequest{StoreHistory: true, AllowStdin: true, StopOnError: true}},
		{"execute_request", `{"code":"1","silent":true}`, &ExecuteRequest{Code: "1", Silent: true, AllowStdin: true, StopOnError: true}},
		{"execute_request", `{"code":"1","silent":true,"store_history":true}`, &ExecuteRequest{Code: "1", Silent: true, AllowStdin: true, StopOnError: true}},
		{"execute_request", `{"code":"1","store_history":false,"allow_stdin":false,"stop_on_error":false,"user_expressions":{"a":"b"}}`,
			&ExecuteRequest{Code: "1", Expressions: map[string]string{"a": "b"}}},
		{"execute_request", `{}`, `execute_request lacks the field "code"`},
		{"execute_request", `{"code":null}`, `execute_request lacks the field "code"`},
		{"execute_request", `{"code":1}`, `the field "code" of execute_request must be a string, not number`},
		{"execute_request", `{"code":"1","silent":"yes"}`, `the field "silent" of execute_request must be true or false, not string`},
		{"execute_request", `{"code":"1","user_expressions":["a"]}`, `the field "user_expressions" of execute_request must be an object, not array`},

		{"inspect_request", `{"code":"äöü","cursor_pos":3}`, &InspectRequest{Code: "äöü", Cursor: 3}},
		{"inspect_request", `{"code":"x","cursor_pos":0,"detail_level":1}`, &InspectRequest{Code: "x", Detail: 1}},
		{"inspect_request", `{"code":"x","cursor_pos":0,"detail_level":2}`, `detail_level is 2, not 0 or 1`},
		{"inspect_request", `{"code":"äöü","cursor_pos":4}`, `cursor_pos 4 is beyond the code, which has 3 characters`},
		{"inspect_request", `{"code":"x"}`, `inspect_request lacks the field "cursor_pos"`},
		{"complete_request", `{"code":"😀","cursor_pos":1}`, &CompleteRequest{Code: "😀", Cursor: 1}},
		{"complete_request", `{"code":"x","cursor_pos":-1}`, `cursor_pos is negative`},
		{"complete_request", `{"code":"x","cursor_pos":1.5}`, `the field "cursor_pos" of complete_request must be a whole number, not number 1.5`},
		{"complete_request", `{"cursor_pos":1}`, `complete_request lacks the field "code"`},
		{"is_complete_request", `{"code":"if"}`, &IsCompleteRequest{Code: "if"}},
		{"is_complete_request", `{}`, `is_complete_request lacks the field "code"`},

		{"history_request", `{"hist_access_type":"tail"}`, &HistoryRequest{Access: "tail", Raw: true, N: 10, Pattern: "*"}},
		{"history_request", `{"hist_access_type":"tail","n":3,"raw":false,"output":true}`, &HistoryRequest{Access: "tail", N: 3, Output: true, Pattern: "*"}},
		{"history_request", `{"hist_access_type":"search","n":null,"pattern":"a?","unique":true}`, &HistoryRequest{Access: "search", Raw: true, Pattern: "a?", Unique: true}},
		{"history_request", `{"hist_access_type":"range","session":-1,"start":2,"stop":null}`, &HistoryRequest{Access: "range", Raw: true, Session: -1, Start: 2, Pattern: "*"}},
		{"history_request", `{}`, `history_request lacks the field "hist_access_type"`},
		{"history_request", `{"hist_access_type":"all"}`, `hist_access_type is "all", not tail, range or search`},
		{"history_request", `{"hist_access_type":"tail","n":-1}`, `n is -1, below 0`},

		{"comm_open", `{"comm_id":"1","target_name":"t"}`, &CommOpen{ID: "1", Target: "t", Data: json.RawMessage("{}")}},
		{"comm_open", `{"comm_id":"1"}`, `comm_open lacks the field "target_name"`},
		{"comm_msg", `{"comm_id":"1","data":{"a":1}}`, &CommMsg{ID: "1", Data: json.RawMessage(`{"a":1}`)}},
		{"comm_msg", `{"comm_id":"1","data":[1]}`, `data is not an object`},
		{"comm_msg", `{"data":{}}`, `comm_msg lacks the field "comm_id"`},
		{"comm_close", `{"comm_id":"1","data":null}`, &CommClose{ID: "1", Data: json.RawMessage("{}")}},
		{"comm_info_request", `{}`, &CommInfoRequest{}},
		{"comm_info_request", `{"target_name":"t"}`, &CommInfoRequest{Target: "t"}},
		{"kernel_info_request", `{"anything":1}`, &KernelInfoRequest{}},
		{"connect_request", `{}`, &ConnectRequest{}},
		{"interrupt_request", `{}`, &InterruptRequest{}},
		{"shutdown_request", `{}`, &ShutdownRequest{}},
		{"shutdown_request", `{"restart":true}`, &ShutdownRequest{Restart: true}},
		{"input_reply", `{"value":""}`, &InputReply{}},
		{"input_reply", `{"value":"x","status":"ok"}`, &InputReply{Value: "x"}},
		{"input_reply", `{}`, `input_reply lacks the field "value"`},
	} {
		m := received(t, test.typ, test.content)
		text, wantError := test.want.(string)
		if wantError {
			err := m.Read(newContent(t, test.typ))
			if err == nil || !strings.HasPrefix(err.Error(), "message: ") || !strings.HasSuffix(err.Error(), text) || !strings.Contains(err.Error(), test.typ) {
				t.Errorf("%s %s: got %v, want %q", test.typ, test.content, err, text)
			}
			continue
		}
		got := reflect.New(reflect.TypeOf(test.want).Elem()).Interface()
		if err := m.Read(got); err != nil {
			t.Errorf("%s %s: %v", test.typ, test.content, err)
		} else if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s %s: got %+v, want %+v", test.typ, test.content, got, test.want)
		}
	}
}

// newContent returns the struct for a type that TestRead expects errors of.
func newContent(t *testing.T, typ string) any {
	t.Helper()
	switch typ {
	case "execute_request":
		return &ExecuteRequest{}
	case "inspect_request":
		return &InspectRequest{}
	case "complete_request":
		return &CompleteRequest{}
	case "is_complete_request":
		return &IsCompleteRequest{}
	case "history_request":
		return &HistoryRequest{}
	case "comm_open":
		return &CommOpen{}
	case "comm_msg":
		return &CommMsg{}
	case "input_reply":
		return &InputReply{}
	}
	t.Fatalf("no struct for %s", typ)
	return nil
}

// The JSON text of everything that the kernel sends, with nothing set and with all set.
func TestWritten(t *testing.T) {
	for _, test := range []struct {
		content any
		want    string
	}{
		{ExecuteReply{}, `{"status":"ok","execution_count":0,"user_expressions":{},"payload":[]}`},
		{ExecuteReply{Count: 3, Expressions: Object{"a": Expression{Data: Object{"text/plain": "1"}}}},
			`{"status":"ok","execution_count":3,"user_expressions":{"a":{"status":"ok","data":{"text/plain":"1"},"metadata":{}}},"payload":[]}`},
		{NewExecuteError(2, Error{Name: "panic", Value: "v", Traceback: Strings{"l"}}), `{"status":"error","ename":"panic","evalue":"v","traceback":["l"],"execution_count":2}`},
		{NewExecuteAborted(2), `{"status":"aborted","ename":"aborted","evalue":"an earlier cell failed","traceback":[],"execution_count":2}`},
		{NewErrorReply("a", "b"), `{"status":"error","ename":"a","evalue":"b","traceback":["a: b"]}`},
		{Error{Name: "a"}, `{"ename":"a","evalue":"","traceback":[]}`},
		{InspectReply{}, `{"status":"ok","found":false,"data":{},"metadata":{}}`},
		{CompleteReply{}, `{"status":"ok","matches":[],"cursor_start":0,"cursor_end":0,"metadata":{}}`},
		{CompleteReply{Matches: Strings{"x"}, Start: 1, End: 2, Metadata: CompleteMetadata{Types: []Match{{1, 2, "x", "variable", "int"}}}},
			`{"status":"ok","matches":["x"],"cursor_start":1,"cursor_end":2,"metadata":{"_jupyter_types_experimental":[{"start":1,"end":2,"text":"x","type":"variable","signature":"int"}]}}`},
		{IsCompleteReply{Status: "incomplete", Indent: "\t"}, `{"status":"incomplete","indent":"\t"}`},
		{HistoryReply{}, `{"status":"ok","history":[]}`},
		{HistoryReply{History: HistoryEntries{{Session: 1, Line: 2, Input: "x", Output: "unseen"}, {Session: 1, Line: 3, Input: "y", Output: "7", WithOutput: true}, {WithOutput: true}}},
			`{"status":"ok","history":[[1,2,"x"],[1,3,["y","7"]],[0,0,["",null]]]}`},
		{CommInfoReply{}, `{"status":"ok","comms":{}}`},
		{CommInfoReply{Comms: Comms{"1": {Target: "t"}}}, `{"status":"ok","comms":{"1":{"target_name":"t"}}}`},
		{KernelInfoReply{Protocol: ProtocolVersion, Language: LanguageInfo{Name: "go"}},
			`{"status":"ok","protocol_version":"5.4","implementation":"","implementation_version":"","language_info":{"name":"go","version":"","mimetype":"","file_extension":""},"banner":"","supported_features":[]}`},
		{ConnectReply{Shell: 1, IOPub: 2, Stdin: 3, Heartbeat: 4, Control: 5}, `{"status":"ok","shell_port":1,"iopub_port":2,"stdin_port":3,"hb_port":4,"control_port":5}`},
		{InterruptReply{}, `{"status":"ok"}`},
		{ShutdownReply{Restart: true}, `{"status":"ok","restart":true}`},
		{InputRequest{Prompt: "? ", Password: true}, `{"prompt":"? ","password":true}`},
		{Stream{Name: "stdout", Text: "a\n"}, `{"name":"stdout","text":"a\n"}`},
		{Display{}, `{"data":{},"metadata":{},"transient":{}}`},
		{Display{Data: Object{"application/json": map[string]any{"a": nil}}, Transient: Transient{DisplayID: "d"}}, `{"data":{"application/json":{"a":null}},"metadata":{},"transient":{"display_id":"d"}}`},
		{ExecuteInput{Code: "x", Count: 1}, `{"code":"x","execution_count":1}`},
		{ExecuteResult{Count: 1, Data: Object{"text/plain": "2"}}, `{"execution_count":1,"data":{"text/plain":"2"},"metadata":{},"transient":{}}`},
		{ClearOutput{Wait: true}, `{"wait":true}`},
		{Status{State: Starting}, `{"execution_state":"starting"}`},
		{Welcome{Subscription: ""}, `{"subscription":""}`},
		{CommOpen{ID: "1", Target: "t"}, `{"comm_id":"1","target_name":"t","data":{}}`},
		{&CommMsg{ID: "1", Data: json.RawMessage(`{"a":[1]}`)}, `{"comm_id":"1","data":{"a":[1]}}`},
		{CommClose{ID: "1", Data: json.RawMessage("{}")}, `{"comm_id":"1","data":{}}`},
	} {
		m, err := NewSession().New(nil, "x", test.content)
		if err != nil {
			t.Errorf("%T: %v", test.content, err)
		} else if string(m.Content) != test.want {
			t.Errorf("%T:\ngot  %s\nwant %s", test.content, m.Content, test.want)
		}
	}
}

package message

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var key = []byte("a key")

// request encodes a request as a client would send it, signed with key.
func request(t testing.TB, typ, content string, identities ...[]byte) [][]byte {
	t.Helper()
	m, err := NewSession().New(nil, typ, json.RawMessage(content))
	if err != nil {
		t.Fatal(err)
	}
	m.Identities = identities
	return m.Encode(key)
}

// received is request after Decode.
func received(t testing.TB, typ, content string) *Message {
	t.Helper()
	m, err := Decode(request(t, typ, content, []byte("peer")), key)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRoundTrip(t *testing.T) {
	for _, key := range [][]byte{key, nil} {
		s := NewSession()
		m, err := s.New(nil, "comm_msg", CommMsg{ID: "c", Data: json.RawMessage(`{"ä":"<&>"}`)})
		if err != nil {
			t.Fatal(err)
		}
		m.Identities = [][]byte{[]byte("a"), {}}
		m.Buffers = [][]byte{{0, 255}, {}}
		got, err := Decode(m.Encode(key), key)
		if err != nil {
			t.Fatal(err)
		}
		if got.Header != m.Header || string(got.Content) != string(m.Content) || string(got.Parent) != "{}" || string(got.Metadata) != "{}" {
			t.Errorf("got %+v, want %+v", got, m)
		}
		if len(got.Identities) != 2 || string(got.Identities[0]) != "a" || len(got.Buffers) != 2 || !bytes.Equal(got.Buffers[0], m.Buffers[0]) {
			t.Errorf("identities %q, buffers %q", got.Identities, got.Buffers)
		}
	}
}

// The signature of a message that was computed by an independent implementation (openssl dgst -sha256 -hmac).
func TestKnownSignature(t *testing.T) {
	parts := [][]byte{[]byte(`{"msg_id":"1","msg_type":"t"}`), []byte(`{}`), []byte(`{}`), []byte(`{"code":"1+1"}`)}
	const want = "e40cea08321a1c15eece1b9e739c91d7f8654ef0e6f8e0b1b516ab34fd3250d7"
	if got := string(sign([]byte("secret"), parts)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestHeaderOfNew(t *testing.T) {
	s := NewSession()
	m, err := s.New(nil, "status", Status{State: Busy})
	if err != nil {
		t.Fatal(err)
	}
	other, _ := s.New(nil, "status", Status{State: Busy})
	date, err := time.Parse(time.RFC3339Nano, m.Header.Date)
	if err != nil || date.Location() != time.UTC {
		t.Errorf("date %q: %v", m.Header.Date, err)
	}
	if m.Header.Session != s.ID || m.Header.Version != "5.4" || m.Header.ID == "" || m.Header.ID == other.Header.ID {
		t.Errorf("header %+v", m.Header)
	}
}

func TestReplyRepeatsTheHeader(t *testing.T) {
	head := []byte(`{"msg_id": "7", "msg_type":"complete_request", "session":"s","username":"u","date":"2020-01-01T00:00:00Z","version":"5.3","subshell_id":null,"extra":{"a":[1]}}`)
	frames := [][]byte{[]byte("peer"), []byte(delimiter), {}, head, []byte("null"), []byte(" null "), []byte(`{}`)}
	m, err := Decode(frames, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewSession().Reply(m, CompleteReply{})
	if err != nil {
		t.Fatal(err)
	}
	if string(r.Parent) != string(head) || r.ParentID() != "7" {
		t.Errorf("parent %s", r.Parent)
	}
	if r.Header.Type != "complete_reply" || string(r.Identities[0]) != "peer" {
		t.Errorf("type %s, identities %q", r.Header.Type, r.Identities)
	}
	if m.ParentID() != "" || string(m.Metadata) != "{}" {
		t.Errorf("parent %q, metadata %s", m.ParentID(), m.Metadata)
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := func() [][]byte { return request(t, "execute_request", `{"code":"1"}`, []byte("peer")) }
	// Frames of good: peer, delimiter, signature, header, parent, metadata, content.
	set := func(i int, text string) func() [][]byte {
		return func() [][]byte {
			f := good()
			f[i] = []byte(text)
			f[2] = sign(key, f[3:7])
			return f
		}
	}
	many := func(n int, frame []byte) [][]byte {
		frames := make([][]byte, n)
		for i := range frames {
			frames[i] = frame
		}
		return frames
	}
	for _, test := range []struct {
		name   string
		frames func() [][]byte
		want   string
	}{
		{"nothing", func() [][]byte { return nil }, "the delimiter <IDS|MSG> is missing"},
		{"no delimiter", func() [][]byte { return good()[2:] }, "the delimiter <IDS|MSG> is missing"},
		{"cut", func() [][]byte { return good()[:6] }, "4 frames after the delimiter, at least 5 are needed"},
		{"many identities", func() [][]byte { return append(many(17, []byte("x")), good()...) }, "more than 16 frames before"},
		{"many frames", func() [][]byte { return append(good(), many(1024, nil)...) }, "1031 frames, at most 1024"},
		{"long identity", func() [][]byte { return append(many(1, make([]byte, 5000)), good()...) }, "an identity of 5000 bytes"},
		{"header is text", set(3, "hello"), "the header is not JSON"},
		{"header is null", set(3, "null"), "the header is not an object"},
		{"header is a list", set(3, "[]"), "the header is not an object"},
		{"header without id", set(3, `{"msg_type":"x"}`), `the header lacks the field "msg_id"`},
		{"header without type", set(3, `{"msg_id":"x"}`), `the header lacks the field "msg_type"`},
		{"id is a number", set(3, `{"msg_id":1,"msg_type":"x"}`), "header: json"},
		{"parent is a number", set(4, "1"), "the parent header is not an object"},
		{"metadata is empty", set(5, ""), "the metadata is not JSON"},
		{"content is cut", set(6, `{"code":"1`), "the content is not JSON"},
		{"content is Latin-1", set(6, "{\"code\":\"\xe4\"}"), "the content is not UTF-8"},
		{"content nests too deep", set(6, strings.Repeat("[", 20000)+strings.Repeat("]", 20000)), "the content is not JSON"},
	} {
		_, err := Decode(test.frames(), key)
		if err == nil || !strings.HasPrefix(err.Error(), "message: ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

func TestDecodeChecksTheSignature(t *testing.T) {
	for name, change := range map[string]func(f [][]byte){
		"content changed":     func(f [][]byte) { f[6] = []byte(`{"code":"2"}`) },
		"header changed":      func(f [][]byte) { f[3] = append(bytes.Clone(f[3]), ' ') },
		"parent changed":      func(f [][]byte) { f[4] = []byte(`{ }`) },
		"metadata changed":    func(f [][]byte) { f[5] = []byte(`{ }`) },
		"unsigned":            func(f [][]byte) { f[2] = nil },
		"signature cut":       func(f [][]byte) { f[2] = f[2][:10] },
		"signature of others": func(f [][]byte) { f[2] = sign([]byte("other key"), f[3:7]) },
		"upper case":          func(f [][]byte) { f[2] = bytes.ToUpper(f[2]) },
	} {
		frames := request(t, "execute_request", `{"code":"1"}`, []byte("peer"))
		if _, err := Decode(frames, key); err != nil {
			t.Fatal(err)
		}
		change(frames)
		if _, err := Decode(frames, key); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
		if name != "content changed" {
			continue
		}
		if _, err := Decode(frames, nil); err != nil {
			t.Errorf("%s, but messages are not signed: %v", name, err)
		}
	}
}

func TestDecodeLeavesTheFrames(t *testing.T) {
	frames := request(t, "t", `{}`, []byte("peer"))
	frames[6] = []byte("null")
	frames[2] = sign(key, frames[3:7])
	before := bytes.Join(frames, []byte("|"))
	m, err := Decode(frames, key)
	if err != nil {
		t.Fatal(err)
	}
	m.Identities = append(m.Identities, []byte("more"))
	if after := bytes.Join(frames, []byte("|")); !bytes.Equal(before, after) {
		t.Errorf("before %s\nafter  %s", before, after)
	}
}

func TestNewRefusesContent(t *testing.T) {
	for _, content := range []any{1, "text", []int{1}, func() {}, json.RawMessage(`{`)} {
		if m, err := NewSession().New(nil, "x", content); err == nil {
			t.Errorf("content %v became %s", content, m.Content)
		}
	}
}

func TestConnectionFile(t *testing.T) {
	const good = `{"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5,"ip":"127.0.0.1","key":"k","transport":"tcp","signature_scheme":"hmac-sha256","kernel_name":"go"}`
	for _, test := range []struct {
		name, old, new string
		want           string // "" where it is good
	}{
		{"good", "", "", ""},
		{"ports to choose", `1,"iopub_port":2`, `0,"iopub_port":0`, ""},
		{"defaults", `,"transport":"tcp","signature_scheme":"hmac-sha256"`, "", ""},
		{"IPv6", "127.0.0.1", "::1", ""},
		{"all addresses", "127.0.0.1", "*", ""},
		{"ipc", `"127.0.0.1","key":"k","transport":"tcp"`, `"/tmp/kernel-1-ipc","key":"","transport":"ipc"`, ""},
		{"transport", "tcp", "udp", `transport is "udp", not tcp or ipc`},
		{"scheme", "sha256", "md5", `signature_scheme is "hmac-md5"`},
		{"no address", "127.0.0.1", "", "ip is missing"},
		{"bad address", "127.0.0.1", "127.0.0.1.2", `ip "127.0.0.1.2" is not an address`},
		{"port too big", `"hb_port":5`, `"hb_port":65536`, "hb_port is 65536, not between"},
		{"port below 0", `"hb_port":5`, `"hb_port":-1`, "hb_port is -1, not between"},
		{"port twice", `"hb_port":5`, `"hb_port":1`, "shell_port and hb_port are both 1"},
		{"port is text", `"hb_port":5`, `"hb_port":"5"`, "hb_port"},
		{"no JSON", "{", "", "invalid character"},
	} {
		path := filepath.Join(t.TempDir(), "kernel.json")
		if err := os.WriteFile(path, []byte(strings.Replace(good, test.old, test.new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := ReadConnectionFile(path)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.want == "" && (c.Scheme != SignatureScheme || c.Heartbeat != 5 || c.Transport == ""):
			t.Errorf("%s: %+v", test.name, c)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path)):
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	if _, err := ReadConnectionFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	join := func(frames [][]byte) []byte { return bytes.Join(frames, []byte{'\n'}) }
	f.Add(join(request(f, "execute_request", `{"code":"1"}`, []byte("peer"))))
	f.Add(join([][]byte{[]byte(delimiter), {}, []byte(`{"msg_id":"1","msg_type":"history_request"}`), []byte("{}"), []byte("null"), []byte(`{"hist_access_type":"tail","n":null}`)}))
	f.Add(join([][]byte{[]byte(delimiter), {}, []byte(`{"msg_id":"1","msg_type":"complete_request"}`), []byte("{}"), []byte("{}"), []byte(`{"code":"x","cursor_pos":1e9}`), {0, 1}}))
	f.Add([]byte(delimiter + "\n\n\n\n\n\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		frames := bytes.Split(raw, []byte{'\n'})
		Decode(frames, key)
		m, err := Decode(frames, nil)
		if err != nil {
			return
		}
		for _, content := range []any{
			&ExecuteRequest{}, &InspectRequest{}, &CompleteRequest{}, &IsCompleteRequest{}, &HistoryRequest{},
			&CommOpen{}, &CommMsg{}, &CommClose{}, &CommInfoRequest{}, &ShutdownRequest{}, &InputReply{},
		} {
			if err := m.Read(content); err != nil && !strings.HasPrefix(err.Error(), "message: ") {
				t.Errorf("%T: %v", content, err)
			}
		}
		again, err := Decode(m.Encode(key), key)
		if err != nil {
			t.Fatalf("what was decoded does not encode: %v", err)
		}
		if again.Header != m.Header || string(again.Content) != string(m.Content) {
			t.Errorf("%+v became %+v", m, again)
		}
		if r, err := NewSession().Reply(m, NewErrorReply("a", "b")); err != nil {
			t.Errorf("no reply: %v", err)
		} else if _, err := Decode(r.Encode(key), key); err != nil {
			t.Errorf("the reply does not decode: %v", err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	frames := request(b, "execute_request", `{"code":"1+1"}`, []byte("peer"))
	for b.Loop() {
		if _, err := Decode(frames, key); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewAndEncode(b *testing.B) {
	s, parent := NewSession(), received(b, "execute_request", `{"code":"1+1"}`)
	for b.Loop() {
		m, err := s.New(parent, "stream", Stream{Name: "stdout", Text: "hello\n"})
		if err != nil {
			b.Fatal(err)
		}
		m.Encode(key)
	}
}

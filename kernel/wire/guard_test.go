package wire

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/go-zeromq/zmq4"
)

// recorded is a connection that says what was recorded and takes everything.
type recorded struct {
	net.Conn
	in io.Reader
}

func (r recorded) Read(p []byte) (int, error)  { return r.in.Read(p) }
func (r recorded) Write(p []byte) (int, error) { return len(p), nil }

// listen shakes hands with a recorded peer, which then sends bytes, and returns the messages that
// arrived (frames by |), the commands, and the error that ended it.
func listen(lim limits, in io.Reader) (messages, commands []string, err error) {
	l, err := open(recorded{in: in}, zmq4.Router, lim)
	if err != nil {
		return nil, nil, err
	}
	l.command = func(name string, body []byte) error {
		commands = append(commands, name+" "+string(body))
		return nil
	}
	for {
		msg, err := l.zmq.RecvMsg()
		if err != nil {
			return messages, commands, err
		}
		messages = append(messages, strings.Join(textOf(msg.Frames), "|"))
	}
}

func opening() []byte { return append(greeting(), ready("DEALER", "")...) }

// header is the header of a long frame without its body.
func header(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | flagLong}, size)
}

func TestFrames(t *testing.T) {
	lim := limits{frame: 1000, message: 1500, frames: 3}
	big := strings.Repeat("b", 1000)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for _, test := range []struct {
		name     string
		bytes    []byte
		messages string // by comma
		commands string
		err      string // "" for the end of the stream
	}{
		{"messages", join(message("a"), message("", "b", ""), message("c")), "a,|b|,c", "", ""},
		{"a frame as large as allowed", message(big), big, "", ""},
		{"several messages count apart", join(message(big), message(big), message("a", "b", "c"), message("a", "b", "c")), big + "," + big + ",a|b|c,a|b|c", "", ""},
		{"a frame too large", join(message("a"), header(0, 1001)), "a", "", "a frame of 1001 bytes, at most 1000"},
		{"2^62", header(0, 1<<62), "", "", "a frame of 4611686018427387904 bytes"},
		{"2^63", header(0, 1<<63), "", "", "a frame of 9223372036854775808 bytes"},
		{"2^64-1", header(0, 1<<64-1), "", "", "a frame of 18446744073709551615 bytes"},
		{"a message too large", join(frame(flagMore, []byte(big)), header(0, 501)), "", "", "a message of more than 1500 bytes"},
		{"too many frames", message("a", "b", "c", "d"), "", "", "a message of more than 3 frames"},
		{"frames without end", bytes.Repeat([]byte{flagMore, 0}, 100), "", "", "a message of more than 3 frames"},
		{"unknown flags", []byte{0x88, 1, 'x'}, "", "", "frame flags 0x88 are not ZMTP"},
		{"commands", join(command("PING", "\x00\x01ctx"), message("a"), command("X", "")), "a", "PING \x00\x01ctx,X ", ""},
		{"a command within a message", join(frame(flagMore, []byte("a")), command("PING", "x"), frame(0, []byte("b"))), "a|b", "PING x", ""},
		{"commands do not count", join(frame(flagMore, []byte("a")), bytes.Repeat(command("X", ""), 9), frame(0, []byte("b"))), "a|b", strings.Repeat("X ,", 8) + "X ", ""},
		{"a command of several frames", frame(flagCommand|flagMore, []byte("\x01X")), "", "", "a command of several frames"},
		{"a command without a name", []byte{flagCommand, 0}, "", "", "a command without a name"},
		{"a command cut in its name", []byte{flagCommand, 1, 9}, "", "", "a command without a name"},
		{"a command too large", header(flagCommand, 5000), "", "", "a command of 5000 bytes, at most 4096"},
		{"cut in a header", []byte{0}, "", "", ""},
		{"cut in a long header", header(0, 300)[:5], "", "", ""},
		{"cut in a frame", frame(0, []byte("abc"))[:4], "", "", ""},
		{"cut between frames", frame(flagMore, []byte("abc")), "", "", ""},
	} {
		for way, reader := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader,
		} {
			messages, commands, err := listen(lim, reader(bytes.NewReader(append(opening(), test.bytes...))))
			if got := strings.Join(messages, ","); got != test.messages {
				t.Errorf("%s, %s: messages %q", test.name, way, got)
			}
			if got := strings.Join(commands, ","); got != test.commands {
				t.Errorf("%s, %s: commands %q", test.name, way, got)
			}
			if err == nil || test.err == "" && strings.Contains(err.Error(), "wire:") || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s, %s: error %v, want %q", test.name, way, err, test.err)
			}
		}
	}
}

// A frame that is announced and not sent costs next to nothing.
func TestAnnouncedFrameCostsNothing(t *testing.T) {
	in := append(append(opening(), header(0, 256<<20)...), make([]byte, 1000)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	messages, _, err := listen(limits{frame: 256 << 20, message: 512 << 20, frames: 1024}, bytes.NewReader(in))
	runtime.ReadMemStats(&after)
	if len(messages) != 0 || err == nil {
		t.Errorf("messages %d, %v", len(messages), err)
	}
	if cost := after.TotalAlloc - before.TotalAlloc; cost > 8<<20 {
		t.Errorf("256 MB announced, 1 KB sent: %d MB allocated", cost>>20)
	}
}

// Large frames, which are collected, arrive whole beside small ones.
func TestLargeFrames(t *testing.T) {
	var sizes = []int{trustedFrame - 1, trustedFrame, trustedFrame + 1, 3*trustedFrame + 7}
	var in []byte
	var want []string
	for i, n := range sizes {
		body := strings.Repeat(string(rune('a'+i)), n)
		in = append(in, message("x", body, "")...)
		want = append(want, "x|"+body+"|")
	}
	messages, _, _ := listen(limits{frame: 8 << 20, message: 16 << 20, frames: 9}, bytes.NewReader(append(opening(), in...)))
	if len(messages) != len(want) {
		t.Fatalf("%d messages", len(messages))
	}
	for i := range want {
		if messages[i] != want[i] {
			t.Errorf("message %d of %d bytes: got %d bytes", i, len(want[i]), len(messages[i]))
		}
	}
}

// PONG repeats the context of its PING and never splits a message, whoever asks in the
// middle of whatever is being sent.
func TestPing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		r := newRouter(l, 0, nil, func([][]byte) {})
		c := shake(t, l.dial(), "DEALER", "me")
		synctest.Wait()
		const n = 500
		go func() {
			for range n {
				c.raw(command("PING", "\x00\x0acontext"))
			}
		}()
		go func() {
			for range n {
				r.Send(bytesOf("me", "one", "two", strings.Repeat("three", 100)))
			}
		}()
		for pongs, messages := 0, 0; pongs < n || messages < n; {
			name, body, frames, err := c.next()
			switch {
			case err != nil:
				t.Fatal(err)
			case name == "PONG" && body == "context":
				pongs++
			case name == "" && len(frames) == 3 && frames[0] == "one":
				messages++
			default:
				t.Fatalf("%s %q %q", name, body, frames)
			}
		}
		r.Close()
	})
}

func FuzzFrames(f *testing.F) {
	f.Add(opening())
	f.Add(append(opening(), message("a", "", "b")...))
	f.Add(append(opening(), command("PING", "\x00\x01c")...))
	f.Add(append(opening(), header(flagMore, 1<<40)...))
	f.Add(append(greeting(), command("READY", "\x0bSocket-Type\x00\x00\x01\x00X")...))
	f.Add(append(append(opening(), frame(flagMore, []byte("a"))...), append(command("X", ""), frame(0, bytes.Repeat([]byte("b"), 300))...)...))
	f.Fuzz(func(t *testing.T, in []byte) {
		lim := limits{frame: 1000, message: 2000, frames: 5}
		at := bytes.NewReader(in)
		messages, commands, err := listen(lim, at)
		if err == nil {
			t.Fatal("the stream never ends")
		}
		again, commandsAgain, _ := listen(lim, iotest.HalfReader(bytes.NewReader(in)))
		if strings.Join(messages, ",") != strings.Join(again, ",") || strings.Join(commands, ",") != strings.Join(commandsAgain, ",") {
			t.Errorf("read in other pieces: %q %q, not %q %q", again, commandsAgain, messages, commands)
		}
		size := 0
		for _, m := range messages {
			size += len(m)
			if len(m) > int(lim.message)+lim.frames {
				t.Errorf("a message of %d bytes", len(m))
			}
		}
		if size > len(in) {
			t.Errorf("%d bytes of messages from %d bytes", size, len(in))
		}
	})
}

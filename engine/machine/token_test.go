package machine_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"strings"
	"testing"

	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/trace"
)

// repack is a token with what change makes of its bytes.
func repack(t *testing.T, token string, change func([]byte) []byte) string {
	t.Helper()
	packed, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(token, "s2."))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(change(b)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return "s2." + base64.RawURLEncoding.EncodeToString(out.Bytes())
}

// A token in which something was changed is an error, or replays a run that comes to an
// end, perhaps astray, and begins at 0. It never takes the machine down.
func TestBrokenTokens(t *testing.T) {
	free := machine.Cost{Call: -1, Switch: -1, Wake: -1, Spawn: -1, Jitter: -1}
	for _, name := range []string{"mlfq(q=50us)", "random", "free-threaded"} {
		p, err := policy.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		r := newRig(t, machine.Config{}, busy)
		run := func(c machine.Config) (*trace.Trace, machine.End) {
			c.Cost = free
			cell := &machine.Cell{Name: "cell[1]"}
			r.m.Configure(c)
			tr := trace.New(0)
			r.m.Record(tr)
			polls := 0
			end := r.m.Until(r.m.Spawn(nil, cell, r.fn("main"), nil), func() bool { polls++; return polls > 20 })
			r.m.EndTrace()
			r.m.StopCell(cell)
			r.m.Record(nil)
			return tr, end
		}
		tr, end := run(machine.Config{Cores: 2, Policy: policy.Record(p)})
		if end != machine.MainDone {
			t.Fatalf("%s: end %d", name, end)
		}
		token := strings.Split(tr.Head.Token, "~")[0]
		size := 0
		repack(t, token, func(b []byte) []byte { size = len(b); return b })
		for at := 0; at < size; at += max(1, size/15) {
			for _, change := range []func(b []byte) []byte{
				func(b []byte) []byte { return b[:at] },
				func(b []byte) []byte { b[at] ^= 1; return b },
				func(b []byte) []byte { b[at] = 0x80; return b },
				func(b []byte) []byte {
					return append(append(b[:at:at], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), b[at+1:]...)
				},
				func(b []byte) []byte {
					return append(append(b[:at:at], 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), b[at+1:]...)
				},
			} {
				c, err := machine.ParseToken(machine.Config{}, repack(t, token, change))
				if err != nil {
					continue
				}
				tr, _ := run(c)
				for _, e := range tr.Events() {
					if e.Time < 0 {
						t.Fatalf("%s: changed at %d of %d: %s of task %d at %d", name, at, size, e.Kind, e.Task, e.Time)
					}
				}
			}
		}
	}
}

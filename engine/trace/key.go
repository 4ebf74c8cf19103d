package trace

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Key names a trace by what it holds: two with the same key are the same run, wherever
// they were written. What Describe added has no part in it.
func (t *Trace) Key() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %q %d\n", Version, []any{t.Head, t.Tasks, t.Objects, t.Places, t.Reasons}, t.Dropped)
	var b []byte
	for _, e := range t.added() {
		b = binary.LittleEndian.AppendUint64(b, uint64(e.Time))
		for _, n := range [...]uint32{e.Task, e.Cause, e.Object, e.Place, uint32(e.Arg), uint32(uint16(e.Core)) | uint32(e.Kind)<<16 | uint32(e.Reason)<<24} {
			b = binary.LittleEndian.AppendUint32(b, n)
		}
		if len(b) >= 1<<16 {
			h.Write(b)
			b = b[:0]
		}
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)[:12])
}

package host

import "context"

// common lists the packages that cells use most, imports first.
var common = []string{
	"errors", "unicode/utf8", "unicode", "sync/atomic", "sync", "slices", "internal/strconv", "strconv", "reflect", "time", "io", "io/fs", "os",
	"fmt", "context", "strings", "sort", "bytes", "bufio", "maps", "math/rand",
}

// Warm loads one more of the packages that cells use most, and reports whether
// there are others. It is called while no cell is checked or run, and changes
// nothing that a cell could notice but the time until its answer.
func (h *Host) Warm() (more bool) {
	for _, path := range common {
		if h.load.loaded(path) != nil {
			continue
		}
		if _, err := h.load.Import(path); err != nil {
			return false // a cell that wants it will be told
		}
		h.enter()
		defer h.leave()
		return h.inits(context.Background()) == nil
	}
	return false
}

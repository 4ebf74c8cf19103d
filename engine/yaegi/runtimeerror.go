package yaegi

import (
	"fmt"
	"runtime"
	"strings"
)

// The runtime's own error values, got by doing what they complain of: programs
// may look at their types.

func caughtFrom(f func()) (err runtime.Error) {
	defer func() { err, _ = recover().(runtime.Error) }()
	f()
	return nil
}

var nilDereference = caughtFrom(func() {
	var p *int
	*p++
})

var nilMap = caughtFrom(func() {
	var m map[int]int
	//lint:ignore SA5000 its panic is what is asked for
	m[0] = 0
})

// indexError is the error of s[i] where len(s) is n.
func indexError(i, n int) runtime.Error {
	return caughtFrom(func() { _ = make([]struct{}, n)[i] })
}

// boundsError is the error of a slice expression; see Evaluator.bounds.
func boundsError(lo, hi, max, n, c, mask int) runtime.Error {
	if c < 0 && mask&4 != 0 { // of an array
		if max > n {
			return runtimeError(fmt.Sprintf("slice bounds out of range [::%d] with length %d", max, n))
		}
		c = n
	}
	return caughtFrom(func() {
		switch {
		case c < 0:
			_ = strings.Repeat(" ", n)[lo:hi]
		case mask&4 != 0:
			_ = make([]struct{}, n, c)[lo:hi:max]
		default:
			_ = make([]struct{}, n, c)[lo:hi]
		}
	})
}

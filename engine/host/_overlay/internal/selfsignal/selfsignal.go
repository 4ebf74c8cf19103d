// Package selfsignal carries signals that a program sends to itself from package
// os to package os/signal.
package selfsignal

// Handler is os/signal's: it says whether the program takes notice of a signal.
var Handler func(sig int) bool

// Raise sends a signal; false: it ends the program.
func Raise(sig int) bool { return Handler != nil && Handler(sig) || !deadly(sig) }

// deadly tells what Go's runtime does with a signal that nobody takes: most are
// ignored.
func deadly(sig int) bool {
	switch sig {
	case 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 15, 16, 19, 31: // HUP … SEGV, TERM, STKFLT, STOP, SYS
		return true
	}
	return false
}

// Package selfsignal carries signals that a program sends to itself from package
// os to package os/signal.
package selfsignal

// Handler is os/signal's: it says whether the program takes notice of a signal.
var Handler func(sig int) bool

// Raise sends a signal; false: nobody takes notice.
func Raise(sig int) bool { return Handler != nil && Handler(sig) }

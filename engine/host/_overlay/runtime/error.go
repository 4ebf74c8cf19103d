package runtime

// Error identifies a run-time error: what a panic of the language itself carries.
type Error interface {
	error
	RuntimeError()
}

type runtimeError struct{ msg string }

func (e runtimeError) RuntimeError() {}
func (e runtimeError) Error() string { return "runtime error: " + e.msg }

type plainError struct{ msg string }

func (e plainError) RuntimeError() {}
func (e plainError) Error() string { return e.msg }

// A TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct{ msg string }

func (*TypeAssertionError) RuntimeError()   {}
func (e *TypeAssertionError) Error() string { return e.msg }

// A PanicNilError happens when code calls panic(nil).
type PanicNilError struct{ _ [0]func() }

func (*PanicNilError) RuntimeError() {}
func (*PanicNilError) Error() string {
	return "panic called with nil argument (use GODEBUG=panicnil=1 to disable)"
}

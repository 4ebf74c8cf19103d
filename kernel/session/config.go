package session

import (
	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/library/source"
)

// Config says what a session is made of.
type Config struct {
	Evaluators []Evaluator // those that %evaluator offers; the default is the first that can be opened
	Evaluator  string      // the name of the one to begin with; empty: the default
	Source     string      // the archive of the library's source; empty or missing: that of a Go installation, if there is one
	// Interpreter is the command that runs an Interpretation, as JSON on its standard
	// input; for %%real where there is no Go toolchain. Empty: there is none.
	Interpreter []string
}

// Evaluator is one way to run cells.
type Evaluator struct {
	Name  string
	About string // one line, for %evaluator
	Mend  string // what to do where it cannot be opened; may be empty
	// Open starts the evaluator, together with the check of its cells: the packages
	// that cells can import are the evaluator's. archive is the library's source.
	Open func(archive func() *source.Archive) (*check.Session, engine.Evaluator, error)
}

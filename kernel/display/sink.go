package display

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Output is one output on its way to a front end.
type Output struct {
	Data   Bundle // always with text/plain
	ID     string // by which it can be changed later; may be empty
	Update bool   // it replaces what the outputs of that ID show
}

// Sink is where the output of one cell goes. It is safe for concurrent use.
type Sink interface {
	Display(Output)
	// Clear removes what the cell shows; with wait, when its next output comes.
	Clear(wait bool)
	// Prompt asks the learner for a line. The error is io.EOF where there is
	// nobody to ask.
	Prompt(text string, password bool) (line string, err error)
}

// console is the Sink of a compiled program.
type console struct{}

func (console) Display(out Output) { fmt.Println(out.Data["text/plain"]) }

func (console) Clear(bool) {}

func (console) Prompt(text string, password bool) (string, error) {
	fmt.Print(text)
	if stdin := int(os.Stdin.Fd()); password && term.IsTerminal(stdin) {
		line, err := term.ReadPassword(stdin)
		fmt.Println()
		return string(line), err
	}
	return readLine(os.Stdin)
}

// readLine reads up to the end of the line and not beyond it.
func readLine(r io.Reader) (string, error) {
	var line strings.Builder
	var c [1]byte
	for {
		switch _, err := io.ReadFull(r, c[:]); {
		case err == io.EOF && line.Len() > 0, err == nil && c[0] == '\n':
			return strings.TrimSuffix(line.String(), "\r"), nil
		case err != nil:
			return "", err
		}
		line.WriteByte(c[0])
	}
}

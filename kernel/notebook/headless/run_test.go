package headless

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"interleave/kernel/notebook"
	"interleave/kernel/protocol"
)

// script is a kernel whose cells are lists of commands, one a line:
//
//	out TEXT, err TEXT, show ID TEXT, update ID TEXT, result TEXT,
//	clear, clearwait, late CELL TEXT, fail TEXT, die, hang
type script struct{ ran []string }

func (s *script) Execute(ctx context.Context, req protocol.Execute, out protocol.Output) (protocol.Done, error) {
	s.ran = append(s.ran, fmt.Sprintf("%d", req.Count))
	done := protocol.Done{ID: req.ID}
	for line := range strings.Lines(req.Code) {
		command, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		id, text, _ := strings.Cut(rest, " ")
		switch command {
		case "out":
			out.Stream(protocol.Stream{Cell: req.ID, Name: "stdout", Text: rest + "\n"})
		case "err":
			out.Stream(protocol.Stream{Cell: req.ID, Name: "stderr", Text: rest + "\n"})
		case "late":
			out.Stream(protocol.Stream{Cell: id, Name: "stdout", Text: text + "\n"})
		case "show":
			out.Display(protocol.Display{Cell: req.ID, Kind: "display_data", DisplayID: id, Data: map[string]any{"text/plain": text}})
		case "update":
			out.Display(protocol.Display{Cell: req.ID, Kind: "update_display_data", DisplayID: id, Data: map[string]any{"text/plain": text}})
		case "result":
			out.Display(protocol.Display{Cell: req.ID, Kind: "execute_result", Data: map[string]any{"text/plain": rest}})
		case "clear":
			out.Clear(protocol.Clear{Cell: req.ID})
		case "clearwait":
			out.Clear(protocol.Clear{Cell: req.ID, Wait: true})
		case "die":
			return protocol.Done{}, died{}
		case "fail":
			done.Error = &protocol.Error{Name: "panic", Value: rest, Traceback: []string{"panic: " + rest}}
			return done, nil
		case "hang":
			<-ctx.Done()
			done.Error = &protocol.Error{Name: "interrupted", Value: "", Traceback: []string{"interrupted"}}
			return done, nil
		}
	}
	return done, nil
}

type died struct{}

func (died) Error() string          { return "worker: died" }
func (died) Report() protocol.Error { return protocol.Error{Name: "worker ended", Value: "x is lost"} }

// show writes outputs as the commands that made them.
func show(outputs []notebook.Output) string {
	var b strings.Builder
	for _, o := range outputs {
		switch o.Kind() {
		case notebook.Stream:
			name, text := o.Stream()
			fmt.Fprintf(&b, "%s:%s|", name, strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "+"))
		case notebook.ErrorOutput:
			name, value, _ := o.Error()
			fmt.Fprintf(&b, "error:%s %s|", name, value)
		default:
			fmt.Fprintf(&b, "%s:%v|", o.Kind(), o.Data()["text/plain"])
		}
	}
	return b.String()
}

func TestRun(t *testing.T) {
	type cell struct{ source, tag, want string }
	for _, test := range []struct {
		name  string
		opts  Options
		cells []cell
		fails int // position of the cell that ends the run; 0: none
		ran   int
	}{
		{name: "streams are joined while the name is the same", ran: 1, cells: []cell{
			{"out a\nout b\nerr c\nout d", "", "stdout:a+b|stderr:c|stdout:d|"}}},
		{name: "displays, results and updates across cells", ran: 2, cells: []cell{
			{"show p 10%\nresult 7", "", "display_data:done|execute_result:7|"},
			{"update p done\nshow q x", "", "display_data:x|"}}},
		{name: "clear at once and clear with the next output", ran: 2, cells: []cell{
			{"out a\nclear\nout b", "", "stdout:b|"},
			{"out a\nclearwait\nout b\nout c", "", "stdout:b+c|"}}},
		{name: "late output goes to its own cell", ran: 2, cells: []cell{
			{"out a", "", "stdout:a+b|"},
			{"late cell-1 b\nout c", "", "stdout:c|"}}},
		{name: "a failure ends the run", ran: 2, fails: 2, cells: []cell{
			{"out a", "", "stdout:a|"}, {"out b\nfail boom", "", "stdout:b|error:panic boom|"}, {"out c", "", ""}}},
		{name: "a tagged cell may fail", ran: 2, cells: []cell{
			{"fail boom", "raises-exception", "error:panic boom|"}, {"out c", "", "stdout:c|"}}},
		{name: "a worker that died says so", ran: 1, fails: 1, cells: []cell{
			{"out a\ndie", "", "stdout:a|error:worker ended x is lost|"}}},
		{name: "all cells may fail", ran: 2, opts: Options{AllowErrors: true}, cells: []cell{
			{"fail boom", "", "error:panic boom|"}, {"out c", "", "stdout:c|"}}},
		{name: "blank and skipped cells do not run", ran: 1, cells: []cell{
			{" \n", "", ""}, {"fail", "skip-execution", ""}, {"out c", "", "stdout:c|"}}},
		{name: "a cell that takes too long is stopped", ran: 1, fails: 1, opts: Options{Timeout: time.Millisecond}, cells: []cell{
			{"out a\nhang", "", "stdout:a|error:timeout the cell was stopped after 1ms|"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			nb := notebook.New()
			for i, c := range test.cells {
				made := notebook.NewCell(notebook.Code, fmt.Sprint("c", i), c.source)
				if c.tag != "" {
					made.Metadata()["tags"] = []any{c.tag}
				}
				nb.Cells = append(nb.Cells, made)
			}
			nb.Cells = append(nb.Cells, notebook.NewCell(notebook.Markdown, "m", "text"))
			kernel := &script{}
			steps := 0
			test.opts.Progress = func(Step) { steps++ }
			err := Run(t.Context(), nb, kernel, test.opts)
			var failure *Failure
			if errors.As(err, &failure) {
				if failure.Cell != test.fails {
					t.Errorf("cell %d failed, want %d", failure.Cell, test.fails)
				}
			} else if err != nil || test.fails != 0 {
				t.Errorf("error %v, want a failure of cell %d", err, test.fails)
			}
			if len(kernel.ran) != test.ran || steps != 2*test.ran {
				t.Errorf("ran %d cells in %d steps, want %d and %d", len(kernel.ran), steps, test.ran, 2*test.ran)
			}
			for i, c := range test.cells {
				if got := show(nb.Cells[i].Outputs()); got != c.want {
					t.Errorf("cell %d shows %s, want %s", i+1, got, c.want)
				}
			}
		})
	}
}

func TestRunRefusesOtherLanguages(t *testing.T) {
	nb := notebook.New()
	nb.Metadata()["language_info"] = map[string]any{"name": "python"}
	err := Run(t.Context(), nb, &script{}, Options{})
	if err == nil || !strings.Contains(err.Error(), "python") {
		t.Errorf("error %v does not name the language", err)
	}
}

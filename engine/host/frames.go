package host

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/layout"
	"interleave/engine/machine"
)

// mostLines bounds the frames of one goroutine in a text, from either end, and
// mostFrames those of a panic.
const (
	mostLines  = 50
	mostFrames = 1000
)

// frames keeps those of the learner's own code.
func (h *Host) frames(stack []machine.Position) []engine.Frame {
	var list []engine.Frame
	for _, s := range stack {
		if len(list) == mostFrames {
			break
		}
		if s.Func.Hidden || int(s.PC)/machine.InsSize >= len(s.Func.Lines) {
			continue
		}
		at := s.Func.Lines[int(s.PC)/machine.InsSize]
		if start, ok := h.places[at]; ok {
			at = start
		}
		pos := h.load.fset.Position(at)
		if !strings.HasSuffix(pos.Filename, ".go") { // the library's files end so, cells have other names
			list = append(list, engine.Frame{Function: frameName(s.Func), Position: pos.String()})
		}
	}
	return list
}

// notePlaces notes where the expressions of a cell begin whose instructions stand
// at an operator or bracket in the middle of them, on the same line.
func (h *Host) notePlaces(p *check.Program) {
	note := func(n ast.Node) bool {
		h.names.note(n, p.Info)
		var at token.Pos
		switch n := n.(type) {
		case *ast.CallExpr:
			at = n.Lparen
		case *ast.IndexExpr:
			at = n.Lbrack
		case *ast.SliceExpr:
			at = n.Lbrack
		case *ast.TypeAssertExpr:
			at = n.Lparen
		case *ast.BinaryExpr:
			at = n.OpPos
		case *ast.SelectorExpr:
			at = n.Sel.Pos()
		case *ast.SendStmt:
			at = n.Arrow
		case *ast.AssignStmt:
			at = n.TokPos
		case *ast.IncDecStmt:
			at = n.TokPos
		}
		if at.IsValid() && n.Pos().IsValid() && at != n.Pos() {
			if f := h.load.fset.File(at); f != nil && f.Line(at) == f.Line(n.Pos()) {
				h.places[at] = n.Pos()
			}
		}
		return true
	}
	for _, d := range p.Decls {
		ast.Inspect(d.Node, note)
	}
	for _, it := range p.Body {
		switch {
		case it.Stmt != nil:
			ast.Inspect(it.Stmt, note)
		case it.Result != nil:
			ast.Inspect(it.Result, note)
		}
	}
}

// frameName is a function's name as Go's traces write it.
func frameName(f *machine.Func) string {
	fn, ok := f.Source.(*ssa.Function)
	if !ok {
		return f.Name
	}
	if parent := fn.Parent(); parent != nil {
		kind := ".func"
		if fn.Synthetic == "range-over-func yield" {
			kind = "-range"
		}
		n := 0
		for _, a := range parent.AnonFuncs {
			if a.Synthetic == fn.Synthetic {
				n++
			}
			if a == fn {
				break
			}
		}
		return fmt.Sprintf("%s%s%d", frameName(&machine.Func{Source: parent}), kind, n)
	}
	if fn.Name() == bodyName {
		return "cell"
	}
	name := fn.Name()
	if o := fn.Origin(); o != nil && o != fn {
		name = o.Name() + "[...]"
	}
	pkg := ""
	if fn.Package() != nil {
		pkg = fn.Package().Pkg.Path() + "."
	} else if o := fn.Object(); o != nil && o.Pkg() != nil {
		pkg = o.Pkg().Path() + "."
	}
	if recv := fn.Signature.Recv(); recv != nil {
		t := recv.Type().String()
		star := strings.HasPrefix(t, "*")
		t = strings.TrimPrefix(t, "*")
		if i := strings.Index(t, "["); i >= 0 {
			t = t[:i] + "[...]"
		}
		t = t[strings.LastIndexByte(t, '.')+1:]
		if strings.HasSuffix(recv.Type().String(), "]") {
			base, _, _ := strings.Cut(strings.TrimPrefix(recv.Type().String(), "*"), "[")
			t = base[strings.LastIndexByte(base, '.')+1:] + "[...]"
		}
		if star {
			t = "(*" + t + ")"
		}
		return pkg + t + "." + strings.TrimSuffix(name, "[...]")
	}
	return pkg + name
}

// trace writes a goroutine as Go's dumps do.
func (h *Host) trace(number int, state string, stack []machine.Position) string {
	var b strings.Builder
	fmt.Fprintf(&b, "goroutine %d [%s]:", number, state)
	write := func(f engine.Frame) {
		name := f.Function
		if name != "cell" {
			name += "(...)"
		}
		fmt.Fprintf(&b, "\n%s\n\t%s", name, f.Position)
	}
	first, last := stack, stack[:0]
	if len(stack) > 2*mostLines {
		first, last = stack[:mostLines], stack[len(stack)-mostLines:]
	}
	for _, f := range h.frames(first) {
		write(f)
	}
	if len(last) > 0 {
		fmt.Fprintf(&b, "\n...%d frames elided...", len(stack)-2*mostLines)
	}
	for _, f := range h.frames(last) {
		write(f)
	}
	return b.String()
}

// dump is the trace of a task that stands so.
func (h *Host) dump(t *machine.Task, state string, stack []machine.Position) string {
	text := h.trace(int(t.Number), state, stack)
	for _, f := range h.created(t, stack) {
		text += "\n" + f.Line() + "\n\t" + f.Position
	}
	return text
}

// created is the go statement that started a task, for one that runs nothing of the
// learner's own, as after "go mu.Lock()": no other line shows where that came from.
func (h *Host) created(t *machine.Task, stack []machine.Position) []engine.Frame {
	if t.Made.Func == nil || len(h.frames(stack)) > 0 {
		return nil
	}
	list := h.frames([]machine.Position{{Func: t.Made.Func, PC: t.Made.PC}})
	for i := range list {
		list[i].Function, list[i].Created = fmt.Sprintf("created by %s in goroutine %d", list[i].Function, t.Made.Number), true
	}
	return list
}

// mostWaiters bounds the goroutines that the report of a deadlock shows.
const mostWaiters = 100

// waiters describes the blocked tasks of a cell, then those of others.
func (h *Host) waiters(cell *machine.Cell) string {
	var own, others []string
	live := map[uint32]bool{}
	for _, t := range h.machine.Tasks() {
		live[uint32(t.ID)] = true
	}
	for _, t := range h.machine.Tasks() {
		w := t.Waiting()
		switch {
		case w == nil:
		case t.Cell == cell:
			text := h.dump(t, h.machine.Reason(t), t.Stack())
			if id := owner(w); id != 0 && !live[id] && h.ended[id] != "" {
				text += "\n\tits lock is held by " + h.ended[id]
			}
			own = append(own, text)
		default:
			others = append(others, h.dump(t, h.machine.Reason(t)+", of "+t.Cell.Name, t.Stack()))
		}
	}
	all := append(own, others...)
	if n := len(all); n > mostWaiters {
		all = append(all[:mostWaiters], fmt.Sprintf("... and %d more goroutines", n-mostWaiters))
	}
	return strings.Join(all, "\n\n")
}

// owner is the ID of the task that has the lock which another waits for; 0: none.
func owner(w *machine.Wait) uint32 {
	switch w.Why {
	case "sync.Mutex.Lock":
		return (*machine.Mutex)(w.Object).Owner
	case "sync.RWMutex.Lock", "sync.RWMutex.RLock":
		return (*machine.RWMutex)(w.Object).Writer.Owner
	}
	return 0
}

// panicChain writes the panics under way when a task died: the one that nobody
// recovered last, before it those during which it was raised. What was panicked with
// again is written once. An error is what ends the program instead: a method that
// panicked itself.
func (h *Host) panicChain(d *death) (string, error) {
	var b strings.Builder
	all := d.task.Panics()
	for i, p := range all {
		if p.Goexit || i > 0 && same(all[i-1], p) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\tpanic: ")
		}
		text, err := h.panicText(p)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
		switch {
		case p.Recovered && i+1 < len(all) && same(p, all[i+1]):
			b.WriteString(" [recovered, repanicked]")
		case p.Recovered:
			b.WriteString(" [recovered]")
		}
	}
	return b.String(), nil
}

// same tells whether two panics have the same value as the runtime sees it: not
// only an equal one, but for constants, its own texts and small numbers.
func same(a, b *machine.Panicking) bool {
	if a.Value.P != b.Value.P || a.Value.P == nil {
		return false
	}
	t := (*layout.Type)(a.Value.P)
	if t.Class == layout.Int {
		n := machine.Unbox(t, a.Value.Q).N
		if (n < 256 || t.Size == 1) && n == machine.Unbox(t, b.Value.Q).N {
			return true
		}
	}
	return a.Value.Q == b.Value.Q
}

package host

import (
	"cmp"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// duplicate makes a copy of everything that can be reached from some values, as a new
// process has it: what points to the same thing in the original points to the same thing
// in the copy, parts of things included. What the operating system keeps for processes,
// pointers to types of package process, is not copied.
//
//	values ──reach──▶ pieces of memory ──settle──▶ blocks ──copy, redirect──▶ values
type duplicate struct {
	h      *Host
	pieces []piece
	seen   map[piece]bool
	maps   map[*machine.Map]*machine.Map
	funcs  map[*machine.Closure]*machine.Closure
	todo   []func()
	blocks []block // ascending, without overlap
	bytes  int     // that are copied
	bad    string  // what cannot be copied, in words; empty: nothing
}

// piece is memory for n values of t in a row.
type piece struct {
	p unsafe.Pointer
	t *layout.Type
	n int
}

func (p piece) end() uintptr { return uintptr(p.p) + p.t.Size*uintptr(p.n) }

// block is a piece that no other overlaps, and its copy.
type block struct {
	piece
	to unsafe.Pointer
}

func (h *Host) newDuplicate() *duplicate {
	return &duplicate{h: h, seen: map[piece]bool{}, maps: map[*machine.Map]*machine.Map{}, funcs: map[*machine.Closure]*machine.Closure{}}
}

// value copies one value of t.
func (d *duplicate) value(t *layout.Type, v machine.Val) machine.Val {
	d.reachVal(t, v)
	for len(d.todo) > 0 && d.bad == "" {
		next := d.todo[len(d.todo)-1]
		d.todo = d.todo[:len(d.todo)-1]
		next()
	}
	if d.bad == "" {
		d.settle()
	}
	if d.bad != "" {
		return v
	}
	for i := range d.blocks {
		b := &d.blocks[i]
		b.t.CopyArray(b.to, b.p, b.n)
		d.bytes += int(b.t.Size) * b.n
	}
	return d.finish(t, v)
}

// refuse says what cannot be copied.
func (d *duplicate) refuse(format string, args ...any) {
	if d.bad == "" {
		d.bad = fmt.Sprintf(format, args...)
	}
}

// ofKernel tells whether what a pointer to t leads to is shared by all processes.
func ofKernel(t *layout.Type) bool {
	n, ok := types.Unalias(t.Go).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == ProcessPath
}

// known refuses what only the host understands, and what is no memory of one process.
func (d *duplicate) known(t *layout.Type) bool {
	n, ok := types.Unalias(t.Go).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return true
	}
	path := n.Obj().Pkg().Path()
	if path == "sync" && (n.Obj().Name() == "Cond" || n.Obj().Name() == "Pool" || n.Obj().Name() == "Map") {
		d.refuse("a %s cannot be copied into another process", t)
		return false
	}
	if d.h.load.loaded(path) == nil && d.h.lib.Symbols(path) != nil {
		d.refuse("what is of type %s belongs to the kernel, not to the program, and cannot be copied into another process", t)
		return false
	}
	return true
}

func (d *duplicate) reach(p unsafe.Pointer, t *layout.Type, n int) {
	if p == nil || n == 0 || t.Size == 0 || !d.known(t) {
		return
	}
	k := piece{p, t, n}
	if d.seen[k] {
		return
	}
	d.seen[k] = true
	d.pieces = append(d.pieces, k)
	if len(t.Pointers) > 0 {
		d.todo = append(d.todo, func() {
			for i := range uintptr(n) {
				d.walk(unsafe.Add(p, i*t.Size), t, d.reachAt)
			}
		})
	}
}

// walk calls at for each part of a value in memory that is a pointer of some kind.
func (d *duplicate) walk(p unsafe.Pointer, t *layout.Type, at func(p unsafe.Pointer, t *layout.Type)) {
	if len(t.Pointers) == 0 {
		return
	}
	switch t.Kind {
	case reflect.Struct:
		for _, f := range t.Fields {
			d.walk(unsafe.Add(p, f.Offset), f.Type, at)
		}
	case reflect.Array:
		for i := range uintptr(t.Len) {
			d.walk(unsafe.Add(p, i*t.Elem.Size), t.Elem, at)
		}
	default:
		at(p, t)
	}
}

// reachAt goes on where a pointer in memory leads.
func (d *duplicate) reachAt(p unsafe.Pointer, t *layout.Type) {
	if t.Kind == reflect.String {
		return
	}
	if t.Kind == reflect.Interface {
		if dyn, at := dynamic(p); dyn != nil {
			if d.known(dyn) {
				d.reachDynamic(dyn, at)
			}
		}
		return
	}
	d.reachVal(t, machine.Load(t, p))
}

// reachDynamic goes on with what an interface holds.
func (d *duplicate) reachDynamic(t *layout.Type, at unsafe.Pointer) {
	if t.Class == layout.Pointer {
		d.reachVal(t, machine.Load(t, at))
		return
	}
	d.reach(at, t, 1)
}

// reachVal goes on where a value leads.
func (d *duplicate) reachVal(t *layout.Type, v machine.Val) {
	switch t.Kind {
	case reflect.Pointer:
		if !ofKernel(t.Elem) {
			d.reach(v.P, t.Elem, 1)
		}
	case reflect.Slice:
		d.reach(v.P, t.Elem, int(v.M))
	case reflect.Map:
		d.reachMap((*machine.Map)(v.P))
	case reflect.Chan:
		if v.P != nil {
			d.refuse("a %s cannot go into another process: channels connect goroutines of one process; use process.NewPipe or process.NewQueue", t)
		}
	case reflect.Func:
		d.reachFunc((*machine.Closure)(v.P))
	case reflect.Interface:
		if v.P != nil {
			dyn := (*layout.Type)(v.P)
			if d.known(dyn) {
				data := v.Q
				d.reachDynamic(dyn, machine.Memory(dyn, &data))
			}
		}
	case reflect.Struct, reflect.Array:
		if v.P != nil {
			d.walk(v.P, t, d.reachAt)
		}
	}
}

func (d *duplicate) reachMap(m *machine.Map) {
	if m == nil || d.maps[m] != nil {
		return
	}
	d.maps[m] = d.h.machine.NewMap(m.Key, m.Elem, m.Len())
	for k, v := range m.All() {
		d.bytes += int(m.Key.Size + m.Elem.Size)
		d.reachVal(m.Key, k)
		d.reachVal(m.Elem, v)
	}
}

func (d *duplicate) reachFunc(c *machine.Closure) {
	if c == nil || d.funcs[c] != nil {
		return
	}
	d.funcs[c] = &machine.Closure{Fn: c.Fn, Free: slices.Clone(c.Free)}
	if fn, ok := c.Fn.Source.(*ssa.Function); ok {
		if g := d.h.shared(fn); g != nil {
			d.refuse("the child uses the variable %s, which is declared at the top of a cell (%s) and so would be one and the same for all processes: declare it within a function", g.Name(), d.h.load.fset.Position(g.Pos()))
		}
	}
	first := len(c.Fn.Params) - c.Fn.Free
	for i, v := range c.Free {
		d.reachVal(c.Fn.Params[first+i].T, v)
	}
}

// shared finds a variable of the cells that a function, or one that it names, uses; nil:
// there is none. Methods that are called through an interface are not followed.
func (h *Host) shared(fn *ssa.Function) *ssa.Global {
	seen := map[*ssa.Function]bool{}
	var look func(fn *ssa.Function) *ssa.Global
	look = func(fn *ssa.Function) *ssa.Global {
		if seen[fn] || fn.Pkg != nil && h.load.loaded(fn.Pkg.Pkg.Path()) != nil {
			return nil
		}
		seen[fn] = true
		for _, b := range fn.Blocks {
			for _, ins := range b.Instrs {
				for _, op := range ins.Operands(nil) {
					switch v := (*op).(type) {
					case *ssa.Global:
						if v.Pkg != nil && v.Pkg.Pkg.Path() == cellPath {
							return v
						}
					case *ssa.Function:
						if g := look(v); g != nil {
							return g
						}
					}
				}
			}
		}
		return nil
	}
	return look(fn)
}

// settle joins pieces that overlap, and allocates their copies.
func (d *duplicate) settle() {
	slices.SortFunc(d.pieces, func(a, b piece) int {
		return cmp.Or(cmp.Compare(uintptr(a.p), uintptr(b.p)), cmp.Compare(b.end(), a.end()))
	})
	for i := 0; i < len(d.pieces); {
		k := d.pieces[i] // the widest of those that begin first
		for i++; i < len(d.pieces) && uintptr(d.pieces[i].p) < k.end(); i++ {
			next := d.pieces[i]
			if next.end() <= k.end() {
				continue
			}
			// Slices of one array, of which neither holds the other.
			if next.t != k.t || (uintptr(next.p)-uintptr(k.p))%k.t.Size != 0 {
				d.refuse("memory that overlaps as a %s and a %s cannot be copied into another process", k.t, next.t)
				return
			}
			k.n = int((next.end() - uintptr(k.p)) / k.t.Size)
		}
		b := block{piece: k}
		if k.n == 1 {
			b.to = k.t.New()
		} else {
			b.to = k.t.NewArray(k.n)
		}
		d.blocks = append(d.blocks, b)
	}
}

// to gives the copy of what p points to; p itself where that is not copied.
func (d *duplicate) to(p unsafe.Pointer) unsafe.Pointer {
	i, exact := slices.BinarySearchFunc(d.blocks, uintptr(p), func(b block, p uintptr) int { return cmp.Compare(uintptr(b.p), p) })
	if !exact {
		i--
	}
	if i < 0 || uintptr(p) >= d.blocks[i].end() {
		return p
	}
	return unsafe.Add(d.blocks[i].to, uintptr(p)-uintptr(d.blocks[i].p))
}

// finish lets the copies point to copies, and gives that of v.
func (d *duplicate) finish(t *layout.Type, v machine.Val) machine.Val {
	for _, b := range d.blocks {
		for i := range uintptr(b.n) {
			d.walk(unsafe.Add(b.to, i*b.t.Size), b.t, d.redirect)
		}
	}
	for from, to := range d.maps {
		for k, v := range from.All() {
			to.Put(d.translate(from.Key, k), d.translate(from.Elem, v))
		}
	}
	for _, c := range d.funcs {
		first := len(c.Fn.Params) - c.Fn.Free
		for i, v := range c.Free {
			c.Free[i] = d.translate(c.Fn.Params[first+i].T, v)
		}
	}
	return d.translate(t, v)
}

func (d *duplicate) redirect(p unsafe.Pointer, t *layout.Type) {
	if t.Kind != reflect.String {
		machine.Store(t, p, d.translate(t, machine.Load(t, p)))
	}
}

// translate gives a value that points to copies.
func (d *duplicate) translate(t *layout.Type, v machine.Val) machine.Val {
	switch t.Kind {
	case reflect.Pointer, reflect.Slice:
		v.P = d.to(v.P)
	case reflect.Map:
		if m := d.maps[(*machine.Map)(v.P)]; m != nil {
			v.P = unsafe.Pointer(m)
		}
	case reflect.Func:
		if c := d.funcs[(*machine.Closure)(v.P)]; c != nil {
			v.P = unsafe.Pointer(c)
		}
	case reflect.Interface:
		if v.P == nil {
			break
		}
		if dyn := (*layout.Type)(v.P); dyn.Class == layout.Pointer {
			return machine.Interface(dyn, d.translate(dyn, machine.Unbox(dyn, v.Q)))
		}
		v.Q = d.to(v.Q)
	case reflect.Struct, reflect.Array:
		if v.P != nil {
			to := t.New()
			t.Copy(to, v.P)
			d.walk(to, t, d.redirect)
			v.P = to
		}
	}
	return v
}

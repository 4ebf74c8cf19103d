package host

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
	"unsafe"

	"interleave/engine"
	"interleave/engine/layout"
	"interleave/engine/machine"
)

// printer is what fmt's functions do at once where no interpreted code is
// needed for it: values of basic types, and what consists of them, print
// natively; for all others the interpreted fmt runs.
type printer struct {
	h     *Host
	cell  *machine.Cell // shapes holds for this one: a later cell may add methods to a type
	shape map[shapeKey]reflect.Type

	stdout unsafe.Pointer // the variable os.Stdout
	file   *layout.Type   // *os.File
}

type shapeKey struct {
	t     *layout.Type
	named bool
}

// printing lists the natives of package fmt.
func (h *Host) printing() map[string]machine.Native {
	p := &printer{h: h}
	line := func(b []byte, _ string, args []any) []byte { return fmt.Appendln(b, args...) }
	plain := func(b []byte, _ string, args []any) []byte { return fmt.Append(b, args...) }
	format := func(b []byte, f string, args []any) []byte { return fmt.Appendf(b, f, args...) }
	return map[string]machine.Native{
		"fmt.Println":  p.print("Appendln", false, line),
		"fmt.Print":    p.print("Append", false, plain),
		"fmt.Printf":   p.print("Appendf", true, format),
		"fmt.Sprintln": p.text("Appendln", false, line),
		"fmt.Sprint":   p.text("Append", false, plain),
		"fmt.Sprintf":  p.text("Appendf", true, format),
	}
}

type appending func(b []byte, format string, args []any) []byte

// output runs f natively, or else the function of fmt named by slow, and hands
// what it made to done.
func (p *printer) output(x *machine.Exec, slow string, formatted bool, f appending, done func(*machine.Exec, []byte) machine.Status) machine.Status {
	args, head := x.Arg(0), ""
	if formatted {
		head, args = machine.String(x.Arg(0)), x.Arg(1)
	}
	if list, ok := p.natives(x.T.Cell, args, !formatted); ok && !asksAddress(head) {
		if !x.InOrder() {
			return machine.Again
		}
		x.Spend(200 + 50*int64(args.N))
		return done(x, f(nil, head, list))
	}
	in := []machine.Val{{}, args}
	if formatted {
		in = []machine.Val{{}, machine.StringVal(head), args}
	}
	base := x.Here()
	fn := p.h.compiler.Func(p.h.prog.FuncValue(p.h.load.loaded("fmt").Scope().Lookup(slow).(*types.Func)))
	return x.CallBack(fn, in, func(x *machine.Exec, fn *machine.Func) machine.Status {
		b := slice(x.Get(fn.Results[0]))
		x.At(base)
		return done(x, b)
	})
}

// asksAddress tells whether a format has the verb %p.
func asksAddress(format string) bool {
	for {
		_, rest, ok := strings.Cut(format, "%")
		if !ok {
			return false
		}
		if format = strings.TrimLeft(rest, "+-# 0123456789.*[]"); strings.HasPrefix(format, "p") {
			return true
		}
		format = strings.TrimPrefix(format, "%")
	}
}

// print writes to the cell's standard output.
func (p *printer) print(slow string, formatted bool, f appending) machine.Native {
	return func(x *machine.Exec) machine.Status {
		own := x.Func()
		if file, other := p.redirected(x); other {
			return p.elsewhere(x, own, file, "F"+strings.ToLower(own.Name[len("fmt."):]))
		}
		return p.output(x, slow, formatted, f, func(x *machine.Exec, b []byte) machine.Status { return p.write(x, own, b) })
	}
}

// redirected reports whether os.Stdout is another file than the cell's standard
// output, or is closed.
func (p *printer) redirected(x *machine.Exec) (file unsafe.Pointer, other bool) {
	if p.stdout == nil {
		os := p.h.load.loaded("os")
		p.stdout = p.h.compiler.Global(p.h.load.form(os).Var("Stdout"))
		p.file = p.h.universe.Of(types.NewPointer(os.Scope().Lookup("File").Type()))
	}
	file = *(*unsafe.Pointer)(p.stdout)
	return file, file == nil || *(*int)(file) != 1 || p.h.closed[x.T.Cell]&2 != 0 // the field id is the first
}

// elsewhere calls the function of fmt that prints to a file.
func (p *printer) elsewhere(x *machine.Exec, own *machine.Func, file unsafe.Pointer, name string) machine.Status {
	in := []machine.Val{{P: unsafe.Pointer(p.file), Q: file}}
	for i := range own.Params {
		in = append(in, x.Arg(i))
	}
	base := x.Here()
	return x.CallBack(p.h.function("fmt", name), in, func(x *machine.Exec, fn *machine.Func) machine.Status {
		n, err := x.Get(fn.Results[0]), x.Get(fn.Results[1])
		x.At(base)
		x.Set(own.Results[0], n)
		x.Set(own.Results[1], err)
		return machine.Next
	})
}

// write waits for its turn in time: output is in the order of virtual time. It
// runs where no instruction can be repeated, after a call.
func (p *printer) write(x *machine.Exec, own *machine.Func, b []byte) machine.Status {
	base := x.Here()
	if !x.InOrder() {
		x.Then(func(x *machine.Exec) machine.Status {
			x.At(base)
			return p.write(x, own, b)
		})
		return machine.Again
	}
	n, err := x.T.Cell.Host.(engine.IO).Stdout.Write(b)
	if err != nil {
		n = 0
	}
	x.Set(own.Results[0], number(n))
	x.Set(own.Results[1], machine.Val{})
	return machine.Next
}

// text returns a string.
func (p *printer) text(slow string, formatted bool, f appending) machine.Native {
	return func(x *machine.Exec) machine.Status {
		own := x.Func()
		return p.output(x, slow, formatted, f, func(x *machine.Exec, b []byte) machine.Status {
			x.Set(own.Results[0], machine.StringVal(unsafe.String(unsafe.SliceData(b), len(b))))
			return machine.Next
		})
	}
}

// natives gives the arguments in native form, if that prints the same. named
// says whether a type's name makes no difference.
func (p *printer) natives(cell *machine.Cell, args machine.Val, named bool) ([]any, bool) {
	if p.cell != cell {
		p.cell, p.shape = cell, map[shapeKey]reflect.Type{}
	}
	list := make([]any, args.N)
	for i := range list {
		words := (*[2]unsafe.Pointer)(unsafe.Add(args.P, i*16))
		if words[0] == nil {
			continue
		}
		t := (*layout.Type)(words[0])
		rt := p.native(t, named)
		if rt == nil {
			return nil, false
		}
		list[i] = reflect.NewAt(rt, words[1]).Elem().Interface()
	}
	return list, true
}

// native is the native type that prints as t does; nil: there is none.
func (p *printer) native(t *layout.Type, named bool) reflect.Type {
	key := shapeKey{t, named}
	if rt, ok := p.shape[key]; ok {
		return rt
	}
	p.shape[key] = nil // of a type that contains itself
	rt := p.make(t, named)
	p.shape[key] = rt
	return rt
}

func (p *printer) make(t *layout.Type, named bool) reflect.Type {
	if _, ok := t.Go.(*types.Named); ok && !named {
		return nil
	}
	if types.NewMethodSet(t.Go).Len() > 0 {
		return nil
	}
	switch t.Class {
	case layout.Int, layout.Float, layout.Complex, layout.String:
		return t.Shape
	}
	switch t.Kind {
	case reflect.Slice, reflect.Array:
		e := p.native(t.Elem, named)
		if e == nil {
			return nil
		}
		if t.Kind == reflect.Array {
			return reflect.ArrayOf(t.Len, e)
		}
		return reflect.SliceOf(e)
	}
	return nil
}

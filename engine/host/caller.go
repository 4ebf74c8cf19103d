package host

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/machine"
)

// places are the program counters that a program has seen: numbers in the order
// in which they were asked for.
type places struct {
	h       *Host
	list    []machine.Position
	numbers map[machine.Position]int
}

const firstPlace = 0x401000

func (p *places) number(at machine.Position) uint64 {
	n, ok := p.numbers[at]
	if !ok {
		n = len(p.list)
		p.list = append(p.list, at)
		p.numbers[at] = n
	}
	return firstPlace + uint64(n)
}

func (p *places) at(v machine.Val) (machine.Position, bool) {
	n := v.N - firstPlace
	if n >= uint64(len(p.list)) {
		return machine.Position{}, false
	}
	return p.list[n], true
}

// natives are Caller and its relatives of package runtime, and the program
// counter of a function value for package reflect.
func (p *places) natives() map[string]machine.Native {
	return map[string]machine.Native{
		"runtime.place": func(x *machine.Exec) machine.Status {
			skip := int(x.Arg(0).N)
			for _, s := range x.T.Stack() {
				if s.Func.Hidden {
					continue
				}
				if skip--; skip < 0 {
					return x.Return(machine.Val{N: p.number(s)})
				}
			}
			return x.Return(machine.Val{})
		},
		"runtime.placeFunc": func(x *machine.Exec) machine.Status {
			at, ok := p.at(x.Arg(0))
			if !ok {
				return x.Return(machine.StringVal(""))
			}
			return x.Return(machine.StringVal(funcName(at.Func)))
		},
		"runtime.placeLine": func(x *machine.Exec) machine.Status {
			at, ok := p.at(x.Arg(0))
			if !ok {
				return x.Return(machine.StringVal(""), machine.Val{})
			}
			pos := p.h.load.fset.Position(at.Func.Line(at.PC))
			if !pos.IsValid() {
				pos.Filename = "runtime/panic.go"
			}
			return x.Return(machine.StringVal(pos.Filename), number(pos.Line))
		},
		"reflect.funcPC": func(x *machine.Exec) machine.Status {
			c := (*machine.Closure)(x.Arg(0).P)
			if c == nil {
				return x.Return(machine.Val{})
			}
			return x.Return(machine.Val{N: p.number(machine.Position{Func: c.Fn})})
		},
	}
}

// funcName writes a function's name as the runtime does.
func funcName(f *machine.Func) string {
	fn, ok := f.Source.(*ssa.Function)
	if !ok {
		return f.Name
	}
	return ssaName(fn)
}

func ssaName(fn *ssa.Function) string {
	name := strings.TrimSuffix(strings.TrimSuffix(fn.Name(), "$bound"), "$thunk")
	if name == bodyName {
		return "main.main"
	}
	if p := fn.Parent(); p != nil {
		_, number, _ := strings.Cut(name, "$")
		number = number[strings.LastIndex(number, "$")+1:]
		if p.Parent() != nil {
			return ssaName(p) + "." + number
		}
		return ssaName(p) + ".func" + number
	}
	pkg := ""
	if fn.Pkg != nil {
		pkg = fn.Pkg.Pkg.Path() + "."
	} else if o := fn.Origin(); o != nil && o.Pkg != nil {
		pkg = o.Pkg.Pkg.Path() + "."
	}
	if i := strings.IndexByte(name, '['); i > 0 {
		name = name[:i] + "[...]"
	}
	if recv := fn.Signature.Recv(); recv != nil {
		t := recv.Type()
		ptr, isPtr := t.(*types.Pointer)
		if isPtr {
			t = ptr.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			of := n.Obj().Name()
			if n.TypeArgs().Len() > 0 {
				of += "[...]"
			}
			if isPtr {
				of = "(*" + of + ")"
			}
			return pkg + of + "." + name
		}
	}
	return pkg + name
}

package compile

import (
	"fmt"
	"reflect"
	"strconv"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// print is what print and println write to standard error.
func (g *function) print(line bool, com *ssa.CallCommon, args []machine.Reg) machine.Step {
	typs := make([]*layout.Type, len(args))
	for i, a := range com.Args {
		typs[i] = g.typ(a.Type())
	}
	return func(x *machine.Exec) machine.Status {
		var s []byte
		for i, r := range args {
			if line && i > 0 {
				s = append(s, ' ')
			}
			s = AppendPrint(s, x.M, typs[i], x.Get(r))
		}
		if line {
			s = append(s, '\n')
		}
		x.M.Print(x.T, s)
		return machine.Next
	}
}

// AppendPrint writes a value as print does; addresses are those of m.
func AppendPrint(s []byte, m *machine.Machine, t *layout.Type, v machine.Val) []byte {
	bits := int(t.Size) * 8
	switch t.Class {
	case layout.Int:
		switch {
		case t.Kind == reflect.Bool:
			return strconv.AppendBool(s, v.N != 0)
		case t.Signed():
			return strconv.AppendInt(s, int64(v.N), 10)
		}
		return strconv.AppendUint(s, v.N, 10)
	case layout.Float:
		return strconv.AppendFloat(s, machine.Float(v), 'g', -1, bits)
	case layout.Complex:
		return append(s, strconv.FormatComplex(complex(machine.Float(v), machine.Float(machine.Val{N: v.M})), 'g', -1, bits)...)
	case layout.String:
		return append(s, unsafe.String((*byte)(v.P), int(v.N))...)
	case layout.Interface:
		return fmt.Appendf(s, "(%#x,%#x)", m.Address(v.P), m.Address(v.Q))
	case layout.Slice:
		return fmt.Appendf(s, "[%d/%d]%#x", v.N, v.M, m.Address(v.P))
	}
	return fmt.Appendf(s, "%#x", m.Address(v.P))
}

package host

import (
	"fmt"
	"go/types"
	"unsafe"

	"interleave/engine/compile"
	"interleave/engine/layout"
	"interleave/engine/machine"
)

// value is a result of a cell.
type value struct {
	h *Host
	t *layout.Type
	v machine.Val
}

// Type is the static type.
func (v *value) Type() types.Type { return v.t.Go }

// Dynamic is the type of the value in an interface, else the static type.
func (v *value) Dynamic() types.Type {
	if v.t.Class == layout.Interface && v.v.P != nil {
		return (*layout.Type)(v.v.P).Go
	}
	return v.t.Go
}

// Native is the value in native form.
func (v *value) Native() any { return nil }

// Text writes the value as a learner would.
func (v *value) Text() string {
	switch v.t.Class {
	case layout.String:
		return fmt.Sprintf("%q", machine.String(v.v))
	case layout.Float:
		return fmt.Sprint(machine.Float(v.v))
	}
	return string(compile.AppendPrint(nil, v.t, v.v))
}

var _ unsafe.Pointer

package host

import (
	"go/types"
	"unsafe"

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
func (v *value) Native() any {
	v.h.enter()
	defer v.h.leave()
	return v.native()
}

func (v *value) native() any {
	n := nativeForm{h: v.h, ask: v.h.ask}
	return n.whole(v.t, put(v.t, v.v))
}

// Text writes the value as a learner would: compactly, strings quoted, fields
// named; errors and Stringers by their method.
func (v *value) Text() string {
	v.h.enter()
	defer v.h.leave()
	w := &valueWriter{h: v.h}
	w.write(put(v.t, v.v), v.t, 0, "")
	return w.String()
}

// dynamic gives the type of what an interface in memory holds, nil for nothing,
// and the address of its memory.
func dynamic(p unsafe.Pointer) (*layout.Type, unsafe.Pointer) {
	words := (*[2]unsafe.Pointer)(p)
	if words[0] == nil {
		return nil, nil
	}
	t := (*layout.Type)(words[0])
	data := words[1]
	return t, machine.Memory(t, &data)
}

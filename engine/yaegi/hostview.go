package yaegi

import "reflect"

// Native is the value in a box as native Go sees it, for functions of the host
// that look into values.
func (b box) Native() any { return b.v }

// Method is the bound method of that name of the value in a box, for functions
// of the host; it is not valid where there is none.
func (b box) Method(name string) reflect.Value { return b.t.ev.methodValue(b, name) }

// Native is the error in a box as native Go sees it.
func (b errorBox) Native() any { return b.v }

// Method is the bound method of that name of the error in a box.
func (b errorBox) Method(name string) reflect.Value { return box(b).Method(name) }

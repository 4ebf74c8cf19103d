package yaegi

import "reflect"

// Native is the value in a box as native Go sees it, for functions of the host
// that look into values.
func (b box) Native() any { return b.v }

// Method is the bound method of that name of the value in a box, for functions
// of the host; it is not valid where there is none.
func (b box) Method(name string) reflect.Value { return b.t.ev.methodValue(b, name) }

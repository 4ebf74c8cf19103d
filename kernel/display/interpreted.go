package display

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// interpreted is a value that comes in a form of an interpreter's own, because
// its type is one that reflection does not know.
type interpreted interface {
	Native() any                      // the value as native Go sees it
	Method(name string) reflect.Value // bound; not valid where there is none
}

// open returns the native form of a value.
func open(value any) any {
	if i, ok := value.(interpreted); ok {
		return i.Native()
	}
	return value
}

// encoder is an interpreted value that encoding/json sees otherwise than its
// native form: it knows the type's own tags and methods.
type encoder interface{ JSON() ([]byte, error) }

// marshal is json.Marshal.
func marshal(value any) ([]byte, error) {
	if e, ok := value.(encoder); ok {
		return e.JSON()
	}
	return json.Marshal(open(value))
}

// typeOf is the type of a value, as %T writes it.
func typeOf(value any) string {
	if t, ok := value.(interface{ Type() string }); ok {
		return t.Type()
	}
	return fmt.Sprintf("%T", value)
}

// ownDisplay calls the Display method of an interpreted value.
func ownDisplay(value any) (Bundle, bool) {
	i, ok := value.(interpreted)
	if !ok {
		return nil, false
	}
	m := i.Method("Display")
	if !m.IsValid() || m.Type().NumIn() != 0 || m.Type().NumOut() != 1 {
		return nil, false
	}
	b, ok := open(m.Call(nil)[0].Interface()).(Bundle)
	return b, ok
}

package session

import (
	"fmt"
	"go/types"
	"maps"
	"reflect"

	"interleave/engine"
	"interleave/kernel/display"
	"interleave/kernel/protocol"
)

// mostRows is how many rows of a result's table are shown.
const mostRows = 500

// table shows rows of text, the first of them the head.
func (c *cellRun) table(rows [][]string) { c.shows(display.AsTable(rows)) }

// note shows one line.
func (c *cellRun) note(text string) { c.shows(display.AsText(text)) }

func (c *cellRun) shows(b display.Bundle) {
	c.out.Display(protocol.Display{Cell: c.req.ID, Kind: "display_data", Data: b})
}

// tableOf is the HTML table of a slice or array of structs, or of pointers to
// them; empty for other values, and where a column would not say what fmt says
// of the field.
func tableOf(v engine.Value) string {
	elem, ok := elementOf(v.Dynamic())
	if !ok {
		return ""
	}
	native := reflect.ValueOf(v.Native())
	if k := native.Kind(); k != reflect.Slice && k != reflect.Array || native.Len() == 0 {
		return ""
	}
	head := make([]any, elem.NumFields())
	for i := range head {
		head[i] = elem.Field(i).Name()
	}
	rows := []any{head}
	for i := range min(native.Len(), mostRows) {
		e := native.Index(i)
		for e.Kind() == reflect.Pointer || e.Kind() == reflect.Interface {
			e = e.Elem()
		}
		if e.Kind() != reflect.Struct || e.NumField() != len(head) {
			return "" // a nil pointer, or a form of the evaluator's own
		}
		row := make([]any, len(head))
		for j := range row {
			if !printsAs(elem.Field(j).Type(), e.Field(j).Type()) {
				return ""
			}
			row[j] = content(e.Field(j))
		}
		rows = append(rows, row)
	}
	page, _ := display.AsTable(rows)["text/html"].(string)
	if more := native.Len() - mostRows; more > 0 {
		page += fmt.Sprintf("<p>… and %d more rows</p>", more)
	}
	return page
}

// content is the value of a field, as itself where it is exported, and as near
// as that can be had where it is not.
func content(f reflect.Value) any {
	switch {
	case f.CanInterface():
		return f.Interface()
	case f.CanInt():
		return f.Int()
	case f.CanUint():
		return f.Uint()
	case f.CanFloat():
		return f.Float()
	}
	return fmt.Sprint(f)
}

// elementOf finds the struct in []T, []*T or [n]T. A struct that has words of
// its own, such as time.Time, is no row.
func elementOf(t types.Type) (*types.Struct, bool) {
	if t == nil {
		return nil, false
	}
	var elem types.Type
	switch t := t.Underlying().(type) {
	case *types.Slice:
		elem = t.Elem()
	case *types.Array:
		elem = t.Elem()
	default:
		return nil, false
	}
	if hasWords(elem) {
		return nil, false
	}
	if p, ok := elem.Underlying().(*types.Pointer); ok {
		elem = p.Elem()
	}
	st, ok := elem.Underlying().(*types.Struct)
	return st, ok && st.NumFields() > 0 && !hasWords(elem)
}

// hasWords reports whether fmt would ask a type's own method for its text.
func hasWords(t types.Type) bool {
	set := types.NewMethodSet(t)
	return set.Lookup(nil, "String") != nil || set.Lookup(nil, "Error") != nil || set.Lookup(nil, "Format") != nil
}

// printsAs reports whether native values of type rt print as the session's of
// type t do: what fmt would call a method of has words in its native form, too.
func printsAs(t types.Type, rt reflect.Type) bool {
	if rt.Implements(reflect.TypeFor[fmt.Stringer]()) || rt.Implements(reflect.TypeFor[error]()) {
		return true
	}
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil {
		if n.Obj().Pkg().Path() != "main" {
			return true // native through and through
		}
		if hasWords(t) || hasWords(types.NewPointer(t)) {
			return false
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Slice:
		return rt.Kind() == reflect.Slice && printsAs(u.Elem(), rt.Elem())
	case *types.Array:
		return rt.Kind() == reflect.Array && printsAs(u.Elem(), rt.Elem())
	case *types.Map:
		return rt.Kind() == reflect.Map && printsAs(u.Key(), rt.Key()) && printsAs(u.Elem(), rt.Elem())
	}
	return false
}

// showsItself is what a value's rich forms add to its text.
func (c *cellRun) showsItself(v engine.Value) (display.Bundle, error) {
	more := display.Bundle{}
	if page := tableOf(v); page != "" {
		more["text/html"] = page
	}
	own, err := c.ownForms(v)
	maps.Copy(more, own)
	return more, err
}

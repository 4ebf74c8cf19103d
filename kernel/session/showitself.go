package session

import (
	"encoding/base64"
	"fmt"
	"go/types"
	"maps"
	"reflect"
	"strings"

	"interleave/engine"
)

// shower is one method by which a value shows itself.
type shower struct {
	method string
	mime   string // of what the method returns; empty where it returns a bundle
}

// showers are the methods that are looked for. Each takes no arguments and
// returns one value: a string, bytes for an image, or for Display and
// MimeBundle a bundle by mime type. A value may have several.
var showers = [...]shower{
	{"Display", ""},
	{"MimeBundle", ""},
	{"HTML", "text/html"},
	{"SVG", "image/svg+xml"},
	{"Markdown", "text/markdown"},
	{"LaTeX", "text/latex"},
	{"PNG", "image/png"},
	{"JPEG", "image/jpeg"},
}

// showItself asks a value for its rich forms, through its own methods.
func (c *cellRun) showItself(v engine.Value) (data, meta map[string]any, err error) {
	if isNil(v) {
		return nil, nil, nil
	}
	data, meta = map[string]any{}, map[string]any{}
	for _, s := range showers {
		if !hasShower(v, s.method) {
			continue
		}
		got, err := c.s.eval.Call(c.ctx, v, s.method, c.io)
		if err != nil {
			return data, meta, err
		}
		if s.mime != "" {
			if text, ok := textual(got); ok {
				data[s.mime] = text
			}
			continue
		}
		d, m := bundleOf(got)
		maps.Copy(data, d)
		maps.Copy(meta, m)
	}
	return data, meta, nil
}

// hasShower reports whether a value has a method of that name without
// parameters and with one result.
func hasShower(v engine.Value, name string) bool {
	if t := v.Type(); t != nil && t != types.Typ[types.Invalid] {
		if sel := types.NewMethodSet(t).Lookup(nil, name); sel != nil {
			sig, ok := sel.Type().(*types.Signature)
			return ok && sig.Params().Len() == 0 && sig.Results().Len() == 1
		}
		if !types.IsInterface(t) {
			return false
		}
	}
	// An interface may hold a native value that has more methods than it says.
	native := reflect.ValueOf(v.Native())
	if !native.IsValid() {
		return false
	}
	m, ok := native.Type().MethodByName(name)
	return ok && m.Type.NumIn() == 1 && m.Type.NumOut() == 1
}

// isNil reports whether a value is nil, so that no method of it should be called.
func isNil(v engine.Value) bool {
	native := reflect.ValueOf(v.Native())
	switch native.Kind() {
	case reflect.Invalid:
		return v.Text() == "nil" || v.Text() == "<nil>"
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.Interface:
		return native.IsNil()
	}
	return false
}

// textual is the form of a mime type's content in a bundle: text as it is, bytes
// in base64.
func textual(x any) (string, bool) {
	v := reflect.ValueOf(x)
	switch {
	case !v.IsValid():
		return "", false
	case v.Kind() == reflect.String:
		return v.String(), true
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		return base64.StdEncoding.EncodeToString(v.Bytes()), true
	}
	return "", false
}

// bundleOf reads a bundle: a map by mime type, or a struct that has such a map in
// its field Data, and perhaps one in Metadata. Bytes of an image are encoded.
func bundleOf(x any) (data, meta map[string]any) {
	v := reflect.ValueOf(x)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Map:
		data = map[string]any{}
		for it := v.MapRange(); it.Next(); {
			mime, content := fmt.Sprint(it.Key().Interface()), it.Value().Interface()
			if text, ok := textual(content); ok && (strings.HasPrefix(mime, "image/") || strings.HasPrefix(mime, "text/")) {
				content = text
			}
			data[mime] = content
		}
	case reflect.Struct:
		if f := v.FieldByName("Data"); f.IsValid() && f.Kind() == reflect.Map {
			data, _ = bundleOf(f.Interface())
		}
		if f := v.FieldByName("Metadata"); f.IsValid() && f.Kind() == reflect.Map {
			meta, _ = bundleOf(f.Interface())
		}
	}
	return data, meta
}

package host

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
	"unicode"
	"unsafe"

	"interleave/engine/machine"
)

// Package unicode is interpreted, but for the contents of its tables: as code that
// fills them they would take 17 MB. They are those of this program, which was built
// from the same source.

// shareTables replaces the literals of package unicode's tables by calls of the
// natives that give the tables.
func shareTables(files []*ast.File) {
	for _, f := range files {
		used := map[string]string{} // the natives, with their result types
		for _, d := range f.Decls {
			v, ok := d.(*ast.GenDecl)
			if !ok || v.Tok != token.VAR {
				continue
			}
			for _, s := range v.Specs {
				if native, result := shareTable(s.(*ast.ValueSpec)); native != "" {
					used[native] = result
				}
			}
		}
		for _, native := range []string{"rangeTable", "caseRanges"} {
			if result := used[native]; result != "" {
				f.Decls = append(f.Decls, bodyless(f, native, result))
			}
		}
	}
}

func shareTable(v *ast.ValueSpec) (native, result string) {
	if len(v.Names) != 1 || len(v.Values) != 1 {
		return "", ""
	}
	name, value := v.Names[0].Name, v.Values[0]
	switch lit := value.(type) {
	case *ast.UnaryExpr: // &RangeTable{…}
		if _, ok := lit.X.(*ast.CompositeLit); !ok || rangeTable(name) == nil {
			return "", ""
		}
		native, result = "rangeTable", "*RangeTable"
	case *ast.CompositeLit:
		if name != "_CaseRanges" {
			return "", ""
		}
		native, result = "caseRanges", "[]CaseRange"
	default:
		return "", ""
	}
	at := value.Pos()
	v.Values[0] = &ast.CallExpr{
		Fun:  &ast.Ident{NamePos: at, Name: native},
		Args: []ast.Expr{&ast.BasicLit{ValuePos: at, Kind: token.STRING, Value: strconv.Quote(name)}},
	}
	return native, result
}

// bodyless declares func name(string) result.
func bodyless(f *ast.File, name, result string) ast.Decl {
	at := f.End() - 1
	id := func(s string) *ast.Ident { return &ast.Ident{NamePos: at, Name: s} }
	var typ ast.Expr
	if elem, ok := strings.CutPrefix(result, "*"); ok {
		typ = &ast.StarExpr{Star: at, X: id(elem)}
	} else {
		typ = &ast.ArrayType{Lbrack: at, Elt: id(strings.TrimPrefix(result, "[]"))}
	}
	return &ast.FuncDecl{Name: id(name), Type: &ast.FuncType{
		Func:    at,
		Params:  &ast.FieldList{List: []*ast.Field{{Type: id("string")}}},
		Results: &ast.FieldList{List: []*ast.Field{{Type: typ}}},
	}}
}

// rangeTable gives a table by the name of its variable in tables.go.
func rangeTable(name string) *unicode.RangeTable {
	if name, ok := strings.CutPrefix(name, "_"); ok {
		for _, all := range []map[string]*unicode.RangeTable{unicode.Categories, unicode.Scripts, unicode.Properties} {
			if t := all[name]; t != nil {
				return t
			}
		}
	}
	return nil
}

func tables() map[string]machine.Native {
	return map[string]machine.Native{
		"unicode.rangeTable": func(x *machine.Exec) machine.Status {
			return x.Return(machine.Val{P: unsafe.Pointer(rangeTable(machine.String(x.Arg(0))))})
		},
		"unicode.caseRanges": func(x *machine.Exec) machine.Status {
			c := unicode.CaseRanges
			return x.Return(machine.Val{P: unsafe.Pointer(unsafe.SliceData(c)), N: uint64(len(c)), M: uint64(cap(c))})
		},
	}
}

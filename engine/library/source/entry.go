package source

import (
	"bytes"
	"go/ast"
	"go/doc/comment"
	"go/format"
	"go/parser"
	"go/token"
	"strings"
)

// Entry is what the source says about one exported name.
type Entry struct {
	Kind      string // "package", "func", "method", "type", "field", "var" or "const"
	Signature string // the declaration as Go source, without comments and function bodies
	Full      string // the same with the comments inside it and, for a type, its methods
	Params    string // of a func or method, as another package writes it: "func(req *http.Request) error"; else empty
	Doc       string // the doc comment, without comment marks; may be empty

	pages *pages // the package, for links between its names
}

// Text is the doc comment laid out as plain text, at most 80 columns wide.
func (e Entry) Text() string {
	p := comment.Printer{TextWidth: 80}
	return string(p.Text(e.parse()))
}

// Markdown is the doc comment in Markdown; names of the library in it link to
// their documentation on the web.
func (e Entry) Markdown() string {
	p := comment.Printer{
		HeadingLevel: 4,
		HeadingID:    func(*comment.Heading) string { return "" },
		DocLinkURL: func(link *comment.DocLink) string {
			full := *link
			if full.ImportPath == "" && e.pages != nil {
				full.ImportPath = e.pages.path
			}
			return full.DefaultURL("https://pkg.go.dev")
		},
	}
	return string(p.Markdown(e.parse()))
}

func (e Entry) parse() *comment.Doc {
	var p comment.Parser
	if e.pages != nil {
		p.LookupSym = e.pages.has
	}
	return p.Parse(e.Doc)
}

// funcEntry describes a function or a method.
func (p *pages) funcEntry(d *ast.FuncDecl) Entry {
	kind := "func"
	if d.Recv != nil {
		kind = "method"
	}
	bare := *d
	bare.Doc, bare.Body = nil, nil
	text := render(p.fset, &bare)
	return Entry{Kind: kind, Signature: text, Full: text, Params: p.params(d.Type, d.Recv), Doc: d.Doc.Text()}
}

// valueEntry describes one constant or variable of a declaration.
func (p *pages) valueEntry(d *ast.GenDecl, s *ast.ValueSpec, name string) Entry {
	text := d.Tok.String() + " " + name
	if s.Type != nil {
		text += " " + render(p.fset, s.Type)
	}
	for i, n := range s.Names {
		if n.Name == name && i < len(s.Values) {
			text += " = " + render(p.fset, s.Values[i])
		}
	}
	doc := s.Doc.Text()
	if doc == "" {
		doc = s.Comment.Text()
	}
	if doc == "" {
		doc = d.Doc.Text()
	}
	return Entry{Kind: d.Tok.String(), Signature: text, Full: text, Doc: doc}
}

// typeEntry describes a type; methods are its methods' headers.
func (p *pages) typeEntry(d *ast.GenDecl, s *ast.TypeSpec, methods []*ast.FuncDecl) Entry {
	doc := s.Doc.Text()
	if doc == "" && len(d.Specs) == 1 {
		doc = d.Doc.Text()
	}
	spec := *s
	spec.Doc, spec.Comment = nil, nil
	commented := "type " + render(p.fset, &spec)
	full := commented
	for i, m := range methods {
		if i == 0 {
			full += "\n"
		}
		full += "\n" + p.funcEntry(m).Signature
	}
	return Entry{Kind: "type", Signature: withoutComments(commented), Full: full, Doc: doc}
}

// fieldEntry describes a field of a struct or a method of an interface.
func (p *pages) fieldEntry(owner, name string, f *ast.Field) Entry {
	doc := f.Doc.Text()
	if doc == "" {
		doc = f.Comment.Text()
	}
	if t, ok := f.Type.(*ast.FuncType); ok && len(f.Names) > 0 && isInterfaceMethod(f) {
		text := "func (" + owner + ") " + name + strings.TrimPrefix(render(p.fset, t), "func")
		return Entry{Kind: "method", Signature: text, Full: text, Params: p.params(t, nil), Doc: doc}
	}
	text := "field " + name + " " + render(p.fset, f.Type)
	return Entry{Kind: "field", Signature: text, Full: text, Doc: doc}
}

// isInterfaceMethod tells "Read(p []byte)" of an interface from "Read func(p
// []byte)" of a struct: only the latter has the word func in the source.
func isInterfaceMethod(f *ast.Field) bool {
	t, ok := f.Type.(*ast.FuncType)
	return ok && !t.Func.IsValid()
}

// render prints one node in gofmt's form.
func render(fset *token.FileSet, node any) string {
	var b bytes.Buffer
	if err := format.Node(&b, fset, node); err != nil {
		return ""
	}
	return b.String()
}

// withoutComments drops the comments inside a type declaration and the blank
// lines between them, but keeps the note that unexported fields are left out.
func withoutComments(decl string) string {
	var kept []string
	for line := range strings.Lines(decl) {
		line = strings.TrimRight(line, "\n")
		text := strings.TrimSpace(line)
		if text == "" || strings.HasPrefix(text, "//") && !strings.HasPrefix(text, "// contains filtered") && !strings.HasPrefix(text, "// Has unexported") {
			continue
		}
		if i := strings.Index(line, " // "); i >= 0 && !strings.ContainsAny(line[i:], "`\"") && !strings.HasPrefix(text, "//") {
			line = strings.TrimRight(line[:i], " \t")
		}
		kept = append(kept, line)
	}
	text := strings.Join(kept, "\n")
	if out, err := format.Source([]byte(text)); err == nil {
		return string(out)
	}
	return text
}

// params is a function's type with the package's own types qualified by its name.
func (p *pages) params(t *ast.FuncType, recv *ast.FieldList) string {
	text := render(p.fset, t)
	expr, err := parser.ParseExpr(text)
	if err != nil {
		return text
	}
	var at []int // offsets of the names to qualify
	local := map[string]bool{}
	for _, list := range []*ast.FieldList{t.TypeParams, recv} {
		if list == nil {
			continue
		}
		for _, f := range list.List {
			for _, n := range f.Names {
				local[n.Name] = list == t.TypeParams || local[n.Name]
			}
			if list == recv {
				ast.Inspect(f.Type, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						local[id.Name] = local[id.Name] || id.Name != typeName(f.Type)
					}
					return true
				})
			}
		}
	}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			return false
		case *ast.Field:
			ast.Inspect(n.Type, visit)
			return false
		case *ast.Ident:
			if token.IsExported(n.Name) && !local[n.Name] && p.name != "builtin" {
				at = append(at, int(n.Pos())-1)
			}
		}
		return true
	}
	ast.Inspect(expr, visit)
	for i := len(at) - 1; i >= 0; i-- {
		text = text[:at[i]] + p.name + "." + text[at[i]:]
	}
	return text
}

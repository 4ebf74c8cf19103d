package page

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"interleave/kernel/notebook"
)

func (p Page) markdown(c *notebook.Cell) (string, error) { return convert(c.Source(), p.Files, c) }

// convert makes HTML of Markdown. Pictures attached to the cell or lying in
// files become part of it; those that are not found stay as they are.
func convert(source string, files fs.FS, cell *notebook.Cell) (string, error) {
	md := goldmark.New(
		goldmark.WithExtensions(extension.GFM),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(html.WithUnsafe(), renderer.WithNodeRenderers(util.Prioritized(goBlocks{}, 1))),
	)
	src := []byte(source)
	doc := md.Parser().Parse(text.NewReader(src))
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if image, ok := n.(*ast.Image); ok && entering {
			if uri := embed(string(image.Destination), files, cell); uri != "" {
				image.Destination = []byte(uri)
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := md.Renderer().Render(&b, src, doc); err != nil {
		return "", err
	}
	return b.String(), nil
}

// embed is the data URI of a picture; "" where it is not ours to embed.
func embed(destination string, files fs.FS, cell *notebook.Cell) string {
	if name, ok := strings.CutPrefix(destination, "attachment:"); ok && cell != nil {
		if unescaped, err := url.PathUnescape(name); err == nil {
			name = unescaped
		}
		kind, data := cell.Attachment(name)
		if kind == "" {
			return ""
		}
		if strings.HasPrefix(strings.TrimSpace(data), "<") { // SVG is stored as text
			return dataURI(kind, []byte(data))
		}
		return "data:" + kind + ";base64," + strings.Join(strings.Fields(data), "")
	}
	u, err := url.Parse(destination)
	if err != nil || u.IsAbs() || u.Host != "" || files == nil {
		return ""
	}
	data, err := fs.ReadFile(files, path.Clean(u.Path))
	if err != nil {
		return ""
	}
	kind := mime.TypeByExtension(path.Ext(u.Path))
	if !strings.HasPrefix(kind, "image/") {
		return ""
	}
	return dataURI(kind, data)
}

func dataURI(kind string, data []byte) string {
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
}

// goBlocks colours the fenced code blocks that are marked as Go.
type goBlocks struct{}

func (goBlocks) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		block := n.(*ast.FencedCodeBlock)
		var code strings.Builder
		for i := range block.Lines().Len() {
			line := block.Lines().At(i)
			code.Write(line.Value(source))
		}
		coloured := string(util.EscapeHTML([]byte(code.String())))
		if string(block.Language(source)) == "go" {
			coloured = highlight(code.String())
		}
		_, err := w.WriteString("<pre><code>" + coloured + "</code></pre>\n")
		return ast.WalkContinue, err
	})
}

package assist

import (
	"strings"

	"interleave/engine/library/source"
	"interleave/kernel/protocol"
)

// article is what an inspection shows: code, then words, then where it is from.
type article struct {
	code     string
	text     string // plain text
	markdown string // the same in Markdown; empty where text serves
	note     string // one line: "declared in cell[3]"
}

// inspection makes the reply of an article.
func (a article) inspection() protocol.Inspection {
	plain := []string{a.code}
	marked := []string{"```go\n" + a.code + "\n```"}
	if text := strings.TrimSpace(a.text); text != "" {
		plain = append(plain, text)
		if a.markdown != "" {
			text = strings.TrimSpace(a.markdown)
		}
		marked = append(marked, text)
	}
	if a.note != "" {
		plain = append(plain, a.note)
		marked = append(marked, "*"+a.note+"*")
	}
	return protocol.Inspection{Found: true, Data: map[string]any{
		"text/plain":    strings.Join(plain, "\n\n") + "\n",
		"text/markdown": strings.Join(marked, "\n\n") + "\n",
	}}
}

// entryArticle shows what the library's source says.
func entryArticle(e source.Entry, detail int, note string) article {
	a := article{code: e.Signature, text: e.Text(), markdown: e.Markdown(), note: note}
	if detail > 0 {
		a.code = e.Full
	}
	return a
}

// languageArticle shows a keyword or a predeclared name.
func languageArticle(name string) (article, bool) {
	if s, ok := keywordTexts[name]; ok {
		return article{code: s.signature, text: s.text, note: "keyword of Go"}, true
	}
	if s, ok := builtins[name]; ok {
		code := s.signature
		if rest, ok := strings.CutPrefix(code, "func("); ok {
			code = "func " + name + "(" + rest
		}
		return article{code: code, text: s.text, note: "built into Go"}, true
	}
	return article{}, false
}

package assist

import (
	"go/token"
	"strings"

	"interleave/kernel/protocol"
)

// inImport reports whether a string after these tokens is an import path.
func inImport(prior []lexeme) bool {
	for i := len(prior) - 1; i >= 0; i-- {
		switch prior[i].tok {
		case token.IMPORT:
			return true
		case token.LPAREN:
			return i > 0 && prior[i-1].tok == token.IMPORT
		case token.STRING, token.IDENT, token.PERIOD:
		case token.SEMICOLON:
			if prior[i].lit != "\n" {
				return false
			}
		default:
			return false
		}
	}
	return false
}

// importPaths serves the inside of an import's quotes. The cursor that it
// returns has the whole path as its name.
func (a *Assistant) importPaths(c cursor, t lexeme) (cursor, []candidate) {
	c.start, c.end = t.pos+1, t.end
	if closed(t.lit) {
		c.end--
	}
	if !closed(t.lit) {
		c.end = c.start + len(strings.TrimRight(c.text[c.start:c.end], " \t)"))
		c.end = max(c.end, c.off)
	}
	c.prefix = c.text[c.start:c.off]
	var all []candidate
	for _, path := range a.lib.Paths() {
		all = append(all, candidate{protocol.Completion{Text: path, Type: "module"}, groupImportable})
	}
	return c, all
}

// importable lists the packages that a cell may use without importing them.
func (a *Assistant) importable() []candidate {
	var all []candidate
	for _, path := range a.lib.Paths() {
		name := packageName(path)
		paths := a.lib.ByName(name)
		if len(paths) == 0 {
			continue
		}
		signature := "import \"" + strings.Join(paths, "\" or \"") + "\""
		all = append(all, candidate{protocol.Completion{Text: name, Type: "module", Signature: signature}, groupImportable})
	}
	return all
}

// packageName guesses a package's name from its path, as the library's own
// names are: the last element, or the one before it where that is a version.
func packageName(path string) string {
	elems := strings.Split(path, "/")
	last := elems[len(elems)-1]
	if len(elems) > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		return elems[len(elems)-2]
	}
	return last
}

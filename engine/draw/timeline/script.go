package timeline

import (
	_ "embed"
	"strings"
)

// program draws the data in place of the base; see the file.
//
//go:embed timeline.js
var program string

// script adds the data and the program that draws it.
func (c *chart) script(b *strings.Builder) {
	b.WriteString("<script>(function(data){\n")
	b.WriteString(program)
	b.WriteString("\n})(")
	b.Write(c.data())
	b.WriteString(")</script>")
}

package timeline

import "strings"

func (c *chart) script(b *strings.Builder) {}

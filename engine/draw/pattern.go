package draw

import "fmt"

// SVGPattern is a look's fill and pattern as an SVG pattern element with an id, for
// fill="url(#id)".
func (l Look) SVGPattern(id string) string {
	lines := ""
	switch l.Pattern {
	case Dots:
		lines = `<circle cx="2" cy="2" r="1" fill="%[1]s"/><circle cx="6" cy="6" r="1" fill="%[1]s"/>`
	case Rising:
		lines = `<path d="M-2 2L2-2M0 8L8 0M6 10L10 6" stroke="%[1]s" opacity="0.6"/>`
	case Crossed:
		lines = `<path d="M-2 2L2-2M0 8L8 0M6 10L10 6M-2 6L2 10M0 0L8 8M6-2L10 2" stroke="%[1]s" opacity="0.6"/>`
	case Rings:
		lines = `<circle cx="4" cy="4" r="2" fill="none" stroke="%[1]s" opacity="0.6"/>`
	case Upright:
		lines = `<path d="M2 0V8M6 0V8" stroke="%[1]s" opacity="0.6"/>`
	case Level:
		lines = `<path d="M0 2H8M0 6H8" stroke="%[1]s" opacity="0.6"/>`
	}
	if lines != "" {
		lines = fmt.Sprintf(lines, l.Ink)
	}
	return fmt.Sprintf(`<pattern id="%s" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="%s"/>%s</pattern>`, id, l.Fill, lines)
}

// Package graph draws graphs of tasks and resources.
//
//	waits.Deadlock ─┐             ┌─ arrange (a ring, or layers) ─▶ SVG ─▶ HTML
//	waits.Graph    ─┼▶ Picture ───┤
//	resource.Graph ─┘             └─▶ Text, Alt
//
// Tasks are circles, resources boxes with a dot for each unit, hollow where it is free.
// A dashed arrow leads from a task to what it waits for, a solid one from a resource to
// who has it; each says since which line. What a picture is about is red, and drawn
// thicker; in text it is a ladder.
//
// A circle of waiting is drawn as a ring, with all that hangs on it to its sides.
// All other graphs are drawn in layers (Sugiyama). The same graph gives the same bytes
// everywhere: nothing is random, and coordinates are whole.
//
// The picture is an img element, with colours of its own on a card of its own; title,
// sentence, evidence and tables are HTML that survives a sanitizer.
package graph

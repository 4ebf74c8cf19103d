package gantt

import (
	"fmt"

	"interleave/engine/draw"
)

// kinds lists what a bar can show, in the order of legends.
func kinds() []kind {
	var list []kind
	for _, s := range draw.States() {
		list = append(list, kind(s))
	}
	return append(list, queued, dispatch)
}

// name is what a legend says.
func (k kind) name() string {
	switch k {
	case queued:
		return "waits for a device's turn"
	case dispatch:
		return "switch: the core takes up another task"
	case kind(draw.Ready):
		return "ready, waits for a core"
	case kind(draw.Outside):
		return "I/O"
	}
	return draw.State(k).Look().Name
}

// letter is how text draws it.
func (k kind) letter() rune {
	switch k {
	case queued:
		return 'q'
	case dispatch:
		return '/'
	}
	return draw.State(k).Look().Letter
}

// id is that of its pattern in a picture.
func (k kind) id() string { return fmt.Sprintf("k%d", k) }

// pattern is its SVG pattern. What is neither a state of a task nor I/O under way is
// hollow: lines in the page's colour on its card.
func (k kind) pattern() string {
	switch k {
	case queued:
		return fmt.Sprintf(`<pattern id="%s" width="8" height="8" patternUnits="userSpaceOnUse"><path class="ln" d="M0 4H5"/></pattern>`, k.id())
	case dispatch:
		return fmt.Sprintf(`<pattern id="%s" width="5" height="5" patternUnits="userSpaceOnUse"><path class="ln" d="M0 5L5 0M-1 1L1-1M4 6L6 4"/></pattern>`, k.id())
	}
	return draw.State(k).Look().SVGPattern(k.id())
}

package draw

import (
	"strings"

	"interleave/engine/trace"
)

// State is what a drawing tells apart of a task's life.
type State uint8

// The states, in the order of legends.
const (
	Running State = iota
	Ready
	Channel // waits for a channel: send, receive, select
	Lock    // waits for a mutex or a RWMutex
	Sleep
	Group   // waits for a wait group, a condition variable, or others' rest
	Outside // waits for the outside world: a file, a socket, input
	states
)

// States lists them.
func States() []State {
	list := make([]State, states)
	for i := range list {
		list[i] = State(i)
	}
	return list
}

// Of tells what a task in state s is drawn as, where reason, in the trace's words,
// says why it waits.
func Of(s trace.State, reason string) State {
	switch s {
	case trace.IsRunning:
		return Running
	case trace.IsReady:
		return Ready
	case trace.IsOutside:
		return Outside
	}
	switch {
	case strings.HasPrefix(reason, "chan "), strings.HasPrefix(reason, "select"):
		return Channel
	case strings.HasPrefix(reason, "sync.Mutex"), strings.HasPrefix(reason, "sync.RWMutex"):
		return Lock
	case reason == "sleep":
		return Sleep
	}
	return Group
}

// Pattern is what tells fills apart without colour.
type Pattern uint8

// The patterns. Lines and dots are drawn in a look's ink.
const (
	Solid Pattern = iota
	Dots
	Rising  // lines that rise to the right
	Crossed // rising and falling lines
	Rings
	Upright // vertical lines
	Level   // horizontal lines
)

// Look is how a state is drawn.
type Look struct {
	Name    string // for legends
	Short   string // for narrow places
	Fill    string // #rrggbb
	Ink     string // #rrggbb, of patterns and text on the fill
	Pattern Pattern
	Letter  rune // in text, and in narrow cells of tables
}

var looks = [states]Look{
	Running: {"running", "running", "#2b6828", "#ffffff", Solid, '█'},
	Ready:   {"ready: waits for a core", "ready", "#ffd246", "#000000", Dots, '.'},
	Channel: {"waits for a channel", "channel", "#3d92c0", "#000000", Rising, 'c'},
	Lock:    {"waits for a lock", "lock", "#ea745d", "#000000", Crossed, 'L'},
	Sleep:   {"sleeps", "sleep", "#eaf4f7", "#000000", Rings, 'z'},
	Group:   {"waits for others (wait group, condition)", "group", "#510081", "#ffffff", Upright, 'w'},
	Outside: {"outside (file, socket, input)", "outside", "#85cce0", "#000000", Level, 'o'},
}

// Look gives how a state is drawn.
func (s State) Look() Look { return looks[s] }

func (s State) String() string { return looks[s].Short }

// The page's own colours, as CSS: they follow JupyterLab's theme, and are those of
// its light theme elsewhere. A sanitizer takes variables away, with what they colour.
const (
	Page   = "var(--jp-layout-color0,#ffffff)"
	Panel  = "var(--jp-layout-color2,#eeeeee)"
	Text   = "var(--jp-ui-font-color0,#000000)"
	Faint  = "var(--jp-ui-font-color1,#212121)" // less important text, still well readable
	Line   = "var(--jp-ui-font-color2,#616161)" // outlines and arrows
	Edge   = "#757575"                          // outlines that a sanitizer leaves: seen on light and dark
	Accent = "var(--jp-brand-color1,#1565c0)"   // what is chosen
	Danger = "var(--jp-error-color1,#c62828)"   // cycles, dropped events
)

// Hue is a colour for one of several things that have no meaning of their own, such as
// the lines of a chart: on a light and on a dark card.
type Hue struct{ Light, Dark string } // #rrggbb

// Hues is how many there are.
const Hues = 8

var hues = [Hues]Hue{
	{"#144e9f", "#46a2ff"},
	{"#ca230a", "#fa990c"},
	{"#1d806f", "#50dd8a"},
	{"#821b6f", "#cfa3c7"},
	{"#221600", "#f5f1f6"},
	{"#656831", "#dfd80d"},
	{"#92001e", "#ff648b"},
	{"#6d55d2", "#aac6ff"},
}

// HueOf gives the i-th colour, from 0 on.
func HueOf(i int) Hue { return hues[i%Hues] }

// Card is the ground that a picture within an img element lies on, with what is drawn
// there: such a picture does not see the page's colours, and follows the system's theme.
type Card struct {
	Ground string // #rrggbb, as all
	Text   string
	Faint  string // less important text, still well readable
	Line   string // outlines and arrows
	Grid   string // lines that only guide the eye
	Danger string
	Fill   string // of boxes
}

// Cards are those of light and dark themes.
func Cards() (light, dark Card) {
	return Card{"#ffffff", "#1b1f23", "#57606a", "#57606a", "#dfe3e8", "#b3152a", "#ffffff"},
		Card{"#15191f", "#f0f3f6", "#b3bcc6", "#9aa5b1", "#333b46", "#ff8a8f", "#222933"}
}

// Package draw holds what all drawings share: the form in which they are handed
// over, and how states look.
//
//	trace ─▶ draw/… ─▶ Drawing ─▶ a cell's output
//	source ─┘            HTML, Text, Alt
//
// A drawing is a pure function of a trace and of the source that made it: the same
// run gives the same bytes everywhere.
//
// # What a front end leaves of HTML
//
// A notebook that is opened again, and is not trusted, loses scripts, style
// elements, inline SVG, and every attribute that is not on a list. Tables, inline
// styles, title, scope and details stay, and images with alt. So the base of every
// drawing is made of those and says everything that is essential; a script, where one
// runs, puts something better in its place. Colours of the page follow the theme
// through CSS variables with a fallback: see Page.
//
// # Looks
//
// A state is told by its fill, by its pattern and by a letter; each would do
// alone. Fills are the same in light and dark themes, so that pictures can be compared;
// their outline follows the theme. A test computes their contrasts, and their
// distances as seen with protanopia, deuteranopia and tritanopia.
package draw

package draw

import (
	"fmt"
	"math"
	"testing"
)

// color is a colour in linear sRGB, each part 0 to 1.
type color [3]float64

// parse reads #rrggbb.
func parse(t *testing.T, hex string) color {
	t.Helper()
	var r, g, b uint8
	if n, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b); n != 3 || err != nil || len(hex) != 7 {
		t.Fatalf("%q is no colour", hex)
	}
	return color{linear(r), linear(g), linear(b)}
}

// linear undoes the encoding of sRGB (IEC 61966-2-1).
func linear(v uint8) float64 {
	c := float64(v) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

// luminance is the relative luminance of WCAG 2.2.
func (c color) luminance() float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

// contrast is WCAG 2.2's contrast ratio, 1 to 21.
func contrast(a, b color) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

type matrix [3][3]float64

func (m matrix) times(c color) (r color) {
	for i := range r {
		r[i] = m[i][0]*c[0] + m[i][1]*c[1] + m[i][2]*c[2]
	}
	return r
}

// sights simulate complete colour-vision deficiencies in linear sRGB (Machado,
// Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision
// Deficiency, 2009, severity 1).
var sights = map[string]matrix{
	"full":         {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	"none":         {{0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}},
}

// oklab is Björn Ottosson's perceptual space; a step just seen is about 0.02.
func oklab(c color) color {
	lms := matrix{{0.4122214708, 0.5363325363, 0.0514459929}, {0.2119034982, 0.6806995451, 0.1073969566}, {0.0883024619, 0.2817188376, 0.6299787005}}.times(c)
	for i := range lms {
		lms[i] = math.Cbrt(lms[i])
	}
	return matrix{{0.2104542553, 0.7936177850, -0.0040720468}, {1.9779984951, -2.4285922050, 0.4505937099}, {0.0259040371, 0.7827717662, -0.8086757660}}.times(lms)
}

func distance(a, b color) float64 {
	a, b = oklab(a), oklab(b)
	return math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
}

// Patterns and letters can be read on every fill.
func TestInkContrast(t *testing.T) {
	for _, s := range States() {
		l := s.Look()
		if c := contrast(parse(t, l.Fill), parse(t, l.Ink)); c < 4.5 {
			t.Errorf("%s: ink on fill has contrast %.2f", l.Name, c)
		}
	}
}

// Any two fills differ by several just-seen steps for everyone who sees colour.
func TestFillsDiffer(t *testing.T) {
	for name, m := range sights {
		if name == "none" {
			continue // told apart by patterns and letters
		}
		least := math.Inf(1)
		for _, a := range States() {
			for b := range a {
				least = min(least, distance(see(m, parse(t, a.Look().Fill)), see(m, parse(t, b.Look().Fill))))
			}
		}
		if least < 0.12 {
			t.Errorf("%s: two fills are only %.3f apart", name, least)
		}
	}
}

// Hues are seen on their cards, and differ for everybody who sees colour, though less
// than fills: shapes and dashes tell what they colour apart.
func TestHues(t *testing.T) {
	light, dark := Cards()
	for _, c := range []struct {
		card string
		of   func(Hue) string
	}{{light.Ground, func(h Hue) string { return h.Light }}, {dark.Ground, func(h Hue) string { return h.Dark }}} {
		for i := range Hues {
			if got := contrast(parse(t, c.of(HueOf(i))), parse(t, c.card)); got < 3 {
				t.Errorf("%s on %s has contrast %.2f", c.of(HueOf(i)), c.card, got)
			}
		}
		for name, m := range sights {
			for i := range Hues {
				for j := range i {
					if d := distance(see(m, parse(t, c.of(HueOf(i)))), see(m, parse(t, c.of(HueOf(j))))); name != "none" && d < 0.065 {
						t.Errorf("%s: %s and %s are only %.3f apart", name, c.of(HueOf(i)), c.of(HueOf(j)), d)
					}
				}
			}
		}
	}
}

func TestCardContrast(t *testing.T) {
	light, dark := Cards()
	for name, c := range map[string]Card{"light": light, "dark": dark} {
		for _, on := range []string{c.Ground, c.Fill} {
			for what, of := range map[string]struct {
				color string
				least float64
			}{"text": {c.Text, 7}, "faint text": {c.Faint, 4.5}, "lines": {c.Line, 3}, "danger": {c.Danger, 4.5}} {
				if got := contrast(parse(t, on), parse(t, of.color)); got < of.least {
					t.Errorf("%s card: %s on %s has contrast %.2f", name, what, on, got)
				}
			}
		}
	}
}

func see(m matrix, c color) color {
	c = m.times(c)
	for i := range c {
		c[i] = min(max(c[i], 0), 1)
	}
	return c
}

// Nothing is told by colour alone.
func TestPatternsAndLettersDiffer(t *testing.T) {
	patterns, letters, names := map[Pattern]State{}, map[rune]State{}, map[string]State{}
	for _, s := range States() {
		l := s.Look()
		if o, ok := patterns[l.Pattern]; ok {
			t.Errorf("%s and %s have one pattern", s, o)
		}
		if o, ok := letters[l.Letter]; ok {
			t.Errorf("%s and %s have one letter", s, o)
		}
		if o, ok := names[l.Name]; ok {
			t.Errorf("%s and %s have one name", s, o)
		}
		patterns[l.Pattern], letters[l.Letter], names[l.Name] = s, s, s
	}
}

// themes are what the page's variables stand for in JupyterLab 4's themes; colours
// with an alpha are given as they look on the page.
var themes = map[string]map[string]string{
	"light":    {Page: "#ffffff", Panel: "#eeeeee", Text: "#000000", Faint: "#212121", Line: "#757575", Accent: "#1976d2", Danger: "#d32f2f", Edge: Edge},
	"dark":     {Page: "#111111", Panel: "#424242", Text: "#ffffff", Faint: "#dfdfdf", Line: "#929292", Accent: "#2196f3", Danger: "#f44336", Edge: Edge},
	"fallback": {Page: "#ffffff", Panel: "#eeeeee", Text: "#000000", Faint: "#212121", Line: "#616161", Accent: "#1565c0", Danger: "#c62828", Edge: Edge},
}

// WCAG 2.2 asks for 4.5 of text (1.4.3) and 3 of what must be seen (1.4.11).
func TestPageContrast(t *testing.T) {
	for name, theme := range themes {
		for _, c := range []struct {
			on, of string
			least  float64
		}{{Page, Edge, 3}, {Page, Text, 4.5}, {Panel, Text, 4.5}, {Page, Faint, 4.5}, {Panel, Faint, 4.5}, {Page, Line, 3}, {Page, Accent, 3}, {Page, Danger, 4.5}} {
			if got := contrast(parse(t, theme[c.on]), parse(t, theme[c.of])); got < c.least {
				t.Errorf("%s theme: %s on %s has contrast %.2f", name, c.of, c.on, got)
			}
		}
	}
}

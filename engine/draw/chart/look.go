package chart

import "interleave/engine/draw"

// shape is how a point looks.
type shape uint8

const (
	disc shape = iota
	square
	triangle
	diamond
	cross
	ring
	flipped // a triangle that stands on its point
	plus
)

// look tells a series apart, beside its hue: each of shape, dash, pattern and letter
// would do alone.
type look struct {
	shape   shape
	dash    string // of lines, as SVG writes it; empty: solid
	pattern string // of bars: SVG paths within an 8 by 8 square; empty: full
	letter  rune   // in text
}

var looks = [draw.Hues]look{
	{disc, "", "", 'o'},
	{square, "7 4", "M0 8L8 0M-2 2L2-2M6 10L10 6", 'x'},
	{triangle, "2 3", "M2 2h1v1h-1zM6 6h1v1h-1z", '+'},
	{diamond, "10 3 2 3", "M0 0L8 8M-2 6L2 10M6-2L10 2", '#'},
	{cross, "4 2", "M0 2H8M0 6H8", '*'},
	{ring, "12 4", "M2 0V8M6 0V8", '%'},
	{flipped, "1 4", "M0 4H8M4 0V8", '@'},
	{plus, "6 2 1 2 1 2", "M0 0L8 8M0 8L8 0", '='},
}

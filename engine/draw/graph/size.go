package graph

import (
	"math"
	"unicode/utf8"
)

// Sizes in px.
const (
	nodeHeight = 46
	gapAcross  = 30  // between nodes of a layer, and between parts
	gapAlong   = 128 // between layers: room for an edge's label
	letter     = 7.4 // mean width of a letter of 13 px
	small      = 6.3 // of one of 11 px
	margin     = 24
)

type point struct{ x, y float64 }

func (p point) plus(q point) point               { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point              { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point            { return point{p.x * f, p.y * f} }
func (p point) length() float64                  { return math.Hypot(p.x, p.y) }
func (p point) middle(q point) point             { return p.plus(q).times(0.5) }
func (p point) unit() point                      { return p.times(1 / max(p.length(), 1e-9)) }
func (p point) across() point                    { return point{-p.y, p.x} }
func textWidth(s string, letter float64) float64 { return float64(utf8.RuneCountInString(s)) * letter }

// width is that of the node's shape.
func (n *Node) width() float64 {
	return max(nodeHeight, math.Ceil(max(textWidth(n.Label, letter)+22, float64(n.Units)*11+14)))
}

// room is the width that the node takes with what is written below it.
func (n *Node) room() float64 { return max(n.width(), textWidth(n.Sub, small)) }

// border is where a line from the node's middle towards a point leaves its shape.
func (n *Node) border(at, to point) point {
	d := to.minus(at)
	if d.length() < 1e-9 {
		return at
	}
	w, h := n.width()/2, float64(nodeHeight)/2
	if n.Shape == Box {
		return at.plus(d.times(min(w/max(math.Abs(d.x), 1e-9), h/max(math.Abs(d.y), 1e-9))))
	}
	// A pill: a circle of radius h, drawn apart along x.
	u := d.unit()
	flat := w - h
	if k := h / max(math.Abs(u.y), 1e-9); math.Abs(u.x)*k <= flat {
		return at.plus(u.times(k))
	}
	// the point on the round end: |(t·u.x ∓ flat, t·u.y)| = h
	c := math.Copysign(flat, u.x)
	b := u.x * c
	t := b + math.Sqrt(max(b*b-(c*c-h*h), 0))
	return at.plus(u.times(t))
}

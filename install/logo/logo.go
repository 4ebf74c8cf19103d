// Package logo draws the mark of the project: three tasks as lanes, and one
// thread of execution that weaves through them, a piece of each at a time.
//
//	geometry ──SVG──▶ logo-svg.svg
//	         └─PNG──▶ logo-32x32.png, logo-64x64.png
//
// The files beside this one were written by "go test ./install/logo -update"
// and are what a kernel specification is given.
package logo

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// Files are the logos under the names that Jupyter looks for.
//
//go:embed logo-32x32.png logo-64x64.png logo-svg.svg
var Files embed.FS

// side is the width and height of the drawing in its own units.
const side = 64

// shape is a rectangle with round corners.
type shape struct {
	x, y, w, h, r float64
	fill          color.NRGBA
}

// shapes are drawn in order, later ones over earlier ones. The dark plate keeps
// the bright lanes readable on a light and on a dark page.
func shapes() []shape {
	var (
		plate  = color.NRGBA{0x22, 0x38, 0x5a, 0xff}
		rail   = color.NRGBA{0x5a, 0x74, 0x9c, 0xff} // a task that waits
		weave  = color.NRGBA{0xff, 0xff, 0xff, 0xff} // execution going from task to task
		sky    = color.NRGBA{0x56, 0xb4, 0xe9, 0xff}
		orange = color.NRGBA{0xe6, 0x9f, 0x00, 0xff}
		green  = color.NRGBA{0x2f, 0xc4, 0x8d, 0xff}
	)
	list := []shape{{0, 0, side, side, 12, plate}}
	for _, y := range []float64{16, 32, 48} {
		list = append(list, shape{8, y - 1, 48, 2, 1, rail})
	}
	return append(list,
		shape{20.5, 16, 3, 16, 0, weave},
		shape{30.5, 32, 3, 16, 0, weave},
		shape{40.5, 16, 3, 32, 0, weave},
		shape{7, 10, 17, 12, 3, sky},
		shape{20, 26, 14, 12, 3, orange},
		shape{30, 42, 14, 12, 3, green},
		shape{40, 10, 17, 12, 3, sky},
	)
}

// SVG is the drawing as SVG.
func SVG() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="Interleave">`+"\n", side, side)
	for _, s := range shapes() {
		fmt.Fprintf(&b, `  <rect x="%g" y="%g" width="%g" height="%g" rx="%g" fill="#%02x%02x%02x"/>`+"\n",
			s.x, s.y, s.w, s.h, s.r, s.fill.R, s.fill.G, s.fill.B)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// PNG is the drawing as a picture of that width and height in pixels.
func PNG(size int) ([]byte, error) {
	const samples = 8 // a pixel's colour is the mean of samples × samples points
	picture := image.NewNRGBA(image.Rect(0, 0, size, size))
	list := shapes()
	for py := range size {
		for px := range size {
			var r, g, b, hits int
			for sy := range samples {
				for sx := range samples {
					x := (float64(px) + (float64(sx)+0.5)/samples) * side / float64(size)
					y := (float64(py) + (float64(sy)+0.5)/samples) * side / float64(size)
					if fill, ok := at(list, x, y); ok {
						r, g, b, hits = r+int(fill.R), g+int(fill.G), b+int(fill.B), hits+1
					}
				}
			}
			if hits > 0 {
				picture.SetNRGBA(px, py, color.NRGBA{
					uint8(r / hits), uint8(g / hits), uint8(b / hits), uint8(hits * 255 / (samples * samples)),
				})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("logo: %w", err)
	}
	return b.Bytes(), nil
}

// at is the colour of the topmost shape at a point.
func at(list []shape, x, y float64) (color.NRGBA, bool) {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].contains(x, y) {
			return list[i].fill, true
		}
	}
	return color.NRGBA{}, false
}

func (s shape) contains(x, y float64) bool {
	if x < s.x || y < s.y || x > s.x+s.w || y > s.y+s.h {
		return false
	}
	dx := max(s.x+s.r-x, x-(s.x+s.w-s.r), 0)
	dy := max(s.y+s.r-y, y-(s.y+s.h-s.r), 0)
	return dx*dx+dy*dy <= s.r*s.r || dx == 0 || dy == 0
}

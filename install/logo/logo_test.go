package logo

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the logo files anew")

// Pixels are compared, not bytes: compression may differ between Go versions.
func TestPNGsAreOfTheGeometry(t *testing.T) {
	for name, size := range map[string]int{"logo-32x32.png": 32, "logo-64x64.png": 64} {
		drawn, err := PNG(size)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(name, drawn, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		kept, err := Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, got := decode(t, drawn), decode(t, kept)
		if got.Bounds() != want.Bounds() || got.Bounds().Dx() != size {
			t.Fatalf("%s is %v, want %d × %d", name, got.Bounds(), size, size)
		}
		for y := range size {
			for x := range size {
				if got.At(x, y) != want.At(x, y) {
					t.Fatalf("%s differs from the geometry at %d,%d: run go test ./install/logo -update", name, x, y)
				}
			}
		}
	}
}

func TestSVGIsOfTheGeometry(t *testing.T) {
	if *update {
		if err := os.WriteFile("logo-svg.svg", SVG(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := Files.ReadFile("logo-svg.svg")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, SVG()) {
		t.Error("logo-svg.svg differs from the geometry: run go test ./install/logo -update")
	}
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

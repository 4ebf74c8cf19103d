package hardware

import (
	"context"
	"fmt"
	"os"
	"testing"
)

// TestMeasure prints the figures of this computer; it runs where it is asked for:
// INTERLEAVE_MEASURE=1 go test -run Measure -v
func TestMeasure(t *testing.T) {
	if os.Getenv("INTERLEAVE_MEASURE") == "" {
		t.Skip("INTERLEAVE_MEASURE is not set")
	}
	ctx := context.Background()
	c := Read()
	fmt.Println(c)
	points, err := Sweep(ctx, c)
	fmt.Println(err, "noise", Noise(points))
	for _, p := range points {
		fmt.Printf("%9s %.2f (%.0f%%)\n", Bytes(p.Size), p.Load.Best, 100*p.Load.Spread())
	}
	for _, f := range Compare(c, points) {
		fmt.Println(f.Cache.Name(), f.Words)
	}
	fmt.Println(Matrix(ctx, 512))
	fmt.Println(Scaling(ctx, c.CPUs))
	fmt.Println(Sharing(ctx, c))
	fmt.Println(Files(ctx, 64<<20))
	fmt.Println(Loopback(ctx))
	t.Setenv(childEnv, "yes")
	fmt.Println(Children(ctx, []string{os.Args[0]}))
}

package hardware

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"time"
)

// Product is one way to multiply two square matrices, with how long it took.
type Product struct {
	Name  string
	Order string // of its loops
	Time  Time
}

// Bounds of the sides of matrices, and of the blocks into which they are cut: three blocks
// of 32×32 numbers are 24 KB, which most first-level caches hold.
const (
	SmallestMatrix = 16
	LargestMatrix  = 1536
	block          = 32
)

// matrixTurns is how often a product is timed, within matrixTime.
const (
	matrixTurns = 3
	matrixTime  = 1500 * time.Millisecond
)

// Matrix multiplies two n×n matrices of float64 in three orders of the same loops. All
// three do the same 2n³ operations; what differs is the way through memory.
// (Lam, Rothberg and Wolf, The Cache Performance and Optimizations of Blocked
// Algorithms, 1991.)
func Matrix(ctx context.Context, n int) ([]Product, error) {
	if n < SmallestMatrix || n > LargestMatrix {
		return nil, fmt.Errorf("hardware: a matrix of %d×%d: want a side from %d to %d", n, n, SmallestMatrix, LargestMatrix)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	a, b := filled(n, 1), filled(n, 2)
	c := make([]float64, n*n)
	ways := []struct {
		Product
		multiply func(ctx context.Context, c, a, b []float64, n int) error
	}{
		{Product{Name: "by columns", Order: "i, j, k: down the columns of b"}, byColumns},
		{Product{Name: "by rows", Order: "i, k, j: along the rows of b and c"}, byRows},
		{Product{Name: "blocked", Order: fmt.Sprintf("blocks of %d×%d, i, k, j within", block, block)}, blocked},
	}
	var list []Product
	var sum float64
	for i, w := range ways {
		var turns []float64
		for began := time.Now(); len(turns) < matrixTurns && (len(turns) == 0 || time.Since(began) < matrixTime/2); {
			clear(c)
			start := time.Now()
			if err := w.multiply(ctx, c, a, b, n); err != nil {
				return nil, err
			}
			turns = append(turns, float64(time.Since(start)))
		}
		w.Time = best(turns)
		list = append(list, w.Product)
		switch s := total(c); {
		case i == 0:
			sum = s
		case math.Abs(s-sum) > 1e-6*math.Abs(sum):
			return nil, fmt.Errorf("hardware: the products differ: %v and %v", sum, s)
		}
	}
	return list, nil
}

// filled is a matrix of small numbers.
func filled(n, from int) []float64 {
	m := make([]float64, n*n)
	for i := range m {
		m[i] = float64((i*7+from)%11) / 11
	}
	return m
}

func total(m []float64) (sum float64) {
	for _, x := range m {
		sum += x
	}
	return sum
}

func byColumns(ctx context.Context, c, a, b []float64, n int) error {
	for i := range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		row := a[i*n : i*n+n]
		for j := range n {
			sum := 0.0
			for k, x := range row {
				sum += x * b[k*n+j]
			}
			c[i*n+j] = sum
		}
	}
	return nil
}

func byRows(ctx context.Context, c, a, b []float64, n int) error {
	for i := range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := c[i*n : i*n+n]
		for k := range n {
			x, from := a[i*n+k], b[k*n:k*n+n]
			for j, y := range from {
				to[j] += x * y
			}
		}
	}
	return nil
}

func blocked(ctx context.Context, c, a, b []float64, n int) error {
	for i0 := 0; i0 < n; i0 += block {
		for k0 := 0; k0 < n; k0 += block {
			if err := ctx.Err(); err != nil {
				return err
			}
			for j0 := 0; j0 < n; j0 += block {
				i1, k1, j1 := min(i0+block, n), min(k0+block, n), min(j0+block, n)
				for i := i0; i < i1; i++ {
					to := c[i*n+j0 : i*n+j1]
					for k := k0; k < k1; k++ {
						x, from := a[i*n+k], b[k*n+j0:k*n+j1]
						for j, y := range from {
							to[j] += x * y
						}
					}
				}
			}
		}
	}
	return nil
}

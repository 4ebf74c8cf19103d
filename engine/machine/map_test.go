package machine

import (
	"fmt"
	"go/types"
	"math"
	"strings"
	"testing"

	"interleave/engine/layout"
	"interleave/engine/policy"
)

// Whatever is written to a map, going back brings its entries and their order back.
func TestMapsGoBack(t *testing.T) {
	u := layout.NewUniverse(nil)
	number := u.Of(types.Typ[types.Int])
	keys := map[types.BasicKind]func(i int) Val{
		types.Int:    func(i int) Val { return Val{N: uint64(i)} },
		types.String: func(i int) Val { return StringVal(fmt.Sprint(i)) },
		types.Float64: func(i int) Val {
			if i%10 == 9 {
				return Val{N: math.Float64bits(math.NaN())}
			}
			return Val{N: math.Float64bits(float64(i))}
		},
	}
	for kind, key := range keys {
		r := policy.NewRand(1, 0)
		var log trail
		h := &Map{Key: u.Of(types.Typ[kind]), Elem: number}
		h.reset(0)
		text := func() string {
			var b strings.Builder
			fmt.Fprintln(&b, h.live, h.lastSeq, len(h.entries))
			for _, e := range h.entries {
				fmt.Fprintln(&b, e.seq, e.dead, e.key.N, String(Val{P: e.key.P, N: e.key.N * b2u(kind == types.String)}), e.val.N, h.index(e))
			}
			return b.String()
		}
		type point struct {
			log  int
			text string
		}
		var points []point
		for i := range 4000 {
			log.live = 1
			if i%7 == 0 {
				points = append(points, point{len(log.log), text()})
			}
			if len(points) > 0 && r.Intn(40) == 0 {
				at := r.Intn(len(points))
				log.back(points[at].log)
				if got := text(); got != points[at].text {
					t.Fatalf("%v keys, after %d writes: back at\n%s, want\n%s", kind, i, got, points[at].text)
				}
				points = points[:at+1]
			}
			k := key(r.Intn(120))
			h.undo = &log
			switch what := r.Intn(200); {
			case what < 100:
				h.Put(k, Val{N: uint64(i)})
			case what < 199:
				h.Delete(k)
			default:
				h.Clear()
			}
		}
	}
}

// index is where the index says that a live entry is.
func (h *Map) index(e entry) int {
	if e.dead || e.key.N == math.Float64bits(math.NaN()) {
		return -1
	}
	return h.find(e.key)
}

func b2u(b bool) uint64 { return uint64(b2i(b)) }

package bytecode

import (
	"strings"
	"testing"

	"interleave/engine/bytecode"
	"interleave/engine/draw"
	"interleave/engine/draw/drawtest"
)

func TestGolden(t *testing.T) {
	made := func(setup string, threads []string, c bytecode.Counting, times int) *bytecode.Program {
		p, err := bytecode.New(setup, threads, c, times)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	steps := func(p *bytecode.Program, order string) draw.Drawing {
		list, _, err := p.Follow(order)
		if err != nil {
			t.Fatal(err)
		}
		return Steps(p, list)
	}
	both := made("x = 0", []string{"x += 1", "x += 1"}, bytecode.WithGIL, 1)
	locked := made("x = 0\nlock = threading.Lock()", []string{"with lock:\n    x += 1\nx = x + 2", "x += 1"}, bytecode.WithGIL, 3)
	for name, d := range map[string]draw.Drawing{
		"code":     Code(both),
		"locked":   Code(locked),
		"lost":     steps(both, "AAABBBAB"),
		"early":    steps(made("o = object()", []string{"a = o\ndel a\nb = o", "c = o\ndel c"}, bytecode.Plain, 1), "ABAB AB AA BB A"),
		"biased":   steps(made("o = object()", []string{"a = o\ndel a", "b = o"}, bytecode.Biased, 1), "AABAAB"),
		"many":     steps(made("x = 0", []string{"x += 1", "x += 1"}, bytecode.WithGIL, 100), ""),
		"outcomes": Outcomes(both, []Outcome{{"x = 1", 68, "AAABABBB"}, {"x = 2", 2, "AAAABBBB"}}, 70),
	} {
		drawtest.Golden(t, name+".txt", d.Text+"\n"+d.Alt+"\n")
		drawtest.Golden(t, name+".html", d.HTML)
		if len(d.HTML) > 500_000 || strings.Contains(d.HTML, "<script") {
			t.Errorf("%s: %d bytes", name, len(d.HTML))
		}
	}
}

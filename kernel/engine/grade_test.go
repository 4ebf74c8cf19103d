package engine

import (
	"strings"
	"testing"
)

func TestGrade(t *testing.T) {
	g := Grade()
	g.Case(1, "it ends", "", "never shown")
	g.Case(2.5, "a < b", "a is\n3 & b is 2", "compare", "with <")
	if g.Points() != 1 || g.Of() != 3.5 {
		t.Errorf("%v of %v points, want 1 of 3.5", g.Points(), g.Of())
	}
	want := `1 of 3.5 points
✓ it ends (1 of 1)
✗ a < b (0 of 2.5)
    a is
    3 & b is 2
    hint 1: compare
    hint 2: with <
`
	if got := g.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	page := g.Display()["text/html"].(string)
	for _, part := range []string{"✗ <b>a &lt; b</b>", "3 &amp; b is 2", "Hint 2</summary><p>with &lt;</p>\n</details></details></li>"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q:\n%s", part, page)
		}
	}
	if strings.Contains(page, "never shown") {
		t.Error("the page shows a hint of a case that passed")
	}
	defer func() {
		if recover() == nil {
			t.Error("negative points were taken")
		}
	}()
	g.Case(-1, "", "")
}

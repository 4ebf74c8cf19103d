package host

import (
	"strings"
	"testing"
)

// TestLoadWhileTasksRun loads packages for cells while a task of an ended cell goes
// on, and compiles functions as it meets them.
func TestLoadWhileTasksRun(t *testing.T) {
	s := open(t)
	if got := s.run(t, `
func same[T any](v T) T { return v }
beats := 0
go func() {
	for {
		time.Sleep(time.Microsecond)
		beats++
		switch beats % 4 {
		case 0:
			_ = fmt.Sprint(same(struct{ A any }{beats}))
		case 1:
			_ = strings.Fields(same("a b"))
		case 2:
			_ = slices.Sorted(maps.Keys(map[int]bool{1: true}))
		case 3:
			_, _ = strconv.Atoi(same("12"))
		}
	}
}()`); got != "" {
		t.Fatal(got)
	}
	for _, c := range []string{`regexp.MustCompile("a+").FindString("caaat")`, `string(must(json.Marshal([]int{1})))`, `big.NewInt(3).String()`, `url.QueryEscape("a b")`} {
		if strings.Contains(c, "must(") {
			s.run(t, "func must[T any](v T, err error) T { return v }")
		}
		if got := s.run(t, c); !strings.HasPrefix(got, "=> \"") {
			t.Errorf("%s: %q", c, got)
		}
	}
	if got := s.run(t, "beats > 0"); got != "=> true\n" {
		t.Error(got)
	}
}

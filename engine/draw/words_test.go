package draw

import "testing"

func TestDuration(t *testing.T) {
	for ns, want := range map[int64]string{
		0: "0 ns", 999: "999 ns", 1000: "1 µs", 1005: "1 µs", 1234: "1.23 µs", 9994: "9.99 µs", 9996: "10 µs", 99_949: "99.9 µs", 99_960: "100 µs",
		999_499: "999 µs", 999_500: "1 ms", 1_500_000: "1.5 ms", 999_500_000: "1 s", 1_000_000_000: "1 s", 3_600_000_000_000: "3600 s", -1500: "−1.5 µs",
	} {
		if got := Duration(ns); got != want {
			t.Errorf("Duration(%d) = %q, want %q", ns, got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		part, whole int64
		want        string
	}{{0, 10, "0 %"}, {1, 1000, "under 1 %"}, {5, 10, "50 %"}, {999, 1000, "over 99 %"}, {10, 10, "100 %"}, {1, 0, "0 %"}} {
		if got := Percent(c.part, c.whole); got != c.want {
			t.Errorf("Percent(%d, %d) = %q, want %q", c.part, c.whole, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0 tasks", 1: "1 task", 999: "999 tasks", 1000: "1,000 tasks", 1234567: "1,234,567 tasks"} {
		if got := Plural(n, "task"); got != want {
			t.Errorf("Plural(%d) = %q", n, got)
		}
	}
}

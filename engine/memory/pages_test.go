package memory

import "testing"

// TestCopyOnWrite: a parent with three pages, of which two variables share one.
func TestCopyOnWrite(t *testing.T) {
	var p Pages
	const parent, child = 0x10000, 0x90000
	list := []Area{{parent, 8, 8}, {parent + 16, child + 16, 8}, {parent + PageSize, child + 0x5000, 2 * PageSize}}
	list[0].Child = child
	if n := p.Fork(0, 1, list); n != 3 {
		t.Fatalf("the child's table has %d pages, want 3", n)
	}
	for _, w := range []struct {
		name       string
		at, size   uint64
		want       int
		all, still [2]int // pages of parent and child; those they still share
	}{
		{"the child writes", child, 8, 1, [2]int{3, 3}, [2]int{2, 2}},
		{"again", child, 8, 0, [2]int{3, 3}, [2]int{2, 2}},
		{"to the other variable in this page", child + 16, 8, 0, [2]int{3, 3}, [2]int{2, 2}},
		{"the parent, whose page nobody has any more", parent + 16, 8, 0, [2]int{3, 3}, [2]int{2, 2}},
		{"the parent, over a boundary", parent + 2*PageSize - 4, 8, 2, [2]int{3, 3}, [2]int{0, 0}},
		{"somewhere else", 0x500000, 8, 0, [2]int{3, 3}, [2]int{0, 0}},
	} {
		if got := p.Write(w.at, w.size); got != w.want {
			t.Errorf("%s: %d pages copied, want %d", w.name, got, w.want)
		}
		for id := range 2 {
			if all, shared := p.Use(id); all != w.all[id] || shared != w.still[id] {
				t.Errorf("%s: process %d has %d pages, %d shared; want %d, %d", w.name, id, all, shared, w.all[id], w.still[id])
			}
		}
	}
}

// TestForkOfFork: three have a page; each but the last who writes copies it.
func TestForkOfFork(t *testing.T) {
	var p Pages
	p.Fork(0, 1, []Area{{0x10000, 0x20000, 8}})
	p.Fork(1, 2, []Area{{0x20000, 0x30000, 8}})
	for i, want := range []int{1, 1, 0} {
		if got := p.Write(uint64(0x10000*(i+1)), 8); got != want {
			t.Errorf("process %d copied %d pages, want %d", i, got, want)
		}
	}
	p = Pages{}
	p.Fork(0, 1, []Area{{0x10000, 0x20000, 8}})
	p.End(0)
	if got := p.Write(0x20000, 8); got != 0 {
		t.Errorf("nobody else has the page, and %d were copied", got)
	}
}

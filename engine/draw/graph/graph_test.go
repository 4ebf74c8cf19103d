package graph

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"interleave/engine/analyse/resource"
	"interleave/engine/draw/drawtest"
)

var graphs = map[string]string{
	"no_circle":           "R1=1 R2=2 R3=1 R4=3 P1->R1 P2->R3 R1->P2 R2->P1 R2->P2 R3->P3",
	"deadlock":            "R1=1 R2=2 R3=1 R4=3 P1->R1 P2->R3 R1->P2 R2->P1 R2->P2 R3->P3 P3->R2",
	"circle_no_deadlock":  "R1=2 R2=2 P1->R1 R1->P2 R1->P3 P3->R2 R2->P1 R2->P4",
	"seven_processes":     "R=1 S=1 T=1 U=1 V=1 W=1 R->A A->S B->T C->S U->D D->S D->T T->E E->V W->F F->S V->G G->U",
	"two":                 "tape=1 printer=1 tape->A A->printer printer->B B->tape",
	"itself":              "R=2 R->A R->B A->R*1 B",
	"ring_of_eight":       "a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 a->1 1->b b->2 2->c c->3 3->d d->4 4->e e->5 5->f f->6 6->g g->7 7->h h->8 8->a",
	"behind_a_ring":       "a=1 b=1 c=1 a->P P->b b->Q Q->a X->a c->X Y->c",
	"many_units":          "memory=40 memory->P*20 memory->Q*15 P->memory*6 Q->memory*3",
	"long_chain":          "a=1 b=1 c=1 d=1 a->P1 P2->a b->P2 P3->b c->P3 P4->c d->P4 P5->d",
	"six_behind_a_circle": "a=1 b=1 a->P P->b b->Q Q->a X1->a X2->a X3->b X4->b X5->a X6->b",
}

func parsed(t testing.TB, text string) *resource.State {
	s, err := resource.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestResourceDrawings(t *testing.T) {
	for name, text := range graphs {
		t.Run(name, func(t *testing.T) {
			p := resources(parsed(t, text))
			d := p.Draw()
			drawtest.Golden(t, name+".txt", d.Alt+"\n\n"+d.Text)
			drawtest.Golden(t, name+".svg", p.SVG())
			if again := resources(parsed(t, text)).Draw(); again != d {
				t.Error("the second drawing differs from the first")
			}
			if n := overlaps(p); n > 0 {
				t.Errorf("%d labels or nodes overlap", n)
			}
		})
	}
}

func TestBankerDrawings(t *testing.T) {
	s := &resource.State{
		Processes: []string{"P0", "P1", "P2", "P3", "P4"}, Resources: []string{"A", "B", "C"}, Available: []int{3, 3, 2},
		Allocation: [][]int{{0, 1, 0}, {2, 0, 0}, {3, 0, 2}, {2, 1, 1}, {0, 0, 2}},
		Max:        [][]int{{7, 5, 3}, {3, 2, 2}, {9, 0, 2}, {2, 2, 2}, {4, 3, 3}},
	}
	d, err := Banker(s)
	if err != nil {
		t.Fatal(err)
	}
	drawtest.Golden(t, "banker.txt", d.Text)
	drawtest.Golden(t, "banker.html", d.HTML)
	for name, ask := range map[string][]int{"granted": {1, 1, 0, 2}, "not_enough": {0, 4, 0, 0}, "not_safe": {0, 3, 3, 0}} {
		d, err := Ask(s, ask[0], ask[1:])
		if err != nil {
			t.Fatal(err)
		}
		drawtest.Golden(t, "banker_"+name+".txt", d.Text)
	}
}

// overlaps counts pairs of nodes and labels that cover each other.
func overlaps(p *Picture) int {
	l := arrange(p)
	var list []box
	for n := range p.Nodes {
		list = append(list, p.Nodes[n].covers(l.at[n])...)
	}
	for _, m := range labels(p, l) {
		list = append(list, m.covers())
	}
	count := 0
	for i, a := range list {
		for _, b := range list[:i] {
			if a.meets(b) {
				count++
			}
		}
	}
	return count
}

// Nodes of any graph lie apart, and within the picture.
func TestNodesApart(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		p := &Picture{}
		n := 2 + r.IntN(14)
		for i := range n {
			p.Nodes = append(p.Nodes, Node{Shape: Shape(i % 2), Label: strings.Repeat("x", 1+r.IntN(12)), Sub: strings.Repeat("y", r.IntN(12))})
		}
		for range r.IntN(2 * n) {
			p.Edges = append(p.Edges, Edge{From: r.IntN(n), To: r.IntN(n), Label: "waits, line 12"})
		}
		l := arrange(p)
		for i, a := range l.at {
			if a.x < 0 || a.y < 0 || a.x > l.width || a.y > l.height {
				t.Fatalf("node %d is at %v of a picture of %v × %v", i, a, l.width, l.height)
			}
			for j, b := range l.at[:i] {
				wide := (p.Nodes[i].width() + p.Nodes[j].width()) / 2
				if math.Abs(a.x-b.x) < wide && math.Abs(a.y-b.y) < nodeHeight {
					t.Fatalf("nodes %d and %d cover each other: %v, %v", i, j, a, b)
				}
			}
		}
	}
}

// A tree has an order in which nothing crosses, and it is found.
func TestTreesDoNotCross(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	crossed := 0
	const trees = 200
	for range trees {
		p := &Picture{Nodes: []Node{{}}}
		for i := 1; i < 2+r.IntN(10); i++ {
			p.Nodes = append(p.Nodes, Node{})
			p.Edges = append(p.Edges, Edge{From: r.IntN(i), To: i})
		}
		part := make([]int, len(p.Nodes))
		for i := range part {
			part[i] = i
		}
		s := newSugiyama(p, part)
		s.orders()
		if s.crossings() > 0 {
			crossed++
		}
	}
	if crossed > 0 {
		t.Errorf("%d of %d trees are drawn with crossings", crossed, trees)
	}
}

// What is marked is thicker too: it can be told without colour.
func TestMarkedIsThicker(t *testing.T) {
	p := &Picture{Nodes: []Node{{Label: "a"}, {Label: "b"}, {Label: "c", Marked: true}}, Edges: []Edge{{From: 0, To: 1}, {From: 1, To: 2, Marked: true}}}
	svg := p.SVG()
	for _, want := range []string{`class="e" d="`, `stroke-width="1.4"`, `class="m" d="`, `stroke-width="2.6"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in\n%s", want, svg)
		}
	}
}

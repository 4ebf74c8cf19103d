package page

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"interleave/kernel/notebook"
)

var update = flag.Bool("update", false, "write the golden page anew")

// The golden page has every kind of cell and output; look at it in a browser
// when it changes.
func TestGoldenPage(t *testing.T) {
	nb, err := notebook.Read("testdata/all.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"pictures/dot.svg": {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle cx="4" cy="4" r="4"/></svg>`)}}
	var b bytes.Buffer
	if err := (Page{Title: "All <kinds>", Notebook: nb, Files: files}).Write(&b); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/all.html"
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, lines := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range got {
		if i >= len(lines) || got[i] != lines[i] {
			t.Fatalf("line %d differs from %s:\n%s", i+1, golden, got[i])
		}
	}
	if len(got) != len(lines) {
		t.Errorf("%d lines, want %d", len(got), len(lines))
	}
}

func TestPageNeedsNoNetwork(t *testing.T) {
	page, err := os.ReadFile("testdata/all.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, outside := range []string{"<link", "@import", "<script src", "url(http"} {
		if bytes.Contains(page, []byte(outside)) {
			t.Errorf("the page has %s", outside)
		}
	}
}

func TestHighlight(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"", ""},
		{"x := 1", `x := <span class="n">1</span>`},
		{`go f("<a>") // é & b`, `<span class="k">go</span> f(<span class="s">&#34;&lt;a&gt;&#34;</span>) <span class="c">// é &amp; b</span>`},
		{"var s string = `a\nb`", "<span class=\"k\">var</span> s <span class=\"b\">string</span> = <span class=\"s\">`a\nb`</span>"},
		{"x := 'ö' + len(y", `x := <span class="s">&#39;ö&#39;</span> + <span class="b">len</span>(y`},
		{"x := \"open\ny", "x := <span class=\"s\">&#34;open</span>\ny"},
		{"%help x\nreturn", "<span class=\"m\">%help x\n</span><span class=\"k\">return</span>"},
		{"%%real a\nfor", "<span class=\"m\">%%real a\n</span><span class=\"k\">for</span>"},
		{"# $ ?", "# $ ?"},
	} {
		if got := highlight(test.source); got != test.want {
			t.Errorf("highlight(%q)\ngot  %s\nwant %s", test.source, got, test.want)
		}
	}
}

func TestANSI(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"plain <b>", "plain &lt;b&gt;"},
		{"\x1b[31mred\x1b[0m back", `<span class="f1">red</span> back`},
		{"\x1b[1;4;32mx\x1b[22my\x1b[mz", `<span class="bold underline f2">x</span><span class="underline f2">y</span>z`},
		{"\x1b[91;103mx", `<span class="f1 g3">x</span>`},
		{"\x1b[38;5;99mx\x1b[48;2;1;2;3;3my", `x<span class="italic">y</span>`},
		{"a\x1b[2Kb\x1bc", "abc"},
		{"10%\r50%\r100%\nend\r\n", "100%\nend\n"},
	} {
		if got := ansi(test.text); got != test.want {
			t.Errorf("ansi(%q)\ngot  %s\nwant %s", test.text, got, test.want)
		}
	}
}

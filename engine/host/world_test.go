package host

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/machine"
	"interleave/engine/programs"
	"interleave/engine/syntax"
)

// TestWorld holds programs that leave the machine against what compiled Go printed.
func TestWorld(t *testing.T) {
	all, err := programs.Load("testdata")
	if err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	for _, p := range all {
		if strings.HasPrefix(p.Name, "back/") {
			continue // held against itself, gone back
		}
		t.Run(p.Name, func(t *testing.T) {
			if verdict, why := programs.Judge(p, evaluate(p, archive(t), machine.Config{}, nil)); verdict != programs.Equal {
				t.Errorf("%v\n%s", verdict, why)
			}
		})
	}
}

// notify hands over the first line that is written.
type notify struct {
	text bytes.Buffer
	line chan string
}

func (n *notify) Write(p []byte) (int, error) {
	n.text.Write(p)
	if line, err := n.text.ReadString('\n'); err == nil {
		n.line <- strings.TrimSpace(line)
	}
	return len(p), nil
}

// TestServesOutside asks a cell's server from outside of the machine.
func TestServesOutside(t *testing.T) {
	s := check.NewSession(library.New(stdlib.Symbols))
	h, err := New(s, archive(t), machine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	c, errs := syntax.Parse(s.Fset(), "cell[1]", `
import ("fmt"; "net"; "net/http"; "time")
abandoned, left := time.NewTimer(time.Millisecond), time.NewTicker(time.Second) // nobody waits for these
l, err := net.Listen("tcp", "127.0.0.1:0")
if err != nil { panic(err) }
fmt.Println(l.Addr())
hits := 0
stop := make(chan bool)
go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	hits++
	fmt.Fprintf(w, "hit %d of %s", hits, r.URL.Path)
	if hits == 2 { close(stop) }
}))
<-stop
l.Close()
fmt.Println("done")
`)
	if errs != nil {
		t.Fatal(errs)
	}
	p, ce := s.Check(c)
	if ce != nil {
		t.Fatal(ce)
	}
	out := &notify{line: make(chan string, 10)}
	ended := make(chan error)
	go func() {
		_, err := h.Run(context.Background(), p, engine.IO{Stdout: out, Stderr: out})
		ended <- err
	}()
	addr := <-out.line
	for i, want := range []string{"hit 1 of /a", "hit 2 of /b"} {
		resp, err := http.Get("http://" + addr + []string{"/a", "/b"}[i])
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || string(body) != want {
			t.Errorf("%q %v, want %q", body, err, want)
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if line := <-out.line; line != "done" {
		t.Errorf("%q at the end", line)
	}
	if c, err := net.Dial("tcp", addr); err == nil {
		c.Close()
		t.Error("the listener is still open")
	}
}

// TestRefused holds what cannot be carried to a clear word.
func TestRefused(t *testing.T) {
	s := open(t)
	for _, c := range [][2]string{
		{"import \"runtime/pprof\"\npprof.StartCPUProfile(os.Stdout)", "is not available on the machine: it would look at the host's own goroutines; %evaluator yaegi runs it"},
		{"pprof.Labels()", "it would look at the host's own goroutines"},
		{"import \"net/http/internal\"", "use of internal package net/http/internal not allowed"},
		{"import (\"image\"; \"image/color\")\np := image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.Black})\nfmt.Println(p.At(0, 0), len(p.Pix))", "{0} 1"},
		{"fmt.Println(p.Palette)", "field Palette of the native type image.Paletted, a color.Palette, is not available on the machine; %evaluator yaegi has it"},
		{"import \"encoding/asn1\"\nasn1.Marshal(struct{ A int }{1})", "encoding/asn1.Marshal: a struct { A int } cannot be carried to native code as interface {}; %evaluator yaegi may run it"},
		{"import \"go/types\"\nvar s types.Sizes = types.SizesFor(\"gc\", \"amd64\")\nfmt.Println(s.Sizeof(types.Typ[types.Int]))", "8"},
		{"import \"database/sql\"\nsql.Drivers()", "[]"},
	} {
		if got := s.run(t, c[0]); !strings.Contains(got, c[1]) {
			t.Errorf("%s\n got %q\nwant %q", c[0], got, c[1])
		}
	}
}

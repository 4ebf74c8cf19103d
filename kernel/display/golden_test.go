package display

import (
	"bytes"
	"encoding/base64"
	"errors"
	"flag"
	"image"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

type person struct {
	Name   string
	Age    int
	secret float64
	Next   *person
}

type celsius float64

func (c celsius) String() string { return "warm" }

type sign struct{ text string }

func (s sign) Display() Bundle { return Bundle{"text/html": "<b>" + s.text + "</b>"} }

// golden are outputs whose forms are kept in testdata.
var golden = map[string]func() Bundle{
	"text": func() Bundle { return AsText("a < b\n") },
	"html": func() Bundle {
		return AsHTML("<style>b{}</style><p>one <b>two</b></p>three &lt; four<br>5 < 6 <img alt=\"a cat\">")
	},
	"markdown": func() Bundle { return AsMarkdown("# head\n\n- $x^2$") },
	"latex":    func() Bundle { return AsLatex(`$e^{i\pi} = -1$`) },
	"svg": func() Bundle {
		return AsSVG(`<svg xmlns="http://www.w3.org/2000/svg"><title>three "bars" &amp; more</title></svg>`)
	},
	"svg-bare": func() Bundle { return AsSVG(`<svg/>`) },
	"png":      func() Bundle { return AsPNG([]byte(onePixel)) },
	"jpeg":     func() Bundle { return AsJPEG([]byte("no picture")) },
	"json":     func() Bundle { return AsJSON(map[string]any{"b": []int{1, 2}, "a": "<x>"}) },
	"vegalite": func() Bundle { return AsVegaLite(`{"title": "ages", "mark": "bar"}`) },

	"table-structs": func() Bundle {
		ada := &person{"Ada <3", 36, 1.5, nil}
		return As([]*person{ada, {"Zoë\n日本", 7, -2, ada}})
	},
	"table-hidden-fields": func() Bundle {
		return AsTable([]struct {
			U_name string
			U      int
		}{{"a", 1}})
	},
	"table-maps":    func() Bundle { return As([]map[string]any{{"b": 1, "a": "x"}, {"c": nil, "b": 22}}) },
	"table-texts":   func() Bundle { return AsTable([][]string{{"name", "age"}, {"Ada", "36"}, {"Alan"}}) },
	"table-numbers": func() Bundle { return AsTable([][]float64{{1, 2.5}, {10, 3}}) },
	"table-map":     func() Bundle { return AsTable(map[int]string{10: "ten", 9: "nine"}) },
	"table-values":  func() Bundle { return AsTable([]any{1, "two", nil, celsius(3), errors.New("four"), time.Second}) },
	"table-one":     func() Bundle { return AsTable(42) },
	"table-empty":   func() Bundle { return AsTable([]person{}) },
	"table-nil":     func() Bundle { return AsTable(nil) },
	"table-units":   func() Bundle { return AsTable([]struct{ T celsius }{{1}}) },
	"table-long": func() Bundle {
		b := AsTable(make([]int, maxRows+2))
		for mime, form := range b {
			lines := strings.SplitAfter(form.(string), "<tr>")
			if mime == "text/plain" {
				lines = strings.SplitAfter(form.(string), "\n")
			}
			b[mime] = "[cut] " + strings.Join(lines[len(lines)-2:], "")
		}
		return b
	},
	"displayer": func() Bundle { return As(sign{"stop & go"}) },
	"value":     func() Bundle { return As(struct{ A, B int }{1, 2}) },
	"nil":       func() Bundle { return As((*person)(nil)) },
}

func TestGolden(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(golden)) {
		t.Run(name, func(t *testing.T) {
			b := golden[name]()
			if text, ok := b["text/plain"].(string); !ok || text == "" && !strings.HasPrefix(name, "table-") {
				t.Errorf("text/plain is %q", b["text/plain"])
			}
			compareFile(t, name, b)
		})
	}
}

func TestShapesKeptByTheBundle(t *testing.T) {
	b := AsSVG("<svg/>").With(Bundle{"text/plain": "mine"})
	if b["text/plain"] != "mine" || b["image/svg+xml"] != "<svg/>" {
		t.Errorf("%v", b)
	}
}

// onePixel begins like a PNG file of 1 × 1.
const onePixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"

func TestPictures(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 3, 2))
	for mime, b := range map[string]Bundle{"image/png": As(m), "image/jpeg": AsJPEG(m)} {
		data, err := base64.StdEncoding.DecodeString(b[mime].(string))
		if err != nil {
			t.Fatal(err)
		}
		got, format, err := image.Decode(bytes.NewReader(data))
		if err != nil || got.Bounds() != m.Bounds() || "image/"+format != mime {
			t.Errorf("%s: %v, %v", mime, format, err)
		}
		if text := b["text/plain"].(string); !strings.HasSuffix(text, "picture, 3 × 2]") {
			t.Errorf("%s: %s", mime, text)
		}
	}
}

// boxed is a value as an interpreter passes it.
type boxed struct {
	value   any
	display func() Bundle
}

func (b boxed) Native() any    { return b.value }
func (b boxed) String() string { return "its text" }

func (b boxed) Method(name string) reflect.Value {
	if name == "Display" && b.display != nil {
		return reflect.ValueOf(b.display)
	}
	return reflect.Value{}
}

func TestInterpretedValues(t *testing.T) {
	rows := []struct{ A int }{{7}}
	shows := func() Bundle { return AsHTML("<i>own</i>") }
	for name, test := range map[string]struct {
		got  Bundle
		want string
	}{
		"shows itself":    {As(boxed{rows, shows}), "own"},
		"table":           {As(boxed{rows, nil}), "A\n─\n7"},
		"rows":            {AsTable([]any{boxed{rows[0], nil}}), "A\n─\n7"},
		"cell":            {AsTable([]any{boxed{1, nil}, 2}), "its text\n2"},
		"text":            {As(boxed{1, nil}), "its text"},
		"json":            {AsJSON(boxed{rows[0], nil}), "{\n  \"A\": 7\n}"},
		"chart":           {AsVegaLite(boxed{`{"title": "t"}`, nil}), "[chart: t]"},
		"picture":         {AsPNG(boxed{[]byte(onePixel), nil}), "[PNG picture, 1 × 1]"},
		"picture by Show": {As(boxed{image.NewGray(image.Rect(0, 0, 1, 1)), nil}), "[PNG picture, 1 × 1]"},
	} {
		if text := test.got["text/plain"]; text != test.want {
			t.Errorf("%s: %q, want %q", name, text, test.want)
		}
	}
}

func TestWrongUse(t *testing.T) {
	for want, f := range map[string]func(){
		"display: PNG of a string: it takes an image.Image or the bytes of a file": func() { AsPNG("cat.png") },
		"display: JSON: json: unsupported type: chan int":                          func() { AsJSON(make(chan int)) },
		"display: VegaLite: ": func() { AsVegaLite("{") },
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.HasPrefix(got, want) {
					t.Errorf("panic %q, want %q", got, want)
				}
			}()
			f()
		}()
	}
}

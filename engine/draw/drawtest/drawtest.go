// Package drawtest holds what tests of drawings have in common: files of drawings that
// somebody has looked at, and what must be so of every picture.
package drawtest

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden drawings anew; look at each")

// Golden holds what a test got against the file of that name in its folder testdata; with
// the flag -update it writes the file.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%.4000s", name, got)
	}
}

var image = regexp.MustCompile(`data:image/svg\+xml;base64,([^"]*)`)

// Pictures are those that a page holds as images.
func Pictures(t testing.TB, page string) (list []string) {
	t.Helper()
	for _, m := range image.FindAllStringSubmatch(page, -1) {
		svg, err := base64.StdEncoding.DecodeString(m[1])
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(svg))
	}
	return list
}

// WithoutPictures is a page without the bytes of its images.
func WithoutPictures(page string) string { return image.ReplaceAllString(page, "data:…") }

// WellFormed fails the test unless a picture is XML whose places are numbers.
func WellFormed(t testing.TB, name, svg string) {
	t.Helper()
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Errorf("%s: a place is no number", name)
	}
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

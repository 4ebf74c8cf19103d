package worker

import (
	"strings"
	"testing"
)

func TestFatal(t *testing.T) {
	tests := []struct{ words, reason, frames string }{
		{"", "", ""},
		{"some text\n", "", ""},
		{"panic: boom\n\ngoroutine 7 [running]:\nstrings.Repeat({0x1, 0x2}, 0x3)\n\t/go/src/strings/strings.go:1 +0x1\nreflect.Value.Call()\n\t/go/src/reflect/value.go:2\n\ngoroutine 8 [select]:\nos.x()\n\tx\n",
			"panic: boom", "strings.Repeat({0x1, 0x2}, 0x3) \t/go/src/strings/strings.go:1 +0x1"},
		{"panic: first\n\tpanic: second [recovered]\nfatal error: concurrent map writes\n\ngoroutine 1 [running]:\n", "fatal error: concurrent map writes", ""},
		{"runtime: goroutine stack exceeds 268435456-byte limit\nfatal error: stack overflow\n\nruntime stack:\nruntime.throw()\n\tx\n",
			"stack overflow: a function called itself until its stack was larger than 256 MB", ""},
		{"fatal error: runtime: out of memory\n", "out of memory: the limit is 1 GB", ""},
		{"fatal error: runtime: cannot allocate memory\n", "out of memory: the limit is 1 GB", ""},
		{"runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT: abort\n",
			"the system refused another thread: out of memory: the limit is 1 GB, or too many threads", ""},
		{"panic: out of memory\n", "out of memory: the limit is 1 GB", ""},
	}
	for _, test := range tests {
		reason, ok := fatal(test.words, 1<<30)
		if reason != test.reason || ok != (test.reason != "") {
			t.Errorf("%q: reason %q, want %q", test.words, reason, test.reason)
		}
		if got := strings.Join(frames(test.words), " "); got != test.frames {
			t.Errorf("%q: frames %q, want %q", test.words, got, test.frames)
		}
	}
	if reason, _ := fatal("fatal error: out of memory", -1); reason != "out of memory" {
		t.Errorf("without a limit: %q", reason)
	}
}

func TestLastWordsKeepsBothEnds(t *testing.T) {
	var l lastWords
	l.add([]byte("first "))
	for range 100 {
		l.add([]byte(strings.Repeat("x", 1000)))
	}
	l.add([]byte(" last"))
	got := l.String()
	if len(got) != 2*keepWords || !strings.HasPrefix(got, "first x") || !strings.HasSuffix(got, "x last") {
		t.Errorf("%d bytes: %.10q … %q", len(got), got, got[len(got)-10:])
	}
}

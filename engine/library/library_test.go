package library

import (
	"testing"
	"time"

	"github.com/traefik/yaegi/stdlib"
)

func TestAll(t *testing.T) {
	start := time.Now()
	l := New(stdlib.Symbols)
	for _, p := range l.Paths() {
		if _, err := l.Package(p); err != nil {
			t.Error(err)
		}
	}
	t.Log(time.Since(start), len(l.Paths()))
}

package engine

import (
	"strings"
	"testing"
)

// The charts show what the lock does to threads that compute and to threads that wait.
func TestGILCharts(t *testing.T) {
	d := GILSpeedup()
	for _, want := range []string{"Threads that compute", "Threads that wait for I/O", "gil-ticks", "free-threaded"} {
		if !strings.Contains(d.Text, want) {
			t.Errorf("no %q in\n%s", want, d.Text)
		}
	}
	if len(d.HTML) > 500_000 {
		t.Errorf("%d bytes", len(d.HTML))
	}
	if r := GILResponse("gil", "go"); !strings.Contains(r.Text, "response time") {
		t.Errorf("got\n%s", r.Text)
	}
	defer func() {
		if r := recover(); r == nil || !strings.Contains(r.(string), "engine.GILResponse: there is no policy") {
			t.Errorf("recovered %v", r)
		}
	}()
	GILResponse("gill")
}

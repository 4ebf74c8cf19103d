//go:build unix

package worker

import (
	"context"
	"fmt"
	"testing"

	"interleave/kernel/protocol"
)

func benchPool(b *testing.B) (*Pool, *listener) {
	self, err := ownBinary()
	if err != nil {
		b.Fatal(err)
	}
	p, err := Start(Config{Command: []string{self}, Env: []string{asWorker + "=fake"}, OutputLimit: -1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { p.Close() })
	return p, newListener()
}

func execute(b *testing.B, p *Pool, out protocol.Output, code string) {
	if _, err := p.Execute(context.Background(), protocol.Execute{ID: "c", Code: code}, out); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkStart is from nothing to the answer of the first cell.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		p, out := benchPool(b)
		execute(b, p, out, "print 1")
		p.Close()
	}
}

// BenchmarkRestart is from a session to the first answer of the next one.
func BenchmarkRestart(b *testing.B) {
	p, out := benchPool(b)
	for b.Loop() {
		if err := p.Restart(); err != nil {
			b.Fatal(err)
		}
		execute(b, p, out, "print 1")
	}
}

// BenchmarkTakeover is from the death of a worker to its spare's answer.
func BenchmarkTakeover(b *testing.B) {
	p, out := benchPool(b)
	for b.Loop() {
		p.Execute(context.Background(), protocol.Execute{ID: "c", Code: "exit 1"}, out)
		execute(b, p, out, "print 1")
	}
}

// BenchmarkRoundTrip is a cell that does nothing.
func BenchmarkRoundTrip(b *testing.B) {
	p, out := benchPool(b)
	execute(b, p, out, "")
	for b.Loop() {
		execute(b, p, out, "")
	}
}

// BenchmarkLines is 100,000 printed lines.
func BenchmarkLines(b *testing.B) {
	p, out := benchPool(b)
	parts := 0
	for b.Loop() {
		out.events = nil
		execute(b, p, out, fmt.Sprint("lines ", 100_000))
		parts += out.events[0].parts
	}
	b.ReportMetric(float64(parts)/float64(b.N), "parts/op")
}

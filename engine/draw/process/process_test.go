package process

import (
	"testing"

	"interleave/engine/analyse/process"
	"interleave/engine/draw/drawtest"
)

func TestDraw(t *testing.T) {
	f := &process.Family{From: 0, To: 60_000_000, Costs: "fork 500µs", List: []process.Process{
		{PID: 100, Name: "the program", How: "main", Ended: -1, Reaped: -1, Orphan: -1, Running: 20e6,
			Spans: []process.Span{{State: process.Running, From: 0, To: 20e6}, {State: process.Waiting, From: 20e6, To: 60e6}}},
		{PID: 101, Parent: 100, Name: "a <zombie>", How: "fork", Begun: 5e6, Ended: 10e6, Reaped: -1, Orphan: -1, Code: 3, Pages: 99, Copied: 2, Running: 5e6,
			Spans: []process.Span{{State: process.Running, From: 5e6, To: 10e6}, {State: process.Zombie, From: 10e6, To: 60e6}}},
		{PID: 102, Parent: 100, Name: "killed", How: "spawn", Begun: 6e6, Ended: 30e6, Reaped: 40e6, Orphan: -1, Code: -9, Bytes: 4000, Running: 20e6,
			Spans: []process.Span{{State: process.Ready, From: 6e6, To: 10e6}, {State: process.Running, From: 10e6, To: 30e6}, {State: process.Zombie, From: 30e6, To: 40e6}}},
		{PID: 103, Parent: 102, Name: "orphan", How: "fork", Begun: 20e6, Ended: 50e6, Reaped: 50e6, Orphan: 30e6, Running: 20e6,
			Spans: []process.Span{{State: process.Running, From: 20e6, To: 35e6}, {State: process.Outside, From: 35e6, To: 50e6}}},
	}}
	d := Draw(f)
	for name, got := range map[string]string{"family.txt": d.Text, "family.html": d.HTML, "family.alt": d.Alt + "\n"} {
		drawtest.Golden(t, name, got)
	}
}

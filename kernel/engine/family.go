package engine

import (
	"time"

	"interleave/engine/analyse/process"
	"interleave/engine/draw"
	drawprocess "interleave/engine/draw/process"
	"interleave/kernel/display"
)

// Family is the processes of a run that package process simulated, the program itself
// first. It shows itself, with when each ran and was a zombie.
type Family struct {
	List []ProcessUse

	family *process.Family
}

// ProcessUse is what became of one of them.
type ProcessUse struct {
	PID     int
	Parent  int // process id, at its beginning
	Name    string
	How     string // it was started: "main", "fork" or "spawn"
	State   string // at the end of the run: "running", "zombie" or "gone"
	Code    int    // exit code; of a killed one the signal with a minus
	Orphan  bool   // its parent ended before it
	Pages   int    // that it began with, shared with its parent
	Copied  int    // pages that it has copied because it wrote to them
	Pickled int    // bytes that were sent to it at its start
	Running time.Duration
	Zombie  time.Duration // from its end until its parent knew
}

// Processes tells what became of each.
func (e *Execution) Processes() *Family {
	f := process.Of(e.of().Trace)
	ps := &Family{family: f}
	for i := range f.List {
		p := &f.List[i]
		k := ProcessUse{
			PID: p.PID, Parent: p.Parent, Name: p.Name, How: p.How, State: p.Last(), Code: p.Code, Orphan: p.Orphan >= 0,
			Pages: p.Pages, Copied: p.Copied, Pickled: p.Bytes, Running: time.Duration(p.Running),
		}
		if p.Ended >= 0 {
			end := p.Reaped
			if end < 0 {
				end = f.To
			}
			k.Zombie = time.Duration(end - p.Ended)
		}
		ps.List = append(ps.List, k)
	}
	return ps
}

func (p *Family) draw() draw.Drawing {
	if p == nil || p.family == nil {
		panic(missing("*engine.Family", "run", "Execution.Processes gives one"))
	}
	return drawprocess.Draw(p.family)
}

// String is the drawing as text.
func (p *Family) String() string { return p.draw().Text }

// Display shows the drawing.
func (p *Family) Display() display.Bundle { return drawn(p.draw()).Display() }

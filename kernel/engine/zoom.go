package engine

import (
	"encoding/json"

	"interleave/engine"
	"interleave/engine/draw/timeline"
	"interleave/engine/host"
)

// ZoomTarget is the comm target of timelines that ask for a part of their run.
const ZoomTarget = "interleave.timeline"

// zoom asks for the part of a run between two times, in virtual ns.
type zoom struct {
	Run   string `json:"run"` // the key of its trace
	Cores bool   `json:"cores"`
	From  int64  `json:"from"`
	To    int64  `json:"to"`
}

// Zoom answers a timeline's script, which asks for a part of a run that it shows only in
// outline. False: it is not kept, or no longer. It may be called while cells run.
func Zoom(ev engine.Evaluator, question json.RawMessage) (answer json.RawMessage, ok bool) {
	h, ok := ev.(*host.Host)
	if !ok {
		return nil, false
	}
	var z zoom
	if err := json.Unmarshal(question, &z); err != nil || z.From < 0 || z.To <= z.From {
		return nil, false
	}
	run := h.Kept(z.Run)
	if run == nil {
		return nil, false
	}
	o := timeline.Options{Source: run.Source, ByCore: z.Cores, From: z.From, To: z.To, Scale: timeline.ToScale, Key: z.Run}
	return timeline.Part(run.Trace, o), true
}

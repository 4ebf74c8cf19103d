package trace

import (
	"bufio"
	"encoding/json"
	"io"
)

// Lines writes a trace as JSON, one object a line: a head; the tables, each entry
// with its number; the events in order of time, with numbers as in the tables.
// Fields that are 0 or empty are left out, except an event's time.
func Lines(w io.Writer, t *Trace) error {
	b := bufio.NewWriterSize(w, 1<<16)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	events := t.Events()
	put := func(v any) {
		e.Encode(v) // bufio keeps the first error for Flush
	}
	put(struct {
		Trace   int    `json:"trace"`
		Cell    string `json:"cell,omitempty"`
		Policy  string `json:"policy"`
		Seed    uint64 `json:"seed"`
		Cores   int    `json:"cores"`
		Cost    string `json:"cost,omitempty"`
		Token   string `json:"token,omitempty"`
		End     string `json:"end,omitempty"`
		Events  int    `json:"events"`
		Dropped int    `json:"dropped,omitempty"`
	}{Version, t.Head.Cell, t.Head.Policy, t.Head.Seed, t.Head.Cores, t.Head.Cost, t.Head.Token, t.Head.End, len(events), t.Dropped})
	for i, r := range t.Reasons[1:] {
		put(struct {
			Reason int    `json:"reason"`
			Text   string `json:"text"`
		}{i + 1, r})
	}
	for i, p := range t.Places[1:] {
		put(struct {
			Place  int    `json:"place"`
			File   string `json:"file,omitempty"`
			Line   int    `json:"line,omitempty"`
			Column int    `json:"column,omitempty"`
			Func   string `json:"func,omitempty"`
		}{i + 1, p.File, p.Line, p.Column, p.Func})
	}
	for i, k := range t.Tasks[1:] {
		put(struct {
			Task   int    `json:"task"`
			Number int    `json:"number"`
			Cell   string `json:"cell,omitempty"`
			Start  string `json:"start,omitempty"`
			Name   string `json:"name,omitempty"`
			Parent uint32 `json:"parent,omitempty"`
			Place  uint32 `json:"place,omitempty"`
			System bool   `json:"system,omitempty"`
		}{i + 1, k.Number, k.Cell, k.Start, k.Name, k.Parent, k.Place, k.System})
	}
	for i, o := range t.Objects[1:] {
		put(struct {
			Object int    `json:"object"`
			Kind   string `json:"kind"`
			Number int    `json:"number"`
			Name   string `json:"name,omitempty"`
			Place  uint32 `json:"place,omitempty"`
			Copied bool   `json:"copied,omitempty"`
			Keeper string `json:"keeper,omitempty"`
		}{i + 1, o.Kind.String(), o.Number, o.Name, o.Place, o.Copied, o.Keeper})
	}
	for _, u := range t.Memory {
		put(struct {
			Memory MemoryUse `json:"memory"`
		}{u})
	}
	for _, f := range t.FalseShares {
		put(struct {
			FalseShare FalseShare `json:"falseShare"`
		}{f})
	}
	for _, ev := range events {
		var core *int16
		if ev.Core >= 0 {
			core = &ev.Core
		}
		put(struct {
			Time   int64  `json:"t"`
			Core   *int16 `json:"core,omitempty"`
			Task   uint32 `json:"task,omitempty"`
			Kind   string `json:"kind"`
			Object uint32 `json:"object,omitempty"`
			Place  uint32 `json:"place,omitempty"`
			Cause  uint32 `json:"cause,omitempty"`
			Reason uint8  `json:"reason,omitempty"`
			Arg    int32  `json:"arg,omitempty"`
		}{ev.Time, core, ev.Task, ev.Kind.String(), ev.Object, ev.Place, ev.Cause, ev.Reason, ev.Arg})
	}
	return b.Flush()
}

package timeline

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

// data is what the script draws from. Lists that belong together are columns of one
// table, which packs well; strings are named by their index in Words.
type data struct {
	Title   string     `json:"title"`
	Alt     string     `json:"alt"`
	Notes   []string   `json:"notes"`
	From    int64      `json:"from"`
	To      int64      `json:"to"`
	Last    int64      `json:"last"`            // the end of the run, or of its part; waits that nobody ended go on to To
	Steps   bool       `json:"steps"`           // the scale to begin with
	Columns int        `json:"columns"`         // of a reduced run: what fills one is shown together; 0: all is shown
	Merged  int        `json:"merged"`          // so many of the last lanes stand for several tasks each
	Run     string     `json:"run,omitempty"`   // of a reduced run: Options.Key
	Cores   bool       `json:"cores,omitempty"` // of the same: Options.ByCore
	Looks   []look     `json:"looks"`
	Words   []string   `json:"words"`
	Lanes   []laneData `json:"lanes"`
	Bars    barData    `json:"bars"`
	Wakes   wakeData   `json:"wakes"`
	Events  eventData  `json:"events"`
	Slots   []slotData `json:"slots"`
	Places  [][2]int   `json:"places"` // index in Files, line
	Files   []fileData `json:"files"`
}

type look struct {
	Name    string `json:"name"`
	Fill    string `json:"fill"`
	Ink     string `json:"ink"`
	Pattern int    `json:"pattern"`
}

type laneData struct {
	Name string `json:"name"`
	Note string `json:"note"`
	Kind kind   `json:"kind"`
	Task uint32 `json:"task"`
}

// barData is a table of bars, sorted by lane and then by time.
type barData struct {
	Lane   []int   `json:"lane"` // the first bar of each lane, and the number of bars
	State  []int   `json:"state"`
	From   []int64 `json:"from"` // since the end of the one before in its lane
	Length []int64 `json:"length"`
	Text   []int   `json:"text"` // what the task does
	Where  []int   `json:"where"`
	End    []int   `json:"end"`             // how it ended
	Object []int   `json:"object"`          // slot + 1 of what is waited for
	Label  []int   `json:"label"`           // what stands in the bar
	Times  []int   `json:"times,omitempty"` // of a reduced run: how many stays it stands for
}

// wakeData is a table of wake-ups in order of time.
type wakeData struct {
	At   []int64 `json:"at"` // since the one before
	From []int   `json:"from"`
	To   []int   `json:"to"`
	Text []int   `json:"text"`
}

// eventData is a table of events in order of time. Change lists, after each event,
// which slots have which words from then on: Count pairs of slot and word.
type eventData struct {
	At     []int64 `json:"at"` // since the one before
	Task   []int   `json:"task"`
	Object []int   `json:"object"` // slot + 1
	Place  []int   `json:"place"`
	Text   []int   `json:"text"`
	Count  []int   `json:"count"`
	Change []int   `json:"change"`
}

// slotData is something whose state is shown: an object, a task, or its frames.
type slotData struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Of   uint32 `json:"of"` // the number of its task; 0: an object
}

type fileData struct {
	Name  string   `json:"name"`
	Lines []string `json:"lines"`
}

// packer gathers words and places.
type packer struct {
	c      *chart
	d      *data
	words  map[string]int
	places []int // index + 1 in d.Places of each of the trace's
	files  map[string]int
	slots  []int // index + 1 in d.Slots of each object
}

func (p *packer) word(s string) int {
	n, ok := p.words[s]
	if !ok {
		n = len(p.d.Words)
		p.words[s] = n
		p.d.Words = append(p.d.Words, s)
	}
	return n
}

// place gives a place its number, from 1; 0: none.
func (p *packer) place(n uint32) int {
	if n == 0 || p.places[n] != 0 {
		return p.places[n]
	}
	at := p.c.t.Places[n]
	f, ok := p.files[at.File]
	if !ok {
		f = len(p.d.Files)
		p.files[at.File] = f
		p.d.Files = append(p.d.Files, fileData{at.File, p.c.lines[at.File]})
	}
	p.d.Places = append(p.d.Places, [2]int{f, at.Line})
	p.places[n] = len(p.d.Places)
	return p.places[n]
}

func (p *packer) object(n uint32) int {
	if n == 0 {
		return 0
	}
	if p.slots[n] == 0 {
		p.d.Slots = append(p.d.Slots, slotData{p.c.t.ObjectName(n), p.c.t.Objects[n].Kind.String(), 0})
		p.slots[n] = len(p.d.Slots)
	}
	return p.slots[n]
}

// pack works out all that the script needs; reduced: less of it, see reduce.
func (c *chart) pack(reduced bool) *data {
	d := &data{Title: c.title(), Alt: c.alt(), Notes: c.footer(), From: c.from, To: c.until, Last: c.last, Merged: len(c.merged), Words: []string{""}}
	p := &packer{c: c, d: d, words: map[string]int{"": 0}, places: make([]int, len(c.t.Places)), files: map[string]int{}, slots: make([]int, len(c.t.Objects))}
	linear := toScale(c.from, c.until, 4*tableColumns)
	waits, _ := c.hides(&linear)
	d.Steps = c.o.Scale == BySteps || c.o.Scale == Auto && waits
	for _, s := range draw.States() {
		l := s.Look()
		d.Looks = append(d.Looks, look{l.Name, l.Fill, l.Ink, int(l.Pattern)})
	}
	d.Wakes = wakeData{[]int64{}, []int{}, []int{}, []int{}}
	d.Events = eventData{[]int64{}, []int{}, []int{}, []int{}, []int{}, []int{}, []int{}}
	d.Bars = barData{[]int{}, []int{}, []int64{}, []int64{}, []int{}, []int{}, []int{}, []int{}, []int{}, nil}
	d.Lanes, d.Slots, d.Places, d.Files, d.Notes = []laneData{}, []slotData{}, [][2]int{}, []fileData{}, append([]string{}, d.Notes...)
	p.lanes()
	if reduced {
		c.reduce(p)
		return d
	}
	p.bars()
	p.wakes()
	p.events(nil)
	return d
}

// data is all that the script needs, or less of it where that would be too much: a
// JavaScript expression, and JSON.
func (c *chart) data() []byte {
	if c.inside() <= mostEvents {
		if all := c.pack(false).encode(); len(all) <= mostBytes {
			return all
		}
	}
	return c.pack(true).encode()
}

// part is where the events of the part that is drawn begin and end in c.events.
func (c *chart) part() (first, last int) {
	at := func(t int64) int {
		i, _ := slices.BinarySearchFunc(c.events, t, func(e trace.Event, t int64) int { return cmp.Compare(e.Time, t) })
		return i
	}
	return at(c.from), at(c.to + 1)
}

// inside counts these events.
func (c *chart) inside() int {
	first, last := c.part()
	return last - first
}

// lanes lists the lanes, the merged ones last.
func (p *packer) lanes() {
	for _, l := range p.c.all() {
		p.d.Lanes = append(p.d.Lanes, laneData{l.name, l.note, l.kind, l.task})
	}
}

// all lists the lanes and the merged ones.
func (c *chart) all() []lane { return slices.Concat(c.lanes, c.merged) }

func (p *packer) bars() {
	c, b := p.c, &p.d.Bars
	for _, l := range c.all() {
		b.Lane = append(b.Lane, len(b.State))
		end := c.from
		for _, bar := range l.bars {
			s := &c.spans[bar.span]
			b.State = append(b.State, int(bar.state))
			b.From = append(b.From, bar.from-end)
			b.Length = append(b.Length, bar.to-bar.from)
			b.Text = append(b.Text, p.word(c.t.TaskName(s.Task)+": "+c.doing(s.State, s.Reason, s.Object)))
			b.Where = append(b.Where, p.place(s.Place))
			b.End = append(b.End, p.word(c.ended(bar.span)))
			b.Object = append(b.Object, p.object(s.Object))
			b.Label = append(b.Label, p.word(c.label(&l, bar.span)))
			end = bar.to
		}
	}
	b.Lane = append(b.Lane, len(b.State))
}

// wakes lists who woke whom, between lanes.
func (p *packer) wakes() {
	c, w := p.c, &p.d.Wakes
	if c.o.ByCore {
		return
	}
	index := make([]int, len(c.t.Tasks))
	for i, l := range c.lanes {
		index[l.task] = i + 1
	}
	last := c.from
	for _, s := range c.spans {
		if s.State != trace.IsReady || s.Cause == 0 || s.From < c.from || index[s.Task] == 0 || index[s.Cause] == 0 {
			continue
		}
		w.At = append(w.At, s.From-last)
		w.From = append(w.From, index[s.Cause]-1)
		w.To = append(w.To, index[s.Task]-1)
		w.Text = append(w.Text, p.word(c.t.TaskName(s.Cause)+" wakes "+c.t.TaskName(s.Task)))
		last = s.From
	}
}

// events lists what happened, with what changed by it: all events, or those for
// which keep says so; what changes between goes to the next one that is kept.
func (p *packer) events(keep func(i int) bool) {
	c, out := p.c, &p.d.Events
	tasks, frames := make([]int, len(c.t.Tasks)), make([]int, len(c.t.Tasks))
	some, things := c.stepped(keep)
	for n := range c.t.Tasks[1:] {
		if !some[n+1] {
			continue
		}
		p.d.Slots = append(p.d.Slots, slotData{c.t.TaskName(uint32(n + 1)), "task", uint32(n + 1)})
		tasks[n+1] = len(p.d.Slots)
	}
	world, last := trace.NewWorld(c.t), c.from
	vars := 0                     // the slot of shared variables
	var now []int                 // what each slot shows
	pending := map[int]struct{}{} // objects, and tasks as negative numbers, that changed since
	set := func(slot int, words string) {
		for len(now) < slot {
			now = append(now, 0)
		}
		if w := p.word(words); now[slot-1] != w {
			now[slot-1] = w
			out.Change = append(out.Change, slot-1, w)
		}
	}
	for i, e := range c.events {
		if e.Time > c.to {
			break
		}
		for _, n := range world.Apply(e, c.details[i]) {
			pending[int(n)] = struct{}{}
		}
		if e.Task != 0 {
			pending[-int(e.Task)] = struct{}{}
		}
		if e.Time < c.from || keep != nil && !keep(i) {
			continue
		}
		before := len(out.Change)
		if len(world.Shared) > 0 {
			if vars == 0 {
				p.d.Slots = append(p.d.Slots, slotData{shared, "variables", 0})
				vars = len(p.d.Slots)
			}
			set(vars, variables(world.Shared))
		}
		for _, k := range slices.Sorted(maps.Keys(pending)) {
			if k > 0 {
				if !things[k] {
					continue
				}
				if s := c.object(world, uint32(k)); s != "" {
					set(p.object(uint32(k)), s)
				}
				continue
			}
			n := uint32(-k)
			if !some[n] {
				continue
			}
			set(tasks[n], c.task(world, n))
			if s := c.frames(world, n); s != "" || frames[n] != 0 {
				if frames[n] == 0 {
					p.d.Slots = append(p.d.Slots, slotData{c.t.TaskName(n), "frames", n})
					frames[n] = len(p.d.Slots)
				}
				set(frames[n], s)
			}
		}
		clear(pending)
		out.At = append(out.At, e.Time-last)
		out.Task = append(out.Task, int(e.Task))
		out.Object = append(out.Object, p.object(e.Object))
		out.Place = append(out.Place, p.place(c.at(i)))
		out.Text = append(out.Text, p.word(c.sentence(i)))
		out.Count = append(out.Count, (len(out.Change)-before)/2)
		last = e.Time
	}
}

// plainBelow is the size in bytes below which data is written as it is.
const plainBelow = 64 << 10

// encode writes data as JSON: an object, or a string that is to be inflated first.
func (d *data) encode() []byte {
	plain, err := json.Marshal(d)
	if err != nil { // numbers and strings always marshal
		panic(err)
	}
	if len(plain) < plainBelow {
		return plain
	}
	var b bytes.Buffer
	b.WriteByte('"')
	text := base64.NewEncoder(base64.StdEncoding, &b)
	w, err := flate.NewWriter(text, flate.DefaultCompression)
	if err != nil {
		panic(err)
	}
	w.Write(plain) // into a buffer, which takes everything
	w.Close()
	text.Close()
	b.WriteByte('"')
	return b.Bytes()
}

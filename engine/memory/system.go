package memory

import (
	"maps"
	"slices"
)

// System is the memory of one machine.
type System struct {
	config Config
	cores  []core
	l3     *cache // nil: there is none
	free   int64  // when the bus is
	lost   map[uint64][]loss
}

// core is what one core has of its own.
type core struct {
	l1, l2  *cache // l2 nil: there is none
	streams [streams]uint64
	next    int // the stream that is given up next
}

// streams is how many rows of lines a core's prefetcher follows at a time.
const streams = 8

// outer is the outermost cache of a core: it holds all that the others do.
func (c *core) outer() *cache {
	if c.l2 != nil {
		return c.l2
	}
	return c.l1
}

// loss is that a core had a line and another core's write took it away.
type loss struct {
	core    int
	written uint64 // a bit for each byte of the line that others have written since
}

// New returns a memory whose caches are empty, for so many cores.
func New(c Config, cores int) *System {
	s := &System{config: c, cores: make([]core, cores), l3: newCache(c.L3, c.Line), lost: map[uint64][]loss{}}
	for i := range s.cores {
		s.cores[i].l1, s.cores[i].l2 = newCache(c.L1, c.Line), newCache(c.L2, c.Line)
	}
	return s
}

// Clone is a copy that goes on by itself.
func (s *System) Clone() *System {
	d := *s
	d.l3, d.cores, d.lost = s.l3.clone(), slices.Clone(s.cores), maps.Clone(s.lost)
	for i := range d.cores {
		d.cores[i].l1, d.cores[i].l2 = s.cores[i].l1.clone(), s.cores[i].l2.clone()
	}
	for line, list := range d.lost {
		d.lost[line] = slices.Clone(list)
	}
	return &d
}

// Access is one by a core, at a virtual time in ns that is not before that of the access
// before it. It gives the ns for which the core stands still, and counts it in c.
func (s *System) Access(now int64, core int, address uint64, size int64, write bool, c *Counts) int64 {
	stall, line := int64(0), uint64(s.config.Line)
	for end := address + uint64(max(size, 1)); address < end; {
		from := address % line
		n := min(line-from, end-address)
		stall += s.access(now+stall, core, address/line, (1<<n-1)<<from, write, c)
		address += n
	}
	c.Stall += stall
	return stall
}

// access is one of bytes of a single line, which mask has a bit for each of.
func (s *System) access(now int64, id int, line uint64, mask uint64, write bool, c *Counts) (stall int64) {
	own := &s.cores[id]
	c.Accesses++
	held := own.outer().find(line)
	switch in := own.l1.find(line); {
	case in != nil:
		own.l1.touch(in)
		c.L1++
		stall = s.config.L1.Hit
	case held != nil: // in L2
		c.L2++
		stall = s.config.L2.Hit
		own.l1.insert(line, 0) // what leaves L1 is in L2
	default:
		return s.miss(now, id, line, mask, write, c)
	}
	own.outer().touch(held)
	if !write {
		return stall
	}
	if held.state == shared && s.takeAway(id, line) {
		c.Upgrades++
		stall += s.config.Transfer
	}
	held.state = modified
	s.wrote(id, line, mask)
	return stall
}

// miss brings a line into a core's caches.
func (s *System) miss(now int64, id int, line uint64, mask uint64, write bool, c *Counts) (stall int64) {
	s.classify(id, line, mask, c)
	dirty, others := s.holders(id, line)
	switch {
	case dirty:
		c.Others++
		stall = s.config.Transfer
		if !write { // else it goes from one to the other as it is
			s.writeBack(now, line)
		}
	case s.l3 != nil && s.l3.find(line) != nil:
		c.L3++
		stall = s.config.L3.Hit
	case others: // there is no L3
		c.Others++
		stall = s.config.Transfer
	default:
		c.Memory++
		stall = s.load(now, id, line, c)
	}
	if s.l3 != nil {
		s.fillL3(now, line)
	}
	st := exclusive
	switch {
	case write:
		if s.takeAway(id, line) {
			stall = max(stall, s.config.Transfer)
		}
		s.wrote(id, line, mask)
		st = modified
	case others:
		s.share(line)
		st = shared
	}
	s.fill(now, id, line, st)
	return stall
}

// Reserve takes the bus for ns as soon as it is free, and gives the time until then.
func (s *System) Reserve(now, ns int64) (wait int64) {
	wait = max(s.free-now, 0)
	s.free = now + wait + ns
	return wait
}

// load takes a line over the bus.
func (s *System) load(now int64, id int, line uint64, c *Counts) int64 {
	wait := s.Reserve(now, s.config.Bus)
	c.BusWait += wait
	if s.cores[id].inRow(line) && s.config.Prefetch {
		c.InRow++
		return wait + s.config.Bus
	}
	return wait + max(s.config.Latency, s.config.Bus)
}

// inRow notes a line that comes from memory, and tells whether it follows one of those
// before.
func (c *core) inRow(line uint64) bool {
	for i, last := range c.streams {
		if last != 0 && (line == last+1 || line == last-1) {
			c.streams[i] = line
			return true
		}
	}
	c.streams[c.next] = line
	c.next = (c.next + 1) % streams
	return false
}

// fill puts a line into the caches of a core.
func (s *System) fill(now int64, id int, line uint64, st state) {
	own := &s.cores[id]
	gone, evicted := own.outer().insert(line, st)
	if evicted {
		if own.l2 != nil {
			own.l1.remove(gone.line)
		}
		if gone.state == modified {
			s.writeBack(now, gone.line)
		}
	}
	if own.l2 != nil {
		own.l1.insert(line, 0)
	}
}

// fillL3 puts a line into the shared cache; what leaves it leaves all others too.
func (s *System) fillL3(now int64, line uint64) {
	if p := s.l3.find(line); p != nil {
		s.l3.touch(p)
		return
	}
	gone, evicted := s.l3.insert(line, exclusive)
	if !evicted {
		return
	}
	dirty := gone.state == modified
	for i := range s.cores {
		own := &s.cores[i]
		if p := own.outer().find(gone.line); p != nil {
			dirty = dirty || p.state == modified
			own.l1.remove(gone.line)
			own.outer().remove(gone.line)
		}
	}
	if dirty {
		s.occupy(now)
	}
}

// writeBack brings a line that a core has written to the level below.
func (s *System) writeBack(now int64, line uint64) {
	if s.l3 != nil {
		if p := s.l3.find(line); p != nil {
			p.state = modified
			return
		}
	}
	s.occupy(now)
}

// occupy sends a line to memory; no core waits for that.
func (s *System) occupy(now int64) { s.free = max(s.free, now) + s.config.Bus }

// holders tells whether cores other than id have a line, and whether one of them has
// written it.
func (s *System) holders(id int, line uint64) (dirty, others bool) {
	for i := range s.cores {
		if i == id {
			continue
		}
		if p := s.cores[i].outer().find(line); p != nil {
			dirty, others = dirty || p.state == modified, true
		}
	}
	return dirty, others
}

// share has all who have a line read it only.
func (s *System) share(line uint64) {
	for i := range s.cores {
		if p := s.cores[i].outer().find(line); p != nil {
			p.state = shared
		}
	}
}

// takeAway has all but id give up a line; false: nobody else had it.
func (s *System) takeAway(id int, line uint64) bool {
	any := false
	for i := range s.cores {
		own := &s.cores[i]
		if i == id || own.outer().find(line) == nil {
			continue
		}
		any = true
		own.l1.remove(line)
		own.outer().remove(line)
		s.lost[line] = append(s.lost[line], loss{core: i})
	}
	return any
}

// wrote notes which bytes a core has written, for those who have lost the line.
func (s *System) wrote(id int, line, mask uint64) {
	if len(s.lost) == 0 {
		return
	}
	for i := range s.lost[line] {
		if l := &s.lost[line][i]; l.core != id {
			l.written |= mask
		}
	}
}

// classify counts a miss that another core's write has caused.
func (s *System) classify(id int, line, mask uint64, c *Counts) {
	list := s.lost[line]
	i := slices.IndexFunc(list, func(l loss) bool { return l.core == id })
	if i < 0 {
		return
	}
	if list[i].written&mask != 0 {
		c.TrueShares++
	} else {
		c.FalseShares++
	}
	if list = slices.Delete(list, i, i+1); len(list) == 0 {
		delete(s.lost, line)
	} else {
		s.lost[line] = list
	}
}

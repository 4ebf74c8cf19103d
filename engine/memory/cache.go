package memory

import "slices"

// state is what a core may do with a line that it has (MESI; what it has not is invalid).
type state uint8

const (
	shared    state = iota + 1 // read it: others may have it too
	exclusive                  // read it: nobody else has it
	modified                   // it has written it: what lies below is old
)

// place holds one line of a cache.
type place struct {
	line  uint64
	used  uint64 // when last; 0: the place is free
	state state  // of the outermost cache of a core; of L3: modified where memory is old
}

// cache is set-associative; of a set the line that was not used for longest goes first.
type cache struct {
	sets, ways int64
	places     []place // nil until there is something in it
	stamp      uint64
}

func newCache(l Level, line int64) *cache {
	if l.Size == 0 {
		return nil
	}
	return &cache{sets: l.Size / line / l.Ways, ways: l.Ways}
}

func (c *cache) set(line uint64) []place {
	at := int64(line%uint64(c.sets)) * c.ways
	return c.places[at : at+c.ways]
}

// find gives the place of a line; nil: it is not there.
func (c *cache) find(line uint64) *place {
	if c.places == nil {
		return nil
	}
	set := c.set(line)
	for i := range set {
		if set[i].line == line && set[i].used != 0 {
			return &set[i]
		}
	}
	return nil
}

// touch notes that a line was used.
func (c *cache) touch(p *place) {
	c.stamp++
	p.used = c.stamp
}

// insert puts a line that is not there into its set. gone is what had to leave, if
// there was something.
func (c *cache) insert(line uint64, s state) (gone place, evicted bool) {
	if c.places == nil {
		c.places = make([]place, c.sets*c.ways)
	}
	set := c.set(line)
	to := &set[0]
	for i := range set {
		if set[i].used < to.used {
			to = &set[i]
		}
	}
	gone, evicted = *to, to.used != 0
	*to = place{line: line, state: s}
	c.touch(to)
	return gone, evicted
}

// remove takes a line out, if it is there.
func (c *cache) remove(line uint64) {
	if p := c.find(line); p != nil {
		*p = place{}
	}
}

func (c *cache) clone() *cache {
	if c == nil {
		return nil
	}
	d := *c
	d.places = slices.Clone(c.places)
	return &d
}

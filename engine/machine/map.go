package machine

import (
	"hash/maphash"
	"iter"
	"slices"
	"unsafe"

	"interleave/engine/layout"
)

// Map is a Go map. Entries lie in the order in which they were inserted, and
// ranging starts at a seeded place: so the order is as free as Go says, and the
// same for the same seed.
type Map struct {
	Key, Elem *layout.Type
	ints      map[uint64]int // key → index in entries, for integer-like keys
	strs      map[string]int
	hashed    map[uint64][]int // by hash, for all others
	seed      maphash.Seed
	entries   []entry
	live      int
	lastSeq   uint64
	undo      *trail     // the next write is to be kept there; see watchMap
	written   [2]written // the last writes of two tasks, the last first
}

type entry struct {
	key, val Val
	seq      uint64 // rises from entry to entry, so that an iterator finds its place after a compaction
	dead     bool
}

// NewMap makes a map with room for n entries.
func (m *Machine) NewMap(key, elem *layout.Type, n int) *Map {
	m.heapUse += 64
	h := &Map{Key: key, Elem: elem}
	h.reset(min(n, 1<<16))
	return h
}

func (h *Map) reset(n int) {
	h.entries, h.live = nil, 0
	switch h.Key.Class {
	case layout.Int, layout.Pointer:
		h.ints = make(map[uint64]int, n)
	case layout.String:
		h.strs = make(map[string]int, n)
	default:
		h.seed = maphash.MakeSeed()
		h.hashed = make(map[uint64][]int, n)
	}
}

func (h *Map) word(k Val) uint64 {
	if h.Key.Class == layout.Pointer {
		return uint64(uintptr(k.P))
	}
	return k.N
}

// find is the index of the key's entry, or -1. It panics with *Uncomparable.
func (h *Map) find(k Val) int {
	switch {
	case h.ints != nil:
		if i, ok := h.ints[h.word(k)]; ok {
			return i
		}
	case h.strs != nil:
		if i, ok := h.strs[unsafe.String((*byte)(k.P), int(k.N))]; ok {
			return i
		}
	default:
		for _, i := range h.hashed[hashVal(h.seed, h.Key, k)] {
			if EqualVal(h.Key, h.entries[i].key, k) {
				return i
			}
		}
	}
	return -1
}

// Get looks a key up; a nil map is empty.
func (h *Map) Get(k Val) (Val, bool) {
	if h == nil || h.live == 0 {
		if h != nil {
			CheckKey(h.Key, k)
		}
		return Val{}, false
	}
	i := h.find(k)
	if i < 0 {
		return Val{}, false
	}
	return h.entries[i].val, true
}

// Put sets a key's value.
func (h *Map) Put(k, v Val) {
	undo := h.kept()
	if i := h.find(k); i >= 0 {
		e := &h.entries[i]
		if undo != nil {
			key, val := e.key, e.val
			undo.call(func() { h.entries[i].key, h.entries[i].val = key, val })
		}
		if h.hashed != nil { // equal keys may differ, as zeros do in their signs: the last one stays
			e.key = k
		}
		e.val = v
		return
	}
	h.lastSeq++
	h.entries = append(h.entries, entry{key: k, val: v, seq: h.lastSeq})
	h.live++
	last := len(h.entries) - 1
	h.link(last)
	if undo != nil {
		undo.call(func() {
			h.unlink(last)
			h.entries[last] = entry{}
			h.entries = h.entries[:last]
			h.live--
			h.lastSeq--
		})
	}
}

// indexBytes is what the index of a map takes for an entry, about.
const indexBytes = 32

// entryBytes is what an entry and its values take.
func (h *Map) entryBytes() int {
	n := int(unsafe.Sizeof(entry{})) + indexBytes
	for _, t := range []*layout.Type{h.Key, h.Elem} {
		if t.Class == layout.Aggregate {
			n += int(t.Size)
		}
	}
	return n
}

// Size is the memory of a map, about.
func (h *Map) Size() int { return len(h.entries) * h.entryBytes() }

// Put sets a key's value, on the account.
func (x *Exec) Put(h *Map, k, v Val) Status {
	if n := len(h.entries); n == cap(h.entries) {
		if st := x.Afford((n + n/4) * int(unsafe.Sizeof(entry{}))); st != Next {
			return st
		}
	}
	n := len(h.entries)
	h.Put(k, v)
	return x.Charge((len(h.entries) - n) * h.entryBytes())
}

// kept is the trail that the write to come is to be kept in; nil: none.
func (h *Map) kept() *trail {
	t := h.undo
	h.undo = nil
	if t == nil || !t.on() {
		return nil
	}
	return t
}

func (h *Map) link(i int) {
	k := h.entries[i].key
	switch {
	case h.ints != nil:
		h.ints[h.word(k)] = i
	case h.strs != nil:
		h.strs[unsafe.String((*byte)(k.P), int(k.N))] = i
	default:
		u := hashVal(h.seed, h.Key, k)
		h.hashed[u] = append(h.hashed[u], i)
	}
}

// Delete removes a key.
func (h *Map) Delete(k Val) {
	if h == nil || h.live == 0 {
		if h != nil {
			CheckKey(h.Key, k)
		}
		return
	}
	undo := h.kept()
	i := h.find(k)
	if i < 0 {
		return
	}
	h.unlink(i)
	old := h.entries[i]
	h.entries[i] = entry{seq: old.seq, dead: true}
	h.live--
	if undo != nil {
		undo.call(func() {
			h.entries[i] = old
			h.live++
			h.link(i)
		})
	}
	if len(h.entries) > 32 && h.live < len(h.entries)/2 {
		h.whole(undo)
		h.compact()
	}
}

// unlink takes the i-th entry out of the index.
func (h *Map) unlink(i int) {
	k := h.entries[i].key
	switch {
	case h.ints != nil:
		delete(h.ints, h.word(k))
	case h.strs != nil:
		delete(h.strs, unsafe.String((*byte)(k.P), int(k.N)))
	default:
		u := hashVal(h.seed, h.Key, k)
		list := h.hashed[u]
		if j := slices.Index(list, i); j >= 0 {
			h.hashed[u] = append(list[:j:j], list[j+1:]...)
		}
	}
}

// whole keeps the map before it gets new memory: what it had stays as it is.
func (h *Map) whole(undo *trail) {
	if undo != nil {
		old := *h
		undo.call(func() { *h = old })
	}
}

func (h *Map) compact() {
	old := h.entries
	h.reset(h.live)
	for _, e := range old {
		if !e.dead {
			h.entries = append(h.entries, e)
			h.live++
			h.link(len(h.entries) - 1)
		}
	}
}

// Clear is the built-in function.
func (h *Map) Clear() {
	if h != nil {
		h.whole(h.kept())
		h.reset(0)
	}
}

// Len is the number of entries.
func (h *Map) Len() int {
	if h == nil {
		return 0
	}
	return h.live
}

// All gives the entries in the order in which they were inserted; none may be inserted
// or deleted meanwhile.
func (h *Map) All() iter.Seq2[Val, Val] {
	return func(yield func(k, v Val) bool) {
		for i := range h.entries {
			if e := &h.entries[i]; !e.dead && !yield(e.key, e.val) {
				return
			}
		}
	}
}

// Iter ranges over a map, or over a string's runes.
type Iter struct {
	m       *Map
	start   uint64 // the first entry's seq
	last    uint64 // seq of the entry returned last
	wrapped bool
	fresh   bool
	Str     string
	At      int
}

// Iterate starts ranging at a place that r chooses.
func (h *Map) Iterate(r *Rand) *Iter {
	it := &Iter{m: h, fresh: true}
	if h.Len() > 0 {
		it.start = h.entries[r.Intn(len(h.entries))].seq
	}
	return it
}

// Map is the map it ranges over; nil for a string.
func (it *Iter) Map() *Map { return it.m }

// Next is the next entry that is still there.
func (it *Iter) Next() (k, v Val, ok bool) {
	h := it.m
	if h == nil {
		return k, v, false
	}
	var i int
	switch {
	case it.fresh:
		i = h.after(it.start - 1)
		it.fresh = false
	default:
		i = h.after(it.last)
	}
	for {
		if i >= len(h.entries) {
			if it.wrapped {
				return k, v, false
			}
			it.wrapped = true
			i = 0
		}
		if i >= len(h.entries) || it.wrapped && h.entries[i].seq >= it.start {
			return k, v, false
		}
		e := &h.entries[i]
		it.last = e.seq
		if !e.dead {
			return e.key, e.val, true
		}
		i++
	}
}

// after is the index of the first entry whose seq is greater.
func (h *Map) after(seq uint64) int {
	lo, hi := 0, len(h.entries)
	for lo < hi {
		mid := (lo + hi) / 2
		if h.entries[mid].seq <= seq {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

package memory

import (
	"cmp"
	"slices"
)

// PageSize is that of a page of virtual memory, in bytes.
const PageSize = 4096

// Pages is the memory of processes as an operating system keeps it: tables of pages, each
// of which is in a frame. A fork copies the table; parent and child then have the same
// frames, and who first writes to one gets a copy of its own. (Copy on write: Bach, The
// Design of the UNIX Operating System, 1986, §9.1; Arpaci-Dusseau, OSTEP, chapter 23.)
// The zero value is that of processes without known memory.
type Pages struct {
	tables map[int]table
	areas  []area // by at
}

// table is one process's: page number to frame.
type table map[uint64]*frame

type frame struct{ users int }

// Area is a piece of memory that a fork has given to a child: it is the child's at an
// address of its own here, where an operating system would give it the parent's.
type Area struct {
	Parent, Child uint64 // addresses
	Size          uint64 // bytes
}

// area says which virtual address a process knows a piece of memory by.
type area struct {
	at, size uint64
	process  int
	virtual  uint64
}

// Fork gives a child its parent's memory. It returns how many pages its table has.
func (p *Pages) Fork(parent, child int, list []Area) int {
	if p.tables == nil {
		p.tables = map[int]table{}
	}
	if p.tables[parent] == nil {
		p.tables[parent] = table{}
	}
	mine, its := p.tables[parent], table{}
	for _, a := range list {
		virtual := a.Parent
		if known := p.find(a.Parent); known != nil && known.process == parent {
			virtual = known.virtual + a.Parent - known.at
		} else {
			p.add(area{a.Parent, a.Size, parent, a.Parent})
		}
		p.add(area{a.Child, a.Size, child, virtual})
		for n := virtual / PageSize; n <= (virtual+max(a.Size, 1)-1)/PageSize; n++ {
			if its[n] != nil {
				continue
			}
			f := mine[n]
			if f == nil {
				f = &frame{users: 1}
				mine[n] = f
			}
			f.users++
			its[n] = f
		}
	}
	p.tables[child] = its
	return len(its)
}

func (p *Pages) add(a area) {
	i, _ := slices.BinarySearchFunc(p.areas, a.at, func(b area, at uint64) int { return cmp.Compare(b.at, at) })
	p.areas = slices.Insert(p.areas, i, a)
}

func (p *Pages) find(at uint64) *area {
	i, exact := slices.BinarySearchFunc(p.areas, at, func(b area, at uint64) int { return cmp.Compare(b.at, at) })
	if !exact {
		i--
	}
	if i < 0 || at-p.areas[i].at >= p.areas[i].size {
		return nil
	}
	return &p.areas[i]
}

// Write tells how many pages a write copies: those that the process still has together
// with others.
func (p *Pages) Write(address, size uint64) (copied int) {
	a := p.find(address)
	if a == nil {
		return 0
	}
	pages := p.tables[a.process]
	virtual := a.virtual + address - a.at
	for n := virtual / PageSize; n <= (virtual+max(size, 1)-1)/PageSize; n++ {
		if f := pages[n]; f != nil && f.users > 1 {
			f.users--
			pages[n] = &frame{users: 1}
			copied++
		}
	}
	return copied
}

// Use is how many pages a process has, as far as is known, and how many of them it has
// together with others.
func (p *Pages) Use(process int) (all, shared int) {
	for _, f := range p.tables[process] {
		if all++; f.users > 1 {
			shared++
		}
	}
	return all, shared
}

// End gives up a process's memory.
func (p *Pages) End(process int) {
	for _, f := range p.tables[process] {
		f.users--
	}
	delete(p.tables, process)
	p.areas = slices.DeleteFunc(p.areas, func(a area) bool { return a.process == process })
}

package machine

import (
	"cmp"
	"slices"
	"unsafe"
)

// addresses gives memory the addresses that the program sees: where an object
// lies in truth differs from run to run. An object gets its address when the
// program first asks for it, the next free one; it is kept from then on, so that
// nothing else gets the address.
type addresses struct {
	objects [2][]placed        // smaller than a page, and others; ascending by at
	index   map[uintptr]placed // by where the object lies in truth
}

type placed struct {
	at, size uintptr
	p        unsafe.Pointer
}

const (
	pageSize = 8192
	large    = 2 << 30 // addresses that an object of a page or more takes: its size is not known
	smallest = 4096    // below, no memory lies

	smallFrom = 0xc000010000 // where Go's heap mostly begins
	largeFrom = 0xc100000000

	// A pointer that was made of a number which is no object's address has this bit, so
	// that no memory lies there and the collector passes over it. Numbers from 1<<62 on
	// are such addresses already; the third quarter of all numbers is given up.
	strayBit = 1 << 63
	strayTop = 1 << 62
)

// findObject gives where the object of the heap begins that p points into, 0 for
// what is not on the heap.
//
//go:linkname findObject runtime.findObject
func findObject(p, _, _ uintptr) (base uintptr, span unsafe.Pointer, index uintptr)

func objectAt(n uintptr) uintptr {
	base, _, _ := findObject(n, 0, 0)
	return base
}

// extent is where the object that p points into begins, and how many addresses it
// takes. The runtime must never be asked for an address behind a span's last object;
// spans of objects smaller than a page have at least two.
func extent(p unsafe.Pointer) (base, size uintptr) {
	base, _, index := findObject(uintptr(p), 0, 0)
	switch {
	case base == 0: // a variable of the host program
		return uintptr(p) &^ 7, 8
	case index > 0:
		if size = base - objectAt(base-1); size >= pageSize {
			size = large
		}
		return base, size
	}
	within, beyond := uintptr(0), uintptr(8)
	for beyond < pageSize && objectAt(base+beyond) == base {
		within, beyond = beyond, 2*beyond
	}
	if beyond == pageSize && objectAt(base+pageSize-1) == base {
		return base, large
	}
	for beyond-within > 8 {
		if half := (within + beyond) / 2 &^ 7; objectAt(base+half) == base {
			within = half
		} else {
			beyond = half
		}
	}
	return base, beyond
}

// Address is the number that a pointer is to the program.
func (m *Machine) Address(p unsafe.Pointer) uint64 {
	n := uintptr(p)
	if n < smallest {
		return uint64(n)
	}
	switch n &^ (strayTop - 1) {
	case strayBit:
		return uint64(n ^ strayBit)
	case strayTop, strayBit | strayTop:
		return uint64(n)
	}
	base, size := extent(p)
	o, ok := m.addresses.index[base]
	if !ok {
		o = m.place(placed{size: size, p: unsafe.Add(p, -int(n-base))}, base)
	}
	return uint64(o.at + (n - base))
}

// Stray tells whether a pointer was made of a number that is no object's address.
func (m *Machine) Stray(p unsafe.Pointer) bool { return uintptr(p) >= strayTop }

// placeApart gives an object an address such that it shares no cache line with another
// one: a variable on a goroutine's stack is near no other goroutine's.
func (m *Machine) placeApart(p unsafe.Pointer) {
	const line = 64
	base, size := extent(p)
	if _, ok := m.addresses.index[base]; !ok {
		m.place(placed{size: (size + line - 1) &^ (line - 1), p: p}, base)
	}
}

func (m *Machine) place(o placed, base uintptr) placed {
	a := &m.addresses
	list := &a.objects[0]
	o.at = smallFrom
	if o.size == large {
		list, o.at = &a.objects[1], largeFrom
	}
	n := len(*list)
	if n > 0 {
		o.at = (*list)[n-1].at + (*list)[n-1].size
	}
	align := o.size & -o.size // as objects lie in pages of their size
	o.at = (o.at + align - 1) &^ (align - 1)
	if a.index == nil {
		a.index = map[uintptr]placed{}
	}
	a.index[base] = o
	*list = append(*list, o)
	m.heapUse += 64
	m.OnRestore(func() {
		delete(a.index, base)
		*list = (*list)[:n]
	})
	return o
}

// Pointer is the pointer that a number is to the program: one into the object that
// has the address, or else one that leads nowhere.
func (m *Machine) Pointer(n uint64) unsafe.Pointer {
	if p := m.addresses.find(uintptr(n)); p != nil {
		return p
	}
	if n >= smallest && n < strayTop {
		n |= strayBit
	}
	return *(*unsafe.Pointer)(unsafe.Pointer(&n))
}

func (a *addresses) find(n uintptr) unsafe.Pointer {
	list := a.objects[0]
	if n >= largeFrom {
		list = a.objects[1]
	}
	i, exact := slices.BinarySearchFunc(list, n, func(o placed, n uintptr) int { return cmp.Compare(o.at, n) })
	if !exact {
		i--
	}
	if i < 0 || n-list[i].at >= list[i].size {
		return nil
	}
	return unsafe.Add(list[i].p, n-list[i].at)
}

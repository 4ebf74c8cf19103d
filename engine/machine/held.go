package machine

import (
	"slices"
	"unsafe"
)

// A task that is ended must not leave the locks of library packages behind: whoever uses
// the package next would wait for ever. So the machine knows which locks each task holds
// for the library function that it is in. Locks that the program takes by itself are its
// own business.

// held is a lock that a library function has taken. It does not change: copies of a task
// share it.
type held struct {
	next *held
	lock unsafe.Pointer
	kind uint8 // mutexQueue, readQueue or writeQueue
	call int32 // the frame of the program's own code that called the library; -1: none
	pc   int32 // of that frame
}

// hold notes that t has got a lock, if it is a library function that asked for it.
func (t *Task) hold(lock unsafe.Pointer, kind uint8) {
	top := len(t.frames) - 1
	for top >= 0 && t.frames[top].fn.Hidden {
		top--
	}
	if top < 0 || !t.frames[top].fn.Library {
		return
	}
	h := &held{next: t.stillHeld(t.held, nil), lock: lock, kind: kind, call: int32(t.ownFrame())}
	if h.call >= 0 {
		h.pc = t.frames[h.call].pc
	}
	t.held = h
}

// drop notes that t gives a lock back.
func (t *Task) drop(lock unsafe.Pointer, kind uint8) {
	for h := t.held; h != nil; h = h.next {
		if h.lock == lock && h.kind == kind {
			t.held = t.stillHeld(t.held, h)
			return
		}
	}
}

// stillHeld are those of a list that are held, without one of them.
func (t *Task) stillHeld(list, but *held) *held {
	switch {
	case list == nil:
		return nil
	case list == but || !t.holds(list):
		return t.stillHeld(list.next, but)
	}
	rest := t.stillHeld(list.next, but)
	if rest == list.next {
		return list
	}
	h := *list
	h.next = rest
	return &h
}

// ownFrame is the innermost frame of the program's own code; -1: there is none.
func (t *Task) ownFrame() int {
	for i := len(t.frames) - 1; i >= 0; i-- {
		if fn := t.frames[i].fn; !fn.Library && !fn.Hidden {
			return i
		}
	}
	return -1
}

// holds tells whether a lock is still held, for a call of the library that is not over.
// One that came back with the lock, as sync.Cond.Wait does, has left it to the program.
func (t *Task) holds(h *held) bool {
	if len(t.frames) <= int(h.call)+1 || h.call >= 0 && t.frames[h.call].pc != h.pc {
		return false
	}
	switch h.kind {
	case mutexQueue:
		mu := (*Mutex)(h.lock)
		return mu.Locked != 0 && mu.Owner == uint32(t.ID)
	case writeQueue:
		mu := &(*RWMutex)(h.lock).Writer
		return mu.Locked != 0 && mu.Owner == uint32(t.ID)
	}
	return (*RWMutex)(h.lock).Readers > 0
}

// inside tells whether t holds locks for a library.
func (t *Task) inside() bool {
	for h := t.held; h != nil; h = h.next {
		if t.holds(h) {
			return true
		}
	}
	return false
}

// leaveBound is how much tasks that are to be ended may still do to leave the library, in
// ns of work.
const leaveBound = 5e6

// vacate lets tasks that are to be ended, none of which runs, go on until they hold no
// lock for a library any more. That is no matter of scheduling: it takes no virtual time,
// and nobody else runs meanwhile. What a task cannot give back by itself (it waits for
// something else, is long about it, or the library has called the program's own code,
// which is over) is taken from it.
func (m *Machine) vacate(tasks []*Task) {
	tasks = slices.DeleteFunc(tasks, func(t *Task) bool { return t.ending == leaves || !t.inside() })
	if len(tasks) == 0 {
		return
	}
	exec, now, owed, visible, split, stepper, chooser, cached := m.exec, m.now, m.owed, m.visible, m.split, m.stepper, m.chooser, m.cached
	cores := make([]int32, len(tasks))
	m.now = m.Now()
	m.exec.T, m.visible, m.split, m.stepper, m.chooser, m.cached = nil, false, 0, nil, nil, nil
	for i, t := range tasks {
		cores[i], t.core, t.ending = t.core, -1, leaves
	}
	defer func() {
		for i, t := range tasks {
			t.core, t.ending = cores[i], 0
		}
		m.exec, m.now, m.owed, m.visible, m.split, m.stepper, m.chooser, m.cached = exec, now, owed, visible, split, stepper, chooser, cached
	}()
	left := int64(leaveBound)
	for _, stuck := range tasks {
		for m.goOn(tasks, &left) {
		}
		m.giveBack(stuck)
	}
}

// goOn lets each of the tasks run until it is out of the library or cannot go on; false:
// none could. They stop at each call, return and jump, so before any of the program's own
// code.
func (m *Machine) goOn(tasks []*Task, left *int64) (went bool) {
	for _, t := range tasks {
		for *left > 0 && (t.State == Ready || t.State == Running) && t.inside() && !t.atOwn() {
			went = true
			t.State, t.work, t.gave, t.left, m.owed = Running, 0, false, 0, 0
			m.run(t, 1)
			*left -= max(1-t.left+m.owed, 1)
			t.left, m.owed = 0, 0
			m.exec.T = nil
		}
	}
	return went
}

// atOwn tells whether t stands in the program's own code.
func (t *Task) atOwn() bool {
	top := len(t.frames) - 1
	return top >= 0 && t.ownFrame() == top
}

// giveBack takes from t what it holds for a library.
func (m *Machine) giveBack(t *Task) {
	core := t.core
	t.core = -1 // that has no place in the order of steps
	for h := t.held; h != nil; h = h.next {
		if !t.holds(h) {
			continue
		}
		x := &Exec{M: m, T: t}
		switch h.kind {
		case mutexQueue:
			x.Unlock((*Mutex)(h.lock))
		case readQueue:
			x.RUnlock((*RWMutex)(h.lock))
		case writeQueue:
			x.WUnlock((*RWMutex)(h.lock))
		}
	}
	t.core, t.held = core, nil
}

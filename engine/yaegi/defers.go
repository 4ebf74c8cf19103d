package yaegi

import "runtime"

// Defers holds the deferred calls of one function activation.
type Defers struct {
	ev    *Evaluator
	calls []deferred
	panic *thrown // under way, nil where there is none
}

type deferred struct {
	call func()
	may  bool // it may recover
}

// Push defers a call.
func (d *Defers) Push(call func(), mayRecover bool) {
	d.calls = append(d.calls, deferred{call, mayRecover})
}

// runDefers runs a function's body, then its deferred calls as Go does: in
// reverse order, also while panicking or leaving by Goexit, until one recovers.
func (ev *Evaluator) runDefers(body func(*Defers)) {
	d := &Defers{ev: ev}
	d.protect(func() { body(d) })
	d.rest()
	if d.panic != nil {
		panic(d.panic)
	}
}

// rest runs the calls that are still deferred.
func (d *Defers) rest() {
	for len(d.calls) > 0 {
		last := d.calls[len(d.calls)-1]
		d.calls = d.calls[:len(d.calls)-1]
		g := d.ev.current()
		saved := g.token
		g.token = nil
		if last.may && d.panic != nil {
			g.token = d.panic
		}
		d.protect(last.call)
		g.token = saved
		if d.panic != nil && d.panic.recovered {
			d.panic = nil
		}
	}
}

// protect calls f. A panic of f takes the place of the one under way; where f
// leaves by Goexit the rest runs at once, since nothing after it will.
func (d *Defers) protect(f func()) {
	normal := false
	defer func() {
		if normal {
			return
		}
		x := recover()
		if x == nil { // Goexit, which also ends a panic under way
			d.panic = nil
			d.rest()
			return
		}
		t := d.ev.caught(x)
		if t != d.panic && t.previous == nil {
			t.previous = d.panic
		}
		d.panic = t
	}()
	f()
	normal = true
}

// Recovery is what a function that calls recover may recover from: the panic
// under way, if it was called by defer and by nobody in between.
type Recovery struct{ t *thrown }

// Recover is recover().
func (r *Recovery) Recover() any {
	if r == nil || r.t == nil || r.t.recovered {
		return nil
	}
	r.t.recovered = true
	return r.t.value
}

// takeToken is called first by each function that calls recover.
func (ev *Evaluator) takeToken() *Recovery {
	g := ev.current()
	t := g.token
	g.token = nil
	return &Recovery{t}
}

// goexit is runtime.Goexit.
func goexit() { runtime.Goexit() }

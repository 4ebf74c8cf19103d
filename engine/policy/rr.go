package policy

// RR is round robin: as FCFS, but who has run for a quantum goes to the end of the
// queue. (Silberschatz, Galvin and Gagne, Operating System Concepts, section 5.3.3.)
type RR struct {
	FCFS
	q int64
}

func rrKind() Kind {
	return Kind{
		Name: "rr", Help: "round robin: in turn, each for a quantum q", Example: "rr(q=4ms)",
		Params: []Param{quantum("how long a task runs until it is another's turn")},
		make:   func(c called) Policy { return &RR{FCFS: FCFS{called: c}} },
	}
}

// quantum is the parameter q.
func quantum(help string) Param {
	return Param{Name: "q", Kind: Time, Least: 1000, Help: help, Shown: true}
}

// Start implements Policy.
func (r *RR) Start(s Setup) {
	r.FCFS.Start(s)
	r.q = r.slice("q", s)
}

// Pick implements Policy.
func (r *RR) Pick(now int64, core int) Decision {
	d := r.FCFS.Pick(now, core)
	if d.Task != nil {
		d.For = r.q
	}
	return d
}

// Save implements Policy.
func (r *RR) Save() any { return &RR{*r.clone(), r.q} }

// Load implements Policy.
func (r *RR) Load(saved any) {
	s := saved.(*RR)
	r.FCFS, r.q = *s.clone(), s.q
}

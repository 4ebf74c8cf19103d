package policy

// Cooperative never takes a core from a task: it runs until it waits, yields or ends,
// and then the one that has been ready for longest. By default only one task runs at a
// time, however many cores there are, as with coroutines.
type Cooperative struct{ FCFS }

func cooperativeKind() Kind {
	return Kind{
		Name: "cooperative", Help: "a task runs until it waits, yields or ends; one at a time", Example: "cooperative(threads=2)",
		Params: []Param{{Name: "threads", Kind: Number, Default: "1", Least: 1, Most: maxCores, Help: "how many run at a time, on as many cores"}},
		make:   func(c called) Policy { return &Cooperative{FCFS{called: c}} },
	}
}

// Start implements Policy.
func (p *Cooperative) Start(s Setup) {
	s.Cores = min(s.Cores, int(p.num("threads"))) // the others are never told to look
	p.FCFS.Start(s)
}

// Save implements Policy.
func (p *Cooperative) Save() any { return p.clone() }

// Load implements Policy.
func (p *Cooperative) Load(saved any) { p.FCFS = *saved.(*FCFS).clone() }

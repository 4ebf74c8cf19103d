package policy

// FCFS gives a core to the task that has been ready for longest, until that waits or
// ends. (First come, first served; Silberschatz, Galvin and Gagne, Operating System
// Concepts, section 5.3.1.)
type FCFS struct {
	called
	queue Queue
	cores cores
}

func fcfsKind() Kind {
	return Kind{
		Name: "fcfs", Help: "first come, first served: each runs until it waits or ends", Example: "fcfs",
		make: func(c called) Policy { return &FCFS{called: c} },
	}
}

// Start implements Policy.
func (f *FCFS) Start(s Setup) { f.queue, f.cores = Queue{}, freeCores(s.Cores) }

// Ready implements Policy.
func (f *FCFS) Ready(now int64, t *Task, why Why, by *Task) Look {
	f.queue.Push(t)
	if why > Woken {
		return Nobody // its own core picks next
	}
	return f.cores.wake(now)
}

// Pick implements Policy.
func (f *FCFS) Pick(now int64, core int) Decision {
	t := f.queue.Pop()
	f.cores.run(core, t)
	return Decision{Task: t, Look: Nobody}
}

// Stop implements Policy.
func (f *FCFS) Stop(now int64, core int, t *Task, why Why) { f.cores.leave(core) }

// Save implements Policy.
func (f *FCFS) Save() any { return f.clone() }

// Load implements Policy.
func (f *FCFS) Load(saved any) { *f = *saved.(*FCFS).clone() }

func (f *FCFS) clone() *FCFS {
	c := *f
	c.queue, c.cores = f.queue.Clone(), f.cores.clone()
	return &c
}

package bytecode

import (
	"errors"
	"fmt"
	"strings"
)

// Program is what threads execute.
type Program struct {
	Setup    Code
	threads  []Code
	counting Counting
	objects  []string // names of the setup's objects
	times    int
}

// Bounds of a Program.
const (
	mostThreads = 8
	mostSteps   = 250_000
)

// New compiles a setup, and the source of each thread. times is how often each thread
// executes its source; at least 1.
func New(setup string, threads []string, counting Counting, times int) (*Program, error) {
	if len(threads) < 1 || len(threads) > mostThreads {
		return nil, fmt.Errorf("bytecode: %d threads: want 1 to %d", len(threads), mostThreads)
	}
	if counting > Biased {
		return nil, errors.New("bytecode: no such way of counting")
	}
	p := &Program{counting: counting, times: times}
	var err error
	if p.Setup, err = compile(setup, nil); err != nil {
		return nil, fmt.Errorf("bytecode: setup: %w", err)
	}
	global := map[string]bool{}
	for _, i := range p.Setup.Ins {
		if i.Op == StoreGlobal {
			global[i.Name] = true
		}
	}
	for i, source := range threads {
		c, err := compile(source, global)
		if err == nil && len(c.Ins) == 0 {
			err = errors.New("there is nothing to do")
		}
		if err != nil {
			return nil, fmt.Errorf("bytecode: thread %s: %w", p.Name(i), err)
		}
		if times < 1 || times*len(c.Ins) > mostSteps {
			return nil, fmt.Errorf("bytecode: %d times: want 1 to %d", times, mostSteps/len(c.Ins))
		}
		p.threads = append(p.threads, c)
	}
	return p, p.prepare()
}

// Name is what a thread is called: "A", "B" …
func (p *Program) Name(i int) string { return string(rune('A' + i)) }

// Threads lists the code of each thread, once.
func (p *Program) Threads() []Code { return p.threads }

// Times is how often each thread executes its code.
func (p *Program) Times() int { return p.times }

// Counting is how references are counted.
func (p *Program) Counting() Counting { return p.counting }

// prepare runs the setup once, to see that it goes, and to name its objects.
func (p *Program) prepare() error {
	s, err := p.set()
	if err != nil {
		return err
	}
	p.objects = make([]string, len(s.Objects))
	for name, ref := range s.refs {
		if p.objects[ref] == "" || name < p.objects[ref] {
			p.objects[ref] = name
		}
	}
	return nil
}

// set runs the setup, as thread A and alone.
func (p *Program) set() (*State, error) {
	alone := &Program{threads: []Code{p.Setup}, counting: WithGIL, objects: make([]string, len(p.Setup.Ins))}
	s := alone.fresh(1)
	for len(p.Setup.Ins) > 0 && s.Can(0) {
		s.Step(0)
	}
	if s.Fault != "" {
		return nil, fmt.Errorf("bytecode: setup: %s", s.Fault)
	}
	return s, nil
}

func (p *Program) fresh(threads int) *State {
	s := &State{p: p, Globals: map[string]int64{}, refs: map[string]int{}, locks: map[string]int{}, stored: map[string]int64{}, writer: map[string]int{}}
	for range threads {
		s.threads = append(s.threads, thread{fast: map[string]value{}, saw: map[string]int64{}})
	}
	return s
}

// Start is the state after the setup, before any thread's first step.
func (p *Program) Start() *State {
	s := p.fresh(len(p.threads))
	if set, err := p.set(); err == nil { // New has tried it
		s.Globals, s.refs, s.Objects = set.Globals, set.refs, set.Objects
	}
	return s
}

// Follow lets threads make steps in an order: letters, such as "AAABBBAB"; spaces do
// not count. The steps after its end are those of the first thread that can, to the end of all.
func (p *Program) Follow(order string) ([]Step, *State, error) {
	s := p.Start()
	var list []Step
	for k, r := range strings.ToUpper(strings.ReplaceAll(order, " ", "")) {
		i := int(r - 'A')
		switch {
		case i < 0 || i >= len(p.threads):
			return nil, nil, fmt.Errorf("bytecode: %q: want a letter of a thread, A to %s", r, p.Name(len(p.threads)-1))
		case !s.Can(i):
			return nil, nil, fmt.Errorf("bytecode: step %d: %s cannot go on there: it is at its end, or waits for a lock", k+1, p.Name(i))
		}
		list = append(list, s.Step(i))
	}
	for i := 0; i < len(p.threads); {
		if s.Can(i) {
			list = append(list, s.Step(i))
			i = 0
			continue
		}
		i++
	}
	return list, s, nil
}

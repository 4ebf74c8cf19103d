package machine

import (
	"math"

	"interleave/engine/policy"
)

// What things cost unless somebody says otherwise: ns, and percent.
const (
	defaultSwitch = 200
	defaultWake   = 1000
	defaultSpawn  = 300
	defaultJitter = 20
)

// Complete fills in the defaults.
func (c Config) Complete() Config {
	def := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	if c.Cores == 0 {
		c.Cores = 4
	}
	if c.Seed == 0 {
		c.Seed = 1
	}
	def(&c.Slice, 10e6)
	def(&c.Cost.Instruction, 1)
	def(&c.Cost.Call, 2)
	def(&c.Cost.Switch, defaultSwitch)
	def(&c.Cost.Wake, defaultWake)
	def(&c.Cost.Spawn, defaultSpawn)
	def(&c.Cost.Jitter, defaultJitter)
	def(&c.Heap, 1<<30)
	if c.Policy == nil {
		c.Policy = policy.NewGo()
	}
	return c
}

// known are the costs as numbers of ns: what costs nothing is 0 here.
func (c Cost) known() Cost {
	c.Instruction = max(c.Instruction, 1) // a loop must come to the end of its slice
	for _, v := range []*int64{&c.Call, &c.Switch, &c.Wake, &c.Spawn, &c.Jitter} {
		*v = max(*v, 0)
	}
	return c
}

// Configure begins anew with a configuration, while no task runs: cores are idle,
// and the seed's numbers start from the first. Time does not go back. Tasks that
// are there stay; those that were ready or on a core are ready.
func (m *Machine) Configure(c Config) {
	c = c.Complete()
	now := m.now
	for _, core := range m.cores {
		if core.task != nil {
			now = max(now, core.clock)
		} else { // its clock may be set to look much later
			now = max(now, core.free)
		}
	}
	m.exec.T = nil
	for _, core := range m.cores {
		core.catchUp(now)
	}
	m.now, m.limit, m.heapLimit = now, forever, c.Heap
	m.Relieve()
	m.config, m.cost, m.policy = c, c.Cost.known(), c.Policy
	m.rand, m.noise = policy.NewRand(c.Seed, programStream), policy.NewRand(c.Seed, noiseStream)
	m.stepper, m.chooser, m.coster = policy.Extras(c.Policy)
	m.loud = c.Watch || m.stepper != nil
	m.cached = newCached(c.Memory, c.Cores)
	m.writes, m.bus = false, bus{}
	m.visible = m.loud || m.cached != nil
	m.watch = m.visible || m.watch && m.rec != nil
	m.cores, m.devices = nil, nil
	for i := range c.Cores {
		m.cores = append(m.cores, &Core{ID: i, clock: now, free: now, slice: math.MaxInt64})
	}
	m.astray = false
	m.asking(func() {
		m.policy.Start(policy.Setup{Cores: c.Cores, Seed: c.Seed, Slice: c.Slice, Now: now, Note: m.note})
		for _, t := range m.Tasks() {
			t.sched.Core = -1
			if t.State == Running || t.State == Ready {
				t.core = -1
				m.ready(t, policy.New, nil)
			}
		}
	})
}

// Bound makes Until come back, Ahead, when that much virtual time has passed from now
// on. Configure takes it off.
func (m *Machine) Bound(ns int64) { m.limit = min(Later(m.now, ns), forever) }

// Rewind sets the clock back to an earlier time, while no task is there: what was
// done since has taken no time.
func (m *Machine) Rewind(to int64) {
	m.now = to
	m.era++
	for _, core := range m.cores {
		core.clock, core.free = to, to
	}
}

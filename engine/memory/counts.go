package memory

// Counts says where accesses found what they wanted, and what that cost. Each access
// of one line is counted in just one of L1, L2, L3, Memory and Others.
type Counts struct {
	Accesses int // lines that were accessed
	L1       int
	L2       int
	L3       int
	Memory   int // of these, InRow were foreseen
	Others   int // in another core's cache, which had written it

	InRow       int
	Upgrades    int // writes that first had to take the line from other cores, which read it
	TrueShares  int // misses because another core has since written what is accessed
	FalseShares int // misses because another core has written something else in the same line

	Stall   int64 // ns for which the core stood still, in all
	BusWait int64 // of these: until the bus was free
}

// Add adds o to c.
func (c *Counts) Add(o Counts) {
	c.Accesses += o.Accesses
	c.L1 += o.L1
	c.L2 += o.L2
	c.L3 += o.L3
	c.Memory += o.Memory
	c.Others += o.Others
	c.InRow += o.InRow
	c.Upgrades += o.Upgrades
	c.TrueShares += o.TrueShares
	c.FalseShares += o.FalseShares
	c.Stall += o.Stall
	c.BusWait += o.BusWait
}

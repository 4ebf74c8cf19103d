package trace

// MemoryUse is where the accesses of a task to memory found what they wanted, on a
// machine with caches. Each access of one line is counted in just one of L1, L2, L3,
// Memory and Others.
type MemoryUse struct {
	Task     uint32
	Accesses int
	L1       int
	L2       int
	L3       int
	Memory   int // of these, InRow lines followed one another and were foreseen
	Others   int // in another core's cache, which had written it

	InRow       int
	Upgrades    int   // writes for which other cores had to give up the line
	TrueShares  int   // misses because another core has since written what was accessed
	FalseShares int   // misses because another core has written something else in the same line
	Stall       int64 // ns for which its core stood still, part of its running time
	BusWait     int64 // of these: until the bus was free
}

// FalseShare is how often a task missed an object whose line another core had taken for
// something else.
type FalseShare struct {
	Task   uint32
	Object uint32
	Times  int
}

package sync

// Mutex is what a sync.Mutex consists of: 1 while it is locked, and who has it.
type Mutex struct {
	state int32
	sema  uint32
}

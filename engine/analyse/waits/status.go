package waits

// Status is what a task does at a moment.
type Status uint8

// The statuses. Absent is that of a task that has not come to be.
const (
	Absent Status = iota
	Ready
	Running
	Blocked
	Outside // waits for the outside world
	Ended
)

func (s Status) String() string {
	return [...]string{"absent", "ready", "running", "blocked", "outside", "ended"}[s]
}

// Go's words for what a task waits for.
const (
	chanSend    = "chan send"
	chanReceive = "chan receive"
	nilSend     = "chan send (nil chan)"
	nilReceive  = "chan receive (nil chan)"
	selecting   = "select"
	selectNone  = "select (no cases)"
	mutexLock   = "sync.Mutex.Lock"
	readLock    = "sync.RWMutex.RLock"
	writeLock   = "sync.RWMutex.Lock"
	groupWait   = "sync.WaitGroup.Wait"
	condWait    = "sync.Cond.Wait"
	eventLoop   = "event loop" // of package async: the loop, not a task of it
)

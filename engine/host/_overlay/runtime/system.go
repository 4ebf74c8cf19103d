package runtime

// MemStats is the machine's account of memory. HeapAlloc is what was allocated, less what
// was found to be in use no more, which the machine looks for where memory runs short. What
// it does not know is zero: it counts no single objects, and collects no garbage itself.
type MemStats struct {
	Alloc, TotalAlloc, Sys, Lookups, Mallocs, Frees                    uint64
	HeapAlloc, HeapSys, HeapIdle, HeapInuse, HeapReleased, HeapObjects uint64
	StackInuse, StackSys, MSpanInuse, MSpanSys, MCacheInuse, MCacheSys uint64
	BuckHashSys, GCSys, OtherSys, NextGC, LastGC, PauseTotalNs         uint64
	PauseNs, PauseEnd                                                  [256]uint64
	NumGC, NumForcedGC                                                 uint32
	GCCPUFraction                                                      float64
	EnableGC, DebugGC                                                  bool
	BySize                                                             [61]struct {
		Size           uint32
		Mallocs, Frees uint64
	}
}

func heap() (now, total uint64)
func stack(all bool) string

// ReadMemStats fills in m.
func ReadMemStats(m *MemStats) {
	*m = MemStats{EnableGC: true}
	m.Alloc, m.TotalAlloc = heap()
	m.HeapAlloc, m.HeapInuse, m.HeapSys, m.Sys = m.Alloc, m.Alloc, m.Alloc, m.Alloc
}

// Stack writes the stack of the calling goroutine, or of all, into buf.
func Stack(buf []byte, all bool) int { return copy(buf, stack(all)) }

func LockOSThread()     {}
func UnlockOSThread()   {}
func NumCgoCall() int64 { return 0 }

// A Cleanup is what AddCleanup gives.
type Cleanup struct{ _ int }

func (Cleanup) Stop() {}

// AddCleanup does nothing: the machine runs no cleanups.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup { return Cleanup{} }

// A Pinner keeps objects where they are, as all are here.
type Pinner struct{ _ int }

func (p *Pinner) Pin(pointer any) {}
func (p *Pinner) Unpin()          {}

package hardware

import (
	"fmt"
	"runtime"
	"strings"
)

// Computer is what the operating system says of the computer.
type Computer struct {
	System  string // "linux/amd64"
	Model   string // of the processor; empty: not reported
	CPUs    int    // that this process may use at one time
	Virtual bool   // it says that it is a virtual machine; false: it does not say so
	Caches  []Cache
	Source  string // where Caches come from, or why there are none
}

// Cache is one that the system reports for data.
type Cache struct {
	Level int
	Size  int64 // bytes
	Line  int   // bytes; 0: not reported
	CPUs  int   // that share it; 0: not reported
}

// Name is the cache's as books write it: "L2".
func (c Cache) Name() string { return fmt.Sprintf("L%d", c.Level) }

// Read asks the system.
func Read() Computer {
	c := Computer{System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: min(runtime.NumCPU(), runtime.GOMAXPROCS(0))}
	c.ask()
	return c
}

// Line is the size of a cache line: the reported one, or else 64 bytes, which most
// processors have (128 with Apple's).
func (c Computer) Line() int {
	for _, k := range c.Caches {
		if k.Line > 0 {
			return k.Line
		}
	}
	if runtime.GOOS == "darwin" && runtime.GOARCH == "arm64" {
		return 128
	}
	return 64
}

// String is the computer in a line.
func (c Computer) String() string {
	model := c.Model
	if model == "" {
		model = "a processor that the system does not name"
	}
	list := make([]string, 0, len(c.Caches))
	for _, k := range c.Caches {
		text := k.Name() + " " + Bytes(k.Size)
		if k.CPUs > 1 {
			text += fmt.Sprintf(" shared by %d", k.CPUs)
		}
		list = append(list, text)
	}
	caches := strings.Join(list, ", ")
	if caches == "" {
		caches = "caches not reported"
	}
	virtual := ""
	if c.Virtual {
		virtual = ", a virtual machine"
	}
	return fmt.Sprintf("%s, %d CPUs usable, %s%s; %s", model, c.CPUs, c.System, virtual, caches)
}

// Bytes writes a size: "48 KiB", "1.5 MiB". A KB has 1,024 bytes.
func Bytes(n int64) string {
	switch {
	case n >= 1<<30:
		return short(float64(n)/(1<<30)) + " GiB"
	case n >= 1<<20:
		return short(float64(n)/(1<<20)) + " MiB"
	case n >= 1<<10:
		return short(float64(n)/(1<<10)) + " KiB"
	}
	return fmt.Sprintf("%d B", n)
}

func short(f float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0")
}

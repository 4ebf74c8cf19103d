package machine

import (
	"unsafe"

	"interleave/engine/policy"
)

// Device is a piece of the simulated outside world, such as a disk: it serves
// requests one after another, in the order in which they come, each for as long as it
// asks, or several at a time.
type Device struct {
	Name string
	free []int64 // when each of its servers is done with what it has, virtual ns
}

// NewDevice makes a device that serves so many requests at a time; at least 1.
func NewDevice(name string, servers int) *Device {
	return &Device{Name: name, free: make([]int64, max(servers, 1))}
}

// Device is the machine's device of a name, which serves one request at a time. It is
// made when it is asked for first, and forgotten when the machine begins anew.
func (m *Machine) Device(name string) *Device {
	d := m.devices[name]
	if d == nil {
		if m.devices == nil {
			m.devices = map[string]*Device{}
		}
		d = NewDevice(name, 1)
		m.devices[name] = d
	}
	return d
}

// onDevice is the reason of a wait for a device.
const onDevice = "I/O"

// Use has the running task wait until the device has served it for ns; meanwhile it is
// outside. The caller returns the status.
func (x *Exec) Use(d *Device, ns int64) Status {
	if !x.InOrder() {
		return Again
	}
	m, t := x.M, x.T
	server := 0
	for i := range d.free {
		if d.free[i] < d.free[server] {
			server = i
		}
	}
	was, now := d.free[server], m.Now()
	m.OnRestore(func() { d.free[server] = was })
	begin := max(now, was)
	d.free[server] = Later(begin, max(ns, 0))
	t.sleep = m.Schedule(d.free[server], func(int64) { m.Wake(t, nil) })
	x.leave(&Wait{Why: onDevice, Object: unsafe.Pointer(d)}, (begin-now)/1000)
	return Parked
}

// Traits are what the policy knows of the task from the program.
func (t *Task) Traits() policy.Traits { return t.sched.Traits }

// SetTraits changes them; the policy sees it at its next decision.
func (t *Task) SetTraits(traits policy.Traits) { t.sched.Traits = traits }

package hardware

import (
	"golang.org/x/sys/unix"
)

// ask reads what sysctl knows: of a processor with two kinds of cores, the fast ones'.
func (c *Computer) ask() {
	if model, err := unix.Sysctl("machdep.cpu.brand_string"); err == nil {
		c.Model = model
	}
	if n, err := unix.SysctlUint32("kern.hv_vmm_present"); err == nil {
		c.Virtual = n != 0
	}
	number := func(names ...string) int64 {
		for _, name := range names {
			if n, err := unix.SysctlUint64(name); err == nil && n > 0 {
				return int64(n)
			}
			if n, err := unix.SysctlUint32(name); err == nil && n > 0 {
				return int64(n)
			}
		}
		return 0
	}
	line := int(number("hw.cachelinesize"))
	for level, names := range [][]string{
		{"hw.perflevel0.l1dcachesize", "hw.l1dcachesize"},
		{"hw.perflevel0.l2cachesize", "hw.l2cachesize"},
		{"hw.perflevel0.l3cachesize", "hw.l3cachesize"},
	} {
		if size := number(names...); size > 0 {
			c.Caches = append(c.Caches, Cache{Level: level + 1, Size: size, Line: line})
		}
	}
	c.Source = "as sysctl hw reports them"
	if len(c.Caches) == 0 {
		c.Source = "sysctl hw reports no caches"
	}
}

package hardware

import (
	"cmp"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
)

// ask reads /sys/devices/system/cpu and /proc/cpuinfo.
func (c *Computer) ask() {
	if data, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		c.Model, c.Virtual = cpuinfo(string(data))
	}
	const folder = "/sys/devices/system/cpu/cpu0/cache"
	c.Caches = sysCaches(os.DirFS(folder))
	c.Source = "as Linux reports them in " + folder
	if len(c.Caches) == 0 {
		c.Source = "Linux reports no caches here"
	}
}

// cpuinfo reads the first processor's model, and whether there is a hypervisor.
func cpuinfo(text string) (model string, virtual bool) {
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(line, ":")
		switch key = strings.TrimSpace(key); {
		case !ok:
		case key == "model name" && model == "":
			model = strings.TrimSpace(value)
		case key == "flags":
			virtual = virtual || strings.Contains(value+" ", " hypervisor ")
		}
	}
	return model, virtual
}

// cpus counts a list such as "0-3,8".
func cpus(list string) (n int) {
	for part := range strings.SplitSeq(strings.TrimSpace(list), ",") {
		from, to, ok := strings.Cut(part, "-")
		if !ok {
			to = from
		}
		a, err := strconv.Atoi(from)
		b, err2 := strconv.Atoi(to)
		if err != nil || err2 != nil || b < a {
			return 0
		}
		n += b - a + 1
	}
	return n
}

// sysCaches reads the folder of one CPU's caches; what holds instructions only is left out.
func sysCaches(dir fs.FS) []Cache {
	names, err := fs.Glob(dir, "index*")
	if err != nil {
		return nil
	}
	var list []Cache
	for _, name := range names {
		read := func(file string) string {
			data, err := fs.ReadFile(dir, name+"/"+file)
			if err != nil {
				return ""
			}
			return strings.TrimSpace(string(data))
		}
		if kind := read("type"); kind != "Data" && kind != "Unified" {
			continue
		}
		level, err := strconv.Atoi(read("level"))
		size := size(read("size"))
		if err != nil || size == 0 {
			continue
		}
		line, err := strconv.Atoi(read("coherency_line_size"))
		if err != nil {
			line = 0
		}
		list = append(list, Cache{Level: level, Size: size, Line: line, CPUs: cpus(read("shared_cpu_list"))})
	}
	slices.SortFunc(list, func(a, b Cache) int { return cmp.Compare(a.Level, b.Level) })
	return list
}

// size reads "1024K".
func size(text string) int64 {
	unit := int64(1)
	for suffix, n := range map[string]int64{"K": 1 << 10, "M": 1 << 20, "G": 1 << 30} {
		if rest, ok := strings.CutSuffix(text, suffix); ok {
			text, unit = rest, n
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n * unit
}

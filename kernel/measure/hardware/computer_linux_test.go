package hardware

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestSysCaches(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s + "\n")} }
	dir := fstest.MapFS{
		"index0/level": file("1"), "index0/type": file("Data"), "index0/size": file("48K"), "index0/coherency_line_size": file("64"), "index0/shared_cpu_list": file("0,8"),
		"index1/level": file("1"), "index1/type": file("Instruction"), "index1/size": file("32K"),
		"index3/level": file("3"), "index3/type": file("Unified"), "index3/size": file("32M"), "index3/shared_cpu_list": file("0-7,16-23"),
		"index2/level": file("2"), "index2/type": file("Unified"), "index2/size": file("2048K"), "index2/coherency_line_size": file("64"),
		"index4/level": file("4"), "index4/type": file("Unified"), "index4/size": file("?"),
	}
	want := []Cache{{1, 48 << 10, 64, 2}, {2, 2 << 20, 64, 0}, {3, 32 << 20, 0, 16}}
	if got := sysCaches(dir); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if model, virtual := cpuinfo("processor\t: 0\nmodel name\t: A CPU\nflags\t\t: fpu hypervisor sse\n\nmodel name\t: B\n"); model != "A CPU" || !virtual {
		t.Errorf("cpuinfo: %q, %v", model, virtual)
	}
}

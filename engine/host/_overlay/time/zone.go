package time

import "errors"

var platformZoneSources = []string{"/usr/share/zoneinfo/", "/usr/lib/locale/TZ/", "/etc/zoneinfo"}

// initLocal makes local time UTC, the same on every computer.
func initLocal() { localLoc.name = "UTC" }

// The clock that a Time shows as m=±… begins when the machine's does, and not when
// this package is initialised, which takes no time.
func init() { startNano = 0 }

func interrupt() {}

func openFile(name string) int
func readFileAt(fd int, buf []byte, off int, fromEnd bool) int
func readFileNext(fd int, buf []byte) int
func closeFile(fd int)

func open(name string) (uintptr, error) {
	fd := openFile(name)
	if fd < 0 {
		return 0, errNoFile
	}
	return uintptr(fd), nil
}

func read(fd uintptr, buf []byte) (int, error) { return readFileNext(int(fd), buf), nil }

func closefd(fd uintptr) { closeFile(int(fd)) }

func preadn(fd uintptr, buf []byte, off int) error {
	if readFileAt(int(fd), buf, off, off < 0) < len(buf) {
		return errors.New("short read")
	}
	return nil
}

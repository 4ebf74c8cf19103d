package host

import (
	"io/fs"
	"math"
	"os"
	"time"

	"interleave/engine"
)

// files are the host's open files, by the numbers that package os has for them:
// 0 to 2 are the cell's streams. Deeds that run outside use it at the same time;
// the table itself changes only in the machine's turn, but for pipes' ends, so
// it is guarded.
type files struct {
	open     table[*os.File]
	children table[*kid]
	io       *engine.IO // the streams of the task whose turn it is
}

func newFiles(io *engine.IO) *files {
	return &files{open: newTable[*os.File](3), children: newTable[*kid](1), io: io}
}

func (f *files) deeds() map[string]deed {
	all := map[string]deed{}
	for name, fn := range map[string]any{
		"openFile": f.openFile, "pipe": f.pipe, "closeFile": f.close, "readFile": f.read, "readAt": f.readAt,
		"writeFile": f.write, "writeAt": f.writeAt, "seek": f.seek, "syncFile": f.sync, "truncate": f.truncate,
		"statFile": f.stat, "descriptor": f.descriptor, "setDeadline": f.setDeadline, "createTemp": f.createTemp,
		"statPath": statPath, "readDir": readDir, "chdir": os.Chdir, "mkdirTemp": os.MkdirTemp,
		"chmod":    func(name string, mode uint32) error { return os.Chmod(name, fs.FileMode(mode)) },
		"mkdir":    func(name string, mode uint32) error { return os.Mkdir(name, fs.FileMode(mode)) },
		"mkdirAll": func(name string, mode uint32) error { return os.MkdirAll(name, fs.FileMode(mode)) },
		"chtimes":  func(name string, a, m int64) error { return os.Chtimes(name, unixTime(a), unixTime(m)) },
		"chown":    os.Chown, "lchown": os.Lchown,
		"remove": os.Remove, "removeAll": os.RemoveAll, "readlink": os.Readlink, "truncatePath": os.Truncate,
		"rename": bare2(os.Rename), "link": bare2(os.Link), "symlink": bare2(os.Symlink),
		"environ": os.Environ, "setenv": bare2(os.Setenv), "unsetenv": func(k string) error { return bareError(os.Unsetenv(k)) },
		"clearenv": os.Clearenv, "getpid": os.Getpid, "getppid": os.Getppid, "getuid": os.Getuid, "getgid": os.Getgid,
		"system": system, "startProcess": f.start, "signalProcess": signalProcess,
	} {
		all["os."+name] = deed{f: fn}
	}
	for name, fn := range map[string]any{"awaitRead": f.awaitRead, "awaitWrite": f.write, "waitProcess": f.wait} {
		all["os."+name] = deed{f: fn, away: true, busy: true}
	}
	all["internal/syscall/unix.eaccess"] = deed{f: mayRun}
	for name, fn := range map[string]any{
		"getpid": os.Getpid, "getppid": os.Getppid, "getuid": os.Getuid, "getgid": os.Getgid, "environ": os.Environ, "kill": kill,
	} {
		all["syscall."+name] = deed{f: fn}
	}
	return all
}

// bareError takes off what the os package of the host puts around an error: the
// machine's puts its own.
func bareError(err error) error {
	switch e := err.(type) {
	case *os.LinkError:
		return e.Err
	case *os.SyscallError:
		return e.Err
	}
	return err
}

func bare2(f func(a, b string) error) func(a, b string) error {
	return func(a, b string) error { return bareError(f(a, b)) }
}

func system(what string) (string, error) {
	switch what {
	case "getwd":
		return os.Getwd()
	case "hostname":
		return os.Hostname()
	case "executable":
		return os.Executable()
	case "home":
		return os.UserHomeDir()
	case "cache":
		return os.UserCacheDir()
	case "config":
		return os.UserConfigDir()
	}
	return os.TempDir(), nil
}

func (f *files) file(id int) (*os.File, error) {
	if file, ok := f.open.get(id); ok {
		return file, nil
	}
	return nil, fs.ErrClosed
}

func (f *files) openFile(name string, flag int, perm uint32) (int, bool, error) {
	file, err := os.OpenFile(name, flag, fs.FileMode(perm))
	if err != nil {
		return 0, false, err
	}
	info, err := file.Stat()
	waits := err != nil || !info.Mode().IsRegular() && !info.IsDir()
	return f.open.add(file), waits, nil
}

func (f *files) createTemp(dir, pattern string) (int, string, error) {
	file, err := os.CreateTemp(dir, pattern)
	if err != nil {
		return 0, "", err
	}
	return f.open.add(file), file.Name(), nil
}

func (f *files) pipe() (int, int, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return 0, 0, bareError(err)
	}
	return f.open.add(r), f.open.add(w), nil
}

func (f *files) close(id int) error {
	file, err := f.file(id)
	if err != nil {
		return err
	}
	f.open.remove(id)
	return file.Close()
}

func (f *files) read(id int, p []byte) (int, error) {
	file, err := f.file(id)
	if err != nil {
		return 0, err
	}
	return file.Read(p)
}

func (f *files) awaitRead(id, n int) ([]byte, error) {
	p := make([]byte, n)
	n, err := f.read(id, p)
	return p[:n], err
}

func (f *files) readAt(id int, p []byte, off int64) (int, error) {
	file, err := f.file(id)
	if err != nil {
		return 0, err
	}
	return file.ReadAt(p, off)
}

func (f *files) write(id int, p []byte) (int, error) {
	file, err := f.file(id)
	if err != nil {
		return 0, err
	}
	return file.Write(p)
}

func (f *files) writeAt(id int, p []byte, off int64) (int, error) {
	file, err := f.file(id)
	if err != nil {
		return 0, err
	}
	return file.WriteAt(p, off)
}

func (f *files) seek(id int, offset int64, whence int) (int64, error) {
	file, err := f.file(id)
	if err != nil {
		return 0, err
	}
	return file.Seek(offset, whence)
}

func (f *files) sync(id int) error {
	file, err := f.file(id)
	if err != nil {
		return err
	}
	return file.Sync()
}

func (f *files) truncate(id int, size int64) error {
	file, err := f.file(id)
	if err != nil {
		return err
	}
	return file.Truncate(size)
}

func (f *files) descriptor(id int) uintptr {
	if id <= 2 {
		return uintptr(id)
	}
	file, err := f.file(id)
	if err != nil {
		return ^uintptr(0)
	}
	return file.Fd()
}

// unixTime is the zero time for the smallest number.
func unixTime(nanos int64) time.Time {
	if nanos == math.MinInt64 {
		return time.Time{}
	}
	return time.Unix(0, nanos)
}

func (f *files) setDeadline(id int, nanos int64, which int) error {
	file, err := f.file(id)
	if err != nil {
		return err
	}
	var t time.Time
	if nanos >= 0 {
		t = time.Now().Add(time.Duration(nanos))
	}
	return []func(time.Time) error{file.SetDeadline, file.SetReadDeadline, file.SetWriteDeadline}[which](t)
}

// fileStat is package os's stat.
type fileStat struct {
	name      string
	size      int64
	mode      uint32
	sec, nsec int64
	dev, ino  uint64
}

func stat(info fs.FileInfo) fileStat {
	t := info.ModTime()
	s := fileStat{name: info.Name(), size: info.Size(), mode: uint32(info.Mode()), sec: t.Unix(), nsec: int64(t.Nanosecond())}
	s.dev, s.ino = identity(info)
	return s
}

func (f *files) stat(id int) (fileStat, error) {
	if id <= 2 {
		return fileStat{mode: uint32(fs.ModeDevice | fs.ModeCharDevice | 0o620)}, nil
	}
	file, err := f.file(id)
	if err != nil {
		return fileStat{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return fileStat{}, err
	}
	return stat(info), nil
}

func statPath(name string, follow bool) (fileStat, error) {
	f := os.Lstat
	if follow {
		f = os.Stat
	}
	info, err := f(name)
	if err != nil {
		return fileStat{}, err
	}
	return stat(info), nil
}

func readDir(name string) ([]fileStat, error) {
	list, err := os.ReadDir(name)
	var all []fileStat
	for _, e := range list {
		all = append(all, fileStat{name: e.Name(), mode: uint32(e.Type())})
	}
	return all, err
}

package os

import (
	"errors"
	"io/fs"
	"syscall"
	"time"
)

type (
	FileInfo  = fs.FileInfo
	FileMode  = fs.FileMode
	DirEntry  = fs.DirEntry
	PathError = fs.PathError
)

const (
	ModeDir        = fs.ModeDir
	ModeAppend     = fs.ModeAppend
	ModeExclusive  = fs.ModeExclusive
	ModeTemporary  = fs.ModeTemporary
	ModeSymlink    = fs.ModeSymlink
	ModeDevice     = fs.ModeDevice
	ModeNamedPipe  = fs.ModeNamedPipe
	ModeSocket     = fs.ModeSocket
	ModeSetuid     = fs.ModeSetuid
	ModeSetgid     = fs.ModeSetgid
	ModeCharDevice = fs.ModeCharDevice
	ModeSticky     = fs.ModeSticky
	ModeIrregular  = fs.ModeIrregular
	ModeType       = fs.ModeType
	ModePerm       = fs.ModePerm
)

var (
	ErrInvalid          = fs.ErrInvalid
	ErrPermission       = fs.ErrPermission
	ErrExist            = fs.ErrExist
	ErrNotExist         = fs.ErrNotExist
	ErrClosed           = fs.ErrClosed
	ErrNoDeadline       = errors.New("file type does not support deadline")
	ErrDeadlineExceeded = error(&timeoutError{})
	ErrProcessDone      = errors.New("os: process already finished")

	errNegative            = errors.New("negative offset")
	errFileClosing         = errors.New("use of closed file")
	errWriteAtInAppendMode = errors.New("os: invalid use of WriteAt on file opened with O_APPEND")
)

type timeoutError struct{}

func (e *timeoutError) Error() string   { return "i/o timeout" }
func (e *timeoutError) Timeout() bool   { return true }
func (e *timeoutError) Temporary() bool { return true }

// A LinkError tells what went wrong with two paths.
type LinkError struct {
	Op  string
	Old string
	New string
	Err error
}

func (e *LinkError) Error() string { return e.Op + " " + e.Old + " " + e.New + ": " + e.Err.Error() }
func (e *LinkError) Unwrap() error { return e.Err }

// A SyscallError is an error of a system call.
type SyscallError struct {
	Syscall string
	Err     error
}

func (e *SyscallError) Error() string { return e.Syscall + ": " + e.Err.Error() }
func (e *SyscallError) Unwrap() error { return e.Err }
func (e *SyscallError) Timeout() bool {
	t, ok := e.Err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

func NewSyscallError(syscall string, err error) error {
	if err == nil {
		return nil
	}
	return &SyscallError{syscall, err}
}

func underlying(err error) error {
	switch e := err.(type) {
	case *PathError:
		return e.Err
	case *LinkError:
		return e.Err
	case *SyscallError:
		return e.Err
	}
	return err
}

func is(err, target error) bool {
	err = underlying(err)
	if err == target {
		return true
	}
	e, ok := err.(syscall.Errno)
	return ok && e.Is(target)
}

func IsExist(err error) bool      { return is(err, ErrExist) }
func IsNotExist(err error) bool   { return is(err, ErrNotExist) }
func IsPermission(err error) bool { return is(err, ErrPermission) }
func IsTimeout(err error) bool {
	t, ok := underlying(err).(interface{ Timeout() bool })
	return ok && t.Timeout()
}
func IsPathSeparator(c uint8) bool { return c == PathSeparator }

// stat is what the host tells of a file.
type stat struct {
	name     string
	size     int64
	mode     uint32
	sec      int64
	nsec     int64
	dev, ino uint64
}

func (s stat) info(name string) FileInfo {
	for len(name) > 1 && name[len(name)-1] == '/' {
		name = name[:len(name)-1]
	}
	for i := len(name) - 2; i >= 0; i-- {
		if name[i] == '/' {
			name = name[i+1:]
			break
		}
	}
	return &fileStat{name, s}
}

type fileStat struct {
	name string
	s    stat
}

func (f *fileStat) Name() string       { return f.name }
func (f *fileStat) Size() int64        { return f.s.size }
func (f *fileStat) Mode() FileMode     { return FileMode(f.s.mode) }
func (f *fileStat) ModTime() time.Time { return time.Unix(f.s.sec, f.s.nsec) }
func (f *fileStat) IsDir() bool        { return f.Mode().IsDir() }
func (f *fileStat) Sys() any           { return nil }
func (f *fileStat) String() string     { return fs.FormatFileInfo(f) }

func SameFile(a, b FileInfo) bool {
	x, ok1 := a.(*fileStat)
	y, ok2 := b.(*fileStat)
	if !ok1 || !ok2 {
		return false
	}
	if x.s.ino == 0 && y.s.ino == 0 { // a system that does not number files
		return x.s == y.s
	}
	return x.s.dev == y.s.dev && x.s.ino == y.s.ino
}

func statPath(name string, follow bool) (stat, error)
func readDir(name string) ([]stat, error)
func chdir(dir string) error
func chmod(name string, mode uint32) error
func chown(name string, uid, gid int) error
func lchown(name string, uid, gid int) error
func chtimes(name string, atime, mtime int64) error
func mkdir(name string, perm uint32) error
func mkdirAll(name string, perm uint32) error
func remove(name string) error
func removeAll(name string) error
func rename(a, b string) error
func link(a, b string) error
func symlink(a, b string) error
func readlink(name string) (string, error)
func truncatePath(name string, size int64) error
func createTemp(dir, pattern string) (id int, name string, err error)
func mkdirTemp(dir, pattern string) (string, error)

func Stat(name string) (FileInfo, error) {
	s, err := statPath(name, true)
	if err != nil {
		return nil, err
	}
	return s.info(name), nil
}

func Lstat(name string) (FileInfo, error) {
	s, err := statPath(name, false)
	if err != nil {
		return nil, err
	}
	return s.info(name), nil
}

type dirEntry struct {
	dir string
	s   stat
}

func (d *dirEntry) Name() string            { return d.s.name }
func (d *dirEntry) IsDir() bool             { return d.Type().IsDir() }
func (d *dirEntry) Type() FileMode          { return FileMode(d.s.mode).Type() }
func (d *dirEntry) Info() (FileInfo, error) { return Lstat(d.dir + "/" + d.s.name) }
func (d *dirEntry) String() string          { return fs.FormatDirEntry(d) }

// ReadDir lists a folder by name.
func ReadDir(name string) ([]DirEntry, error) {
	stats, err := readDir(name)
	var list []DirEntry
	for _, s := range stats {
		list = append(list, &dirEntry{name, s})
	}
	return list, err
}

func Chdir(dir string) error                    { return chdir(dir) }
func Chmod(name string, mode FileMode) error    { return chmod(name, uint32(mode)) }
func Mkdir(name string, perm FileMode) error    { return mkdir(name, uint32(perm)) }
func MkdirAll(path string, perm FileMode) error { return mkdirAll(path, uint32(perm)) }
func Remove(name string) error                  { return remove(name) }
func RemoveAll(path string) error               { return removeAll(path) }
func Rename(oldpath, newpath string) error {
	return linkError(rename(oldpath, newpath), "rename", oldpath, newpath)
}
func Link(oldname, newname string) error {
	return linkError(link(oldname, newname), "link", oldname, newname)
}
func Symlink(oldname, newname string) error {
	return linkError(symlink(oldname, newname), "symlink", oldname, newname)
}
func Readlink(name string) (string, error)   { return readlink(name) }
func Truncate(name string, size int64) error { return truncatePath(name, size) }
func Chown(name string, uid, gid int) error  { return chown(name, uid, gid) }
func Lchown(name string, uid, gid int) error { return lchown(name, uid, gid) }

// Chtimes sets a file's times; a zero one stays as it was.
func Chtimes(name string, atime, mtime time.Time) error {
	nanos := func(t time.Time) int64 {
		if t.IsZero() {
			return -1 << 63
		}
		return t.UnixNano()
	}
	return chtimes(name, nanos(atime), nanos(mtime))
}

func linkError(err error, op, a, b string) error {
	if err == nil {
		return nil
	}
	return &LinkError{op, a, b, err}
}

func CreateTemp(dir, pattern string) (*File, error) {
	id, name, err := createTemp(dir, pattern)
	if err != nil {
		return nil, err
	}
	return &File{id: id, name: name}, nil
}

func MkdirTemp(dir, pattern string) (string, error) { return mkdirTemp(dir, pattern) }

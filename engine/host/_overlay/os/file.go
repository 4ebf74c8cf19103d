// Package os is the machine's own: files are the host's, standard streams are
// the cell's.
package os

import (
	"io"
	"syscall"
	"time"
)

const (
	O_RDONLY int = 0x0
	O_WRONLY int = 0x1
	O_RDWR   int = 0x2
	O_CREATE int = 0x40
	O_EXCL   int = 0x80
	O_TRUNC  int = 0x200
	O_APPEND int = 0x400
	O_SYNC   int = 0x101000

	SEEK_SET int = 0
	SEEK_CUR int = 1
	SEEK_END int = 2

	DevNull           = "/dev/null"
	PathSeparator     = '/'
	PathListSeparator = ':'
)

// A File is an open file.
type File struct {
	id     int // the host's number of it
	name   string
	waits  bool // a pipe or the like: reading and writing may wait
	append bool
	closed bool
	list   []DirEntry // what ReadDir has yet to give
	listed bool
}

// The standard streams are the cell's.
var (
	Stdin  = &File{id: 0, name: "/dev/stdin", waits: true}
	Stdout = &File{id: 1, name: "/dev/stdout"}
	Stderr = &File{id: 2, name: "/dev/stderr"}
)

// closeStandard closes a standard stream for the rest of the cell.
func closeStandard(id int)
func standardClosed(id int) bool

func openFile(name string, flag int, perm uint32) (id int, waits bool, err error)
func pipe() (r, w int, err error)
func closeFile(id int) error
func readFile(id int, p []byte) (int, error)
func readAt(id int, p []byte, off int64) (int, error)
func writeFile(id int, p []byte) (int, error)
func writeAt(id int, p []byte, off int64) (int, error)
func awaitRead(id, n int) ([]byte, error)
func awaitWrite(id int, p []byte) (int, error)
func readInput(n int) ([]byte, error)
func print(id int, p []byte) int
func seek(id int, offset int64, whence int) (int64, error)
func syncFile(id int) error
func truncate(id int, size int64) error
func statFile(id int) (stat, error)
func descriptor(id int) uintptr
func setDeadline(id int, nanos int64, which int) error

// OpenFile is the general way to open a file.
func OpenFile(name string, flag int, perm FileMode) (*File, error) {
	id, waits, err := openFile(name, flag, uint32(perm))
	if err != nil {
		return nil, err
	}
	return &File{id: id, name: name, waits: waits, append: flag&O_APPEND != 0}, nil
}

func Open(name string) (*File, error) { return OpenFile(name, O_RDONLY, 0) }

func Create(name string) (*File, error) { return OpenFile(name, O_RDWR|O_CREATE|O_TRUNC, 0666) }

// NewFile gives the file of a descriptor: one of the standard streams.
func NewFile(fd uintptr, name string) *File {
	if fd > 2 {
		return nil
	}
	return &File{id: int(fd), name: name, waits: fd == 0}
}

// Pipe returns a connected pair of files.
func Pipe() (r *File, w *File, err error) {
	a, b, err := pipe()
	if err != nil {
		return nil, nil, err
	}
	return &File{id: a, name: "|0", waits: true}, &File{id: b, name: "|1", waits: true}, nil
}

func (f *File) isClosed() bool { return f.closed || f.id <= 2 && standardClosed(f.id) }

func (f *File) check(op string) error {
	if f == nil {
		return ErrInvalid
	}
	if f.isClosed() {
		return &PathError{Op: op, Path: f.name, Err: ErrClosed}
	}
	return nil
}

// wrap gives an error of the file its form: io.EOF stays as it is.
func (f *File) wrap(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	if pe, ok := err.(*PathError); ok {
		err = pe.Err
	}
	return &PathError{Op: op, Path: f.name, Err: err}
}

func (f *File) Name() string { return f.name }

func (f *File) Fd() uintptr {
	if f == nil || f.isClosed() {
		return ^uintptr(0)
	}
	return descriptor(f.id)
}

func (f *File) Close() error {
	if err := f.check("close"); err != nil {
		return err
	}
	if f.id <= 2 {
		closeStandard(f.id)
		return nil
	}
	f.closed = true
	return f.wrap("close", closeFile(f.id))
}

func (f *File) Read(b []byte) (n int, err error) {
	if err := f.check("read"); err != nil {
		return 0, err
	}
	if len(b) == 0 {
		return 0, nil
	}
	if !f.waits {
		n, err = readFile(f.id, b)
		return n, f.wrap("read", err)
	}
	var data []byte
	if f.id == 0 {
		data, err = readInput(len(b))
	} else {
		data, err = awaitRead(f.id, len(b))
	}
	return copy(b, data), f.wrap("read", err)
}

func (f *File) ReadAt(b []byte, off int64) (n int, err error) {
	switch {
	case f == nil:
		return 0, ErrInvalid
	case off < 0:
		return 0, &PathError{Op: "readat", Path: f.name, Err: errNegative}
	case len(b) == 0:
		return 0, nil
	}
	if err := f.check("read"); err != nil {
		return 0, err
	}
	n, err = readAt(f.id, b, off)
	return n, f.wrap("read", err)
}

func (f *File) Write(b []byte) (n int, err error) {
	if err := f.check("write"); err != nil {
		return 0, err
	}
	switch {
	case f.id == 0:
		return 0, f.wrap("write", syscall.EBADF)
	case f.id <= 2:
		return print(f.id, b), nil
	case f.waits:
		n, err = awaitWrite(f.id, b)
	default:
		n, err = writeFile(f.id, b)
	}
	return n, f.wrap("write", err)
}

func (f *File) WriteAt(b []byte, off int64) (n int, err error) {
	switch {
	case f == nil:
		return 0, ErrInvalid
	case f.append:
		return 0, errWriteAtInAppendMode
	case off < 0:
		return 0, &PathError{Op: "writeat", Path: f.name, Err: errNegative}
	case len(b) == 0:
		return 0, nil
	}
	if err := f.check("write"); err != nil {
		return 0, err
	}
	n, err = writeAt(f.id, b, off)
	return n, f.wrap("write", err)
}

func (f *File) WriteString(s string) (n int, err error) { return f.Write([]byte(s)) }

// ReadFrom copies what r gives into the file.
func (f *File) ReadFrom(r io.Reader) (n int64, err error) {
	if err := f.check("write"); err != nil {
		return 0, err
	}
	return io.Copy(onlyWriter{f}, r)
}

// WriteTo copies what the file gives to w.
func (f *File) WriteTo(w io.Writer) (n int64, err error) {
	if err := f.check("read"); err != nil {
		return 0, err
	}
	return io.Copy(w, onlyReader{f})
}

type (
	onlyWriter struct{ io.Writer }
	onlyReader struct{ io.Reader }
)

func (f *File) Seek(offset int64, whence int) (ret int64, err error) {
	if err := f.check("seek"); err != nil {
		return 0, err
	}
	f.list, f.listed = nil, false
	ret, err = seek(f.id, offset, whence)
	return ret, f.wrap("seek", err)
}

func (f *File) Sync() error {
	if err := f.check("sync"); err != nil {
		return err
	}
	return f.wrap("sync", syncFile(f.id))
}

func (f *File) Truncate(size int64) error {
	if err := f.check("truncate"); err != nil {
		return err
	}
	return f.wrap("truncate", truncate(f.id, size))
}

func (f *File) Stat() (FileInfo, error) {
	if err := f.check("stat"); err != nil {
		return nil, err
	}
	s, err := statFile(f.id)
	if err != nil {
		return nil, f.wrap("stat", err)
	}
	return s.info(f.name), nil
}

func (f *File) Chmod(mode FileMode) error {
	if err := f.check("chmod"); err != nil {
		return err
	}
	return Chmod(f.name, mode)
}

func (f *File) Chown(uid, gid int) error {
	if err := f.check("chown"); err != nil {
		return err
	}
	return Chown(f.name, uid, gid)
}

func (f *File) Chdir() error {
	if err := f.check("chdir"); err != nil {
		return err
	}
	return Chdir(f.name)
}

func (f *File) SetDeadline(t time.Time) error      { return f.deadline(t, 0) }
func (f *File) SetReadDeadline(t time.Time) error  { return f.deadline(t, 1) }
func (f *File) SetWriteDeadline(t time.Time) error { return f.deadline(t, 2) }

func (f *File) deadline(t time.Time, which int) error {
	switch {
	case f == nil:
		return ErrInvalid
	case f.isClosed():
		return errFileClosing
	}
	nanos := int64(-1)
	if !t.IsZero() {
		nanos = max(0, int64(time.Until(t)))
	}
	return underlying(setDeadline(f.id, nanos, which))
}

// ReadDir lists what is left of a folder, or its next n entries.
func (f *File) ReadDir(n int) ([]DirEntry, error) {
	switch {
	case f == nil:
		return nil, ErrInvalid
	case f.isClosed():
		return nil, f.wrap("readdirent", errFileClosing)
	}
	if !f.listed {
		list, err := ReadDir(f.name)
		if err != nil {
			return nil, f.wrap("readdirent", err)
		}
		f.list, f.listed = list, true
	}
	if n <= 0 {
		list := f.list
		f.list = nil
		return list, nil
	}
	if len(f.list) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.list))
	list := f.list[:n:n]
	f.list = f.list[n:]
	return list, nil
}

func (f *File) Readdir(n int) ([]FileInfo, error) {
	entries, err := f.ReadDir(n)
	var list []FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			list = append(list, info)
		}
	}
	return list, err
}

func (f *File) Readdirnames(n int) (names []string, err error) {
	entries, err := f.ReadDir(n)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

// ReadFile reads a whole file.
func ReadFile(name string) ([]byte, error) {
	f, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := 0
	if info, err := f.Stat(); err == nil {
		size = int(info.Size())
	}
	data := make([]byte, 0, max(size+1, 512))
	for {
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err != nil {
			if err == io.EOF {
				err = nil
			}
			return data, err
		}
		if len(data) >= cap(data) {
			d := append(data[:cap(data)], 0)
			data = d[:len(data)]
		}
	}
}

// WriteFile writes a whole file.
func WriteFile(name string, data []byte, perm FileMode) error {
	f, err := OpenFile(name, O_WRONLY|O_CREATE|O_TRUNC, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err1 := f.Close(); err1 != nil && err == nil {
		err = err1
	}
	return err
}

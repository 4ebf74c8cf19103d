package history

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"
)

// lockTimeout is how long a kernel waits for another one to let go of the file.
const lockTimeout = time.Second

// errDamaged is wrapped by the errors for a file that is no intact history.
var errDamaged = errors.New("the file is damaged")

// file is the history file. It is open only inside its methods, of which one at a
// time may run.
type file struct{ path string }

// bucketName names the one bucket: entries by session and line. The bucket's
// sequence is the newest session's number.
const bucketName = "entries"

// write stores entries under the session number, or under a new number where it
// is 0, and returns the number.
func (f file) write(session int, entries []Entry) (int, error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return session, fmt.Errorf("history: %w", err)
	}
	err := f.open(false, func(db *bbolt.DB) error {
		return db.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte(bucketName))
			if err != nil {
				return err
			}
			number := uint64(session)
			if number == 0 {
				number = bucket.Sequence() + 1
			}
			if number > bucket.Sequence() { // also where another kernel had to begin a new file
				if err := bucket.SetSequence(number); err != nil {
					return err
				}
			}
			for _, e := range entries {
				e.Session = int(number)
				value, err := e.value()
				if err != nil {
					return err
				}
				if err := bucket.Put(e.key(), value); err != nil {
					return err
				}
			}
			session = int(number)
			return nil
		})
	})
	return session, err
}

// read calls visit for the entries, newest first, until it returns false, and returns the number of
// the newest session. A file that is not there has neither.
func (f file) read(visit func(Entry) bool) (session int, err error) {
	if _, err := os.Stat(f.path); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	err = f.open(true, func(db *bbolt.DB) error {
		return db.View(func(tx *bbolt.Tx) error {
			bucket := tx.Bucket([]byte(bucketName))
			if bucket == nil {
				return nil
			}
			session = int(bucket.Sequence())
			c := bucket.Cursor()
			for k, v := c.Last(); k != nil; k, v = c.Prev() {
				e, err := parseEntry(k, v)
				if err != nil {
					return fmt.Errorf("%w: %w", errDamaged, err)
				}
				if !visit(e) {
					return nil
				}
			}
			return nil
		})
	})
	return session, err
}

// open runs use on the opened file. bbolt maps the file into memory and panics, or touches memory beyond
// the file's end, where pages are damaged; both become errDamaged.
func (f file) open(readOnly bool, use func(*bbolt.DB) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	var db *bbolt.DB
	defer func() {
		if r := recover(); r != nil {
			if db != nil {
				// A broken transaction may hold bbolt's locks for ever. The
				// file is renamed next, so an unclosed one hinders nobody.
				go func() {
					defer func() { recover() }()
					db.Close()
				}()
			}
			err = fmt.Errorf("history: %w: %v", errDamaged, r)
		}
	}()
	db, err = bbolt.Open(f.path, 0o600, &bbolt.Options{Timeout: lockTimeout, ReadOnly: readOnly})
	switch {
	case errors.Is(err, bolterr.ErrInvalid), errors.Is(err, bolterr.ErrVersionMismatch), errors.Is(err, bolterr.ErrChecksum):
		return fmt.Errorf("history: %w: %w", errDamaged, err)
	case err != nil:
		return fmt.Errorf("history: %s: %w", f.path, err)
	}
	if err := use(db); err != nil {
		db.Close()
		return fmt.Errorf("history: %w", err)
	}
	if err := db.Close(); err != nil {
		return fmt.Errorf("history: close: %w", err)
	}
	return nil
}

// setAside renames a damaged file, unless another kernel has done so since before
// was looked up, and returns its new path.
func (f file) setAside(before fs.FileInfo) (string, error) {
	now, err := os.Stat(f.path)
	if err != nil || before == nil || !os.SameFile(before, now) {
		return "", nil
	}
	aside := f.path + ".damaged"
	if err := os.Rename(f.path, aside); err != nil {
		return "", fmt.Errorf("history: %w", err)
	}
	return aside, nil
}

package hardware

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"
)

// FileRead is one way to read a file.
type FileRead struct {
	Name  string
	Bytes int64 // that were read
	Reads int   // calls
	Time  time.Duration
	From  string // where the bytes came from, as far as is known
}

// Rate is in bytes a second.
func (f FileRead) Rate() float64 { return float64(f.Bytes) / f.Time.Seconds() }

// Bounds of Files, in bytes.
const (
	SmallestFile = 1 << 20
	LargestFile  = 256 << 20
	filePiece    = 256 << 10 // of a read one after another
	filePage     = 4 << 10   // of a read anywhere
	fileReads    = 2_000     // of these at most
)

// Files writes a file of so many bytes, reads it from front to back and in random
// places, first from the system's memory, which holds what was just written, and then,
// where the system can be asked to forget it, from the device. The file is removed.
func Files(ctx context.Context, bytes int) (list []FileRead, err error) {
	if bytes < SmallestFile || bytes > LargestFile {
		return nil, fmt.Errorf("hardware: a file of %s: want %s to %s", Bytes(int64(bytes)), Bytes(SmallestFile), Bytes(LargestFile))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp("", "interleave-measure-")
	if err != nil {
		return nil, fmt.Errorf("hardware: %w", err)
	}
	defer func() {
		f.Close()
		if e := os.Remove(f.Name()); err == nil && e != nil {
			err = fmt.Errorf("hardware: %w", e)
		}
	}()
	piece := make([]byte, filePiece)
	for i := range piece {
		piece[i] = byte(i * 31)
	}
	size := int64(bytes) / filePiece * filePiece
	began := time.Now()
	for at := int64(0); at < size; at += filePiece {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if _, err := f.WriteAt(piece, at); err != nil {
			return nil, fmt.Errorf("hardware: %w", err)
		}
	}
	list = append(list, FileRead{"write front to back", size, int(size / filePiece), time.Since(began), "into the system's memory"})
	began = time.Now()
	if err := f.Sync(); err != nil {
		return nil, fmt.Errorf("hardware: %w", err)
	}
	list = append(list, FileRead{"wait until it is on the device (fsync)", size, 1, time.Since(began), "memory to device"})
	for _, cold := range []bool{false, true} {
		from := "the system's memory (page cache)"
		for _, random := range []bool{false, true} {
			if cold {
				if why := forget(f); why != "" {
					return list, nil
				}
				from = "the device, as far as the system forgets what it is asked to"
			}
			r, err := read(ctx, f, size, random)
			if err != nil {
				return nil, err
			}
			r.From = from
			list = append(list, r)
		}
	}
	return list, nil
}

// read reads a file once from front to back, or in random pages.
func read(ctx context.Context, f *os.File, size int64, random bool) (FileRead, error) {
	r := FileRead{Name: "read front to back", Reads: int(size / filePiece)}
	length := filePiece
	if random {
		r.Name, r.Reads, length = "read 4 KB anywhere", int(min(size/filePage, fileReads)), filePage
	}
	to := make([]byte, length)
	places := rand.New(rand.NewPCG(uint64(size), 2))
	began := time.Now()
	for i := range r.Reads {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		at := int64(i) * filePiece
		if random {
			at = places.Int64N(size/filePage) * filePage
		}
		if _, err := f.ReadAt(to, at); err != nil && err != io.EOF {
			return r, fmt.Errorf("hardware: %w", err)
		}
		r.Bytes += int64(length)
	}
	r.Time = time.Since(began)
	return r, nil
}

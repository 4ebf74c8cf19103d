package install

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// recordFile holds, in the learner's folder, the checksum of each lesson as it
// was copied: a file that still has it was not touched.
const recordFile = ".interleave-lessons.json"

// LessonReport says what became of each lesson, by file name.
type LessonReport struct {
	New     []string // copied
	Updated []string // not touched by the learner and replaced by a newer one
	Kept    []string // changed by the learner
	Behind  []string // those of Kept of which there is a newer one
	Same    []string // up to date
}

// CopyLessons copies the files of lessons to the folder dir and makes it where
// needed. What the learner changed is never overwritten.
func CopyLessons(lessons fs.FS, dir string) (LessonReport, error) {
	var report LessonReport
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return report, lessonsError(dir, err)
	}
	copied, err := readRecord(dir)
	if err != nil {
		return report, err
	}
	err = fs.WalkDir(lessons, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(lessons, name)
		if err != nil {
			return err
		}
		sum, err := report.copy(name, text, filepath.Join(dir, filepath.FromSlash(name)), copied[name])
		copied[name] = sum
		return err
	})
	if err != nil {
		return report, lessonsError(dir, err)
	}
	record, err := json.MarshalIndent(copied, "", "  ")
	if err != nil {
		return report, fmt.Errorf("install: %w", err)
	}
	if err := replace(filepath.Join(dir, recordFile), bytes.NewReader(append(record, '\n')), 0o644); err != nil {
		return report, lessonsError(dir, err)
	}
	return report, nil
}

// copy brings one lesson up to date and returns the checksum to remember: of
// the text that the learner started from.
func (r *LessonReport) copy(name string, text []byte, to, remembered string) (string, error) {
	newest := sumOf(text)
	there, err := os.ReadFile(to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.New = append(r.New, name)
	case err != nil:
		return remembered, err
	case sumOf(there) == newest:
		r.Same = append(r.Same, name)
		return newest, nil
	case sumOf(there) == remembered:
		r.Updated = append(r.Updated, name)
	default:
		r.Kept = append(r.Kept, name)
		if remembered != newest {
			r.Behind = append(r.Behind, name)
		}
		return remembered, nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return remembered, err
	}
	if err := replace(to, bytes.NewReader(text), 0o644); err != nil {
		return remembered, err
	}
	return newest, nil
}

func readRecord(dir string) (map[string]string, error) {
	copied := map[string]string{}
	text, err := os.ReadFile(filepath.Join(dir, recordFile))
	if errors.Is(err, fs.ErrNotExist) {
		return copied, nil
	}
	if err != nil {
		return nil, lessonsError(dir, err)
	}
	if json.Unmarshal(text, &copied) != nil {
		return map[string]string{}, nil // then every file counts as the learner's
	}
	return copied, nil
}

func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func lessonsError(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("install: no permission to write the lessons to %s: choose another folder with --dir: %w", dir, err)
	}
	return fmt.Errorf("install: copy the lessons to %s: %w", dir, err)
}

package install

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// Each step copies lessons to the same folder; a learner's edit may come
// before it. The report is compared in full.
func TestCopyLessonsNeverOverwritesWork(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mine", "lessons")
	lessons := func(zero, one string) fstest.MapFS {
		return fstest.MapFS{"00.ipynb": {Data: []byte(zero)}, "more/01.ipynb": {Data: []byte(one)}}
	}
	for _, step := range []struct {
		name      string
		before    func()
		lessons   fstest.MapFS
		want      string
		zero, one string // content afterwards
	}{
		{"first time", nil, lessons("z1", "o1"), "new 00.ipynb more/01.ipynb", "z1", "o1"},
		{"again", nil, lessons("z1", "o1"), "same 00.ipynb more/01.ipynb", "z1", "o1"},
		{"the learner works", edit(dir, "00.ipynb", "mine"), lessons("z1", "o1"), "kept 00.ipynb; same more/01.ipynb", "mine", "o1"},
		{"newer lessons", nil, lessons("z2", "o2"), "updated more/01.ipynb; kept 00.ipynb; behind 00.ipynb", "mine", "o2"},
		{"newer lessons again", nil, lessons("z2", "o2"), "kept 00.ipynb; behind 00.ipynb; same more/01.ipynb", "mine", "o2"},
		{"the learner goes back to the newest", edit(dir, "00.ipynb", "z2"), lessons("z2", "o2"), "same 00.ipynb more/01.ipynb", "z2", "o2"},
		{"newer lessons for an untouched folder", nil, lessons("z3", "o2"), "updated 00.ipynb; same more/01.ipynb", "z3", "o2"},
		{"the learner removes one", remove(dir, "00.ipynb"), lessons("z3", "o2"), "new 00.ipynb; same more/01.ipynb", "z3", "o2"},
		{"the record is damaged", edit(dir, recordFile, "{"), lessons("z4", "o2"), "kept 00.ipynb; behind 00.ipynb; same more/01.ipynb", "z3", "o2"},
	} {
		if step.before != nil {
			step.before()
		}
		report, err := CopyLessons(step.lessons, dir)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := report.text(); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
		for name, want := range map[string]string{"00.ipynb": step.zero, "more/01.ipynb": step.one} {
			if got, _ := os.ReadFile(filepath.Join(dir, name)); string(got) != want {
				t.Errorf("%s: %s is %q, want %q", step.name, name, got, want)
			}
		}
	}
}

func TestCopyLessonsFindsWorkWithoutRecord(t *testing.T) {
	dir := t.TempDir()
	edit(dir, "00.ipynb", "somebody's")()
	report, err := CopyLessons(fstest.MapFS{"00.ipynb": {Data: []byte("ours")}}, dir)
	if err != nil || report.text() != "kept 00.ipynb; behind 00.ipynb" {
		t.Errorf("%s, %v", report.text(), err)
	}
}

func (r LessonReport) text() string {
	var parts []string
	for _, part := range []struct {
		name  string
		files []string
	}{{"new", r.New}, {"updated", r.Updated}, {"kept", r.Kept}, {"behind", r.Behind}, {"same", r.Same}} {
		if len(part.files) > 0 {
			parts = append(parts, part.name+" "+strings.Join(part.files, " "))
		}
	}
	return strings.Join(parts, "; ")
}

func edit(dir, name, text string) func() {
	return func() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
}

func remove(dir, name string) func() {
	return func() {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			panic(err)
		}
	}
}

package history

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.etcd.io/bbolt"
)

// TestMain lets the test binary stand for another kernel that writes history until it is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("HISTORY_TEST_WRITER"); path != "" {
		s := Open(path, nil)
		for i := 1; ; i++ {
			s.Add(i, fmt.Sprintf("doomed %d", i), "")
			if err := s.flush(); err != nil {
				fmt.Println("error:", err)
				os.Exit(1)
			}
			fmt.Println("written", i)
		}
	}
	os.Exit(m.Run())
}

// show prints entries as "session:line input[=output]", separated by " | ".
func show(entries []Entry) string {
	var out []string
	for _, e := range entries {
		text := fmt.Sprintf("%d:%d %s", e.Session, e.Line, e.Input)
		if e.Output != "" {
			text += "=" + e.Output
		}
		out = append(out, text)
	}
	return strings.Join(out, " | ")
}

// session writes one whole session.
func session(t *testing.T, path string, inputs ...string) {
	t.Helper()
	s := Open(path, nil)
	for i, in := range inputs {
		in, out, _ := strings.Cut(in, "=")
		s.Add(i+1, in, out)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestQueries(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "history.db")
	session(t, path, "x := 1", "x=1", "import \"fmt\"")
	session(t, path, "fmt.Println(x)", "x=2")
	s := Open(path, nil)
	defer s.Close()
	s.Add(1, "y := \"ä*b\"", "")
	s.Add(2, "if x {\n\ty++\n}", "")
	s.Add(3, "y", "7")

	const current = "3:1 y := \"ä*b\" | 3:2 if x {\n\ty++\n} | 3:3 y=7"
	for _, test := range []struct {
		name string
		got  []Entry
		want string
	}{
		{"tail", s.Tail(2, false), "3:2 if x {\n\ty++\n} | 3:3 y=7"},
		{"tail over sessions", s.Tail(4, false), "2:2 x=2 | " + current},
		{"tail, all", s.Tail(0, false), "1:1 x := 1 | 1:2 x=1 | 1:3 import \"fmt\" | 2:1 fmt.Println(x) | 2:2 x=2 | " + current},
		{"tail, more than there are, unique", s.Tail(99, true), "1:1 x := 1 | 1:3 import \"fmt\" | 2:1 fmt.Println(x) | 2:2 x=2 | " + current},
		{"this session", s.Range(0, 0, 0), current},
		{"this session by number", s.Range(3, 0, 0), current},
		{"lines 2 to 2", s.Range(0, 2, 3), "3:2 if x {\n\ty++\n}"},
		{"from line 3", s.Range(0, 3, 0), "3:3 y=7"},
		{"one session back", s.Range(-1, 1, 0), "2:1 fmt.Println(x) | 2:2 x=2"},
		{"two sessions back", s.Range(-2, 1, 3), "1:1 x := 1 | 1:2 x=1"},
		{"session 1", s.Range(1, 3, 9), "1:3 import \"fmt\""},
		{"before the first session", s.Range(-3, 0, 0), ""},
		{"a later session", s.Range(4, 0, 0), ""},
		{"search", s.Search("x*", 0, false), "1:1 x := 1 | 1:2 x=1 | 2:2 x=2"},
		{"search the whole input", s.Search("x", 0, false), "1:2 x=1 | 2:2 x=2"},
		{"search unique", s.Search("x", 0, true), "2:2 x=2"},
		{"search the last one", s.Search("*x*", 1, false), "3:2 if x {\n\ty++\n}"},
		{"search over lines", s.Search("if*}", 0, false), "3:2 if x {\n\ty++\n}"},
		{"search wide letter", s.Search("*\"?*b\"", 0, false), "3:1 y := \"ä*b\""},
		{"search nothing", s.Search("z", 0, false), ""},
	} {
		if got := show(test.got); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestRangeBeforeTheFirstEntry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	session(t, path, "a")
	session(t, path, "b")
	s := Open(path, nil)
	defer s.Close()
	if got := show(s.Range(-1, 0, 0)); got != "2:1 b" {
		t.Errorf("one session back: %q", got)
	}
	if got := show(s.Range(0, 0, 0)); got != "" {
		t.Errorf("this session: %q", got)
	}
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "a\nb", true}, {"?", "", false}, {"?", "日", true},
		{"??", "日", false}, {"a*c", "abcbc", true}, {"a*c", "abcb", false}, {"*b*", "abc", true}, {"a?c", "aöc", true},
		{"[a]", "a", false}, {"[a]", "[a]", true}, {"**x", "yyx", true}, {"*?x", "x", false}, {"a/*", "a/b/c", true},
		{"\\*", "\\abc", true}, {"*ö?", "xxöy", true}, {"A", "a", false},
	} {
		if got := match(test.pattern, test.text); got != test.want {
			t.Errorf("match(%q, %q) = %v", test.pattern, test.text, got)
		}
	}
}

func TestInMemory(t *testing.T) {
	s := Open("", nil)
	s.Add(1, "a", "")
	s.Add(2, "b", "")
	if got := show(s.Tail(0, false)) + "; " + show(s.Range(0, 2, 0)); got != "1:1 a | 1:2 b; 1:2 b" {
		t.Error(got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestOutputIsCut(t *testing.T) {
	s := Open("", nil)
	defer s.Close()
	s.Add(1, "x", "a"+strings.Repeat("ä", maxOutput))
	got := s.Tail(1, false)[0].Output
	if len(got) > maxOutput+len("…") || !strings.HasSuffix(got, "ä…") {
		t.Errorf("%d bytes, end %q", len(got), got[len(got)-6:])
	}
}

func TestCloseTwiceAndAddAfter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	s := Open(path, nil)
	s.Add(1, "a", "")
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s.Add(2, "b", "")
	if got := show(Open(path, nil).Tail(0, false)); got != "1:1 a" {
		t.Error(got)
	}
}

// Two kernels write at once: nothing is lost and their sessions stay apart.
func TestTwoWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	const n = 20
	var all sync.WaitGroup
	for _, name := range []string{"left", "right"} {
		all.Go(func() {
			s := Open(path, nil)
			for i := range n {
				s.Add(i+1, name, "")
				if err := s.flush(); err != nil {
					t.Error(err)
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s := Open(path, nil)
	defer s.Close()
	first, second := s.Range(1, 0, 0), s.Range(2, 0, 0)
	if len(first) != n || len(second) != n || first[0].Input == second[0].Input {
		t.Errorf("sessions of %d and %d entries: %s; %s", len(first), len(second), show(first), show(second))
	}
}

// A kernel that is killed while it writes leaves what it had written, and a file that works.
func TestKilledWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for round := range 5 {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), "HISTORY_TEST_WRITER="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		said := 0
		for said < 3+round { // then kill it in the middle of whatever comes next
			if _, err := fmt.Fscanf(out, "written %d\n", &said); err != nil {
				t.Fatal(err)
			}
		}
		cmd.Process.Kill()
		cmd.Wait()

		s := Open(path, slog.New(slog.NewTextHandler(t.Output(), nil)))
		s.Add(1, "survivor", "")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		lost := s.Range(-1, 0, 0)
		if len(lost) < said {
			t.Errorf("round %d: %d entries written, %d read", round, said, len(lost))
		}
		if got := show(s.Tail(1, false)); got != fmt.Sprintf("%d:1 survivor", 2*round+2) {
			t.Errorf("round %d: %s", round, got)
		}
	}
}

// An intact file with some sessions, to be damaged.
func intact(t *testing.T, path string) []byte {
	t.Helper()
	for i := range 3 {
		s := Open(path, nil)
		for line := range 50 {
			s.Add(line+1, fmt.Sprintf("session %d line %d %s", i, line, strings.Repeat("x", 500)), "out")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestDamagedFile(t *testing.T) {
	folder := t.TempDir()
	good := intact(t, filepath.Join(folder, "good.db"))
	page := os.Getpagesize()
	for i, test := range []struct {
		name   string
		damage func(raw []byte) []byte
	}{
		{"random text", func([]byte) []byte { return bytes.Repeat([]byte("not a database "), 5000) }},
		{"one byte", func([]byte) []byte { return []byte{1} }},
		{"cut after the meta pages", func(raw []byte) []byte { return raw[:2*page] }},
		{"cut in the middle", func(raw []byte) []byte { return raw[:len(raw)/2] }},
		{"all pages but the meta pages zero", func(raw []byte) []byte { clear(raw[2*page:]); return raw }},
		{"all pages but the meta pages ones", func(raw []byte) []byte {
			for i := 2 * page; i < len(raw); i++ {
				raw[i] = 0xff
			}
			return raw
		}},
		{"meta pages zero", func(raw []byte) []byte { clear(raw[:2*page]); return raw }},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(folder, fmt.Sprintf("%d.db", i))
			if err := os.WriteFile(path, test.damage(bytes.Clone(good)), 0o600); err != nil {
				t.Fatal(err)
			}
			var said bytes.Buffer
			s := Open(path, slog.New(slog.NewTextHandler(&said, nil)))
			s.Add(1, "a", "")
			s.Add(2, "b", "")
			if got := show(s.Tail(2, false)); !strings.HasSuffix(got, ":1 a | 1:2 b") {
				t.Errorf("tail: %s", got)
			}
			s.Add(3, "c", "")
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(path + ".damaged"); err != nil {
				t.Error(err)
			}
			if !strings.Contains(said.String(), "damaged") {
				t.Errorf("log: %s", said.String())
			}
			if got := show(Open(path, nil).Tail(0, false)); got != "1:1 a | 1:2 b | 1:3 c" {
				t.Errorf("after: %s", got)
			}
		})
	}
}

// Only the value of an entry is damaged: found out by a query, after this session had written.
func TestDamagedEntry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	session(t, path, "old")
	s := Open(path, nil)
	s.Add(1, "mine", "")
	if err := s.flush(); err != nil {
		t.Fatal(err)
	}
	err := file{path}.open(false, func(db *bbolt.DB) error {
		return db.Update(func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte(bucketName)).Put(Entry{Session: 1, Line: 1}.key(), []byte("{"))
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := show(s.Tail(0, false)); got != "2:1 mine" {
		t.Errorf("tail: %s", got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got := show(Open(path, nil).Tail(0, false)); got != "1:1 mine" {
		t.Errorf("after: %s", got)
	}
}

// Nobody may write there: history works for this session, and Close says what failed.
func TestNoPlaceToWrite(t *testing.T) {
	blocker := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocker, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := Open(filepath.Join(blocker, "h.db"), nil)
	s.Add(1, "a", "")
	if got := show(s.Tail(1, false)); got != "1:1 a" {
		t.Error(got)
	}
	if err := s.Close(); err == nil || !strings.HasPrefix(err.Error(), "history: ") {
		t.Errorf("error: %v", err)
	}
}

// Another program holds the file's lock: entries stay in memory and are written when it lets go.
func TestLockedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	session(t, path, "old")
	other, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := Open(path, nil)
	s.Add(1, "new", "")
	if err := s.flush(); err == nil {
		t.Error("written although locked")
	}
	other.Close()
	if got := show(s.Tail(0, false)); got != "1:1 old | 2:1 new" {
		t.Error(got)
	}
	s.Close()
}

func BenchmarkAdd(b *testing.B) {
	s := Open(filepath.Join(b.TempDir(), "h.db"), nil)
	for i := 0; b.Loop(); i++ {
		s.Add(i, "fmt.Println(1)", "")
	}
	s.Close()
}

func BenchmarkTail10Of10000(b *testing.B) {
	path := filepath.Join(b.TempDir(), "h.db")
	s := Open(path, nil)
	for i := range 10_000 {
		s.Add(i, fmt.Sprintf("fmt.Println(%d)", i), "")
	}
	s.Close()
	s = Open(path, nil)
	defer s.Close()
	for b.Loop() {
		if len(s.Tail(10, false)) != 10 {
			b.Fatal("entries are missing")
		}
	}
}

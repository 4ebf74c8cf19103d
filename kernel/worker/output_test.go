//go:build unix

package worker

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"interleave/kernel/protocol"
)

func TestFlood(t *testing.T) {
	const lines = 100_000
	b := newBench(t, Config{})
	b.ok(fmt.Sprint("lines ", lines))
	var want strings.Builder
	for i := range lines {
		fmt.Fprintln(&want, "line", i)
	}
	if len(b.out.events) != 1 || b.out.events[0].text != want.String() {
		t.Fatalf("%d events, %d bytes in the first, want 1 of %d", len(b.out.events), len(b.out.events[0].text), want.Len())
	}
	if parts := b.out.events[0].parts; parts > lines/10 {
		t.Errorf("the text came in %d parts", parts)
	}
}

func TestOrderOfNativeAndOwnOutput(t *testing.T) {
	b := newBench(t, Config{})
	b.out.inputs = []string{"seven"}
	b.ok("native 1; print 2; run echo 3; print 4; show 5; run echo 6; ask 7")
	b.expect("c1 stdout: 1\n2\n3\n4\nc1 display_data: 5\nc1 stdout: 6\nc1 prompt: 7\nc1 stdout: got \"seven\" false\n")
}

func TestNativeErrorsArriveBeforeTheEnd(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("run echo careful >&2")
	b.expect("c1 stderr: careful\n")
	b.ok("print on")
	b.expect("c1 stderr: careful\nc2 stdout: on\n")
}

func TestEndlessChildDoesNotHoldTheCell(t *testing.T) {
	b := newBench(t, Config{OutputLimit: 1000})
	b.ok("start yes; print mine")
	b.ok("print next")
	b.out.wait(t, "c2 stdout: next")
}

func TestStandardFilesComeBack(t *testing.T) {
	b := newBench(t, Config{})
	for _, harm := range []string{"close 0", "close 1", "close 2", "closefiles", "close 0; close 1; close 2"} {
		b.ok(harm + "; print unharmed")
		b.ok("native one; run echo two; read; run echo three >&2")
		b.out.wait(t, fmt.Sprintf("c%d stdout: one\ntwo\n\"\" EOF\nc%d stderr: three\n", b.count, b.count))
	}
}

func TestChildThatHoldsThePipe(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, Config{})
	b.ok("start exec cat " + fifo)
	b.ok("print two") // c1 has ended although its child still has its output
	f, err := os.OpenFile(fifo, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(f, "from the child of one")
	f.Close()
	b.out.wait(t, "c1 stdout: from the child of one")
	if died := b.dies("start exec sleep 1000; exit 1"); died.Reason != "os.Exit(1)" {
		t.Errorf("%+v", died)
	}
	_, pid, _ := strings.Cut(b.out.all(), "c3 stdout: child ")
	pid, _, _ = strings.Cut(pid, "\n")
	b.ends(pid)
}

func TestLettersAreNotCut(t *testing.T) {
	b := newBench(t, Config{})
	b.ok("bytes héllo 日本 😀")
	b.expect("c1 stdout: héllo 日本 😀\n")
	b.ok("bytes \xc3")
	b.ok("bytes \xffok")
	b.expect("c1 stdout: héllo 日本 😀\nc2 stdout: \uFFFD\nc3 stdout: \uFFFDok\n")
}

func TestOutputLimit(t *testing.T) {
	const note = "[output cut after 20 bytes; \"%limit output=40bytes\" at the top of the cell allows more]"
	b := newBench(t, Config{OutputLimit: 20})
	b.ok("print 234567890; warn 234567890; print 1; warn 2; late 3") // ten bytes each with the newline, then more
	b.Interrupt()                                                    // so that the cell prints late, too
	b.ok("native 2345678901234567890123; print 4")
	b.expect("c1 stdout: 234567890\nc1 stderr: 234567890\nc1 stdout: \n" + note + "\n" +
		"c2 stdout: 23456789012345678901\n" + note + "\n")
}

func TestOutputLimitChanges(t *testing.T) {
	b := newBench(t, Config{OutputLimit: 5})
	b.ok("limit 12; print 23456789012345")
	b.SetOutputLimit(15)
	b.dies("print 23456789012345; exit 1")
	b.ok("print 2345678901234567")
	b.ok("limit -1; lines 10")
	got := b.out.all()
	for _, want := range []string{"c1 stdout: 234567890123\n", "c2 stdout: 23456789012345\n", "c3 stdout: 234567890123456\n", "line 9\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

func TestJoiner(t *testing.T) {
	out := newListener()
	j := newJoiner()
	j.to(out)
	for range 3 {
		for i := range 5 {
			j.stream(protocol.Stream{Cell: "a", Name: "stdout", Text: fmt.Sprint(i)})
		}
		j.stream(protocol.Stream{Cell: "a", Name: "stderr", Text: "e"})
		j.stream(protocol.Stream{Cell: "b", Name: "stderr", Text: "f"})
		j.then(func(out protocol.Output) { out.Clear(protocol.Clear{Cell: "b"}) })
	}
	want := strings.Repeat("a stdout: 01234\na stderr: e\nb stderr: f\nb clear: \n", 3)
	if got := out.all(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	j.stream(protocol.Stream{Cell: "c", Name: "stdout", Text: "1"})
	j.stream(protocol.Stream{Cell: "c", Name: "stdout", Text: "2"})
	out.wait(t, "c stdout: 12") // without any further event
}

func TestWholeLetters(t *testing.T) {
	for s, want := range map[string]int{"": 0, "a": 1, "aé": 3, "a\xc3": 1, "\xe6\x97": 0, "日": 3, "x\xf0\x9f\x98": 1, "\xff": 1, "\x80\x80\x80\x80": 4} {
		if got := wholeLetters(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 bytes", 1024: "1 kB", 10 << 20: "10 MB", 3 << 29: "1536 MB", 2 << 30: "2 GB"} {
		if got := size(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

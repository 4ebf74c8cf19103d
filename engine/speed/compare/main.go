// Command compare holds both evaluators against compiled Go: how many programs of
// the corpus they run right, and how long they take. Run it at the root of the
// repository:
//
//	go run ./engine/speed/compare                  prints the tables
//	go run ./engine/speed/compare -write README.md puts them between its two marks
//
// It needs the Go installation, some minutes, and, for figures that mean something,
// a computer that does nothing else.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"interleave/engine/library/source"
)

func main() {
	if name := os.Getenv(childProgram); name != "" {
		exit(child(name))
	}
	corpus := flag.String("corpus", filepath.FromSlash("engine/programs/testdata"), "folder of the programs to count; empty: do not count")
	rounds := flag.Int("rounds", 5, "how often each program is timed; the shortest time counts; 0: do not time")
	write := flag.String("write", "", "file to put the tables into")
	flag.Parse()
	exit(compare(*corpus, *rounds, *write))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func compare(corpus string, rounds int, write string) error {
	var text strings.Builder
	if corpus != "" {
		counts, err := count(corpus)
		if err != nil {
			return err
		}
		text.WriteString(counts)
	}
	if rounds > 0 {
		times, err := measure(rounds)
		if err != nil {
			return err
		}
		text.WriteString("\n" + times)
	}
	if write == "" {
		fmt.Print(text.String())
		return nil
	}
	return replace(write, text.String())
}

// The marks in a file between which the tables stand.
const (
	begin = "<!-- compare: written by go run ./engine/speed/compare -write README.md -->\n"
	end   = "<!-- compare ends -->\n"
)

func replace(file, text string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(old), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no lines %q and %q", file, begin, end)
	}
	return os.WriteFile(file, []byte(head+begin+text+end+tail), 0o644)
}

// archive is the source of the Go installation.
func archive() (*source.Archive, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	return source.Installed(strings.TrimSpace(string(root)))
}

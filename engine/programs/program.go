package programs

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// Program is one file of the corpus.
type Program struct {
	Name  string   // "chapter/name"
	About string   // the comment above the first section
	Cells []string // in the order in which they are run
	Main  string   // given main.go; empty where it is derived
	Input string   // standard input
	Want  Result   // what compiled Go does

	file string
}

// Result is what one run of a program did.
type Result struct {
	Stdout string
	Stderr string   // ends with the first line of a panic or fatal error
	Exit   int      // 2 for a panic
	Errors []string // "cell[1]:3:5: undefined: x"; nothing ran where there are any
	Checks []string // the same errors as go/types puts them, where it says or places them otherwise
}

// Chapter is the folder that the program lies in.
func (p *Program) Chapter() string { return strings.Split(p.Name, "/")[0] }

// Load reads all programs below dir, sorted by name.
func Load(dir string) ([]*Program, error) {
	var all []*Program
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".txtar" {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		p, err := read(path, filepath.ToSlash(strings.TrimSuffix(name, ".txtar")))
		if err != nil {
			return err
		}
		all = append(all, p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("programs: %w", err)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, nil
}

func read(path, name string) (*Program, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	archive := txtar.Parse(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
	p := &Program{Name: name, About: strings.TrimSpace(string(archive.Comment)), file: path}
	for _, f := range archive.Files {
		text := string(f.Data)
		switch {
		case f.Name == fmt.Sprintf("cell %d", len(p.Cells)+1):
			p.Cells = append(p.Cells, text)
		case f.Name == "main.go":
			p.Main = text
		case f.Name == "input":
			p.Input = text
		case f.Name == "output":
			p.Want.Stdout = text
		case f.Name == "stderr":
			p.Want.Stderr = text
		case f.Name == "exit":
			if p.Want.Exit, err = strconv.Atoi(strings.TrimSpace(text)); err != nil {
				return nil, fmt.Errorf("%s: exit code: %w", name, err)
			}
		case f.Name == "error":
			p.Want.Errors = strings.Split(strings.TrimSpace(text), "\n")
		case f.Name == "check":
			p.Want.Checks = strings.Split(strings.TrimSpace(text), "\n")
		default:
			return nil, fmt.Errorf("%s: unexpected section %q", name, f.Name)
		}
	}
	if len(p.Cells) == 0 {
		return nil, fmt.Errorf("%s: no cells", name)
	}
	return p, nil
}

// Update writes r into the program's file as what compiled Go does.
func (p *Program) Update(r Result) error {
	archive := &txtar.Archive{}
	if p.About != "" {
		archive.Comment = []byte(p.About + "\n\n")
	}
	add := func(name, text string) {
		if text != "" {
			archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	for i, cell := range p.Cells {
		add(fmt.Sprintf("cell %d", i+1), cell)
	}
	add("input", p.Input)
	add("main.go", p.Main)
	if r.Errors != nil {
		add("error", strings.Join(r.Errors, "\n"))
		add("check", strings.Join(r.Checks, "\n"))
	} else {
		add("output", r.Stdout)
		add("stderr", r.Stderr)
		if r.Exit != 0 {
			add("exit", strconv.Itoa(r.Exit))
		}
	}
	p.Want = r
	if err := os.WriteFile(p.file, txtar.Format(archive), 0o644); err != nil {
		return fmt.Errorf("programs: %w", err)
	}
	return nil
}

// untilPanic cuts stderr after the first line that reports the end of the
// program: what follows (addresses, goroutine numbers) differs between runs.
func untilPanic(stderr string) string {
	var kept strings.Builder
	for line := range strings.Lines(stderr) {
		kept.WriteString(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			break
		}
	}
	return kept.String()
}

package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"interleave/engine/library/source"
)

// Grade says how bad a finding is.
type Grade int

// The grades of findings, from good to bad.
const (
	Good    Grade = iota
	Remark        // works, but worth knowing
	Trouble       // something does not work
)

// Finding is one thing that the doctor looked at.
type Finding struct {
	Grade Grade
	What  string // "JupyterLab"
	Text  string // what is the case
	Mend  string // the command that mends it; "" where it is good
}

// Doctor looks for what keeps a learner from working.
type Doctor struct {
	System  System
	Name    string // of the kernel
	Command string // how the user calls this program, for the advice
	Program string // path of the running binary

	Try func(context.Context, Spec) (Trial, error) // runs a cell in a kernel
}

// Examine looks at everything and returns what it found, in the order in which
// things depend on each other. It changes nothing.
func (d Doctor) Examine(ctx context.Context) []Finding {
	lab, note := FindLab(ctx, d.System)
	findings := []Finding{d.golang(ctx), d.python(ctx, lab), d.jupyterLab(lab, note), d.access()}
	found := d.kernels(ctx, lab)
	findings = append(findings, d.kernelspec(found)...)
	if len(found) > 0 && found[0].err == nil && found[0].spec.Ours() {
		findings = append(findings, d.archive(found[0].dir), d.trial(ctx, found[0].spec))
	}
	return findings
}

func (d Doctor) golang(ctx context.Context) Finding {
	f := Finding{What: "Go"}
	program, err := exec.LookPath("go")
	if err == nil {
		var out []byte
		if out, err = exec.CommandContext(ctx, program, "version").Output(); err == nil {
			f.Text = strings.TrimPrefix(strings.TrimSpace(string(out)), "go version ") + ", " + program
			return f
		}
	}
	f.Grade, f.Text, f.Mend = Remark, "not on PATH: cells run without it, but the kernel cannot be built anew", "install Go from https://go.dev/dl/"
	return f
}

func (d Doctor) python(ctx context.Context, lab *Lab) Finding {
	python, err := FindPython(ctx, d.System)
	if err == nil {
		return Finding{What: "Python", Text: python.Version + ", " + python.Program + ", can make virtual environments"}
	}
	text, mend, _ := strings.Cut(strings.TrimPrefix(err.Error(), "install: "), ": ")
	f := Finding{Grade: Trouble, What: "Python", Text: text, Mend: mend}
	if lab != nil {
		f.Grade, f.Text = Remark, text+"; not needed while JupyterLab works"
	}
	return f
}

func (d Doctor) jupyterLab(lab *Lab, note string) Finding {
	if lab == nil {
		text := "not found"
		if note != "" {
			text = note
		}
		return Finding{Grade: Trouble, What: "JupyterLab", Text: text, Mend: d.Command + " lab"}
	}
	f := Finding{What: "JupyterLab", Text: lab.Version + ", " + lab.Program}
	if note != "" {
		f.Grade, f.Text, f.Mend = Remark, f.Text+"; "+note, "pip install --upgrade jupyterlab"
	}
	return f
}

func (d Doctor) access() Finding {
	dir := d.System.KernelDir("", d.Name)
	f := Finding{What: "write access", Text: dir}
	for { // the nearest directory that is there
		if info, err := os.Stat(dir); err == nil {
			if !info.IsDir() {
				return Finding{Grade: Trouble, What: f.What, Text: dir + " is a file, not a directory", Mend: "remove or rename " + dir}
			}
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	probe, err := os.CreateTemp(dir, ".interleave-probe-*")
	if err != nil {
		return Finding{Grade: Trouble, What: f.What, Text: "no permission to write " + dir, Mend: d.Command + " install --prefix DIR, with a DIR of your own"}
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return f
}

// installed is a kernel of our name that Jupyter sees.
type installed struct {
	dir  string
	spec Spec
	err  error // of reading it
}

// kernels lists those of our name in the order in which Jupyter prefers them.
func (d Doctor) kernels(ctx context.Context, lab *Lab) []installed {
	var found []installed
	for _, data := range d.searchPath(ctx, lab) {
		dir := filepath.Join(data, "kernels", d.Name)
		spec, err := ReadSpec(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		found = append(found, installed{dir, spec, err})
	}
	return found
}

// searchPath asks the found JupyterLab where it looks, or works it out.
func (d Doctor) searchPath(ctx context.Context, lab *Lab) []string {
	if lab != nil {
		program := filepath.Join(filepath.Dir(lab.Program), strings.Replace(filepath.Base(lab.Program), "jupyter-lab", "jupyter", 1))
		if out, err := exec.CommandContext(ctx, program, "--paths", "--json").Output(); err == nil {
			var paths struct {
				Data []string `json:"data"`
			}
			if json.Unmarshal(out, &paths) == nil && len(paths.Data) > 0 {
				return paths.Data
			}
		}
	}
	prefix := d.System.EnvironmentPrefix()
	return d.System.JupyterPath(prefix, prefix != "")
}

func (d Doctor) kernelspec(found []installed) []Finding {
	const what = "kernel"
	again := d.Command + " install"
	if d.Name != DefaultName {
		again += " --name " + d.Name
	}
	if len(found) == 0 {
		return []Finding{{Trouble, what, fmt.Sprintf("Jupyter has no kernel named %s", d.Name), again}}
	}
	first, findings := found[0], []Finding(nil)
	switch {
	case first.err != nil:
		return []Finding{{Trouble, what, fmt.Sprintf("%s cannot be read: %v", first.dir, first.err), again + " --force"}}
	case !first.spec.Ours():
		text := fmt.Sprintf("another kernel, %q in %s, has the name %s", first.spec.DisplayName, first.dir, d.Name)
		for _, other := range found[1:] {
			if other.spec.Ours() {
				text += " and hides ours in " + other.dir
			}
		}
		return []Finding{{Trouble, what, text, d.Command + " install --name interleave-go"}}
	}
	mark := first.spec.Metadata.Interleave
	switch program := argv0(first.spec); {
	case program == "":
		findings = append(findings, Finding{Trouble, what, first.dir + " names no program", again})
	case !runnable(program):
		findings = append(findings, Finding{Trouble, what, fmt.Sprintf("%s starts %s, which is not there or cannot be run", first.dir, program), again})
	case mark.Version != Version:
		findings = append(findings, Finding{Trouble, what, fmt.Sprintf("%s is of version %s, this is %s", first.dir, mark.Version, Version), again})
	case !same(program, d.Program):
		findings = append(findings, Finding{Remark, what, fmt.Sprintf("%s was built from another state of the sources than this program", first.dir), again})
	default:
		findings = append(findings, Finding{Good, what, fmt.Sprintf("%s, version %s, %s", first.dir, mark.Version, mark.Go), ""})
	}
	for _, other := range found[1:] {
		findings = append(findings, Finding{Remark, what, fmt.Sprintf("%s is never used: %s comes first", other.dir, first.dir), "remove " + other.dir})
	}
	return findings
}

func (d Doctor) archive(dir string) Finding {
	const what = "library source"
	path := filepath.Join(dir, SourceArchive)
	mend := d.Command + " install (with " + runtime.Version() + " on PATH)"
	archive, err := source.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Finding{Trouble, what, path + " is missing: the machine needs it, so cells are run by yaegi; help texts need it, too", mend}
	}
	if err != nil {
		return Finding{Trouble, what, path + " is damaged: " + err.Error(), "remove " + path + ", then " + mend}
	}
	if err := archive.Close(); err != nil {
		return Finding{Trouble, what, err.Error(), mend}
	}
	return Finding{What: what, Text: path}
}

func (d Doctor) trial(ctx context.Context, spec Spec) Finding {
	result, err := d.Try(ctx, spec)
	if err != nil {
		return Finding{Trouble, "a cell", strings.TrimPrefix(err.Error(), "install: "), d.Command + " install"}
	}
	return Finding{What: "a cell", Text: result.String()}
}

func argv0(spec Spec) string {
	if len(spec.Argv) == 0 {
		return ""
	}
	return spec.Argv[0]
}

func runnable(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil && filepath.IsAbs(program)
}

// String says how long the kernel took.
func (t Trial) String() string {
	return fmt.Sprintf("the kernel started in %v and ran a cell in %v",
		t.Start.Round(time.Millisecond), t.Cell.Round(100*time.Microsecond))
}

package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Each patient is well but for what change does to it. want lists every finding
// that is not good: "grade what: part of the text -> part of the advice".
func TestDoctor(t *testing.T) {
	type patient struct {
		doctor Doctor
		bin    string // the folder that is PATH
		dir    string // of the kernel
	}
	rewrite := func(t *testing.T, p *patient, old, new string) {
		path := filepath.Join(p.dir, specFile)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), old) {
			t.Fatalf("%s is not in %s", old, text)
		}
		write(t, path, strings.Replace(string(text), old, new, 1), 0o644)
	}
	for _, test := range []struct {
		name   string
		change func(t *testing.T, p *patient)
		want   []string
	}{
		{"well", func(*testing.T, *patient) {}, nil},
		{"no Go", func(t *testing.T, p *patient) { os.Remove(filepath.Join(p.bin, "go")) },
			[]string{"note Go: not on PATH -> go.dev/dl"}},
		{"no Python, JupyterLab works", func(t *testing.T, p *patient) { os.Remove(filepath.Join(p.bin, "python3")) },
			[]string{"note Python: no Python found -> apt install"}},
		{"neither Python nor JupyterLab", func(t *testing.T, p *patient) {
			os.Remove(filepath.Join(p.bin, "python3"))
			os.Remove(filepath.Join(p.bin, "jupyter-lab"))
		}, []string{"WRONG Python: no Python found -> apt install", "WRONG JupyterLab: not found -> me lab"}},
		{"no venv", func(t *testing.T, p *patient) {
			os.Remove(filepath.Join(p.bin, "jupyter-lab"))
			write(t, filepath.Join(p.bin, "python3"), "#!/bin/sh\necho 3.11.2; echo without ensurepip\n", 0o755)
		}, []string{"WRONG Python: cannot make virtual environments -> python3.11-venv", "WRONG JupyterLab: not found -> me lab"}},
		{"JupyterLab too old", func(t *testing.T, p *patient) {
			write(t, filepath.Join(p.bin, "jupyter-lab"), "#!/bin/sh\necho 3.6.1\n", 0o755)
		}, []string{"WRONG JupyterLab: JupyterLab 3.6.1 -> me lab"}},
		{"no kernel", func(t *testing.T, p *patient) { os.RemoveAll(p.dir) },
			[]string{"WRONG kernel: Jupyter has no kernel named interleave -> me install"}},
		{"kernel.json damaged", func(t *testing.T, p *patient) { write(t, filepath.Join(p.dir, specFile), "{", 0o644) },
			[]string{"WRONG kernel: cannot be read -> me install --force"}},
		{"another kernel of the name", func(t *testing.T, p *patient) {
			write(t, filepath.Join(p.dir, specFile), `{"display_name":"Gopher","argv":["g"]}`, 0o644)
		}, []string{`WRONG kernel: another kernel, "Gopher" -> me install --name`}},
		{"binary gone", func(t *testing.T, p *patient) { os.Remove(filepath.Join(p.dir, "interleave")) },
			[]string{"WRONG kernel: is not there or cannot be run -> me install"}},
		{"binary not executable", func(t *testing.T, p *patient) { os.Chmod(filepath.Join(p.dir, "interleave"), 0o644) },
			[]string{"WRONG kernel: is not there or cannot be run -> me install"}},
		{"path not absolute", func(t *testing.T, p *patient) { rewrite(t, p, p.dir+"/interleave", "jupyter-lab") },
			[]string{"WRONG kernel: is not there or cannot be run -> me install"}},
		{"older version", func(t *testing.T, p *patient) { rewrite(t, p, Version, "0.0.1") },
			[]string{"WRONG kernel: is of version 0.0.1, this is " + Version + " -> me install"}},
		{"other build", func(t *testing.T, p *patient) { write(t, p.doctor.Program, "#!/bin/sh\n# newer\n", 0o755) },
			[]string{"note kernel: another state of the sources -> me install"}},
		{"hidden by another kernel", func(t *testing.T, p *patient) {
			write(t, filepath.Join(p.bin, "first", "kernels", "interleave", specFile), `{"display_name":"Gopher"}`, 0o644)
			write(t, filepath.Join(p.bin, "jupyter"), fmt.Sprintf("#!/bin/sh\necho '{\"data\":[\"%s/first\",\"%s\"]}'\n", p.bin, filepath.Dir(filepath.Dir(p.dir))), 0o755)
		}, []string{"WRONG kernel: hides ours in " + " -> me install --name"}},
		{"hides an older one of ours", func(t *testing.T, p *patient) {
			write(t, filepath.Join(p.bin, "last", "kernels", "interleave", specFile), `{"metadata":{"interleave":{"version":"0.0.1"}}}`, 0o644)
			write(t, filepath.Join(p.bin, "jupyter"), fmt.Sprintf("#!/bin/sh\necho '{\"data\":[\"%s\",\"%s/last\"]}'\n", filepath.Dir(filepath.Dir(p.dir)), p.bin), 0o755)
		}, []string{"note kernel: is never used -> remove "}},
		{"no source archive", func(t *testing.T, p *patient) { os.Remove(filepath.Join(p.dir, SourceArchive)) },
			[]string{"WRONG library source: is missing -> me install (with " + runtime.Version() + " on PATH)"}},
		{"damaged source archive", func(t *testing.T, p *patient) { write(t, filepath.Join(p.dir, SourceArchive), "no zip", 0o644) },
			[]string{"WRONG library source: is damaged -> remove "}},
		{"the kernel runs no cell", func(t *testing.T, p *patient) {
			p.doctor.Try = func(context.Context, Spec) (Trial, error) { return Trial{}, errors.New("install: it ended") }
		}, []string{"WRONG a cell: it ended -> me install"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &patient{bin: programs(t, map[string]string{
				"go": "echo go version " + runtime.Version() + " linux/amd64", "python3": "echo 3.12.4", "jupyter-lab": "echo 4.6.6", "jupyter": "exit 1",
			})}
			system := home(t)
			p.dir = system.KernelDir("", DefaultName)
			kernel := kernelIn(t, p.dir)
			if _, err := kernel.Install(); err != nil {
				t.Fatal(err)
			}
			p.doctor = Doctor{
				System: system, Name: DefaultName, Command: "me", Program: kernel.Program,
				Try: func(context.Context, Spec) (Trial, error) { return Trial{}, nil },
			}
			test.change(t, p)
			var got []Finding
			for _, f := range p.doctor.Examine(t.Context()) {
				if f.Grade != Good {
					got = append(got, f)
				} else if f.Mend != "" {
					t.Errorf("%s is good and has the advice %q", f.What, f.Mend)
				}
			}
			if len(got) != len(test.want) {
				t.Fatalf("found %+v, want %q", got, test.want)
			}
			for i, want := range test.want {
				head, advice, _ := strings.Cut(want, " -> ")
				grade, text, _ := strings.Cut(head, ": ")
				name := map[Grade]string{Remark: "note ", Trouble: "WRONG "}[got[i].Grade] + got[i].What
				if name != grade || !strings.Contains(got[i].Text, strings.TrimSpace(text)) || !strings.Contains(got[i].Mend, advice) {
					t.Errorf("found %s: %s -> %s\nwant  %s", name, got[i].Text, got[i].Mend, want)
				}
			}
		})
	}
}

func TestDoctorSeesThatItCannotWrite(t *testing.T) {
	programs(t, nil)
	system := home(t)
	write(t, filepath.Join(system.Home, ".local"), "a file", 0o644)
	f := Doctor{System: system, Name: DefaultName, Command: "me"}.access()
	if f.Grade != Trouble || !strings.Contains(f.Text, ".local is a file") || !strings.Contains(f.Mend, ".local") {
		t.Errorf("%+v", f)
	}
}

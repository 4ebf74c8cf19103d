package install

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindLab(t *testing.T) {
	for _, test := range []struct {
		name    string
		scripts map[string]string
		own     string // version of the one of ours; "" none
		stamp   string // of its requirements
		version string
		isOwn   bool
		note    string
	}{
		{name: "on PATH", scripts: map[string]string{"jupyter-lab": "echo 4.2.5"}, own: "4.6.6", stamp: requirementsSum(), version: "4.2.5"},
		{name: "none"},
		{name: "ours", own: "4.6.6", stamp: requirementsSum(), version: "4.6.6", isOwn: true},
		{name: "ours, not finished", own: "4.6.6"},
		{name: "ours, of other requirements", own: "4.6.6", stamp: "old"},
		{name: "too old on PATH", scripts: map[string]string{"jupyter-lab": "echo 3.6.1"}, note: "JupyterLab 3.6.1"},
		{name: "too old on PATH, then ours", scripts: map[string]string{"jupyter-lab": "echo 3.6.1"}, own: "4.6.6", stamp: requirementsSum(), version: "4.6.6", isOwn: true, note: "is passed over"},
		{name: "broken on PATH", scripts: map[string]string{"jupyter-lab": "exit 1"}, note: "does not work"},
	} {
		t.Run(test.name, func(t *testing.T) {
			programs(t, test.scripts)
			system := home(t)
			if test.own != "" {
				write(t, system.VenvProgram(venvDir(system), "jupyter-lab"), "#!/bin/sh\necho "+test.own+"\n", 0o755)
				write(t, stampFile(venvDir(system)), test.stamp, 0o644)
			}
			lab, note := FindLab(t.Context(), system)
			if (lab != nil) != (test.version != "") || lab != nil && (lab.Version != test.version || lab.Own != test.isOwn) {
				t.Errorf("found %+v", lab)
			}
			if (note == "") != (test.note == "") || !strings.Contains(note, test.note) {
				t.Errorf("note %q, want %q", note, test.note)
			}
		})
	}
}

// venvScript stands for "python -m venv DIR": it makes a pip and a jupyter-lab.
const venvScript = `if [ "$1" = -c ]; then echo 3.12.4; exit; fi
/bin/mkdir -p "$3/bin"
/bin/cat > "$3/bin/python" <<'END'
#!/bin/sh
PIP
END
/bin/cat > "$3/bin/jupyter-lab" <<'END'
#!/bin/sh
echo 4.6.6
END
/bin/chmod +x "$3/bin/python" "$3/bin/jupyter-lab"`

func TestMakeLab(t *testing.T) {
	for _, test := range []struct{ name, pip, wrong string }{
		{"all is well", "echo Collecting jupyterlab; echo Installing collected packages: a; exit 0", ""},
		{"no network", "echo 'NewConnectionError: Name or service not known'; exit 1", "no network"},
		{"disk full", "echo 'OSError: [Errno 28] No space left on device'; exit 1", "the disk is full"},
		{"no package", "echo 'ERROR: No matching distribution found for pyzmq'; exit 1", "no ready-made package"},
		{"anything else", "echo strange; exit 1", "strange"},
	} {
		t.Run(test.name, func(t *testing.T) {
			programs(t, map[string]string{"python3": strings.Replace(venvScript, "PIP", test.pip, 1)})
			system := home(t)
			write(t, filepath.Join(venvDir(system), "left-over"), "", 0o644)
			var out bytes.Buffer
			lab, err := MakeLab(t.Context(), system, &Progress{Out: &out})
			if test.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), test.wrong) {
					t.Errorf("error %v does not say %q", err, test.wrong)
				}
				if found, _ := FindLab(t.Context(), system); found != nil {
					t.Error("a failed installation is taken for a JupyterLab")
				}
				return
			}
			if err != nil || lab.Version != "4.6.6" {
				t.Fatalf("%+v, %v", lab, err)
			}
			if _, err := os.Stat(filepath.Join(venvDir(system), "left-over")); !errors.Is(err, os.ErrNotExist) {
				t.Error("the old environment was not replaced")
			}
			if found, _ := FindLab(t.Context(), system); found == nil || !found.Own {
				t.Error("it is not found again")
			}
			if removed, err := RemoveLab(system); removed == "" || err != nil {
				t.Errorf("removed %q, %v", removed, err)
			}
			if removed, err := RemoveLab(system); removed != "" || err != nil {
				t.Errorf("removed %q again, %v", removed, err)
			}
		})
	}
}

func TestRequirementsArePinned(t *testing.T) {
	for line := range strings.Lines(requirements) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !strings.Contains(line, "==") || strings.ContainsAny(line, "<>~*@") {
			t.Errorf("not pinned: %s", line)
		}
	}
}

func TestChoosePort(t *testing.T) {
	free := func(ports ...int) func(int) bool {
		return func(port int) bool {
			for _, p := range ports {
				if p == port {
					return true
				}
			}
			return false
		}
	}
	for _, test := range []struct {
		name   string
		wanted int
		free   func(int) bool
		port   int
		other  int // what the error names
	}{
		{"wanted and free", 9000, free(9000), 9000, 0},
		{"wanted and taken", 9000, free(9001, 9003), 0, 9001},
		{"wanted and all taken", 9000, free(), 0, 0},
		{"usual", 0, free(8888), 8888, 0},
		{"usual is taken", 0, free(8890), 8890, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			port, err := choosePort(test.wanted, test.free)
			var taken *PortTakenError
			if port != test.port || errors.As(err, &taken) != (test.port == 0) {
				t.Fatalf("port %d, error %v", port, err)
			}
			if taken != nil && taken.Free != test.other {
				t.Errorf("names %d, want %d: %v", taken.Free, test.other, err)
			}
		})
	}
}

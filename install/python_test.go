package install

import (
	"strings"
	"testing"
)

func TestFindPython(t *testing.T) {
	for _, test := range []struct {
		name    string
		scripts map[string]string
		version string
		wrong   []string // all are in the error
	}{
		{"one that is right", map[string]string{"python3": "echo 3.12.4"}, "3.12.4", nil},
		{"the first that is right", map[string]string{"python3": "echo 3.8.10", "python3.13": "echo 3.13.0"}, "3.13.0", nil},
		{"python is Python 3", map[string]string{"python": "echo 3.11.2"}, "3.11.2", nil},
		{"none", nil, "", []string{"no Python found", "3.11 or newer", "apt install python3"}},
		{"one that does not start", map[string]string{"python3": "exit 9"}, "", []string{"no Python found"}},
		{"too old", map[string]string{"python3": "echo 3.8.10", "python": "echo 2.7.18"}, "", []string{"Python 3.8.10", "too old", "3.11 or newer"}},
		{"Debian without venv", map[string]string{"python3": "echo 3.11.2; echo without ensurepip"}, "",
			[]string{"Python 3.11.2", "without ensurepip", "apt install python3.11-venv"}},
		{"without venv is told rather than too old", map[string]string{"python": "echo 3.8.1", "python3": "echo 3.12.1; echo without ensurepip"}, "",
			[]string{"python3.12-venv"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			programs(t, test.scripts)
			python, err := FindPython(t.Context(), System{OS: "linux"})
			if python.Version != test.version || (err != nil) != (test.version == "") {
				t.Fatalf("version %q, error %v", python.Version, err)
			}
			for _, want := range test.wrong {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in the error: %v", want, err)
				}
			}
		})
	}
}

func TestHintsFitTheSystem(t *testing.T) {
	for os, want := range map[string]string{"linux": "apt", "darwin": "brew", "windows": "winget"} {
		if got := pythonHint(os); !strings.Contains(got, want) {
			t.Errorf("%s: %s", os, got)
		}
	}
	if got := pythons("windows")[0]; got[0] != "py" || got[1] != "-3" {
		t.Errorf("windows tries %q first", got)
	}
}

func TestNewEnough(t *testing.T) {
	for version, want := range map[string]bool{
		"4": true, "4.0.1": true, "4.3.0rc1": true, "5.0": true, "10.1": true,
		"3.9.9": false, "": false, "none": false, "4.x": false,
	} {
		if got := newEnough(version, 4, 0); got != want {
			t.Errorf("newEnough(%q, 4, 0) = %v", version, got)
		}
	}
	if newEnough("3.9.1", 3, 11) || !newEnough("3.11.0", 3, 11) {
		t.Error("minor versions are compared as text")
	}
}

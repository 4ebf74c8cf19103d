package install

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// The oldest Python that the pinned JupyterLab runs on.
const (
	pythonMajor = 3
	pythonMinor = 11
)

// Python is a Python that can make virtual environments.
type Python struct {
	Program string
	Version string // "3.12.4"
}

// probe prints the version, and what is missing for making virtual
// environments: Debian splits ensurepip off into a package of its own.
const probe = `import sys
print("%d.%d.%d" % sys.version_info[:3])
for name in ("venv", "ensurepip"):
    try:
        __import__(name)
    except ImportError:
        print("without", name)
`

// FindPython returns the first Python on PATH that is new enough and can make
// virtual environments. The error says what to install.
func FindPython(ctx context.Context, system System) (Python, error) {
	tooOld, without := "", error(nil)
	for _, candidate := range pythons(system.OS) {
		program, err := exec.LookPath(candidate[0])
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, program, append(candidate[1:len(candidate):len(candidate)], "-c", probe)...).Output()
		if err != nil {
			continue // such as the stand-in that Windows has for its shop
		}
		version, missing, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		version = strings.TrimSpace(version)
		switch {
		case !newEnough(version, pythonMajor, pythonMinor):
			if tooOld == "" {
				tooOld = fmt.Sprintf("Python %s (%s) is too old", version, program)
			}
		case missing != "":
			if without == nil {
				without = fmt.Errorf("install: Python %s (%s) cannot make virtual environments: %s; %s",
					version, program, strings.ReplaceAll(missing, "\n", ", "), venvHint(system.OS, version))
			}
		default:
			if len(candidate) > 1 { // the launcher of Windows: ask for the Python behind it
				out, err := exec.CommandContext(ctx, program, append(candidate[1:len(candidate):len(candidate)], "-c", "import sys; print(sys.executable)")...).Output()
				if err == nil {
					program = strings.TrimSpace(string(out))
				}
			}
			return Python{Program: program, Version: version}, nil
		}
	}
	switch {
	case without != nil:
		return Python{}, without
	case tooOld != "":
		return Python{}, fmt.Errorf("install: %s, JupyterLab needs %d.%d or newer: %s", tooOld, pythonMajor, pythonMinor, pythonHint(system.OS))
	}
	return Python{}, fmt.Errorf("install: no Python found on PATH, JupyterLab needs %d.%d or newer: %s", pythonMajor, pythonMinor, pythonHint(system.OS))
}

// pythons lists the commands to try, the likeliest first.
func pythons(os string) [][]string {
	var list [][]string
	if os == "windows" {
		list = append(list, []string{"py", "-3"}, []string{"python"}, []string{"python3"})
	} else {
		list = append(list, []string{"python3"}, []string{"python"})
	}
	for minor := 20; minor >= pythonMinor; minor-- {
		list = append(list, []string{fmt.Sprintf("python%d.%d", pythonMajor, minor)})
	}
	return list
}

func pythonHint(os string) string {
	switch os {
	case "darwin":
		return "brew install python, or the installer of https://www.python.org/downloads/"
	case "windows":
		return "winget install Python.Python.3.13, or the installer of https://www.python.org/downloads/"
	}
	return "sudo apt install python3 python3-venv (Debian, Ubuntu), sudo dnf install python3 (Fedora), or your system's package manager"
}

func venvHint(os, version string) string {
	if os != "linux" {
		return "install Python again: " + pythonHint(os)
	}
	parts := strings.SplitN(version, ".", 3)
	return fmt.Sprintf("sudo apt install python%s.%s-venv (Debian, Ubuntu), or your system's package of that kind", parts[0], parts[1])
}

// newEnough compares a version such as "4.2.1" or "4.3.0rc1".
func newEnough(version string, major, minor int) bool {
	parts := strings.SplitN(version+".0", ".", 3)
	have, errMajor := strconv.Atoi(parts[0])
	haveMinor, errMinor := strconv.Atoi(parts[1])
	if errMajor != nil || errMinor != nil {
		return false
	}
	return have > major || have == major && haveMinor >= minor
}

package install

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Version is the version of the project, kept in kernel.json so that an old
// installation is recognised.
const Version = "0.1.0"

// System is what the places of files depend on. All its methods are pure
// functions of it.
type System struct {
	OS   string              // as runtime.GOOS
	Home string              // the user's home directory
	Env  func(string) string // as os.Getenv
}

// Here is the system that the program runs on.
func Here() (System, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return System{}, fmt.Errorf("install: no home directory: %w", err)
	}
	return System{OS: runtime.GOOS, Home: home, Env: os.Getenv}, nil
}

// JupyterData is the directory of the user's own Jupyter files.
func (s System) JupyterData() string {
	if dir := s.Env("JUPYTER_DATA_DIR"); dir != "" {
		return dir
	}
	platform := truthy(s.Env("JUPYTER_PLATFORM_DIRS"))
	switch {
	case s.OS == "darwin" && platform:
		return s.join(s.Home, "Library", "Application Support", "Jupyter")
	case s.OS == "darwin":
		return s.join(s.Home, "Library", "Jupyter")
	case s.OS == "windows" && platform:
		return s.join(s.localAppData(), "Jupyter")
	case s.OS == "windows":
		if roaming := s.Env("APPDATA"); roaming != "" {
			return s.join(roaming, "jupyter")
		}
		return s.join(s.Home, ".jupyter", "data")
	}
	return s.join(s.xdgData(), "jupyter")
}

// JupyterPath lists the directories that Jupyter searches for kernels, the first
// one wins. prefix is sys.prefix of the Python that runs Jupyter, "" where it is
// not known; isolated says that this Python is of a virtual environment.
func (s System) JupyterPath(prefix string, isolated bool) []string {
	var list []string
	for dir := range strings.SplitSeq(s.Env("JUPYTER_PATH"), s.listSeparator()) {
		if dir != "" {
			list = append(list, dir)
		}
	}
	user := s.JupyterData()
	if prefers := s.Env("JUPYTER_PREFER_ENV_PATH"); prefers != "" {
		isolated = truthy(prefers)
	}
	switch {
	case prefix == "":
		list = append(list, user)
	case isolated:
		list = append(list, s.PrefixData(prefix), user)
	default:
		list = append(list, user, s.PrefixData(prefix))
	}
	switch {
	case s.OS != "windows":
		list = append(list, "/usr/local/share/jupyter", "/usr/share/jupyter")
	case truthy(s.Env("JUPYTER_USE_PROGRAMDATA")) && s.Env("PROGRAMDATA") != "":
		list = append(list, s.join(s.Env("PROGRAMDATA"), "jupyter"))
	}
	return list
}

// PrefixData is the directory of Jupyter's files under an installation prefix.
func (s System) PrefixData(prefix string) string {
	return s.join(prefix, "share", "jupyter")
}

// EnvironmentPrefix is the prefix of the active virtual or conda environment,
// "" where none is.
func (s System) EnvironmentPrefix() string {
	if venv := s.Env("VIRTUAL_ENV"); venv != "" {
		return venv
	}
	return s.Env("CONDA_PREFIX")
}

// OwnData is the directory of this project's own files: its virtual
// environment and logs.
func (s System) OwnData() string {
	switch s.OS {
	case "darwin":
		return s.join(s.Home, "Library", "Application Support", "interleave")
	case "windows":
		return s.join(s.localAppData(), "interleave")
	}
	return s.join(s.xdgData(), "interleave")
}

// VenvProgram is the path of a program in a virtual environment.
func (s System) VenvProgram(venv, name string) string {
	if s.OS == "windows" {
		return s.join(venv, "Scripts", name+".exe")
	}
	return s.join(venv, "bin", name)
}

// Binary is the name of the kernel's program.
func (s System) Binary() string {
	if s.OS == "windows" {
		return "interleave.exe"
	}
	return "interleave"
}

func (s System) xdgData() string {
	if dir := s.Env("XDG_DATA_HOME"); dir != "" {
		return dir
	}
	return s.join(s.Home, ".local", "share")
}

func (s System) localAppData() string {
	if dir := s.Env("LOCALAPPDATA"); dir != "" {
		return dir
	}
	return s.join(s.Home, "AppData", "Local")
}

func (s System) listSeparator() string {
	if s.OS == "windows" {
		return ";"
	}
	return ":"
}

// join joins with the separator of the system, which need not be the one that
// the program runs on.
func (s System) join(parts ...string) string {
	separator := "/"
	if s.OS == "windows" {
		separator = `\`
	}
	first := strings.TrimRight(parts[0], separator)
	return strings.Join(append([]string{first}, parts[1:]...), separator)
}

// truthy reads a switch in the environment as Jupyter does.
func truthy(value string) bool {
	switch strings.ToLower(value) {
	case "", "n", "no", "false", "off", "0", "0.0":
		return false
	}
	return true
}

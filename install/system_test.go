package install

import (
	"slices"
	"testing"
)

func fake(os, home string, env map[string]string) System {
	return System{OS: os, Home: home, Env: func(name string) string { return env[name] }}
}

func TestPlaces(t *testing.T) {
	for _, test := range []struct {
		name, os, home            string
		env                       map[string]string
		jupyter, own, venvJupyter string
	}{
		{"linux", "linux", "/home/ada", nil,
			"/home/ada/.local/share/jupyter", "/home/ada/.local/share/interleave", "V/bin/jupyter-lab"},
		{"linux with XDG", "linux", "/home/ada", map[string]string{"XDG_DATA_HOME": "/data"},
			"/data/jupyter", "/data/interleave", "V/bin/jupyter-lab"},
		{"macOS", "darwin", "/Users/ada", map[string]string{"XDG_DATA_HOME": "/data"},
			"/Users/ada/Library/Jupyter", "/Users/ada/Library/Application Support/interleave", "V/bin/jupyter-lab"},
		{"macOS with platform directories", "darwin", "/Users/ada", map[string]string{"JUPYTER_PLATFORM_DIRS": "1"},
			"/Users/ada/Library/Application Support/Jupyter", "/Users/ada/Library/Application Support/interleave", "V/bin/jupyter-lab"},
		{"windows", "windows", `C:\Users\ada`, map[string]string{"APPDATA": `C:\Users\ada\AppData\Roaming`, "LOCALAPPDATA": `C:\Users\ada\AppData\Local`},
			`C:\Users\ada\AppData\Roaming\jupyter`, `C:\Users\ada\AppData\Local\interleave`, `V\Scripts\jupyter-lab.exe`},
		{"windows without an environment", "windows", `C:\Users\ada`, nil,
			`C:\Users\ada\.jupyter\data`, `C:\Users\ada\AppData\Local\interleave`, `V\Scripts\jupyter-lab.exe`},
		{"JUPYTER_DATA_DIR wins", "linux", "/home/ada", map[string]string{"JUPYTER_DATA_DIR": "/j", "XDG_DATA_HOME": "/data"},
			"/j", "/data/interleave", "V/bin/jupyter-lab"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := fake(test.os, test.home, test.env)
			for _, c := range []struct{ what, got, want string }{
				{"JupyterData", s.JupyterData(), test.jupyter},
				{"OwnData", s.OwnData(), test.own},
				{"VenvProgram", s.VenvProgram("V", "jupyter-lab"), test.venvJupyter},
			} {
				if c.got != c.want {
					t.Errorf("%s = %s, want %s", c.what, c.got, c.want)
				}
			}
		})
	}
}

func TestJupyterPath(t *testing.T) {
	for _, test := range []struct {
		name     string
		os       string
		env      map[string]string
		prefix   string
		isolated bool
		want     []string
	}{
		{"no Python", "linux", nil, "", false,
			[]string{"/h/.local/share/jupyter", "/usr/local/share/jupyter", "/usr/share/jupyter"}},
		{"a system Python comes after the user", "linux", nil, "/opt/py", false,
			[]string{"/h/.local/share/jupyter", "/opt/py/share/jupyter", "/usr/local/share/jupyter", "/usr/share/jupyter"}},
		{"a virtual environment comes before the user", "linux", nil, "/venv", true,
			[]string{"/venv/share/jupyter", "/h/.local/share/jupyter", "/usr/local/share/jupyter", "/usr/share/jupyter"}},
		{"unless told otherwise", "linux", map[string]string{"JUPYTER_PREFER_ENV_PATH": "0"}, "/venv", true,
			[]string{"/h/.local/share/jupyter", "/venv/share/jupyter", "/usr/local/share/jupyter", "/usr/share/jupyter"}},
		{"JUPYTER_PATH comes first", "darwin", map[string]string{"JUPYTER_PATH": "/a:/b"}, "", false,
			[]string{"/a", "/b", "/h/Library/Jupyter", "/usr/local/share/jupyter", "/usr/share/jupyter"}},
		{"windows", "windows", map[string]string{"JUPYTER_PATH": `C:\a;D:\b`, "APPDATA": `C:\r`}, `C:\py`, false,
			[]string{`C:\a`, `D:\b`, `C:\r\jupyter`, `C:\py\share\jupyter`}},
		{"windows with PROGRAMDATA", "windows", map[string]string{"APPDATA": `C:\r`, "PROGRAMDATA": `C:\pd`, "JUPYTER_USE_PROGRAMDATA": "1"}, "", false,
			[]string{`C:\r\jupyter`, `C:\pd\jupyter`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := fake(test.os, "/h", test.env).JupyterPath(test.prefix, test.isolated); !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestEnvironmentPrefix(t *testing.T) {
	for _, test := range []struct {
		env  map[string]string
		want string
	}{
		{nil, ""},
		{map[string]string{"CONDA_PREFIX": "/conda"}, "/conda"},
		{map[string]string{"CONDA_PREFIX": "/conda", "VIRTUAL_ENV": "/venv"}, "/venv"},
	} {
		if got := fake("linux", "/h", test.env).EnvironmentPrefix(); got != test.want {
			t.Errorf("%v: %q, want %q", test.env, got, test.want)
		}
	}
}

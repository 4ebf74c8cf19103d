package install

import (
	"bufio"
	"context"
	"crypto/sha256"
	_ "embed" // the pinned requirements
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed requirements.txt
var requirements string

// labMajor is the oldest JupyterLab that the lessons are made for.
const labMajor = 4

// Lab is a JupyterLab.
type Lab struct {
	Program string // path of jupyter-lab
	Version string
	Own     bool // in the virtual environment that MakeLab makes
}

// FindLab returns the JupyterLab on PATH, or else the one that MakeLab made. It
// returns nil where there is neither; note then, or else, says what was passed
// over and why.
func FindLab(ctx context.Context, system System) (lab *Lab, note string) {
	if program, err := exec.LookPath("jupyter-lab"); err == nil {
		version, err := labVersion(ctx, program)
		switch {
		case err != nil:
			note = fmt.Sprintf("%s does not work and is passed over: %v", program, err)
		case !newEnough(version, labMajor, 0):
			note = fmt.Sprintf("JupyterLab %s (%s) is older than %d and is passed over", version, program, labMajor)
		default:
			return &Lab{Program: program, Version: version}, ""
		}
	}
	venv := venvDir(system)
	if stamp, err := os.ReadFile(stampFile(venv)); err != nil || string(stamp) != requirementsSum() {
		return nil, note
	}
	program := system.VenvProgram(venv, "jupyter-lab")
	version, err := labVersion(ctx, program)
	if err != nil { // such as a Python that was upgraded below it
		return nil, note
	}
	return &Lab{Program: program, Version: version, Own: true}, note
}

// MakeLab installs the pinned JupyterLab into a virtual environment of ours. A
// broken or older one there is replaced. It takes a minute and needs a network.
func MakeLab(ctx context.Context, system System, progress *Progress) (*Lab, error) {
	python, err := FindPython(ctx, system)
	if err != nil {
		return nil, err
	}
	venv := venvDir(system)
	progress.Line("  no JupyterLab found: installing one with Python %s into %s (once, about a minute)", python.Version, venv)
	if err := os.RemoveAll(venv); err != nil {
		return nil, writing(venv, err)
	}
	if err := os.MkdirAll(filepath.Dir(venv), 0o755); err != nil {
		return nil, writing(venv, err)
	}
	progress.Status("  making the virtual environment …")
	if out, err := exec.CommandContext(ctx, python.Program, "-m", "venv", venv).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("install: %s -m venv failed: %w\n%s", python.Program, err, lastLines(string(out), 10))
	}
	began := time.Now()
	if err := pip(ctx, system, venv, progress); err != nil {
		return nil, err
	}
	program := system.VenvProgram(venv, "jupyter-lab")
	version, err := labVersion(ctx, program)
	if err != nil {
		return nil, fmt.Errorf("install: JupyterLab was installed but does not start: %w", err)
	}
	if err := quietNews(venv); err != nil {
		return nil, writing(venv, err)
	}
	if err := os.WriteFile(stampFile(venv), []byte(requirementsSum()), 0o644); err != nil {
		return nil, writing(venv, err)
	}
	progress.Line("  installed JupyterLab %s in %.0f s", version, time.Since(began).Seconds())
	return &Lab{Program: program, Version: version, Own: true}, nil
}

// pip installs the requirements and shows how far it is.
func pip(ctx context.Context, system System, venv string, progress *Progress) error {
	list := filepath.Join(venv, "requirements.txt")
	if err := os.WriteFile(list, []byte(requirements), 0o644); err != nil {
		return writing(venv, err)
	}
	total := 0
	for line := range strings.Lines(requirements) {
		if strings.Contains(line, "==") {
			total++
		}
	}
	cmd := exec.CommandContext(ctx, system.VenvProgram(venv, "python"), "-m", "pip", "install",
		"--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "3", "-r", list)
	var output strings.Builder
	reader, writer := io.Pipe()
	cmd.Stdout, cmd.Stderr = writer, writer
	finished := make(chan error, 1)
	go func() { // ends with pip
		err := cmd.Run()
		writer.Close()
		finished <- err
	}()
	collected := 0
	lines := bufio.NewScanner(reader)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		output.WriteString(line + "\n")
		switch {
		case strings.HasPrefix(line, "Collecting "):
			collected++
			name, _, _ := strings.Cut(strings.TrimPrefix(line, "Collecting "), " ")
			progress.Status("  fetching %d of %d: %s", min(collected, total), total, name)
		case strings.HasPrefix(line, "Installing collected"):
			progress.Status("  unpacking %d packages …", collected)
		}
	}
	_, _ = io.Copy(io.Discard, reader) // a line too long for the scanner must not stop pip
	if err := <-finished; err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("install: stopped: %w", ctx.Err())
		}
		return pipError(output.String(), err)
	}
	return nil
}

// pipError says in one line why pip failed, and adds its own last lines.
func pipError(output string, err error) error {
	reason := "pip could not install JupyterLab"
	for _, c := range []struct{ sign, reason string }{
		{"No space left", "the disk is full"},
		{"Permission denied", "no permission to write the virtual environment"},
		{"CERTIFICATE_VERIFY_FAILED", "the certificate of the package index is not trusted: behind a company's proxy, set PIP_CERT to its certificate file"},
		{"Name or service not known", ""}, {"Temporary failure in name resolution", ""}, {"getaddrinfo failed", ""},
		{"nodename nor servname", ""}, {"NewConnectionError", ""}, {"Max retries exceeded", ""}, {"ProxyError", ""},
		{"ConnectTimeoutError", ""}, {"Network is unreachable", ""}, {"No matching distribution", "this Python has no ready-made package of one of the requirements"},
	} {
		if strings.Contains(output, c.sign) {
			reason = c.reason
			if reason == "" {
				reason = "no network: the package index (https://pypi.org) cannot be reached: connect and run this again (behind a proxy set HTTPS_PROXY), or install JupyterLab 4 or newer yourself"
			}
			break
		}
	}
	return fmt.Errorf("install: %s: %w\npip's last lines:\n%s", reason, err, lastLines(output, 6))
}

// quietNews switches off the question about news and the look for updates in
// the JupyterLab of ours: it is pinned, and the first thing to see is the lesson.
func quietNews(venv string) error {
	dir := filepath.Join(venv, "share", "jupyter", "lab", "settings")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	const text = `{
  "@jupyterlab/apputils-extension:notification": {"checkForUpdates": false, "fetchNews": "false"}
}
`
	return os.WriteFile(filepath.Join(dir, "overrides.json"), []byte(text), 0o644)
}

// RemoveLab removes the virtual environment of ours; removed is its path, ""
// where there was none.
func RemoveLab(system System) (removed string, err error) {
	venv := venvDir(system)
	if _, err := os.Stat(venv); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err := os.RemoveAll(venv); err != nil {
		return "", fmt.Errorf("install: remove %s: %w", venv, err)
	}
	return venv, nil
}

func labVersion(ctx context.Context, program string) (string, error) {
	out, err := exec.CommandContext(ctx, program, "--version").Output()
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(out)), nil
}

func venvDir(system System) string { return filepath.Join(system.OwnData(), "jupyterlab") }

func stampFile(venv string) string { return filepath.Join(venv, "interleave-requirements.sha256") }

func requirementsSum() string {
	sum := sha256.Sum256([]byte(requirements))
	return hex.EncodeToString(sum[:])
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return "    " + strings.Join(lines[max(0, len(lines)-n):], "\n    ")
}

package python

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Interpreter is a Python of this computer.
type Interpreter struct {
	Path    string
	Version string // "3.13.0"
	Lock    bool   // it has its lock: false for a free-threaded build with the lock off
}

func (i Interpreter) String() string {
	if !i.Lock {
		return "CPython " + i.Version + " without its lock"
	}
	return "CPython " + i.Version
}

// ErrNone says that there is no Python to measure.
var ErrNone = errors.New("python: there is no python3 on this computer's PATH; the simulated run needs none: engine.Run(…, engine.Policy(\"gil\"))")

// freeNames are what free-threaded builds are called.
var freeNames = []string{"python3.15t", "python3.14t", "python3.13t"}

// Find lists the interpreters: first that of JupyterLab, or the one on the PATH, then
// a free-threaded one if there is any. What cannot be asked for its version is
// left out; the error is ErrNone where none is left.
func Find(ctx context.Context) ([]Interpreter, error) {
	var list []Interpreter
	var failed error
	for _, group := range [][]string{{"jupyter", "python3", "python"}, freeNames} {
		for _, name := range group {
			path, err := look(name)
			if err != nil {
				continue
			}
			i, err := ask(ctx, path)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				failed = err
				continue
			}
			list = append(list, i)
			break
		}
	}
	if len(list) == 0 {
		if failed != nil {
			return nil, fmt.Errorf("%w (%v)", ErrNone, failed)
		}
		return nil, ErrNone
	}
	return list, nil
}

// look finds a command; "jupyter" is the Python that started this kernel.
func look(name string) (string, error) {
	if name != "jupyter" {
		return exec.LookPath(name)
	}
	if venv := os.Getenv("VIRTUAL_ENV"); venv != "" {
		return exec.LookPath(filepath.Join(venv, "bin", "python3"))
	}
	pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil {
		return "", exec.ErrNotFound
	}
	path, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "exe"))
	if err != nil || !strings.HasPrefix(filepath.Base(path), "python") {
		return "", exec.ErrNotFound
	}
	return path, nil
}

// question asks an interpreter what it is.
const question = `import json, platform, sys
json.dump({"name": platform.python_implementation(), "version": platform.python_version(), "lock": bool(getattr(sys, "_is_gil_enabled", lambda: True)())}, sys.stdout)`

func ask(ctx context.Context, path string) (Interpreter, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := output(ctx, path, "-c", question)
	if err != nil {
		return Interpreter{}, err
	}
	var a struct {
		Name, Version string
		Lock          bool
	}
	if err := json.Unmarshal(out, &a); err != nil {
		return Interpreter{}, fmt.Errorf("python: %s does not say what it is: %w", path, err)
	}
	if a.Name != "CPython" {
		return Interpreter{}, fmt.Errorf("python: %s is %s, not CPython", path, a.Name)
	}
	return Interpreter{Path: path, Version: a.Version, Lock: a.Lock}, nil
}

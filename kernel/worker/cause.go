package worker

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// cause explains the end of a worker process in words that a learner knows,
// from how it ended and what its runtime said last. detail is what is worth
// reading of that: the frames of neither the interpreter nor the runtime.
func cause(state *os.ProcessState, words string, memory int64) (reason string, detail []string) {
	if reason, ok := fatal(words, memory); ok {
		return reason, frames(words)
	}
	if name := signalName(state); name != "" {
		return "killed by the signal " + name, nil
	}
	if words = strings.TrimSpace(words); words != "" {
		reason, _, _ = strings.Cut(words, "\n")
		return reason, nil
	}
	return fmt.Sprintf("os.Exit(%d)", state.ExitCode()), nil
}

var fatalLine = regexp.MustCompile(`(?m)^(fatal error|panic): (.*)$`)

// fatal finds what ended a Go program in its last words.
func fatal(words string, memory int64) (reason string, ok bool) {
	if i := strings.Index(words, "fatal error: "); i >= 0 { // a panic may come before it, or be part of it
		reason, _, _ = strings.Cut(words[i+len("fatal error: "):], "\n")
		switch {
		case strings.Contains(reason, "out of memory") || strings.Contains(reason, "cannot allocate memory"):
			return outOfMemory(memory), true
		case strings.Contains(reason, "stack overflow"):
			return fmt.Sprintf("stack overflow: a function called itself until its stack was larger than %s", size(maxStack)), true
		}
		return "fatal error: " + reason, true
	}
	if strings.Contains(words, "pthread_create failed") { // EAGAIN stands for both: there was no memory for its stack, or no room for it
		return "the system refused another thread: " + outOfMemory(memory) + ", or too many threads", true
	}
	m := fatalLine.FindStringSubmatch(words)
	if m == nil {
		return "", false
	}
	if m[2] == "out of memory" {
		return outOfMemory(memory), true
	}
	return "panic: " + m[2], true
}

func outOfMemory(limit int64) string {
	if limit <= 0 {
		return "out of memory"
	}
	return "out of memory: the limit is " + size(limit)
}

// ours are the packages whose frames say nothing to a learner.
var ours = []string{"runtime.", "runtime/", "internal/", "reflect.", "syscall.", "interleave/", "github.com/traefik/yaegi/", "main.", "os/signal."}

// frames returns up to ten frames of the first goroutine, two lines each.
func frames(words string) (kept []string) {
	lines := strings.Split(words, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "goroutine ") {
			continue
		}
		for i++; i+1 < len(lines) && lines[i] != "" && len(kept) < 20; i++ {
			if strings.HasPrefix(lines[i+1], "\t") && !isOurs(lines[i]) {
				kept = append(kept, lines[i], lines[i+1])
			}
		}
		return kept
	}
	return nil
}

func isOurs(frame string) bool {
	frame = strings.TrimPrefix(frame, "created by ")
	for _, prefix := range ours {
		if strings.HasPrefix(frame, prefix) {
			return true
		}
	}
	return strings.HasPrefix(frame, "panic(")
}

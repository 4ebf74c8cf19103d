package worker

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// process is a started worker process: the parent's ends of its pipes, and the
// group of processes that it leads.
type process struct {
	cmd      *exec.Cmd
	group    *group
	requests *os.File
	events   *os.File
	words    *lastWords
}

func startProcess(cfg Config) (*process, error) {
	requestsR, requestsW, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("worker: %w", err)
	}
	defer requestsR.Close()
	eventsR, eventsW, err := os.Pipe()
	if err != nil {
		requestsW.Close()
		return nil, fmt.Errorf("worker: %w", err)
	}
	defer eventsW.Close()
	p := &process{cmd: exec.Command(cfg.Command[0], cfg.Command[1:]...), requests: requestsW, events: eventsR}
	p.cmd.Env = append(os.Environ(), cfg.Env...)
	p.cmd.Dir = cfg.Dir
	p.cmd.Stdin, p.cmd.Stdout = requestsR, eventsW
	if err := p.start(cfg); err != nil {
		p.close()
		return nil, fmt.Errorf("worker: cannot start: %w", err)
	}
	return p, nil
}

func (p *process) start(cfg Config) error {
	prepare(p.cmd)
	started, err := passWords(p.cmd)
	if err != nil {
		return err
	}
	startErr := p.cmd.Start()
	p.words, err = started(startErr == nil)
	if startErr != nil {
		return startErr
	}
	if err == nil {
		p.group, err = newGroup(p.cmd, cfg)
	}
	if err != nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	}
	return err
}

// expire ends all reads from the process soon. The pipes of a process that is
// gone are at their ends, unless one that left its group holds them: then what
// is in them is read, and nothing more.
func (p *process) expire() {
	soon := time.Now().Add(time.Second)
	for _, f := range []*os.File{p.events, p.words.text, p.words.alarm} {
		if err := f.SetReadDeadline(soon); errors.Is(err, os.ErrNoDeadline) {
			time.AfterFunc(time.Second, func() { f.Close() })
		}
	}
	p.requests.Close()
}

func (p *process) close() {
	p.requests.Close()
	p.events.Close()
	if p.words != nil {
		p.words.text.Close()
		p.words.alarm.Close()
	}
}

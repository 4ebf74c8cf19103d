package install

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	defaultPort = 8888
	opening     = 90 * time.Second // how long JupyterLab may take to answer; the first start of one is slow
	closing     = 15 * time.Second // how long it may take to end
)

// Serve says how a JupyterLab is started.
type Serve struct {
	Dir     string // of the lessons
	Open    string // lesson to open, relative to Dir
	Port    int    // 0: 8888 or the next free one
	Browser bool   // open the browser
	Data    string // directory of Jupyter's files that has our kernel; searched first
	Log     string // file for what JupyterLab writes
}

// Server is a running JupyterLab.
//
// Native goroutines: one waits for the process to end.
type Server struct {
	URL    string // of the lesson, with the token
	base   string
	token  string
	log    string
	exited chan struct{}
	exit   error // read after exited is closed
	cmd    *exec.Cmd
}

// PortTakenError says that another program listens on a port, and names one
// that is free; 0 where none was found.
type PortTakenError struct{ Port, Free int }

func (e *PortTakenError) Error() string {
	text := fmt.Sprintf("install: port %d is taken by another program", e.Port)
	if e.Free != 0 {
		text += fmt.Sprintf(": use --port %d, which is free", e.Free)
	}
	return text
}

// Start starts JupyterLab and returns when it answers. The token goes through
// the environment, where other users of the machine cannot read it.
func (l Lab) Start(ctx context.Context, s Serve) (*Server, error) {
	port, err := choosePort(s.Port, canListen)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(s.Log), 0o755); err != nil {
		return nil, writing(s.Log, err)
	}
	log, err := os.OpenFile(s.Log, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, writing(s.Log, err)
	}
	defer log.Close()
	lesson := "/lab/tree/" + (&url.URL{Path: filepath.ToSlash(s.Open)}).EscapedPath()
	args := []string{
		"--ServerApp.root_dir=" + s.Dir,
		"--ServerApp.port=" + strconv.Itoa(port),
		"--ServerApp.port_retries=0",
		"--ServerApp.ip=127.0.0.1",
		"--LabApp.default_url=" + lesson,
	}
	if !s.Browser {
		args = append(args, "--no-browser")
	}
	if os.Geteuid() == 0 {
		args = append(args, "--allow-root") // as in a container
	}
	server := &Server{
		base:   "http://127.0.0.1:" + strconv.Itoa(port),
		token:  strings.ToLower(rand.Text()),
		log:    s.Log,
		exited: make(chan struct{}),
		cmd:    exec.Command(l.Program, args...),
	}
	server.URL = server.base + lesson + "?token=" + server.token
	server.cmd.Dir = s.Dir
	search := s.Data
	if more := os.Getenv("JUPYTER_PATH"); more != "" {
		search += string(os.PathListSeparator) + more
	}
	server.cmd.Env = append(os.Environ(), "JUPYTER_TOKEN="+server.token, "JUPYTER_PATH="+search)
	server.cmd.Stdout, server.cmd.Stderr = log, log
	ownGroup(server.cmd) // Ctrl-C reaches us alone; Stop ends JupyterLab in order
	if err := server.cmd.Start(); err != nil {
		return nil, fmt.Errorf("install: start %s: %w", l.Program, err)
	}
	go func() {
		server.exit = server.cmd.Wait()
		close(server.exited)
	}()
	if err := server.ready(ctx); err != nil {
		_ = server.Stop() // the first error is the one to tell
		return nil, err
	}
	return server, nil
}

// Exited is closed when JupyterLab has ended by itself or by Stop.
func (s *Server) Exited() <-chan struct{} { return s.exited }

// Failure is the error of a JupyterLab that ended by itself; nil where it ended
// in order, such as by its menu.
func (s *Server) Failure() error {
	<-s.exited
	if s.exit == nil {
		return nil
	}
	return fmt.Errorf("install: JupyterLab ended: %w\nits last lines (%s):\n%s", s.exit, s.log, s.tail())
}

// Stop ends JupyterLab and its kernels in order, or by force after a while.
func (s *Server) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/api/shutdown", nil)
	if err != nil {
		return fmt.Errorf("install: %w", err)
	}
	request.Header.Set("Authorization", "token "+s.token)
	if response, err := http.DefaultClient.Do(request); err == nil {
		response.Body.Close()
		select {
		case <-s.exited:
			return nil
		case <-ctx.Done():
		}
	}
	err = s.cmd.Process.Kill()
	<-s.exited
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("install: stop JupyterLab: %w", err)
	}
	return nil
}

// ready waits until JupyterLab answers.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, opening)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/api", nil)
		if err != nil {
			return fmt.Errorf("install: %w", err)
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-s.exited:
			return s.early()
		case <-ctx.Done():
			return fmt.Errorf("install: JupyterLab does not answer on %s: %w\nits last lines (%s):\n%s", s.base, ctx.Err(), s.log, s.tail())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// early explains why JupyterLab ended before it answered.
func (s *Server) early() error {
	if err := s.Failure(); err != nil {
		return err
	}
	return fmt.Errorf("install: JupyterLab ended at once\nits last lines (%s):\n%s", s.log, s.tail())
}

func (s *Server) tail() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return "    " + err.Error()
	}
	return lastLines(string(text), 12)
}

// choosePort returns the wanted port, or for 0 the first free one from 8888 on.
func choosePort(wanted int, free func(port int) bool) (int, error) {
	first := func(from int) int {
		for port := from; port < from+100 && port <= 65535; port++ {
			if free(port) {
				return port
			}
		}
		return 0
	}
	if wanted != 0 {
		if !free(wanted) {
			return 0, &PortTakenError{Port: wanted, Free: first(wanted + 1)}
		}
		return wanted, nil
	}
	if port := first(defaultPort); port != 0 {
		return port, nil
	}
	return 0, &PortTakenError{Port: defaultPort}
}

func canListen(port int) bool {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}

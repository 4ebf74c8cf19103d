package install

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets the test program stand for jupyter-lab: it serves what Start
// and Stop ask, and shows how it was called.
func TestMain(m *testing.M) {
	switch os.Getenv("FAKE_JUPYTERLAB") {
	case "":
		os.Exit(m.Run())
	case "serves":
		fakeJupyterLab()
	case "breaks":
		fmt.Fprintln(os.Stderr, "ModuleNotFoundError: no module named tornado")
		os.Exit(1)
	}
}

func fakeJupyterLab() {
	port, token := "", os.Getenv("JUPYTER_TOKEN")
	for _, arg := range os.Args[1:] {
		if value, ok := strings.CutPrefix(arg, "--ServerApp.port="); ok {
			port = value
		}
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	ended := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"version":"2"}`) })
	mux.HandleFunc("GET /called", func(w http.ResponseWriter, _ *http.Request) {
		dir, _ := os.Getwd()
		fmt.Fprintf(w, "%s\nJUPYTER_PATH=%s\ndir=%s\n", strings.Join(os.Args[1:], "\n"), os.Getenv("JUPYTER_PATH"), dir)
	})
	mux.HandleFunc("POST /api/shutdown", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "token "+token {
			http.Error(w, "who are you?", http.StatusForbidden)
			return
		}
		close(ended)
	})
	server := &http.Server{Handler: mux}
	go server.Serve(listener)
	<-ended
	_ = server.Shutdown(context.Background())
}

func fakeLab(t *testing.T, behaviour string) (Lab, Serve) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("FAKE_JUPYTERLAB", behaviour)
	t.Setenv("JUPYTER_PATH", "/elsewhere")
	dir := t.TempDir()
	return Lab{Program: program}, Serve{
		Dir: dir, Open: "00 start.ipynb", Data: "/data/jupyter", Log: filepath.Join(dir, "logs", "lab.log"),
	}
}

func TestStartAndStop(t *testing.T) {
	lab, serve := fakeLab(t, "serves")
	server, err := lab.Start(t.Context(), serve)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(server.URL)
	if err != nil || u.Path != "/lab/tree/00 start.ipynb" || u.Hostname() != "127.0.0.1" || len(u.Query().Get("token")) < 20 {
		t.Errorf("URL is %s, %v", server.URL, err)
	}
	response, err := http.Get("http://" + u.Host + "/called")
	if err != nil {
		t.Fatal(err)
	}
	called, _ := io.ReadAll(response.Body)
	response.Body.Close()
	for _, want := range []string{
		"--ServerApp.root_dir=" + serve.Dir + "\n", "--no-browser\n", "--LabApp.default_url=/lab/tree/00%20start.ipynb\n",
		"JUPYTER_PATH=/data/jupyter" + string(os.PathListSeparator) + "/elsewhere\n", "dir=" + serve.Dir + "\n",
	} {
		if !strings.Contains(string(called), want) {
			t.Errorf("%q is not in\n%s", want, called)
		}
	}
	if strings.Contains(string(called), u.Query().Get("token")) {
		t.Error("the token can be read in the list of processes")
	}
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	if err := server.Failure(); err != nil {
		t.Errorf("it was stopped in order and yet: %v", err)
	}
}

func TestStartSaysWhyItFailed(t *testing.T) {
	lab, serve := fakeLab(t, "breaks")
	_, err := lab.Start(t.Context(), serve)
	if err == nil || !strings.Contains(err.Error(), "no module named tornado") || !strings.Contains(err.Error(), serve.Log) {
		t.Errorf("error %v does not show the log", err)
	}
}

func TestStartNamesAFreePort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	lab, serve := fakeLab(t, "serves")
	serve.Port = taken.Addr().(*net.TCPAddr).Port
	_, err = lab.Start(t.Context(), serve)
	var wrong *PortTakenError
	if !errors.As(err, &wrong) || wrong.Port != serve.Port || wrong.Free == serve.Port {
		t.Errorf("error %v", err)
	}
}

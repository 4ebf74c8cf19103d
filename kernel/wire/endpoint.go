package wire

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"time"
)

// Endpoint says where a socket listens.
type Endpoint struct {
	Transport string // "tcp", or "ipc": a Unix socket at the path ADDRESS-PORT
	Address   string // tcp: host address, "*" for all; ipc: prefix of the path
	Port      int    // 1 to 65535; 0: choose a free one
}

// maxPath is the longest path of a Unix socket, in bytes, on every system we build for.
const maxPath = 103

// String returns the endpoint in ZeroMQ's notation.
func (e Endpoint) String() string {
	if e.Transport == "ipc" {
		return "ipc://" + e.path()
	}
	return "tcp://" + net.JoinHostPort(e.Address, strconv.Itoa(e.Port))
}

func (e Endpoint) path() string { return e.Address + "-" + strconv.Itoa(e.Port) }

// listen binds the endpoint and returns the port that it got.
func (e Endpoint) listen() (net.Listener, int, error) {
	switch e.Transport {
	case "tcp":
		host := e.Address
		if host == "*" {
			host = ""
		}
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(e.Port)))
		if err != nil {
			return nil, 0, fmt.Errorf("wire: %s: %w", e, err)
		}
		return l, l.Addr().(*net.TCPAddr).Port, nil
	case "ipc":
		if e.Port != 0 {
			l, err := e.listenPath()
			return l, e.Port, err
		}
		for e.Port = 1; e.Port <= 65535; e.Port++ {
			if _, err := os.Lstat(e.path()); err == nil {
				continue
			}
			l, err := e.listenPath()
			return l, e.Port, err
		}
		return nil, 0, fmt.Errorf("wire: no free path %s-PORT", e.Address)
	}
	return nil, 0, fmt.Errorf("wire: transport %q is not tcp or ipc", e.Transport)
}

// listenPath binds a Unix socket. A socket file left by a dead process is
// removed; one that answers, or a file that is no socket, is left alone.
func (e Endpoint) listenPath() (net.Listener, error) {
	path := e.path()
	if len(path) > maxPath {
		return nil, fmt.Errorf("wire: %s: the path has %d bytes, at most %d are allowed", e, len(path), maxPath)
	}
	if info, err := os.Lstat(path); err == nil {
		if info.Mode()&fs.ModeSocket == 0 {
			return nil, fmt.Errorf("wire: %s: the file is not a socket", e)
		}
		if conn, err := net.DialTimeout("unix", path, time.Second); err == nil {
			conn.Close()
			return nil, fmt.Errorf("wire: %s: another process listens there", e)
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("wire: %s: stale socket file: %w", e, err)
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("wire: %s: %w", e, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("wire: %s: %w", e, err)
	}
	return l, nil
}

// Package net is the machine's own. Connections between tasks of the machine stay
// in it: they take no real time, and run the same way again. All others are the
// host's.
package net

import (
	"errors"
	"io"
	"os"
	"time"
)

// An Addr is an address of the network.
type Addr interface {
	Network() string
	String() string
}

// A Conn is a connection.
type Conn interface {
	Read(b []byte) (n int, err error)
	Write(b []byte) (n int, err error)
	Close() error
	LocalAddr() Addr
	RemoteAddr() Addr
	SetDeadline(t time.Time) error
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

// A Listener waits for connections.
type Listener interface {
	Accept() (Conn, error)
	Close() error
	Addr() Addr
}

// A PacketConn sends and receives packets.
type PacketConn interface {
	ReadFrom(p []byte) (n int, addr Addr, err error)
	WriteTo(p []byte, addr Addr) (n int, err error)
	Close() error
	LocalAddr() Addr
	SetDeadline(t time.Time) error
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

// An Error is an error of the network.
type Error interface {
	error
	Timeout() bool
	Temporary() bool
}

var (
	ErrClosed           error = errClosed
	ErrWriteToConnected       = errors.New("use of WriteTo with pre-connected connection")
	errClosed                 = &closedError{}
	errMissingAddress         = errors.New("missing address")
	errTimeout          error = &timeoutError{}
)

type closedError struct{}

func (*closedError) Error() string   { return "use of closed network connection" }
func (*closedError) Timeout() bool   { return false }
func (*closedError) Temporary() bool { return false }

type timeoutError struct{}

func (e *timeoutError) Error() string        { return "i/o timeout" }
func (e *timeoutError) Timeout() bool        { return true }
func (e *timeoutError) Temporary() bool      { return true }
func (e *timeoutError) Is(target error) bool { return target == os.ErrDeadlineExceeded }

// An OpError tells which operation failed, and on what.
type OpError struct {
	Op     string
	Net    string
	Source Addr
	Addr   Addr
	Err    error
}

func (e *OpError) Unwrap() error { return e.Err }

func (e *OpError) Error() string {
	if e == nil {
		return "<nil>"
	}
	s := e.Op
	if e.Net != "" {
		s += " " + e.Net
	}
	if e.Source != nil {
		s += " " + e.Source.String()
	}
	if e.Addr != nil {
		if e.Source != nil {
			s += "->"
		} else {
			s += " "
		}
		s += e.Addr.String()
	}
	return s + ": " + e.Err.Error()
}

func (e *OpError) Timeout() bool {
	t, ok := e.Err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

func (e *OpError) Temporary() bool {
	t, ok := e.Err.(interface{ Temporary() bool })
	return ok && t.Temporary()
}

// A ParseError tells of a text that is no address.
type ParseError struct{ Type, Text string }

func (e *ParseError) Error() string   { return "invalid " + e.Type + ": " + e.Text }
func (e *ParseError) Timeout() bool   { return false }
func (e *ParseError) Temporary() bool { return false }

// An AddrError tells what is wrong with an address.
type AddrError struct{ Err, Addr string }

func (e *AddrError) Error() string {
	if e == nil {
		return "<nil>"
	}
	if e.Addr != "" {
		return "address " + e.Addr + ": " + e.Err
	}
	return e.Err
}
func (e *AddrError) Timeout() bool   { return false }
func (e *AddrError) Temporary() bool { return false }

// An UnknownNetworkError is the name of a network that there is not.
type UnknownNetworkError string

func (e UnknownNetworkError) Error() string   { return "unknown network " + string(e) }
func (e UnknownNetworkError) Timeout() bool   { return false }
func (e UnknownNetworkError) Temporary() bool { return false }

// An InvalidAddrError is an address that cannot be.
type InvalidAddrError string

func (e InvalidAddrError) Error() string   { return string(e) }
func (e InvalidAddrError) Timeout() bool   { return false }
func (e InvalidAddrError) Temporary() bool { return false }

// A DNSError tells why a name was not found.
type DNSError struct {
	UnwrapErr   error
	Err         string
	Name        string
	Server      string
	IsTimeout   bool
	IsTemporary bool
	IsNotFound  bool
}

func (e *DNSError) Unwrap() error   { return e.UnwrapErr }
func (e *DNSError) Timeout() bool   { return e.IsTimeout }
func (e *DNSError) Temporary() bool { return e.IsTimeout || e.IsTemporary }
func (e *DNSError) Error() string {
	s := "lookup " + e.Name
	if e.Server != "" {
		s += " on " + e.Server
	}
	return s + ": " + e.Err
}

// Buffers are written one after another.
type Buffers [][]byte

// WriteTo writes them to w, and takes out what was written.
func (v *Buffers) WriteTo(w io.Writer) (n int64, err error) {
	for err == nil && len(*v) > 0 {
		var m int
		m, err = w.Write((*v)[0])
		n += int64(m)
		v.consume(m)
	}
	return n, err
}

// Read takes bytes out of them.
func (v *Buffers) Read(p []byte) (n int, err error) {
	for len(p) > n && len(*v) > 0 {
		m := copy(p[n:], (*v)[0])
		v.consume(m)
		n += m
	}
	if len(*v) == 0 {
		err = io.EOF
	}
	return n, err
}

// consume takes out n bytes of the first, and it where nothing is left.
func (v *Buffers) consume(n int) {
	if (*v)[0] = (*v)[0][n:]; len((*v)[0]) == 0 {
		(*v)[0] = nil
		*v = (*v)[1:]
	}
}

// SplitHostPort takes apart "host:port" and "[host]:port".
func SplitHostPort(hostport string) (host, port string, err error) {
	bad := func(why string) (string, string, error) { return "", "", &AddrError{why, hostport} }
	i := len(hostport) - 1
	for i >= 0 && hostport[i] != ':' {
		i--
	}
	if i < 0 {
		return bad("missing port in address")
	}
	j, k := 0, 0
	if hostport[0] == '[' {
		end := 0
		for end < len(hostport) && hostport[end] != ']' {
			end++
		}
		switch {
		case end == len(hostport):
			return bad("missing ']' in address")
		case end+1 == len(hostport):
			return bad("missing port in address")
		case end+1 != i:
			if hostport[end+1] == ':' {
				return bad("too many colons in address")
			}
			return bad("missing port in address")
		}
		host = hostport[1:end]
		j, k = 1, end+1
	} else {
		host = hostport[:i]
		for _, c := range []byte(host) {
			if c == ':' {
				return bad("too many colons in address")
			}
		}
	}
	for _, c := range []byte(hostport[j:]) {
		if c == '[' {
			return bad("unexpected '[' in address")
		}
	}
	for _, c := range []byte(hostport[k:]) {
		if c == ']' {
			return bad("unexpected ']' in address")
		}
	}
	return host, hostport[i+1:], nil
}

// JoinHostPort is the inverse.
func JoinHostPort(host, port string) string {
	for _, c := range []byte(host) {
		if c == ':' {
			return "[" + host + "]:" + port
		}
	}
	return host + ":" + port
}

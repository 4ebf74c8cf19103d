// Package tls has the names that package net/http needs; connections with TLS
// are not available on the machine.
package tls

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"time"
)

const (
	VersionTLS10 = 0x0301
	VersionTLS11 = 0x0302
	VersionTLS12 = 0x0303
	VersionTLS13 = 0x0304
)

var errUnavailable = errors.New("tls: not available on the machine: use http, or %evaluator yaegi")

// A Certificate is a chain of certificates.
type Certificate struct {
	Certificate [][]byte
	PrivateKey  any
	Leaf        *x509.Certificate
}

// A ClientHelloInfo tells what a client offers.
type ClientHelloInfo struct {
	ServerName      string
	SupportedProtos []string
	Conn            net.Conn
}

// A Config configures a client or server.
type Config struct {
	Rand               io.Reader
	Time               func() time.Time
	Certificates       []Certificate
	GetCertificate     func(*ClientHelloInfo) (*Certificate, error)
	GetConfigForClient func(*ClientHelloInfo) (*Config, error)
	RootCAs, ClientCAs *x509.CertPool
	NextProtos         []string
	ServerName         string
	InsecureSkipVerify bool
	MinVersion         uint16
	MaxVersion         uint16
}

func (c *Config) Clone() *Config {
	if c == nil {
		return nil
	}
	d := *c
	return &d
}

// A ConnectionState tells about a connection.
type ConnectionState struct {
	Version                    uint16
	HandshakeComplete          bool
	NegotiatedProtocol         string
	NegotiatedProtocolIsMutual bool
	ServerName                 string
	PeerCertificates           []*x509.Certificate
}

// A RecordHeaderError tells of a message that is not TLS.
type RecordHeaderError struct {
	Msg          string
	RecordHeader [5]byte
	Conn         net.Conn
}

func (e RecordHeaderError) Error() string { return "tls: " + e.Msg }

// A Conn is a connection that does not come about.
type Conn struct{ net.Conn }

func (c *Conn) Handshake() error                           { return errUnavailable }
func (c *Conn) HandshakeContext(ctx context.Context) error { return errUnavailable }
func (c *Conn) ConnectionState() ConnectionState           { return ConnectionState{} }
func (c *Conn) VerifyHostname(host string) error           { return errUnavailable }
func (c *Conn) NetConn() net.Conn                          { return c.Conn }
func (c *Conn) CloseWrite() error                          { return errUnavailable }
func (c *Conn) Read(b []byte) (int, error)                 { return 0, errUnavailable }
func (c *Conn) Write(b []byte) (int, error)                { return 0, errUnavailable }

func Client(conn net.Conn, config *Config) *Conn                         { return &Conn{conn} }
func Server(conn net.Conn, config *Config) *Conn                         { return &Conn{conn} }
func Dial(network, addr string, config *Config) (*Conn, error)           { return nil, errUnavailable }
func NewListener(inner net.Listener, config *Config) net.Listener        { return refusing{inner} }
func Listen(network, laddr string, config *Config) (net.Listener, error) { return nil, errUnavailable }
func LoadX509KeyPair(certFile, keyFile string) (Certificate, error) {
	return Certificate{}, errUnavailable
}
func X509KeyPair(certPEMBlock, keyPEMBlock []byte) (Certificate, error) {
	return Certificate{}, errUnavailable
}

type refusing struct{ net.Listener }

func (refusing) Accept() (net.Conn, error) { return nil, errUnavailable }

package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
)

// SignatureScheme is the only way of signing that this kernel speaks.
const SignatureScheme = "hmac-sha256"

// ConnectionFile says where a kernel listens. Jupyter writes it and passes its
// path to the kernel.
type ConnectionFile struct {
	Transport string `json:"transport"` // "tcp" or "ipc"
	IP        string `json:"ip"`        // tcp: address to bind; ipc: prefix of the socket files, IP-PORT
	Shell     int    `json:"shell_port"`
	IOPub     int    `json:"iopub_port"`
	Stdin     int    `json:"stdin_port"`
	Control   int    `json:"control_port"`
	Heartbeat int    `json:"hb_port"`
	Key       string `json:"key"`              // empty: messages are not signed
	Scheme    string `json:"signature_scheme"` // "hmac-sha256"
	Kernel    string `json:"kernel_name,omitempty"`
}

// ReadConnectionFile reads and checks the file at path.
func ReadConnectionFile(path string) (*ConnectionFile, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("message: connection file: %w", err)
	}
	var c ConnectionFile
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, fmt.Errorf("message: connection file %s: %w", path, err)
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("message: connection file %s: %w", path, err)
	}
	return &c, nil
}

// check fills in the defaults and reports the first thing that is wrong.
func (c *ConnectionFile) check() error {
	if c.Transport == "" {
		c.Transport = "tcp"
	}
	if c.Scheme == "" {
		c.Scheme = SignatureScheme
	}
	switch {
	case c.Transport != "tcp" && c.Transport != "ipc":
		return fmt.Errorf("transport is %q, not tcp or ipc", c.Transport)
	case c.Scheme != SignatureScheme:
		return fmt.Errorf("signature_scheme is %q; this kernel signs with %s only", c.Scheme, SignatureScheme)
	case c.IP == "":
		return errors.New("ip is missing")
	case c.Transport == "tcp" && c.IP != "*" && c.IP != "localhost" && net.ParseIP(c.IP) == nil:
		return fmt.Errorf("ip %q is not an address", c.IP)
	}
	taken := map[int]string{}
	for _, p := range []struct {
		name string
		port int
	}{{"shell_port", c.Shell}, {"iopub_port", c.IOPub}, {"stdin_port", c.Stdin}, {"control_port", c.Control}, {"hb_port", c.Heartbeat}} {
		if p.port < 0 || p.port > 65535 {
			return fmt.Errorf("%s is %d, not between 0 and 65535", p.name, p.port)
		}
		if other, double := taken[p.port]; double && p.port != 0 {
			return fmt.Errorf("%s and %s are both %d", other, p.name, p.port)
		}
		taken[p.port] = p.name
	}
	return nil
}

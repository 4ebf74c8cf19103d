package net

import (
	"context"
	"net/netip"
	"strconv"
)

// A TCPAddr is the address of an end of a TCP connection.
type TCPAddr struct {
	IP   IP
	Port int
	Zone string
}

// A UDPAddr is the address of an end of a UDP connection.
type UDPAddr struct {
	IP   IP
	Port int
	Zone string
}

// An IPAddr is the address of a host.
type IPAddr struct {
	IP   IP
	Zone string
}

// A UnixAddr is the address of a socket in the file system.
type UnixAddr struct{ Name, Net string }

func (a *TCPAddr) Network() string  { return "tcp" }
func (a *UDPAddr) Network() string  { return "udp" }
func (a *IPAddr) Network() string   { return "ip" }
func (a *UnixAddr) Network() string { return a.Net }

func (a *TCPAddr) String() string {
	if a == nil {
		return "<nil>"
	}
	return withPort(a.IP, a.Zone, a.Port)
}

func (a *UDPAddr) String() string {
	if a == nil {
		return "<nil>"
	}
	return withPort(a.IP, a.Zone, a.Port)
}

func (a *IPAddr) String() string {
	if a == nil {
		return "<nil>"
	}
	return withZone(a.IP, a.Zone)
}

func (a *UnixAddr) String() string {
	if a == nil {
		return "<nil>"
	}
	return a.Name
}

func (a *TCPAddr) AddrPort() netip.AddrPort {
	if a == nil {
		return netip.AddrPort{}
	}
	return addrPort(a.IP, a.Zone, a.Port)
}

func (a *UDPAddr) AddrPort() netip.AddrPort {
	if a == nil {
		return netip.AddrPort{}
	}
	return addrPort(a.IP, a.Zone, a.Port)
}

func addrPort(ip IP, zone string, port int) netip.AddrPort {
	na, _ := netip.AddrFromSlice(ip)
	return netip.AddrPortFrom(na.WithZone(zone), uint16(port))
}

func TCPAddrFromAddrPort(addr netip.AddrPort) *TCPAddr {
	return &TCPAddr{IP: addr.Addr().AsSlice(), Zone: addr.Addr().Zone(), Port: int(addr.Port())}
}

func UDPAddrFromAddrPort(addr netip.AddrPort) *UDPAddr {
	return &UDPAddr{IP: addr.Addr().AsSlice(), Zone: addr.Addr().Zone(), Port: int(addr.Port())}
}

// orNil is the address as an Addr: nil where there is none.
func (a *TCPAddr) orNil() Addr {
	if a == nil {
		return nil
	}
	return a
}

func (a *UnixAddr) orNil() Addr {
	if a == nil {
		return nil
	}
	return a
}

// ResolveUnixAddr gives the address of a socket in the file system.
func ResolveUnixAddr(network, address string) (*UnixAddr, error) {
	switch network {
	case "unix", "unixgram", "unixpacket":
		return &UnixAddr{address, network}, nil
	}
	return nil, UnknownNetworkError(network)
}

func withZone(ip IP, zone string) string {
	s := ""
	if len(ip) > 0 {
		s = ip.String()
	}
	if zone != "" {
		s += "%" + zone
	}
	return s
}

func withPort(ip IP, zone string, port int) string {
	return JoinHostPort(withZone(ip, zone), strconv.Itoa(port))
}

func ResolveTCPAddr(network, address string) (*TCPAddr, error) {
	ip, port, err := resolve(network, address)
	if err != nil {
		return nil, err
	}
	return &TCPAddr{IP: ip, Port: port}, nil
}

func ResolveUDPAddr(network, address string) (*UDPAddr, error) {
	ip, port, err := resolve(network, address)
	if err != nil {
		return nil, err
	}
	return &UDPAddr{IP: ip, Port: port}, nil
}

func resolve(network, address string) (IP, int, error) {
	if address == "" {
		return nil, 0, errMissingAddress
	}
	host, service, err := SplitHostPort(address)
	if err != nil {
		return nil, 0, err
	}
	port, err := LookupPort(network, service)
	if err != nil {
		return nil, 0, err
	}
	if host == "" {
		return nil, port, nil
	}
	ip, err := lookup(host)
	return ip, port, err
}

func lookup(host string) (IP, error) {
	if ip := ParseIP(host); ip != nil {
		return ip, nil
	}
	if host == "localhost" {
		return IPv4(127, 0, 0, 1), nil
	}
	list, err := LookupHost(host)
	if err != nil {
		return nil, err
	}
	return ParseIP(list[0]), nil
}

func lookupHost(name string) ([]string, error)
func lookupPort(network, service string) (int, error)

func LookupHost(host string) (addrs []string, err error) {
	if host == "localhost" {
		return []string{"127.0.0.1"}, nil
	}
	return lookupHost(host)
}

func LookupIP(host string) ([]IP, error) {
	list, err := LookupHost(host)
	var ips []IP
	for _, s := range list {
		ips = append(ips, ParseIP(s))
	}
	return ips, err
}

func LookupPort(network, service string) (port int, err error) {
	if service == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(service)
	if err != nil {
		return lookupPort(network, service)
	}
	if n < 0 || n > 65535 {
		return 0, &AddrError{"invalid port", service}
	}
	return n, nil
}

// A Resolver looks up names.
type Resolver struct {
	PreferGo, StrictErrors bool
	Dial                   func(ctx context.Context, network, address string) (Conn, error)
}

var DefaultResolver = &Resolver{}

func (r *Resolver) LookupHost(ctx context.Context, host string) ([]string, error) {
	return LookupHost(host)
}

func (r *Resolver) LookupIPAddr(ctx context.Context, host string) ([]IPAddr, error) {
	ips, err := LookupIP(host)
	var list []IPAddr
	for _, ip := range ips {
		list = append(list, IPAddr{IP: ip})
	}
	return list, err
}

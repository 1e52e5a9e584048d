package lab

import (
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Spec is what a lab is to be.
type Spec struct {
	Name    string       // begins the name of its one link on the machine
	Binary  string       // the mica that nodes run
	Hosts   int          // h1, h2, ...: hypervisor hosts with an agent
	Servers int          // s1, s2, ...: control plane
	Range   netip.Prefix // the lower half is the underlay's, the upper half guests' public addresses
	DiskMiB int          // size of each server's disk; 0 for a folder on the machine's
	Region  string
	Shared  bool          // hosts share a storage, so that instances of a lost host are started elsewhere
	Lease   time.Duration // of hosts; 0 is Mica's default
	Accel   string        // of guests; empty: measured
	Flags   []string      // further flags of every server
	// NodeFlags are further flags of one node's server or agent, from when it is powered on.
	NodeFlags map[string][]string `json:",omitempty"`
}

// Node is one machine of a lab.
type Node struct {
	Name    string
	Server  bool
	Host    bool
	Address netip.Addr
	DiskMiB int
}

// Unit is a command that a node's init keeps running.
type Unit struct {
	Name string
	Argv []string
	Wait string // a file that must be there first
}

// Addresses of the underlay, by their place in it.
const (
	machineIndex = 1
	serverIndex  = 10 // s1 is 11
	hostIndex    = 20 // h1 is 21
)

// Most nodes of a kind; the places of their addresses are this far apart.
const mostServers, mostHosts = 9, 64

var labName = regexp.MustCompile(`^[a-z][a-z0-9]{0,6}$`)

func (s Spec) check(dir string) error {
	switch {
	case !labName.MatchString(s.Name):
		return fmt.Errorf("name %q: 1 to 7 lower-case letters and digits are wanted", s.Name)
	case s.Hosts < 0 || s.Hosts > mostHosts:
		return fmt.Errorf("%d hosts: 0 to %d are possible", s.Hosts, mostHosts)
	case s.Servers < 1 || s.Servers > mostServers:
		return fmt.Errorf("%d servers: 1 to %d are possible, and 1, 3 or 5 are wise", s.Servers, mostServers)
	case !s.Range.IsValid() || !s.Range.Addr().Is4() || s.Range != s.Range.Masked() || s.Range.Bits() > 24:
		return fmt.Errorf("range %s: an IPv4 network of /24 or larger is wanted", s.Range)
	case !filepath.IsAbs(dir):
		return errors.New("the lab's folder must be an absolute path")
	}
	for _, hidden := range []string{"/run", "/proc", "/sys", "/var/lib/libvirt", "/etc/libvirt", "/var/log/libvirt", "/var/cache/libvirt"} {
		if dir == hidden || strings.HasPrefix(dir, hidden+"/") {
			return fmt.Errorf("the lab's folder cannot be below %s: nodes have their own there", hidden)
		}
	}
	return nil
}

// Underlay is the network that joins the nodes.
func (s Spec) Underlay() netip.Prefix {
	return netip.PrefixFrom(s.Range.Addr(), s.Range.Bits()+1)
}

// Pool is the network of guests' public addresses. Hosts answer for what their guests
// have, by proxy ARP.
func (s Spec) Pool() netip.Prefix {
	b := s.Range.Addr().As4()
	bit := s.Range.Bits()
	b[bit/8] |= 0x80 >> (bit % 8)
	return netip.PrefixFrom(netip.AddrFrom4(b), bit+1)
}

func (s Spec) addr(index int) netip.Addr {
	b := s.Range.Addr().As4()
	b[3] += byte(index)
	return netip.AddrFrom4(b)
}

// names is the nodes' /etc/hosts. libvirt asks for its own host's name at each start of a
// guest, and waits long for a name server that no node reaches.
func (s Spec) names() string {
	out := "127.0.0.1 localhost\n" + s.addr(machineIndex).String() + " " + Machine + "\n"
	for _, n := range s.Nodes() {
		out += n.Address.String() + " " + n.Name + "\n"
	}
	return out
}

// Link is the name of the machine's link to the lab.
func (s Spec) Link() string { return "mica-" + s.Name }

// Nodes are all but the switch, servers first.
func (s Spec) Nodes() []Node {
	var out []Node
	for i := 1; i <= s.Servers; i++ {
		out = append(out, Node{Name: "s" + strconv.Itoa(i), Server: true, Address: s.addr(serverIndex + i), DiskMiB: s.DiskMiB})
	}
	for i := 1; i <= s.Hosts; i++ {
		out = append(out, Node{Name: "h" + strconv.Itoa(i), Host: true, Address: s.addr(hostIndex + i)})
	}
	return out
}

package flowlog

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// DefaultFormat is EC2's (Amazon VPC user guide, "Flow log records", version 2).
const DefaultFormat = "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"

// Interface is a network interface whose flows are logged.
type Interface struct {
	ID, Account, VPC, Subnet, Instance, Region, ZoneID string

	Primary   netip.Addr
	Addresses []netip.Addr   // all private ones
	VPCs      []netip.Prefix // of its VPC
}

// Actions and states of records, as EC2's.
const (
	Accept   = "ACCEPT"
	Reject   = "REJECT"
	statusOK = "OK"
	noData   = "NODATA"
	skipData = "SKIPDATA"
)

// key is what records are gathered by.
type key struct {
	Src, Dst netip.AddrPort
	Protocol uint8
	Action   string
	Egress   bool
}

// sum is what was gathered.
type sum struct {
	Packets, Bytes uint64
	Start, End     time.Time
	Flags          uint8
}

// since are the versions in which fields came, for those after the second.
var since = map[string]int{
	"vpc-id": 3, "subnet-id": 3, "instance-id": 3, "tcp-flags": 3, "type": 3, "pkt-srcaddr": 3, "pkt-dstaddr": 3,
	"region": 4, "az-id": 4, "sublocation-type": 4, "sublocation-id": 4,
	"pkt-src-aws-service": 5, "pkt-dst-aws-service": 5, "flow-direction": 5, "traffic-path": 5,
}

// fields splits a format into the names of its fields.
func fields(format string) []string {
	var out []string
	for _, f := range strings.Fields(cmp.Or(format, DefaultFormat)) {
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(f, "${"), "}"))
	}
	return out
}

// line is a record. What Mica does not know is "-", as EC2 writes what does not apply.
func line(names []string, i *Interface, k key, s sum, status string) string {
	version := 2
	for _, n := range names {
		version = max(version, since[n])
	}
	out := make([]string, len(names))
	for n, name := range names {
		out[n] = cmp.Or(ofInterface(name, version, i), ofWindow(name, s, status), "-")
		if out[n] == "-" && status == statusOK {
			out[n] = cmp.Or(ofFlow(name, i, k, s), "-")
		}
	}
	return strings.Join(out, " ")
}

func ofInterface(name string, version int, i *Interface) string {
	switch name {
	case "version":
		return strconv.Itoa(version)
	case "account-id":
		return i.Account
	case "interface-id":
		return i.ID
	case "vpc-id":
		return i.VPC
	case "subnet-id":
		return i.Subnet
	case "instance-id":
		return i.Instance
	case "region":
		return i.Region
	case "az-id":
		return i.ZoneID
	}
	return ""
}

func ofWindow(name string, s sum, status string) string {
	switch name {
	case "start":
		return strconv.FormatInt(s.Start.Unix(), 10)
	case "end":
		return strconv.FormatInt(s.End.Unix(), 10)
	case "log-status":
		return status
	}
	return ""
}

func ofFlow(name string, i *Interface, k key, s sum) string {
	switch name {
	case "srcaddr":
		return i.shown(k.Src.Addr()).String()
	case "dstaddr":
		return i.shown(k.Dst.Addr()).String()
	case "pkt-srcaddr":
		return k.Src.Addr().String()
	case "pkt-dstaddr":
		return k.Dst.Addr().String()
	case "srcport":
		return strconv.Itoa(int(k.Src.Port()))
	case "dstport":
		return strconv.Itoa(int(k.Dst.Port()))
	case "protocol":
		return strconv.Itoa(int(k.Protocol))
	case "packets":
		return strconv.FormatUint(s.Packets, 10)
	case "bytes":
		return strconv.FormatUint(s.Bytes, 10)
	case "action":
		return k.Action
	case "type":
		return "IPv4"
	case "flow-direction":
		if k.Egress {
			return "egress"
		}
		return "ingress"
	case "traffic-path":
		return i.path(k)
	case "tcp-flags":
		if k.Action == Reject { // connection tracking does not keep those of what it accepted
			return strconv.Itoa(int(s.Flags & 0b10111)) // FIN, SYN, RST, and ACK for SYN-ACK
		}
	}
	return ""
}

// shown is the address as records have it: of the interface's own, always the primary.
func (i *Interface) shown(a netip.Addr) netip.Addr {
	if i.has(a) {
		return i.Primary
	}
	return a
}

func (i *Interface) has(a netip.Addr) bool {
	for _, own := range i.Addresses {
		if own == a {
			return true
		}
	}
	return a == i.Primary
}

// path is where what leaves goes: 1 in the VPC, 8 by its internet gateway.
func (i *Interface) path(k key) string {
	if !k.Egress {
		return ""
	}
	for _, p := range i.VPCs {
		if p.Contains(k.Dst.Addr()) {
			return "1"
		}
	}
	return "8"
}

// String is the key for people.
func (k key) String() string {
	return fmt.Sprintf("%s %d %s -> %s", k.Action, k.Protocol, k.Src, k.Dst)
}

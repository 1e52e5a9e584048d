package plan

import (
	"fmt"
	"net/netip"
)

// NATBox is a NAT gateway: a namespace that stands behind a port of its subnet's bridge as a
// guest does. What is routed to it goes back to the router with its own address for source;
// an internet gateway then translates that as any interface's. It has its own connection
// tracking, so that a connection's two halves are two connections to the VPC.
type NATBox struct {
	Name    string // of the namespace: <prefix>-eni-...
	VPC     string // the namespace of the VPC
	Port    string // its port's name there; the other end is eth0
	ENI     string
	MTU     int
	Sysctls []Sysctl
	Tables  []Table
	Link    Link // eth0
	Address netip.Prefix
	Route   Route
	Router  Neighbour
}

// NATName is the namespace of a NAT gateway.
func NATName(prefix, eniID string) string { return orDefault(prefix) + "-" + eniID }

// natBox is the NAT gateway of an interface.
func (n *nsBuilder) natBox(i Interface) NATBox {
	s, _ := n.vpc.subnet(i.SubnetID)
	return NATBox{
		Name: NATName(n.host.Prefix, i.ID), VPC: n.out.Name, Port: n.tap(i), ENI: i.ID, MTU: n.host.MTU,
		Sysctls: natSysctls(),
		Tables: []Table{
			{Name: "filter", Chains: []Chain{
				{Name: "INPUT", Policy: "DROP"},
				{Name: "FORWARD", Policy: "DROP", Rules: []string{
					"-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
					"-m conntrack --ctstate INVALID -j DROP",
					fmt.Sprintf("-d %s/32 -j DROP", i.PrivateIP),
					"-i eth0 -o eth0 -j ACCEPT",
				}},
				{Name: "OUTPUT", Policy: "ACCEPT"},
			}},
			{Name: "nat", Chains: []Chain{
				{Name: "PREROUTING", Policy: "ACCEPT"},
				{Name: "INPUT", Policy: "ACCEPT"},
				{Name: "OUTPUT", Policy: "ACCEPT"},
				{Name: "POSTROUTING", Policy: "ACCEPT", Rules: []string{fmt.Sprintf("-o eth0 -j SNAT --to-source %s", i.PrivateIP)}},
			}},
		},
		Link:    Link{Name: "eth0", Kind: KindVeth, MAC: i.MAC, MTU: n.host.MTU},
		Address: host32(i.PrivateIP),
		Route:   Route{To: netip.PrefixFrom(netip.IPv4Unspecified(), 0), Via: s.Router, Link: "eth0"},
		Router:  Neighbour{"eth0", s.Router, n.routerMAC()},
	}
}

func natSysctls() []Sysctl {
	return []Sysctl{
		{Path: "net/ipv4/ip_forward", Value: "1"},
		{Path: "net/ipv4/conf/all/rp_filter", Value: "0"},
		{Path: "net/ipv4/conf/default/rp_filter", Value: "0"},
		{Path: "net/ipv4/conf/all/send_redirects", Value: "0"},
		{Path: "net/ipv4/conf/default/send_redirects", Value: "0"},
		{Path: "net/ipv4/conf/all/accept_redirects", Value: "0"},
		{Path: "net/ipv4/conf/default/accept_redirects", Value: "0"},
		{Path: "net/ipv4/conf/all/accept_source_route", Value: "0"},
		{Path: "net/ipv4/conf/all/arp_ignore", Value: "8"},
		{Path: "net/ipv6/conf/all/disable_ipv6", Value: "1", Optional: true},
		{Path: "net/ipv6/conf/default/disable_ipv6", Value: "1", Optional: true},
		{Path: "net/netfilter/nf_conntrack_tcp_loose", Value: "0"},
	}
}

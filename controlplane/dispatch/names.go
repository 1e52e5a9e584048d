package dispatch

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

// names are the names that the VPC's resolver knows: those of its interfaces, and the
// public ones of peered VPCs that let theirs lead to private addresses from here.
func (a *assigner) names(v *model.VPC) []*agentpb.Name {
	var out []*agentpb.Name
	for n := range store.Interfaces.By(a.r, "vpc", v.ID) {
		first := len(out)
		for _, ip := range n.PrivateIPs() {
			out = append(out, &agentpb.Name{Host: model.PrivateHostname(ip), Ip: ip.String()})
		}
		if n.DeviceIndex == 0 && a.byResource(n) {
			out[first].Resource = n.Instance
		}
		for i, public := range publicNames(v, n) {
			out[first+i].PublicName = public
		}
	}
	for p := range store.Peerings.By(a.r, "vpc", v.ID) {
		other := p.Other(v.ID)
		if p.State == model.PeeringActive && other != nil && other.RemoteDNS {
			out = append(out, a.remoteNames(other.VPC)...)
		}
	}
	return out
}

// byResource reports whether a primary interface's instance is to be found by its own id.
func (a *assigner) byResource(n *model.Interface) bool {
	i := store.Instances.Get(a.r, n.Instance)
	switch {
	case i == nil:
		return false
	case i.Hostname == "":
		s := store.Subnets.Get(a.r, n.Subnet)
		return s != nil && s.ARecord
	}
	return i.ARecord
}

// remoteNames are a peered VPC's public names.
func (a *assigner) remoteNames(vpc string) []*agentpb.Name {
	v := store.VPCs.Get(a.r, vpc)
	if v == nil {
		return nil
	}
	var out []*agentpb.Name
	for n := range store.Interfaces.By(a.r, "vpc", vpc) {
		ips := n.PrivateIPs()
		for i, public := range publicNames(v, n) {
			if public != "" {
				out = append(out, &agentpb.Name{Ip: ips[i].String(), PublicName: public})
			}
		}
	}
	return out
}

// publicNames are the public names of an interface's private addresses, in their order;
// empty where there is none, and all of them in a VPC without enableDnsHostnames.
func publicNames(v *model.VPC, n *model.Interface) []string {
	out := make([]string, 1+len(n.Secondary))
	if !v.DNSHostnames {
		return out
	}
	if n.PublicIP.IsValid() {
		out[0] = model.PublicHostname(n.PublicIP, n.Region)
	}
	for i, s := range n.Secondary {
		if s.Public.IsValid() {
			out[1+i] = model.PublicHostname(s.Public, n.Region)
		}
	}
	return out
}

// provided is EC2's word for the VPC's own resolver.
const provided = "AmazonProvidedDNS"

// dhcpOptions are what the VPC's DHCP hands out besides addresses. A VPC whose row is gone
// has what a new one has.
func (a *assigner) dhcpOptions(v *model.VPC) *agentpb.DHCPOptions {
	if v.DHCPOptions == "default" { // EC2's word for no options at all
		return &agentpb.DHCPOptions{}
	}
	row := store.DHCPOptions.Get(a.r, v.DHCPOptions)
	if row == nil {
		return &agentpb.DHCPOptions{DomainName: model.PrivateDomain(v.Region), DomainNameServers: []string{provided}}
	}
	// Several domains are one value with spaces between them, or several values.
	out := &agentpb.DHCPOptions{
		DomainName:         strings.Join(row.Values["domain-name"], " "),
		DomainNameServers:  slices.Clone(row.Values["domain-name-servers"]),
		NtpServers:         slices.Clone(row.Values["ntp-servers"]),
		NetbiosNameServers: slices.Clone(row.Values["netbios-name-servers"]),
	}
	if t := row.Values["netbios-node-type"]; len(t) > 0 {
		n, err := strconv.Atoi(t[0])
		if err == nil {
			out.NetbiosNodeType = int32(n)
		}
	}
	return out
}

// hostname is an instance's private DNS name in full. A VPC with a domain of its own has its
// instances in that, as EC2 shows it to them.
func (a *assigner) hostname(i *model.Instance, primary *model.Interface) string {
	domain := model.PrivateDomain(i.Region)
	if v := store.VPCs.Get(a.r, primary.VPC); v != nil {
		own, _, _ := strings.Cut(a.dhcpOptions(v).DomainName, " ")
		domain = cmp.Or(own, domain)
	}
	return cmp.Or(i.HostPrivateDNS, model.PrivateHostname(primary.PrivateIP)) + "." + domain
}

package plan_test

import (
	"fmt"
	"net"
	"net/netip"

	"pgregory.net/rapid"

	"github.com/micacloud/mica/netplane/plan"
)

// genVPC draws a VPC that makes sense, with rules that may make none.
func genVPC(t *rapid.T) plan.VPC {
	v := plan.VPC{
		ID: "vpc-0000000000000000a", CIDRs: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")},
		InternetGateway: rapid.Bool().Draw(t, "igw"), DNS: rapid.Bool().Draw(t, "dns"),
	}
	for n := range rapid.IntRange(1, 2).Draw(t, "subnets") {
		v.Subnets = append(v.Subnets, plan.Subnet{
			ID: fmt.Sprintf("subnet-%017x", n+1), CIDR: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(n), 0}), 24),
			Router: netip.AddrFrom4([4]byte{10, 0, byte(n), 1}), Routes: genRoutes(t),
		})
	}
	groups := rapid.IntRange(1, 3).Draw(t, "groups")
	for n := range groups {
		v.Groups = append(v.Groups, plan.Group{
			ID:      groupID(n),
			Ingress: rapid.SliceOfN(rapid.Custom(genRule), 0, 4).Draw(t, "ingress"),
			Egress:  rapid.SliceOfN(rapid.Custom(genRule), 0, 4).Draw(t, "egress"),
		})
	}
	for n := range rapid.IntRange(1, 4).Draw(t, "interfaces") {
		subnet := rapid.IntRange(0, len(v.Subnets)-1).Draw(t, "subnet")
		i := plan.Interface{
			ID: fmt.Sprintf("eni-%017x", n+1), SubnetID: v.Subnets[subnet].ID,
			MAC:       net.HardwareAddr{2, 0, 0, 0, 0, byte(n + 1)},
			PrivateIP: netip.AddrFrom4([4]byte{10, 0, byte(subnet), byte(10 + n)}),
			// Without the check an interface has no one address to judge by.
			SourceDestCheck: true,
		}
		if rapid.Bool().Draw(t, "haspublic") {
			i.PublicIP = netip.AddrFrom4([4]byte{100, 127, 0, byte(10 + n)})
		}
		for g := range groups {
			if rapid.Bool().Draw(t, "in group") {
				i.Groups = append(i.Groups, groupID(g))
			}
		}
		v.Interfaces = append(v.Interfaces, i)
	}
	if rapid.Bool().Draw(t, "joined") {
		for n := range v.Subnets {
			v.Subnets[n].VNI = 4096 + n
		}
		for n := range rapid.IntRange(0, 3).Draw(t, "remotes") {
			subnet := rapid.IntRange(0, len(v.Subnets)-1).Draw(t, "subnet")
			r := plan.Remote{
				ID: fmt.Sprintf("eni-%017x", 0x100+n), SubnetID: v.Subnets[subnet].ID, MAC: net.HardwareAddr{2, 0, 0, 0, 1, byte(n + 1)},
				PrivateIP: netip.AddrFrom4([4]byte{10, 0, byte(subnet), byte(100 + n)}), Host: netip.AddrFrom4([4]byte{192, 168, 7, byte(2 + n)}),
			}
			v.Remotes = append(v.Remotes, r)
			for g := range groups {
				if rapid.Bool().Draw(t, "in group") {
					v.Groups[g].Members = append(v.Groups[g].Members, r.PrivateIP)
				}
			}
		}
	}
	if rapid.Bool().Draw(t, "peered") {
		v.Peerings = []plan.Peering{{ID: peeringID, VPC: "vpc-0000000000000000b", CIDRs: []netip.Prefix{peerCIDR}}}
		v.Groups = append(v.Groups, plan.Group{ID: groupID(8), VPC: "vpc-0000000000000000b", Members: []netip.Addr{netip.MustParseAddr("10.1.0.5"), netip.MustParseAddr("10.0.0.10")}})
	}
	v.PrefixLists = []plan.PrefixList{{ID: listID, CIDRs: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("10.0.1.0/24")}}}
	return v
}

const (
	peeringID = "pcx-0000000000000000a"
	listID    = "pl-0000000000000000a"
)

var peerCIDR = netip.MustParsePrefix("10.1.0.0/16")

// host is the VPC with the one that it may be peered with.
func host(v plan.VPC) plan.Host {
	peer := plan.VPC{ID: "vpc-0000000000000000b", CIDRs: []netip.Prefix{peerCIDR}, Peerings: []plan.Peering{{ID: peeringID, VPC: v.ID, CIDRs: v.CIDRs}}}
	return plan.Host{Underlay: underlay, VPCs: []plan.VPC{v, peer}}
}

// genRoutes draws a route table whose routes compete for the ends that genFlow draws.
func genRoutes(t *rapid.T) []plan.SubnetRoute {
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) plan.SubnetRoute {
		return plan.SubnetRoute{
			To:     netip.MustParsePrefix(rapid.SampledFrom([]string{"0.0.0.0/0", "0.0.0.0/0", "192.0.2.0/24", "192.0.2.5/32", "10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/24"}).Draw(t, "to")),
			Target: rapid.SampledFrom([]string{plan.TargetInternet, plan.TargetInternet, peeringID, peeringID, fmt.Sprintf("eni-%017x", 0x100), "eni-0000000000000dead"}).Draw(t, "target"),
		}
	}), 0, 4, func(r plan.SubnetRoute) netip.Prefix { return r.To }).Draw(t, "routes")
}

// underlay is this host's address in VPCs that genVPC joined to others.
var underlay = netip.MustParseAddr("192.168.7.1")

func groupID(n int) string { return fmt.Sprintf("sg-%017x", n+1) }

// genRule draws rules of few different values, so that flows often meet them.
func genRule(t *rapid.T) plan.Rule {
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return plan.Rule{ID: "sgr-all", Protocol: plan.ProtocolAll, CIDR: netip.MustParsePrefix("0.0.0.0/0")}
	case 1:
		return plan.Rule{ID: "sgr-group", Protocol: plan.ProtocolAll, Group: groupID(0)}
	case 2:
		return plan.Rule{ID: "sgr-tcp", Protocol: plan.ProtocolTCP, FromPort: 22, ToPort: 80, CIDR: netip.MustParsePrefix("0.0.0.0/0")}
	}
	port := rapid.SampledFrom([]int{-1, 0, 22, 79, 80, 81, 443, 65535, 65536})
	r := plan.Rule{
		ID:       "sgr-x",
		Protocol: rapid.SampledFrom([]int{-2, -1, 0, 1, 6, 6, 6, 17, 17, 47, 58, 132, 255, 256}).Draw(t, "protocol"),
		FromPort: port.Draw(t, "from"), ToPort: port.Draw(t, "to"),
		ICMPType: rapid.SampledFrom([]int{-2, -1, 0, 3, 8, 13, 254, 255, 256}).Draw(t, "type"),
		ICMPCode: rapid.SampledFrom([]int{-1, 0, 1, 4, 255, 256}).Draw(t, "code"),
	}
	if rapid.IntRange(0, 9).Draw(t, "by list") == 0 {
		r.PrefixList = rapid.SampledFrom([]string{listID, "pl-0000000000000000b"}).Draw(t, "list")
	} else if rapid.Bool().Draw(t, "by group") {
		r.Group = rapid.SampledFrom([]string{groupID(0), groupID(1), groupID(2), groupID(8), "sg-bad name\n-j ACCEPT"}).Draw(t, "group")
	} else {
		r.CIDR = rapid.SampledFrom([]netip.Prefix{
			netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("10.0.0.0/16"), netip.MustParsePrefix("10.0.0.8/29"),
			netip.MustParsePrefix("10.0.1.11/32"), netip.MustParsePrefix("192.0.2.77/24"), netip.MustParsePrefix("::/0"), {},
		}).Draw(t, "cidr")
	}
	return r
}

// genFlow draws a new connection between ends that the VPC may know.
func genFlow(t *rapid.T, v plan.VPC) plan.Flow {
	ends := []netip.Addr{
		netip.MustParseAddr("192.0.2.5"), netip.MustParseAddr("10.0.0.99"), netip.MustParseAddr("10.0.1.99"),
		netip.MustParseAddr("169.254.7.7"), netip.MustParseAddr("10.1.0.5"), netip.MustParseAddr("10.1.7.7"),
	}
	for _, i := range v.Interfaces {
		ends = append(ends, i.PrivateIP, i.PrivateIP)
	}
	for _, r := range v.Remotes {
		ends = append(ends, r.PrivateIP, r.PrivateIP)
	}
	end := rapid.SampledFrom(ends)
	return plan.Flow{
		Protocol: rapid.SampledFrom([]int{1, 6, 6, 17, 47, 58, 132}).Draw(t, "protocol"),
		Src:      end.Draw(t, "src"), Dst: end.Draw(t, "dst"),
		DstPort:  rapid.SampledFrom([]int{0, 1, 22, 79, 80, 81, 82, 443, 65535}).Draw(t, "port"),
		ICMPType: rapid.SampledFrom([]int{0, 3, 8, 13}).Draw(t, "type"), ICMPCode: rapid.SampledFrom([]int{0, 1, 4}).Draw(t, "code"),
	}
}

package kernel_test

import (
	"net/netip"
	"testing"

	"github.com/micacloud/mica/netplane/plan"
)

const (
	vpcA, vpcB, vpcC    = 0xa, 0xb, 0xc
	a1, a2, a3          = 0xa1, 0xa2, 0xa3
	b1, b2              = 0xb1, 0xb2
	c1                  = 0xc1
	webA, dbA, appB, dC = 0xa1, 0xa2, 0xb1, 0xc1
	natENI              = 0xafe
)

func pcxID(n int) string { return plan.Peering{ID: "pcx-"}.ID + vpcID(n)[4:] }
func aclID(n int) string { return "acl-" + vpcID(n)[4:] }
func plID(n int) string  { return "pl-" + vpcID(n)[4:] }

func to(cidr, target string) plan.SubnetRoute {
	return plan.SubnetRoute{To: prefix(cidr), Target: target}
}

func ping() plan.Rule {
	return plan.Rule{ID: "sgr-ping", Protocol: plan.ProtocolICMP, ICMPType: 8, ICMPCode: -1, CIDR: everywhere}
}

func udpFrom(port int, cidr netip.Prefix) plan.Rule {
	return plan.Rule{ID: "sgr-udp", Protocol: plan.ProtocolUDP, FromPort: port, ToPort: port, CIDR: cidr}
}

// threeVPCs: A has a public subnet with a NAT gateway, a private one that goes out by it and
// is peered with B, and one with an ACL that is peered with C. B and C have the same CIDR.
func (s *site) threeVPCs() {
	cidrA, cidrBC := []netip.Prefix{prefix("10.1.0.0/16"), prefix("10.11.0.0/20")}, []netip.Prefix{prefix("10.2.0.0/16")}
	ab, ac := pcxID(0xab), pcxID(0xac)
	all := []plan.Rule{allowAll()}
	s.vpcs = []plan.VPC{{
		ID: vpcID(vpcA), CIDRs: cidrA, InternetGateway: true, DNS: true,
		Subnets: []plan.Subnet{
			{ID: subnetID(a1), CIDR: prefix("10.1.1.0/24"), VNI: 1001, Routes: []plan.SubnetRoute{plan.ToInternet(), to("10.2.2.0/24", ab)}, ACL: aclID(1)},
			{ID: subnetID(a2), CIDR: prefix("10.1.2.0/24"), VNI: 1002, Routes: []plan.SubnetRoute{to("0.0.0.0/0", eniID(natENI)), to("10.2.0.0/16", ab)}},
			{ID: subnetID(a3), CIDR: prefix("10.11.3.0/24"), VNI: 1003, Routes: []plan.SubnetRoute{to("10.2.0.0/16", ac)}, ACL: aclID(3)},
		},
		ACLs: []plan.ACL{
			{ID: aclID(1), Ingress: []plan.ACLEntry{{Allow: true, Protocol: plan.ProtocolAll, CIDR: everywhere}}, Egress: []plan.ACLEntry{{Allow: true, Protocol: plan.ProtocolAll, CIDR: everywhere}}},
			{ID: aclID(3), Ingress: []plan.ACLEntry{
				{Allow: false, Protocol: plan.ProtocolTCP, CIDR: prefix("10.1.1.0/24"), FromPort: 80, ToPort: 80},
				{Allow: true, Protocol: plan.ProtocolTCP, CIDR: everywhere, FromPort: 0, ToPort: 65535},
				{Allow: true, Protocol: plan.ProtocolICMP, CIDR: prefix("10.1.2.0/24"), ICMPType: -1, ICMPCode: -1},
			}, Egress: []plan.ACLEntry{{Allow: true, Protocol: plan.ProtocolAll, CIDR: everywhere}}},
		},
		PrefixLists: []plan.PrefixList{{ID: plID(1), CIDRs: []netip.Prefix{prefix("10.1.2.0/24"), prefix("192.168.7.3/32")}}},
		Peerings:    []plan.Peering{{ID: ab, VPC: vpcID(vpcB), CIDRs: cidrBC}, {ID: ac, VPC: vpcID(vpcC), CIDRs: cidrBC}},
		Groups: []plan.Group{
			{ID: sgID(webA), Egress: all, Ingress: []plan.Rule{tcp(22, everywhere), tcpFrom(80, sgID(dbA)), {ID: "sgr-list", Protocol: plan.ProtocolTCP, FromPort: 80, ToPort: 80, PrefixList: plID(1)}, ping()}},
			{ID: sgID(dbA), Egress: all, Ingress: []plan.Rule{tcpFrom(22, sgID(webA)), tcpFrom(80, sgID(appB)), tcpFrom(22, sgID(dC)), udpFrom(53, everywhere), ping()}},
			{ID: sgID(appB), VPC: vpcID(vpcB)},
			{ID: sgID(dC), VPC: vpcID(vpcC)},
		},
	}, {
		ID: vpcID(vpcB), CIDRs: cidrBC, InternetGateway: true,
		Subnets: []plan.Subnet{
			{ID: subnetID(b1), CIDR: prefix("10.2.1.0/24"), VNI: 2001, Routes: []plan.SubnetRoute{to("192.168.7.0/24", plan.TargetInternet)}},
			{ID: subnetID(b2), CIDR: prefix("10.2.2.0/24"), VNI: 2002, Routes: []plan.SubnetRoute{to("10.1.0.0/16", ab)}},
		},
		Peerings: []plan.Peering{{ID: ab, VPC: vpcID(vpcA), CIDRs: cidrA}},
		Groups: []plan.Group{
			{ID: sgID(appB), Egress: all, Ingress: []plan.Rule{tcpFrom(22, sgID(webA)), tcp(80, everywhere), ping()}},
			{ID: sgID(webA), VPC: vpcID(vpcA)},
		},
	}, {
		ID: vpcID(vpcC), CIDRs: cidrBC,
		Subnets:  []plan.Subnet{{ID: subnetID(c1), CIDR: prefix("10.2.1.0/24"), VNI: 3001, Routes: []plan.SubnetRoute{to("10.11.0.0/20", ac)}}},
		Peerings: []plan.Peering{{ID: ac, VPC: vpcID(vpcA), CIDRs: cidrA}},
		Groups:   []plan.Group{{ID: sgID(dC), Egress: all, Ingress: []plan.Rule{tcp(22, prefix("10.11.3.0/24")), udpFrom(53, everywhere)}}},
	}}
	n := 0
	put := func(vpc, subnet, group, host int, ip string) *plan.Interface {
		n++
		v := s.vpc(vpcID(vpc))
		i := plan.Interface{ID: eniID(vpc<<8 | n), SubnetID: subnetID(subnet), MAC: mac(vpc<<8 | n), PrivateIP: addr(ip), Groups: []string{sgID(group)}, SourceDestCheck: true}
		v.Interfaces = append(v.Interfaces, i)
		s.at[i.ID] = host
		return &v.Interfaces[len(v.Interfaces)-1]
	}
	for host := range 2 {
		d := string(rune('0' + host))
		put(vpcA, a1, webA, host, "10.1.1.1"+d).PublicIP = s.public(1 + host)
		put(vpcA, a2, dbA, host, "10.1.2.1"+d)
		put(vpcA, a3, dbA, host, "10.11.3.1"+d)
		put(vpcB, b1, appB, host, "10.2.1.1"+d).PublicIP = s.public(3 + host)
		put(vpcB, b2, appB, host, "10.2.2.1"+d).PublicIP = s.public(5 + host) // not in force
		put(vpcC, c1, dC, host, "10.2.1.1"+d)
	}
	nat := put(vpcA, a1, webA, 1, "10.1.1.99")
	s.at[eniID(natENI)] = 1
	nat.ID, nat.NAT, nat.Groups, nat.SourceDestCheck, nat.PublicIP = eniID(natENI), true, nil, false, s.public(7)
}

// TestMatrix compares wire and model for every pair of ends.
func TestMatrix(t *testing.T) {
	s := newSite(t)
	s.threeVPCs()
	s.boot()
	yes, no := s.check("at first")
	t.Logf("%d cells, of which %d are allowed", yes+no, yes)
	if yes+no < 400 || yes < 100 {
		t.Errorf("%d cells, %d of them allowed", yes+no, yes)
	}
}

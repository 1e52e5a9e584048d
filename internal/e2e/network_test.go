package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

// made runs a call that makes something and returns what query finds in the answer.
func (m *Mica) made(query string, args ...string) string {
	m.t.Helper()
	return strings.TrimSpace(m.MustAWS(nil, append([]string{"--output", "text", "--query", query, "ec2"}, args...)...))
}

// segment is a VPC with one subnet and its route table.
type segment struct{ vpc, subnet, table string }

func (m *Mica) segment(cidr, subnet string) segment {
	m.t.Helper()
	s := segment{vpc: m.made("Vpc.VpcId", "create-vpc", "--cidr-block", cidr)}
	s.subnet, s.table = m.subnetOf(s.vpc, subnet)
	return s
}

func (m *Mica) subnetOf(vpc, cidr string) (subnet, table string) {
	m.t.Helper()
	subnet = m.made("Subnet.SubnetId", "create-subnet", "--vpc-id", vpc, "--cidr-block", cidr, "--availability-zone", Region+"a")
	table = m.made("RouteTable.RouteTableId", "create-route-table", "--vpc-id", vpc)
	m.MustAWS(nil, "ec2", "associate-route-table", "--subnet-id", subnet, "--route-table-id", table)
	return subnet, table
}

// groupIn makes a group in a VPC with ingress rules.
func (m *Mica) groupIn(vpc, name string, ingress ...string) string {
	m.t.Helper()
	id := m.made("GroupId", "create-security-group", "--vpc-id", vpc, "--group-name", name, "--description", name)
	for _, rule := range ingress {
		m.MustAWS(nil, "ec2", "authorize-security-group-ingress", "--group-id", id, "--ip-permissions", rule)
	}
	return id
}

// TestANetworkOfOnesOwn: two VPCs made by calls, joined by a peering; a private subnet
// behind a NAT gateway; Elastic IPs; groups that name a group of the other VPC; and a
// network ACL. Real guests say what passes.
func TestANetworkOfOnesOwn(t *testing.T) {
	m := real(t, "net")
	ami := m.ImportTiny()
	a, b := m.segment("10.20.0.0/16", "10.20.1.0/24"), m.segment("10.30.0.0/16", "10.30.1.0/24")
	inside, insideTable := m.subnetOf(a.vpc, "10.20.2.0/24")

	igw := m.made("InternetGateway.InternetGatewayId", "create-internet-gateway")
	m.MustAWS(nil, "ec2", "attach-internet-gateway", "--vpc-id", a.vpc, "--internet-gateway-id", igw)
	m.MustAWS(nil, "ec2", "create-route", "--route-table-id", a.table, "--destination-cidr-block", "0.0.0.0/0", "--gateway-id", igw)
	allocate := func() (id, ip string) {
		f := strings.Fields(m.made("[AllocationId,PublicIp]", "allocate-address", "--domain", "vpc"))
		return f[0], f[1]
	}
	natAddress, natIP := allocate()
	webAddress, webIP := allocate()
	nat := m.made("NatGateway.NatGatewayId", "create-nat-gateway", "--subnet-id", a.subnet, "--allocation-id", natAddress)
	natIs := func(state string) func() bool {
		return func() bool {
			return m.made("NatGateways[0].State", "describe-nat-gateways", "--nat-gateway-ids", nat) == state
		}
	}
	testkit.Wait(t, patience, "the NAT gateway to work", natIs("available"))
	m.MustAWS(nil, "ec2", "create-route", "--route-table-id", insideTable, "--destination-cidr-block", "0.0.0.0/0", "--nat-gateway-id", nat)

	peering := m.made("VpcPeeringConnection.VpcPeeringConnectionId", "create-vpc-peering-connection", "--vpc-id", a.vpc, "--peer-vpc-id", b.vpc)
	m.MustAWS(nil, "ec2", "accept-vpc-peering-connection", "--vpc-peering-connection-id", peering)
	m.MustAWS(nil, "ec2", "create-route", "--route-table-id", insideTable, "--destination-cidr-block", "10.30.0.0/16", "--vpc-peering-connection-id", peering)
	m.MustAWS(nil, "ec2", "create-route", "--route-table-id", b.table, "--destination-cidr-block", "10.20.0.0/16", "--vpc-peering-connection-id", peering)

	// The web server takes port 80 from the NAT gateway's address alone, and port 7 from
	// anywhere. The one across the peering takes port 7 from a group of this VPC.
	clients := m.groupIn(a.vpc, "clients")
	web := m.groupIn(a.vpc, "web", "IpProtocol=tcp,FromPort=80,ToPort=80,IpRanges=[{CidrIp="+natIP+"/32}]", TCP(7))
	across := m.groupIn(b.vpc, "across", fmt.Sprintf("IpProtocol=tcp,FromPort=7,ToPort=7,UserIdGroupPairs=[{GroupId=%s}]", clients))
	run := func(subnet, group string, more ...string) string {
		return m.Run(append([]string{"--image-id", ami, "--instance-type", "t3.nano", "--subnet-id", subnet, "--security-group-ids", group}, more...)...)
	}
	server, peer := run(a.subnet, web), run(b.subnet, across)
	m.WaitConsole(server, "MICA-TINY: ready", patience)
	m.WaitConsole(peer, "MICA-TINY: ready", patience)
	m.MustAWS(nil, "ec2", "associate-address", "--instance-id", server, "--allocation-id", webAddress)
	s, p := m.Guest(server), m.Guest(peer)
	if s.PublicIP != webIP {
		t.Errorf("the server's public address is %q, not its Elastic IP %s", s.PublicIP, webIP)
	}
	testkit.Wait(t, patience, "the Elastic IP to answer", func() bool { return Reachable(webIP, 7) })
	if Reachable(webIP, 80) {
		t.Error("port 80 is open to the host, which is not the NAT gateway")
	}

	probe := fmt.Sprintf(`
t() { if timeout 4 nc -w 3 $2 $3 </dev/null >/dev/null 2>&1; then echo "PROBE $1 open"; else echo "PROBE $1 shut"; fi; }
n=0; until got=$(timeout 5 wget -q -O - http://%[1]s/) || [ $n -gt 20 ]; do n=$((n+1)); done
echo "PROBE nat $got"
t direct80 %[2]s 80; t direct7 %[2]s 7; t peer7 %[3]s 7; t peer80 %[3]s 80
echo PROBE done`, webIP, s.PrivateIP, p.PrivateIP)
	client := run(inside, clients, "--user-data", UserData(probe))
	m.WaitConsole(client, "PROBE done", patience)
	said := m.Console(client)
	for _, want := range []string{"PROBE nat " + server, "PROBE direct80 shut", "PROBE direct7 open", "PROBE peer7 open", "PROBE peer80 shut"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q from the guest, which said %q", want, regexp.MustCompile("(?m)^PROBE.*$").FindAllString(said, -1))
		}
	}

	// A network ACL of its own denies port 7 at the public subnet's border, and nothing else.
	acl := m.made("NetworkAcl.NetworkAclId", "create-network-acl", "--vpc-id", a.vpc)
	entry := func(direction, number, action, ports string) {
		args := []string{"ec2", "create-network-acl-entry", "--network-acl-id", acl, direction, "--rule-number", number, "--rule-action", action, "--cidr-block", "0.0.0.0/0"}
		if ports != "" {
			args = append(args, "--protocol", "tcp", "--port-range", ports)
		} else {
			args = append(args, "--protocol", "-1")
		}
		m.MustAWS(nil, args...)
	}
	entry("--ingress", "90", "deny", "From=7,To=7")
	entry("--ingress", "100", "allow", "")
	entry("--egress", "100", "allow", "")
	m.MustAWS(nil, "ec2", "authorize-security-group-ingress", "--group-id", web, "--ip-permissions", TCP(80))
	testkit.Wait(t, patience, "port 80 to open", func() bool { return Reachable(webIP, 80) })
	association := m.made("NetworkAcls[0].Associations[?SubnetId=='"+a.subnet+"'].NetworkAclAssociationId", "describe-network-acls", "--filters", "Name=association.subnet-id,Values="+a.subnet)
	m.MustAWS(nil, "ec2", "replace-network-acl-association", "--association-id", association, "--network-acl-id", acl)
	testkit.Wait(t, patience, "port 7 to shut", func() bool { return !Reachable(webIP, 7) })
	if !Reachable(webIP, 80) {
		t.Error("the ACL shut port 80 too")
	}

	// An address that is given to another interface answers there.
	m.MustAWS(nil, "ec2", "disassociate-address", "--association-id", m.made("Addresses[0].AssociationId", "describe-addresses", "--allocation-ids", webAddress))
	testkit.Wait(t, patience, "the Elastic IP to be silent", func() bool { return !Reachable(webIP, 80) })

	if _, err := m.AWS("ec2", "delete-vpc", "--vpc-id", a.vpc); err == nil || !strings.Contains(err.Error(), "DependencyViolation") {
		t.Errorf("a VPC in use was deleted: %v", err)
	}
	m.MustAWS(nil, "ec2", "terminate-instances", "--instance-ids", server, peer, client)
	for _, id := range []string{server, peer, client} {
		m.WaitState(id, "terminated")
	}
	m.MustAWS(nil, "ec2", "delete-nat-gateway", "--nat-gateway-id", nat)
	testkit.Wait(t, patience, "the NAT gateway to be gone", natIs("deleted"))
	for _, args := range [][]string{
		{"release-address", "--allocation-id", natAddress}, {"release-address", "--allocation-id", webAddress},
		{"delete-vpc-peering-connection", "--vpc-peering-connection-id", peering},
		{"detach-internet-gateway", "--vpc-id", a.vpc, "--internet-gateway-id", igw}, {"delete-internet-gateway", "--internet-gateway-id", igw},
		{"delete-subnet", "--subnet-id", a.subnet}, {"delete-subnet", "--subnet-id", inside}, {"delete-subnet", "--subnet-id", b.subnet},
		{"delete-route-table", "--route-table-id", a.table}, {"delete-route-table", "--route-table-id", insideTable}, {"delete-route-table", "--route-table-id", b.table},
		{"delete-network-acl", "--network-acl-id", acl},
		{"delete-security-group", "--group-id", web}, {"delete-security-group", "--group-id", across}, {"delete-security-group", "--group-id", clients},
		{"delete-vpc", "--vpc-id", a.vpc}, {"delete-vpc", "--vpc-id", b.vpc},
	} {
		m.MustAWS(nil, append([]string{"ec2"}, args...)...)
	}
}

package plan_test

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/micacloud/mica/netplane/plan"
)

var update = flag.Bool("update", false, "write the golden files")

func addr(s string) netip.Addr     { return netip.MustParseAddr(s) }
func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

// shop is a VPC with a web server, reachable from outside, and a database behind it.
func shop() plan.Host {
	anywhere := prefix("0.0.0.0/0")
	out := []plan.Rule{{ID: "sgr-3", Protocol: plan.ProtocolAll, CIDR: anywhere}}
	return plan.Host{
		PublicPool: prefix("100.127.0.0/24"), Address: addr("192.0.2.10"), Uplink: "eth0",
		VPCs: []plan.VPC{{
			ID: "vpc-0123456789abcdef0", CIDRs: []netip.Prefix{prefix("172.31.0.0/16")}, InternetGateway: true, DNS: true,
			Subnets: []plan.Subnet{{ID: "subnet-0aaaaaaaaaaaaaaaa", CIDR: prefix("172.31.0.0/20"), Routes: []plan.SubnetRoute{plan.ToInternet()}}},
			Interfaces: []plan.Interface{
				{ID: "eni-0bbbbbbbbbbbbbbb1", SubnetID: "subnet-0aaaaaaaaaaaaaaaa", MAC: []byte{2, 1, 2, 3, 4, 1}, PrivateIP: addr("172.31.0.10"),
					PublicIP: addr("100.127.0.5"), Groups: []string{"sg-0ccccccccccccccc1"}, SourceDestCheck: true},
				{ID: "eni-0bbbbbbbbbbbbbbb2", SubnetID: "subnet-0aaaaaaaaaaaaaaaa", MAC: []byte{2, 1, 2, 3, 4, 2}, PrivateIP: addr("172.31.0.11"),
					Groups: []string{"sg-0ccccccccccccccc2"}, SourceDestCheck: true},
			},
			Groups: []plan.Group{
				{ID: "sg-0ccccccccccccccc1", Egress: out, Ingress: []plan.Rule{
					{ID: "sgr-1", Protocol: plan.ProtocolTCP, FromPort: 22, ToPort: 22, CIDR: prefix("192.0.2.0/24")},
					{ID: "sgr-2", Protocol: plan.ProtocolTCP, FromPort: 80, ToPort: 81, CIDR: anywhere},
					{ID: "sgr-4", Protocol: plan.ProtocolICMP, ICMPType: 8, ICMPCode: -1, CIDR: anywhere},
				}},
				{ID: "sg-0ccccccccccccccc2", Egress: out, Ingress: []plan.Rule{
					{ID: "sgr-5", Protocol: plan.ProtocolTCP, FromPort: 5432, ToPort: 5432, Group: "sg-0ccccccccccccccc1"},
					// Another host's interface is a member too.
				}, Members: []netip.Addr{addr("172.31.0.77")}},
			},
		}},
	}
}

// joined is the shop on one host of several.
func joined() plan.Host {
	h := shop()
	h.Underlay, h.MTU = addr("192.168.7.1"), 1450
	v := &h.VPCs[0]
	v.Subnets[0].VNI = 4711
	there := plan.Remote{ID: "eni-0bbbbbbbbbbbbbbb3", SubnetID: v.Subnets[0].ID, MAC: []byte{2, 1, 2, 3, 4, 3}, PrivateIP: addr("172.31.0.77"), Host: addr("192.168.7.2")}
	nowhere, here, twice := there, there, there
	nowhere.ID, nowhere.SubnetID = "eni-0bbbbbbbbbbbbbbb4", "subnet-0aaaaaaaaaaaaaaab"
	here.ID, here.Host = "eni-0bbbbbbbbbbbbbbb5", h.Underlay
	twice.ID, twice.PrivateIP = "eni-0bbbbbbbbbbbbbbb6", v.Interfaces[0].PrivateIP
	v.Remotes = []plan.Remote{there, nowhere, here, twice}
	return h
}

func TestGolden(t *testing.T) {
	router := shop()
	router.VPCs[0].Interfaces[0].SourceDestCheck = false
	private := shop()
	private.VPCs[0].InternetGateway, private.VPCs[0].DNS = false, false
	broken := shop()
	other := shop().VPCs[0]
	other.ID, other.CIDRs = "vpc-0123456789abcdef1", nil
	other.Interfaces = nil
	broken.VPCs[0].Groups[0].Ingress = append(broken.VPCs[0].Groups[0].Ingress,
		plan.Rule{ID: "sgr-6", Protocol: plan.ProtocolTCP, FromPort: 9, ToPort: 1, CIDR: prefix("0.0.0.0/0")},
		plan.Rule{ID: "sgr-7", Protocol: 0, CIDR: prefix("0.0.0.0/0")},
		plan.Rule{ID: "sgr-8", Protocol: plan.ProtocolICMP, ICMPType: 255, ICMPCode: -1, CIDR: prefix("0.0.0.0/0")},
		plan.Rule{ID: "sgr-9", Protocol: plan.ProtocolAll, CIDR: prefix("::/0")})
	broken.VPCs = append(broken.VPCs, other)
	for name, h := range map[string]plan.Host{
		"empty": {}, "shop": shop(), "joined": joined(), "joined-empty": {Underlay: addr("192.168.7.1")}, "no-source-check": router, "no-gateway": private, "broken": broken,
		"other-prefix": {Prefix: "lab-seven", PublicPool: prefix("100.127.1.0/24"), VPCs: shopWithoutPublic()},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := plan.Build(h)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(d.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), d.String()); diff != "" {
				t.Errorf("-want +got (go test -update writes it anew):\n%s", diff)
			}
		})
	}
}

func shopWithoutPublic() []plan.VPC {
	v := shop().VPCs
	v[0].Interfaces[0].PublicIP = netip.Addr{}
	return v
}

func TestRefusedInput(t *testing.T) {
	for name, tt := range map[string]struct {
		damage func(v *plan.VPC)
		want   string
	}{
		"no CIDR":           {func(v *plan.VPC) { v.CIDRs = nil }, "no CIDR"},
		"IPv6 CIDR":         {func(v *plan.VPC) { v.CIDRs = []netip.Prefix{prefix("fd00::/64")} }, "want IPv4"},
		"subnet outside":    {func(v *plan.VPC) { v.Subnets[0].CIDR = prefix("10.0.0.0/24") }, "outside of the VPC"},
		"subnet without id": {func(v *plan.VPC) { v.Subnets[0].ID = "x" }, "subnet id"},
		"router elsewhere":  {func(v *plan.VPC) { v.Subnets[0].Router = addr("172.31.99.1") }, "is outside of"},
		"overlapping subnets": {func(v *plan.VPC) {
			v.Subnets = append(v.Subnets, plan.Subnet{ID: "subnet-0aaaaaaaaaaaaaaab", CIDR: prefix("172.31.8.0/24")})
		}, "overlaps"},
		"interface of nowhere":  {func(v *plan.VPC) { v.Interfaces[0].SubnetID = "subnet-1" }, "no subnet"},
		"the router's address":  {func(v *plan.VPC) { v.Interfaces[0].PrivateIP = addr("172.31.0.1") }, "not an address for a guest"},
		"the resolver's":        {func(v *plan.VPC) { v.Interfaces[0].PrivateIP = addr("172.31.0.2") }, "not an address for a guest"},
		"address outside":       {func(v *plan.VPC) { v.Interfaces[0].PrivateIP = addr("172.31.99.1") }, "not an address for a guest"},
		"one address twice":     {func(v *plan.VPC) { v.Interfaces[0].PrivateIP = addr("172.31.0.11") }, "is also that of"},
		"one MAC twice":         {func(v *plan.VPC) { v.Interfaces[0].MAC = v.Interfaces[1].MAC }, "is also that of"},
		"multicast MAC":         {func(v *plan.VPC) { v.Interfaces[0].MAC = []byte{1, 2, 3, 4, 5, 6} }, "MAC 01:02"},
		"zero MAC":              {func(v *plan.VPC) { v.Interfaces[0].MAC = make([]byte, 6) }, "MAC 00:00"},
		"public outside":        {func(v *plan.VPC) { v.Interfaces[0].PublicIP = addr("8.8.8.8") }, "is not in 100.127.0.0/24"},
		"group id with newline": {func(v *plan.VPC) { v.Groups[0].ID = "sg-1\n-j ACCEPT" }, "group id"},
		"group twice":           {func(v *plan.VPC) { v.Groups = append(v.Groups, v.Groups[0]) }, "is also that of"},
		"tap name twice":        {func(v *plan.VPC) { v.Interfaces[1].ID = "eni-1bbbbbbbbbbbbbbb1" }, "is also that of"},
	} {
		t.Run(name, func(t *testing.T) {
			h := shop()
			tt.damage(&h.VPCs[0])
			d, err := plan.Build(h)
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Namespaces) != 0 || len(d.Keep) != 1 || len(d.Root.KeepLinks) != 1 {
				t.Errorf("want the VPC kept as it is, got\n%s", d)
			}
			if !strings.Contains(strings.Join(d.Warnings, "\n"), tt.want) {
				t.Errorf("warnings %q do not say %q", d.Warnings, tt.want)
			}
		})
	}
	if _, err := plan.Build(plan.Host{Prefix: "Mica!"}); err == nil {
		t.Error("took a prefix that makes no names")
	}
	if _, err := plan.Build(plan.Host{PublicPool: prefix("fd00::/64")}); err == nil {
		t.Error("took an IPv6 pool")
	}
	if _, err := plan.Build(plan.Host{VPCs: []plan.VPC{{ID: "../../etc"}}}); err == nil {
		t.Error("took a VPC id that is no name")
	}
}

func TestMembersAreOfTheVPC(t *testing.T) {
	h := shop()
	h.VPCs[0].Groups[0].Members = []netip.Addr{{}, addr("0.0.0.0"), addr("8.8.8.8"), addr("fd00::1"), addr("172.31.7.7"), addr("172.31.7.7")}
	h.VPCs[0].Interfaces[1].Groups = []string{"sg-0ddddddddddddddd1"}
	d, err := plan.Build(h)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.Namespaces[0].Sets {
		if s.Name == "sg-0ccccccccccccccc1" && len(s.Members) != 2 {
			t.Errorf("members %v, want the interface here and 172.31.7.7", s.Members)
		}
	}
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "sg-0ddddddddddddddd1") {
		t.Errorf("warnings %q, want one of the group that nobody describes", d.Warnings)
	}
}

// TestNamesFit: links have at most 15 characters, chains 28, sets 31.
func TestNamesFit(t *testing.T) {
	for _, p := range []string{"", "mica", "a", "lab", "mt-np-12345", "a-very-long-one"} {
		h := shop()
		h.Prefix = p
		d, err := plan.Build(h)
		if err != nil {
			t.Fatal(err)
		}
		n := d.Namespaces[0]
		for _, l := range append(n.Links, d.Root.Links...) {
			if len(l.Name) > 15 {
				t.Errorf("link %s", l.Name)
			}
		}
		for _, port := range n.Ports {
			if len(port.Name) > 15 || !strings.HasPrefix(port.Name, d.Root.TapPattern) {
				t.Errorf("tap %s", port.Name)
			}
		}
		for _, tb := range append(append(n.Tables, n.Bridge...), d.Root.Tables...) {
			for _, c := range tb.Chains {
				if len(c.Name) > 28 {
					t.Errorf("chain %s", c.Name)
				}
			}
		}
		for _, s := range n.Sets {
			if len(s.Name) > 31 {
				t.Errorf("set %s", s.Name)
			}
		}
	}
	for _, p := range []string{"mica", "m", "mi", "mic", "a", "at", "a-b", "lab-1", "lab-2"} {
		for _, o := range []string{"mica", "m", "mi", "mic", "a", "at", "a-b", "lab-1", "lab-2"} {
			mine, theirs := plan.GatewayName(p, "vpc-0bbbbbbbbbbbbbbb1"), plan.GatewayName(o, "vpc-0bbbbbbbbbbbbbbb1")
			if pattern := mine[:len(mine)-9]; p != o && strings.HasPrefix(theirs, pattern) {
				t.Errorf("the pattern %s+ of %q takes in %s of %q", pattern, p, theirs, o)
			}
		}
	}
	if got := plan.TapName("", "eni-0bbbbbbbbbbbbbbb1"); got != "micatbbbbbbbb1" {
		t.Errorf("the tap is %s", got)
	}
}

func TestAllows(t *testing.T) {
	v := shop().VPCs[0]
	v.Remotes = joined().VPCs[0].Remotes[:1]
	web, db, world := addr("172.31.0.10"), addr("172.31.0.11"), addr("198.51.100.7")
	remoteDB := addr("172.31.0.77")
	for _, tt := range []struct {
		reason string
		flow   plan.Flow
		want   bool
	}{
		{"rule sgr-5", plan.Flow{Protocol: 6, Src: web, Dst: db, DstPort: 5432}, true},
		{"no ingress rule", plan.Flow{Protocol: 17, Src: web, Dst: db, DstPort: 5432}, false},
		{"no ingress rule", plan.Flow{Protocol: 6, Src: web, Dst: db, DstPort: 5433}, false},
		{"rule sgr-2", plan.Flow{Protocol: 6, Src: db, Dst: web, DstPort: 81}, true},
		{"rule sgr-2", plan.Flow{Protocol: 6, Src: remoteDB, Dst: web, DstPort: 80}, true},
		{"no interface has the source", plan.Flow{Protocol: 6, Src: addr("172.31.0.99"), Dst: web, DstPort: 80}, false},
		{"rule sgr-2", plan.Flow{Protocol: 6, Src: world, Dst: web, NATDst: addr("100.127.0.5"), DstPort: 80}, true},
		{"no public address of", plan.Flow{Protocol: 6, Src: world, Dst: web, NATDst: addr("100.127.0.6"), DstPort: 80}, false},
		{"no ingress rule", plan.Flow{Protocol: 6, Src: world, Dst: web, NATDst: addr("100.127.0.5"), DstPort: 22}, false},
		{"no interface has the source", plan.Flow{Protocol: 6, Src: world, Dst: web, DstPort: 80}, false},
		{"as 100.127.0.5", plan.Flow{Protocol: 6, Src: web, Dst: world, DstPort: 443}, true},
		{"no public address of", plan.Flow{Protocol: 6, Src: web, Dst: world, NATSrc: addr("100.127.0.9"), DstPort: 443}, false},
		{"has no public address", plan.Flow{Protocol: 6, Src: db, Dst: world, DstPort: 443}, false},
		{"rule sgr-4", plan.Flow{Protocol: 1, Src: db, Dst: web, ICMPType: 8}, true},
		{"no ingress rule", plan.Flow{Protocol: 1, Src: db, Dst: web, ICMPType: 13}, false},
		{"service", plan.Flow{Protocol: 6, Src: db, Dst: plan.MetadataAddress, DstPort: 80}, true},
		{"link-local", plan.Flow{Protocol: 6, Src: db, Dst: addr("169.254.1.1"), DstPort: 80}, false},
		{"no interface here has the destination", plan.Flow{Protocol: 6, Src: web, Dst: addr("172.31.9.9"), DstPort: 80}, false},
	} {
		got := plan.Allows(v, tt.flow)
		if got.Allowed != tt.want || !strings.Contains(got.Reason, tt.reason) {
			t.Errorf("%+v: got %+v, want %v because %q", tt.flow, got, tt.want, tt.reason)
		}
	}
}

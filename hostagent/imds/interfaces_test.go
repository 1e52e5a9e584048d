package imds

import (
	"testing"

	"github.com/micacloud/mica/proto/agentpb"
)

// A guest with two interfaces, secondary addresses and Elastic IPs reads of each what is
// that one's own.
func TestInterfacesOfTheTree(t *testing.T) {
	boot := bootA(func(m *agentpb.Metadata) {
		m.Interfaces[0].Secondary = []*agentpb.AddressMeta{{PrivateIp: "172.31.0.7"}, {PrivateIp: "172.31.0.8", PublicIp: "100.127.0.10"}}
		m.Interfaces = append(m.Interfaces, &agentpb.InterfaceMeta{
			Id: "eni-1", Mac: "02:AB:CD:00:01:05", DeviceIndex: 3, SubnetId: "subnet-1", SubnetCidr: "10.9.4.0/24", VpcId: testVPC,
			VpcCidrs: []string{"172.31.0.0/16", "10.9.0.0/16"}, PrivateIp: "10.9.4.9", GroupIds: []string{"sg-1"}, GroupNames: []string{"inner"},
			Owner: "210987654321", Hostname: "ip-10-9-4-9.eu-central-1.compute.internal",
			Secondary: []*agentpb.AddressMeta{{PrivateIp: "10.9.4.10", PublicIp: "100.127.0.11"}},
		})
	})
	s, _ := newServer(t)
	tree := newTree(boot, s.identity)
	const macs = "meta-data/network/interfaces/macs/"
	const first, second = macs + "02:ab:cd:00:00:05/", macs + "02:ab:cd:00:01:05/"
	for path, want := range map[string]string{
		macs[:len(macs)-1]: "02:ab:cd:00:00:05/\n02:ab:cd:00:01:05/",

		first + "local-ipv4s":                    "172.31.0.5\n172.31.0.7\n172.31.0.8",
		first + "public-ipv4s":                   "100.127.0.9\n100.127.0.10",
		first + "ipv4-associations":              "100.127.0.10\n100.127.0.9",
		first + "ipv4-associations/100.127.0.9":  "172.31.0.5",
		first + "ipv4-associations/100.127.0.10": "172.31.0.8",
		first + "local-hostname":                 hostA,

		second + "device-number":                  "3",
		second + "interface-id":                   "eni-1",
		second + "ipv4-associations":              "100.127.0.11",
		second + "ipv4-associations/100.127.0.11": "10.9.4.10",
		second + "local-hostname":                 "ip-10-9-4-9.eu-central-1.compute.internal",
		second + "local-ipv4s":                    "10.9.4.9\n10.9.4.10",
		second + "owner-id":                       "210987654321",
		second + "public-ipv4s":                   "100.127.0.11",
		second + "security-groups":                "inner",
		second + "security-group-ids":             "sg-1",
		second + "subnet-id":                      "subnet-1",
		second + "subnet-ipv4-cidr-block":         "10.9.4.0/24",
		second + "vpc-ipv4-cidr-block":            "172.31.0.0/16",
		second + "vpc-ipv4-cidr-blocks":           "172.31.0.0/16\n10.9.0.0/16",
		"meta-data/local-ipv4":                    addrA,
		"meta-data/mac":                           "02:ab:cd:00:00:05",
	} {
		got, kind, err := tree.read("latest/" + path)
		if err != nil || len(kind) == 0 || string(got) != want {
			t.Errorf("%s is %q (%v, %v), want %q", path, got, kind, err, want)
		}
	}
	for _, path := range []string{second + "public-hostname", second + "mac/x"} {
		if got, kind, _ := tree.read("latest/" + path); len(kind) > 0 {
			t.Errorf("%s is there: %q", path, got)
		}
	}
}

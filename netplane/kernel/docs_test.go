package kernel_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/micacloud/mica/netplane/plan"
)

// TestPacketWalks runs every command of the documented walks where there is everything that
// they speak of: each must print something.
func TestPacketWalks(t *testing.T) {
	page, err := os.ReadFile("../../docs/networking.md")
	must(t, err)
	_, walks, ok := strings.Cut(string(page), "\n## The walk of a packet\n")
	if !ok {
		t.Fatal("docs/networking.md has no walks")
	}
	walks, _, _ = strings.Cut(walks, "\n## ")
	s := newSite(t)
	s.threeVPCs()
	s.boot()
	s.outside.listen(7)
	s.by(vpcA, "10.1.2.10").open(outsideIP + ":7") // by the NAT gateway, so that something is tracked
	w := s.hosts[1]
	p := w.host.Prefix
	env := append(os.Environ(),
		"NS="+plan.NamespaceName(p, vpcID(vpcA)), "PEER="+plan.NamespaceName(p, vpcID(vpcB)), "NAT="+plan.NATName(p, eniID(natENI)),
		"BR="+plan.BridgeName(subnetID(a2)), "VX="+plan.TunnelName(subnetID(a2)), fmt.Sprint("TABLE=", plan.RouteTable(subnetID(a2))),
		"PX="+plan.PeeringName(pcxID(0xab)), "GW="+plan.GatewayName(p, vpcID(vpcA)), "SG="+sgID(dbA))
	seen := 0
	for n, part := range strings.Split(walks, "```") {
		commands, isCode := strings.CutPrefix(part, "sh\n")
		if n%2 == 0 || !isCode {
			continue
		}
		for _, line := range strings.Split(strings.TrimSpace(commands), "\n") {
			seen++
			w.onHost(func() {
				cmd := exec.Command("sh", "-c", strings.ReplaceAll(line, "MICA-", strings.ToUpper(p)+"-"))
				cmd.Env = env
				var stderr strings.Builder
				cmd.Stderr = &stderr
				if out, err := cmd.Output(); err != nil || len(strings.TrimSpace(string(out))) == 0 {
					t.Errorf("%s: %v %q %s", line, err, out, stderr.String())
				}
			})
		}
	}
	if seen < 30 {
		t.Errorf("only %d commands were found", seen)
	}
}

package nstest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	mdns "github.com/miekg/dns"

	"github.com/micacloud/mica/hostagent/dhcp"
	"github.com/micacloud/mica/hostagent/dns"
	"github.com/micacloud/mica/hostagent/imds"
	"github.com/micacloud/mica/hostagent/internal/nstest"
	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
	"github.com/micacloud/mica/proto/agentpb"
)

const (
	vpcID    = "vpc-00000000000005e17"
	subnetID = "subnet-00000000000005e17"
	eniID    = "eni-00000000000005e17"
	guestMAC = "02:5e:17:00:00:05"
	guestIP  = "172.31.0.5"
	hostName = "ip-172-31-0-5.eu-central-1.compute.internal"
)

// agent answers the services' questions: one guest in one VPC.
type agent struct {
	boot *agentpb.Boot
	vpc  *agentpb.VPC
}

func (a *agent) Boot(_ string, ip netip.Addr) *agentpb.Boot {
	if ip.String() == guestIP {
		return a.boot
	}
	return nil
}

func (a *agent) Boots(string) []*agentpb.Boot { return []*agentpb.Boot{a.boot} }

func (a *agent) BootByMAC(_, mac string) *agentpb.Boot {
	if mac == guestMAC {
		return a.boot
	}
	return nil
}

func (a *agent) VPC(string) *agentpb.VPC { return a.vpc }

func (a *agent) InterfaceAt(string, netip.Addr) string { return eniID }

func newAgent() *agent {
	return &agent{
		boot: &agentpb.Boot{
			InstanceId: "i-00000000000005e17", Epoch: 1,
			Interfaces: []*agentpb.Interface{{Id: eniID, Mac: guestMAC, VpcId: vpcID, SubnetId: subnetID, PrivateIp: guestIP}},
			Metadata: &agentpb.Metadata{
				HttpTokens: "required", HopLimit: 1, Hostname: hostName, Region: "eu-central-1",
				Interfaces: []*agentpb.InterfaceMeta{{Mac: guestMAC, VpcId: vpcID, PrivateIp: guestIP}},
			},
		},
		vpc: &agentpb.VPC{
			Id: vpcID, Cidrs: []string{"172.31.0.0/16"}, DnsSupport: true, Domain: "eu-central-1.compute.internal",
			Subnets: []*agentpb.Subnet{{Id: subnetID, Cidr: "172.31.0.0/20"}}, Names: []*agentpb.Name{{Host: hostName, Ip: guestIP}},
		},
	}
}

// network is the planned network with its guest, whose group lets nothing in and
// nothing out: the services must answer all the same.
func network(t *testing.T) (*kernel.Kernel, *nstest.NS) {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "ip", "iptables-save", "ebtables-save", "ipset", "busybox")
	mac, err := net.ParseMAC(guestMAC)
	if err != nil {
		t.Fatal(err)
	}
	host := plan.Host{Prefix: fmt.Sprintf("mt-sv%x", os.Getpid()), VPCs: []plan.VPC{{
		ID: vpcID, CIDRs: []netip.Prefix{netip.MustParsePrefix("172.31.0.0/16")}, DNS: true,
		Subnets:    []plan.Subnet{{ID: subnetID, CIDR: netip.MustParsePrefix("172.31.0.0/20")}},
		Groups:     []plan.Group{{ID: "sg-00000000000005e17", Members: []netip.Addr{netip.MustParseAddr(guestIP)}}},
		Interfaces: []plan.Interface{{ID: eniID, SubnetID: subnetID, MAC: mac, PrivateIP: netip.MustParseAddr(guestIP), Groups: []string{"sg-00000000000005e17"}, SourceDestCheck: true}},
	}}}
	k, err := kernel.New(kernel.Config{Prefix: host.Prefix, StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Cleanup(context.Background()); err != nil {
			t.Error(err)
		}
	})
	desired, err := plan.Build(host)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Apply(t.Context(), desired); err != nil {
		t.Fatal(err)
	}
	guest := nstest.New(t, host.Prefix+"-guest")
	tap := plan.TapName(host.Prefix, eniID)
	if out, err := exec.CommandContext(t.Context(), "ip", "link", "add", tap, "type", "veth", "peer", "name", "eth0", "netns", guest.Name).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	guest.MustIP(t, "link set eth0 address "+guestMAC+" up")
	if err := k.MoveTap(t.Context(), tap, vpcID); err != nil {
		t.Fatal(err)
	}
	return k, guest
}

// TestServicesInAPlannedNetwork goes a guest's way: an address by DHCP, then names,
// then metadata, through the real bridge, firewall and anti-spoofing.
func TestServicesInAPlannedNetwork(t *testing.T) {
	k, guest := network(t)
	a := newAgent()
	var mu sync.Mutex
	var steps []string
	step := func(_ string, _ int64, s string, _ time.Time) {
		mu.Lock()
		defer mu.Unlock()
		steps = append(steps, s)
	}
	md, err := imds.New(imds.Config{Guests: a, InNamespace: k.InNamespace, Dir: t.TempDir(), Step: step})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	t.Cleanup(func() { cancel(); wg.Wait() })
	for name, serve := range map[string]func() error{
		"imds": func() error { return md.Serve(ctx, vpcID) },
		"dns":  func() error { return dns.New(dns.Config{VPCs: a, InNamespace: k.InNamespace}).Serve(ctx, vpcID) },
		"dhcp": func() error {
			return dhcp.New(dhcp.Config{Guests: a, InNamespace: k.InNamespace, Step: step}).
				Serve(ctx, dhcp.Segment{VPCID: vpcID, SubnetID: subnetID, Device: plan.BridgeName(subnetID)})
		},
	} {
		wg.Go(func() {
			if err := serve(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}

	script := filepath.Join(t.TempDir(), "script")
	err = os.WriteFile(script, []byte("#!/bin/sh\n[ $1 = bound ] || exit 0\nip addr add $ip/20 dev eth0\nip route add default via $router\necho dns=$dns host=$hostname\n"), 0o700) //nolint:gosec // it is run
	if err != nil {
		t.Fatal(err)
	}
	out, err := guest.Command(t.Context(), "busybox", "udhcpc", "-q", "-n", "-f", "-t", "20", "-T", "1", "-i", "eth0", "-s", script, "-O", "hostname").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("dns=172.31.0.2 host=ip-172-31-0-5")) {
		t.Fatalf("udhcpc: %v: %s", err, out)
	}
	for _, network := range []string{"udp4", "tcp4"} {
		for _, server := range []string{"172.31.0.2", "169.254.169.253"} {
			if got := resolve(t, guest, network, server); got != guestIP {
				t.Errorf("%s says over %s that the guest is %q", server, network, got)
			}
		}
	}

	c := &http.Client{Transport: &http.Transport{DialContext: guest.Dial(nil)}, Timeout: 5 * time.Second}
	defer c.CloseIdleConnections()
	ask := func(method, path, header, value string) string {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, "http://169.254.169.254"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(header, value)
		r, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode != 200 {
			t.Fatalf("%s %s: %s %v", method, path, r.Status, err)
		}
		return string(b)
	}
	token := ask("PUT", "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60")
	if got := ask("GET", "/latest/meta-data/instance-id", "X-aws-ec2-metadata-token", token); got != a.boot.InstanceId {
		t.Errorf("the guest is told to be %q", got)
	}
	mu.Lock()
	defer mu.Unlock()
	if got := strings.Join(steps, " "); got != "dhcp-answered first-token" {
		t.Errorf("steps %q", got)
	}
}

// resolve asks for the guest's own name.
func resolve(t *testing.T, guest *nstest.NS, network, server string) (answer string) {
	t.Helper()
	q := new(mdns.Msg).SetQuestion(hostName+".", mdns.TypeA)
	testkit.Wait(t, 10*time.Second, "an answer of "+server, func() bool {
		c, err := guest.Dial(nil)(t.Context(), network, server+":53")
		if err != nil {
			return false
		}
		co := &mdns.Conn{Conn: c}
		defer co.Close()
		_ = co.SetDeadline(time.Now().Add(2 * time.Second))
		if co.WriteMsg(q) != nil {
			return false
		}
		m, err := co.ReadMsg()
		if err != nil {
			return false
		}
		if len(m.Answer) == 1 {
			answer = m.Answer[0].(*mdns.A).A.String()
		}
		return true
	})
	return answer
}

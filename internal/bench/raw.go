package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/micacloud/mica/hostagent/dhcp"
	"github.com/micacloud/mica/hostagent/dns"
	"github.com/micacloud/mica/hostagent/imds"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/netplane/plan"
	"github.com/micacloud/mica/proto/agentpb"
)

// qemuArgs returns the arguments that a domain's QEMU runs with.
func qemuArgs(domain string) ([]string, error) {
	pid, err := os.ReadFile("/run/libvirt/qemu/" + domain + ".pid")
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/cmdline")
	return strings.Split(strings.TrimRight(string(b), "\x00"), "\x00"), err
}

// The world of the guest that is started by hand: a network as Mica plans one, of the
// bench's own.
const (
	rawPrefix = "mbraw"
	rawVPC    = "vpc-0000000000000beef"
	rawENI    = "eni-0000000000000beef"
	rawIP     = "172.30.0.10"
	rawPublic = "100.126.254.10"
)

// lone answers the services' questions: one boot in one VPC.
type lone struct {
	boot *agentpb.Boot
	vpc  *agentpb.VPC
}

func (l lone) Boot(string, netip.Addr) *agentpb.Boot  { return l.boot }
func (l lone) Boots(string) []*agentpb.Boot           { return []*agentpb.Boot{l.boot} }
func (l lone) BootByMAC(string, string) *agentpb.Boot { return l.boot }
func (l lone) VPC(string) *agentpb.VPC                { return l.vpc }
func (l lone) InterfaceAt(string, netip.Addr) string  { return rawENI }

// handArgs turns libvirt's arguments into ones for a QEMU of our own: the same machine,
// with its own disk, tap and files instead of what libvirt hands over.
func handArgs(from []string, disk, tap, dir string) []string {
	ours := map[string]string{
		"-name": "", "-object": "", "-mon": "", "-add-fd": "", "-chardev": "", "-netdev": "",
	}
	var out []string
	for i := 1; i < len(from); i++ {
		flag := from[i]
		if !strings.HasPrefix(flag, "-") {
			continue
		}
		value, has := "", i+1 < len(from) && !strings.HasPrefix(from[i+1], "-")
		if has {
			i++
			value = from[i]
		}
		if _, drop := ours[flag]; drop && !(flag == "-object" && !strings.Contains(value, "secret")) {
			continue
		}
		value = overlayPath.ReplaceAllString(value, disk)
		out = append(out, flag)
		if has {
			out = append(out, value)
		}
	}
	return append(out,
		"-netdev", "tap,id=hostnet0,ifname="+tap+",script=no,downscript=no",
		"-chardev", "file,id=charserial0,path="+filepath.Join(dir, "raw-console.log"),
		"-qmp", "unix:"+filepath.Join(dir, "qmp.sock")+",server=on,wait=off")
}

var overlayPath = regexp.MustCompile(`[^":,=]*/volumes/vol-[0-9a-f]+\.qcow2`)

// rawQEMU times a guest started by hand, from exec to its SSH banner, with the network,
// the metadata and the disk made before.
func (c *cloud) rawQEMU(ctx context.Context, args *[]string) (took time.Duration, err error) {
	if *args == nil {
		return 0, errors.New("no arguments to take over")
	}
	joined := strings.Join(*args, " ")
	mac := regexp.MustCompile(`02(:[0-9a-f]{2}){5}`).FindString(joined)
	backing := regexp.MustCompile(`[^":,= ]*/images/[0-9a-f]+\.qcow2`).FindString(joined)
	disk := filepath.Join(c.dir, "raw.qcow2")
	os.Remove(disk)
	if err := command(ctx, "qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", backing, disk, "2G"); err != nil {
		return 0, err
	}
	k, err := kernel.New(kernel.Config{Prefix: rawPrefix, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, k.Cleanup(context.WithoutCancel(ctx))) }()
	tap := plan.TapName(rawPrefix, rawENI)
	if err := layNetwork(ctx, k, mac, tap); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := c.serveGuest(ctx, k, mac); err != nil {
		return 0, err
	}

	began := time.Now()
	os.Remove(filepath.Join(c.dir, "qmp.sock")) // of the round before
	// Not CommandContext: its kill is for runs that fail; a good one ends below.
	qemu := exec.Command((*args)[0], handArgs(*args, disk, tap, c.dir)...)
	var stderr strings.Builder
	qemu.Stderr = &stderr
	if err := qemu.Start(); err != nil {
		return 0, err
	}
	exited := make(chan struct{}) // closed, not sent on: more than one waits for it
	go func() { _ = qemu.Wait(); close(exited) }()
	defer func() {
		_ = qemu.Process.Kill()
		<-exited
	}()
	qmp, err := openQMP(filepath.Join(c.dir, "qmp.sock"), exited)
	if err != nil {
		return 0, fmt.Errorf("%w: %s", err, stderr.String())
	}
	defer qmp.Close()
	if err := k.MoveTap(ctx, tap, rawVPC); err != nil {
		return 0, err
	}
	if _, err := fmt.Fprintln(qmp, `{"execute":"cont"}`); err != nil {
		return 0, err
	}
	if err := banner(ctx, rawPublic); err != nil {
		return 0, err
	}
	return time.Since(began), nil
}

func layNetwork(ctx context.Context, k *kernel.Kernel, mac, tap string) error {
	hw, err := net.ParseMAC(mac)
	if err != nil {
		return err
	}
	any := netip.MustParsePrefix("0.0.0.0/0")
	host := plan.Host{Prefix: rawPrefix, PublicPool: netip.MustParsePrefix("100.126.254.0/24"), VPCs: []plan.VPC{{
		ID: rawVPC, CIDRs: []netip.Prefix{netip.MustParsePrefix("172.30.0.0/16")}, InternetGateway: true, DNS: true,
		Subnets: []plan.Subnet{{ID: "subnet-0000000000000beef", CIDR: netip.MustParsePrefix("172.30.0.0/20"), Routes: []plan.SubnetRoute{plan.ToInternet()}}},
		Interfaces: []plan.Interface{{ID: rawENI, SubnetID: "subnet-0000000000000beef", MAC: hw, PrivateIP: netip.MustParseAddr(rawIP),
			PublicIP: netip.MustParseAddr(rawPublic), Groups: []string{"sg-0000000000000beef"}, SourceDestCheck: true}},
		Groups: []plan.Group{{ID: "sg-0000000000000beef", Members: []netip.Addr{netip.MustParseAddr(rawIP)},
			Ingress: []plan.Rule{{ID: "sgr-1", Protocol: plan.ProtocolTCP, FromPort: 22, ToPort: 22, ICMPType: -1, ICMPCode: -1, CIDR: any}},
			Egress:  []plan.Rule{{ID: "sgr-2", Protocol: plan.ProtocolAll, FromPort: -1, ToPort: -1, ICMPType: -1, ICMPCode: -1, CIDR: any}}}},
	}}}
	if host.Uplink, host.Address, err = kernel.DefaultUplink(); err != nil {
		return err
	}
	desired, err := plan.Build(host)
	if err != nil {
		return err
	}
	return errors.Join(k.Apply(ctx, desired), k.CreateTap(ctx, tap))
}

// serveGuest answers DHCP, DNS and metadata as Mica's agent does: a service that is
// missing here would slow the baseline down.
func (c *cloud) serveGuest(ctx context.Context, k *kernel.Kernel, mac string) error {
	l := lone{
		vpc: &agentpb.VPC{Id: rawVPC, Cidrs: []string{"172.30.0.0/16"}, DnsSupport: true, Domain: "eu-central-1.compute.internal",
			Subnets: []*agentpb.Subnet{{Id: "subnet-0000000000000beef", Cidr: "172.30.0.0/20", Zone: "eu-central-1a"}}},
		boot: &agentpb.Boot{InstanceId: "i-0000000000000beef", Epoch: 1,
			Interfaces: []*agentpb.Interface{{Id: rawENI, Mac: mac, VpcId: rawVPC, SubnetId: "subnet-0000000000000beef", PrivateIp: rawIP, PublicIp: rawPublic, SourceDestCheck: true}},
			Metadata: &agentpb.Metadata{Account: "000000000001", Region: "eu-central-1", Zone: "eu-central-1a", ZoneId: "euc1-az1", Partition: "aws", Domain: "amazonaws.com",
				AmiId: "ami-0000000000000beef", InstanceType: "t3.small", ReservationId: "r-0000000000000beef", Hostname: "ip-172-30-0-10.eu-central-1.compute.internal",
				SecurityGroups: []string{"ssh"}, HttpTokens: "optional", HopLimit: 1, HttpEndpoint: "enabled", InstanceTags: "disabled", RootDevice: "/dev/xvda", Arch: "x86_64",
				Interfaces: []*agentpb.InterfaceMeta{{Id: rawENI, Mac: mac, SubnetId: "subnet-0000000000000beef", SubnetCidr: "172.30.0.0/20", VpcId: rawVPC,
					VpcCidrs: []string{"172.30.0.0/16"}, PrivateIp: rawIP, PublicIp: rawPublic, GroupIds: []string{"sg-0000000000000beef"}, GroupNames: []string{"ssh"}, Owner: "000000000001"}}}},
	}
	quiet := slog.New(slog.DiscardHandler)
	metadata, err := imds.New(imds.Config{Guests: l, InNamespace: k.InNamespace, Dir: filepath.Join(c.dir, "raw-imds"), Log: quiet})
	if err != nil {
		return err
	}
	addresses := dhcp.New(dhcp.Config{Guests: l, InNamespace: k.InNamespace, Log: quiet})
	names := dns.New(dns.Config{VPCs: l, InNamespace: k.InNamespace, Log: quiet})
	go func() { _ = metadata.Serve(ctx, rawVPC) }()
	go func() { _ = names.Serve(ctx, rawVPC) }()
	go func() {
		_ = addresses.Serve(ctx, dhcp.Segment{VPCID: rawVPC, SubnetID: "subnet-0000000000000beef", Device: plan.BridgeName("subnet-0000000000000beef")})
	}()
	return nil
}

// openQMP connects to QEMU's monitor and takes its leave to command.
func openQMP(path string, exited <-chan struct{}) (net.Conn, error) {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		select {
		case <-exited:
			return nil, errors.New("qemu ended")
		default:
		}
		conn, err := net.Dial("unix", path)
		if err != nil {
			continue
		}
		in := json.NewDecoder(bufio.NewReader(conn))
		var greeting, answer map[string]any
		if err := in.Decode(&greeting); err != nil {
			return nil, err
		}
		if _, err := fmt.Fprintln(conn, `{"execute":"qmp_capabilities"}`); err != nil {
			return nil, err
		}
		return conn, in.Decode(&answer)
	}
	return nil, errors.New("qemu opened no monitor")
}

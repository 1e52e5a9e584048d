package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/hostagent/hypervisor/accel"
	"github.com/micacloud/mica/internal/testkit"
)

// answer is what a stubbed command prints and returns.
type answer struct {
	out string
	err error
}

// sick makes a host of files and of commands, by the beginning of their lines.
func sick(t *testing.T, files map[string]string, commands map[string]answer) *host {
	t.Helper()
	root := t.TempDir()
	for path, content := range files {
		full := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return &host{root: root, run: func(_ context.Context, name string, args ...string) (string, error) {
		line := strings.Join(append([]string{name}, args...), " ")
		for prefix, a := range commands {
			if strings.HasPrefix(line, prefix) {
				return a.out, a.err
			}
		}
		return "", exec.ErrNotFound
	}}
}

var errExit = errors.New("exit status 1")

const (
	passwd = "root:x:0:0::/root:/bin/sh\nlibvirt-qemu:x:64055:107::/var/lib/libvirt:/usr/sbin/nologin\nalice:x:1000:1000::/home/alice:/bin/sh\n"
	group  = "root:x:0:\nkvm:x:107:libvirt-qemu\nalice:x:1000:\n"
	routes = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n" +
		"eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n" +
		"eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n" + // 192.168.0.0/16
		"wg0\t00007F64\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n" + // 100.127.0.0/16
		"*\t0001006E\t00000000\t0200\t0\t0\t0\t00FFFFFF\t0\t0\t0\n" + // 110.0.1.0/24, swallowed
		"mica-1\t0000006E\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n" // 110.0.0.0/16
)

func TestSickHosts(t *testing.T) {
	for _, c := range []struct {
		name     string
		check    func(*host) func(context.Context, Config) Check
		files    map[string]string
		commands map[string]answer
		cfg      Config
		want     Status
		detail   string
		fix      string
	}{
		{name: "qemu missing", check: func(h *host) func(context.Context, Config) Check { return h.qemu }, want: Fail, detail: "not installed", fix: "apt-get install qemu-system-x86"},
		{name: "qemu old", check: func(h *host) func(context.Context, Config) Check { return h.qemu },
			commands: map[string]answer{"qemu-system-x86_64": {out: "QEMU emulator version 5.2.0 (Debian)"}}, want: Warn, detail: "older"},
		{name: "qemu new", check: func(h *host) func(context.Context, Config) Check { return h.qemu },
			commands: map[string]answer{"qemu-system-x86_64": {out: "QEMU emulator version 10.0.2\nCopyright"}}, want: Pass, detail: "10.0.2"},
		{name: "libvirt socket missing", check: func(h *host) func(context.Context, Config) Check { return h.libvirtSocket }, want: Fail, detail: "nobody listens", fix: "libvirtd -d"},
		{name: "libvirt under systemd", check: func(h *host) func(context.Context, Config) Check { return h.libvirtSocket },
			files: map[string]string{"run/systemd/system/x": ""}, want: Fail, fix: "systemctl"},
		{name: "libvirt silent", check: func(h *host) func(context.Context, Config) Check { return h.libvirtVersion },
			commands: map[string]answer{"virsh": {"error: failed to connect", errExit}}, want: Fail, detail: "failed to connect"},
		{name: "libvirt old", check: func(h *host) func(context.Context, Config) Check { return h.libvirtVersion },
			commands: map[string]answer{"virsh": {out: "Using API: QEMU 9.0.0\nRunning against daemon: 8.0.0"}}, want: Warn, detail: "8.0.0"},
		{name: "no module", check: func(h *host) func(context.Context, Config) Check { return h.bridges },
			commands: map[string]answer{"unshare": {"RTNETLINK answers: Operation not supported", errExit}}, want: Fail, detail: "not supported", fix: "modprobe -a bridge veth"},
		{name: "no vxlan is bearable", check: func(h *host) func(context.Context, Config) Check { return h.tunnels },
			commands: map[string]answer{"unshare": {"no", errExit}}, want: Warn, detail: "several hosts"},
		{name: "no forwarding", check: func(h *host) func(context.Context, Config) Check { return h.forwarding },
			files: map[string]string{"proc/sys/net/ipv4/ip_forward": "0\n"}, want: Warn, fix: "sysctl"},
		{name: "two flavours", check: func(h *host) func(context.Context, Config) Check { return h.iptables },
			files:    map[string]string{"proc/net/ip_tables_names": "nat\nfilter\n"},
			commands: map[string]answer{"iptables": {out: "iptables v1.8.9 (nf_tables)"}}, want: Warn, detail: "nat, filter"},
		{name: "one flavour", check: func(h *host) func(context.Context, Config) Check { return h.iptables },
			commands: map[string]answer{"iptables": {out: "iptables v1.8.9 (nf_tables)"}}, want: Pass, detail: "nf_tables"},
		{name: "Docker", check: func(h *host) func(context.Context, Config) Check { return h.forwardPolicy },
			commands: map[string]answer{"iptables": {out: "-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n"}}, want: Warn, detail: "Docker", fix: "iptables -I FORWARD -i mica+"},
		{name: "Docker, and our rules before it", check: func(h *host) func(context.Context, Config) Check { return h.forwardPolicy },
			commands: map[string]answer{"iptables": {out: "-P FORWARD DROP\n-A FORWARD -j MICA-FORWARD\n-A FORWARD -j DOCKER-USER\n"}}, want: Pass},
		{name: "firewalld", check: func(h *host) func(context.Context, Config) Check { return h.firewalld },
			commands: map[string]answer{"firewall-cmd": {out: "running"}}, want: Warn, fix: "trusted"},
		{name: "no firewalld", check: func(h *host) func(context.Context, Config) Check { return h.firewalld }, want: Pass},
		{name: "public pool taken", check: func(h *host) func(context.Context, Config) Check { return h.publicPool },
			files: map[string]string{"proc/net/route": routes}, cfg: Config{PublicPool: netip.MustParsePrefix("100.127.0.0/24")}, want: Fail, detail: "100.127.0.0/16 on wg0", fix: "--public-pool"},
		{name: "public pool ours", check: func(h *host) func(context.Context, Config) Check { return h.publicPool },
			files: map[string]string{"proc/net/route": routes}, cfg: Config{PublicPool: netip.MustParsePrefix("110.0.1.0/24")}, want: Pass},
		{name: "public pool on the LAN", check: func(h *host) func(context.Context, Config) Check { return h.publicPool },
			files: map[string]string{"proc/net/route": routes}, cfg: Config{PublicPool: netip.MustParsePrefix("192.168.7.0/28"), PoolOnLAN: true}, want: Pass, detail: "192.168.0.0/16 on eth0"},
		{name: "public pool on no LAN", check: func(h *host) func(context.Context, Config) Check { return h.publicPool },
			files: map[string]string{"proc/net/route": routes}, cfg: Config{PublicPool: netip.MustParsePrefix("203.0.113.0/28"), PoolOnLAN: true}, want: Fail, fix: "--public-pool-on-lan"},
		{name: "VPC overlaps the LAN", check: func(h *host) func(context.Context, Config) Check { return h.vpcOverlap },
			files: map[string]string{"proc/net/route": routes}, cfg: Config{VPCs: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16"), netip.MustParsePrefix("192.168.7.0/24")}},
			want: Warn, detail: "192.168.7.0/24 with 192.168.0.0/16 on eth0"},
		{name: "VPC apart", check: func(h *host) func(context.Context, Config) Check { return h.vpcOverlap },
			files: map[string]string{"proc/net/route": routes}, cfg: Config{VPCs: []netip.Prefix{netip.MustParsePrefix("172.31.0.0/16")}}, want: Pass},
		{name: "no QEMU user", check: func(h *host) func(context.Context, Config) Check { return h.dataDirPath },
			files: map[string]string{"etc/passwd": "root:x:0:0::/root:/bin/sh\n"}, want: Warn, detail: "no user libvirt-qemu or qemu"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := sick(t, c.files, c.commands)
			c.cfg.setDefaults()
			got := c.check(h)(t.Context(), c.cfg)
			if got.Status != c.want || !strings.Contains(got.Detail, c.detail) || !strings.Contains(got.Fix, c.fix) {
				t.Errorf("got %+v", got)
			}
			if (got.Status == Pass) != (got.Fix == "") {
				t.Errorf("%s with the fix %q", got.Status, got.Fix)
			}
		})
	}
}

// Who may open /dev/kvm depends on libvirt's configuration, users, groups and modes.
func TestKVMGroup(t *testing.T) {
	u := func(gid uint32) user { return user{name: "q", uid: 5, groups: []uint32{gid}} }
	for _, c := range []struct {
		u        user
		uid, gid uint32
		mode     os.FileMode
		want     bool
	}{
		{u(107), 0, 107, 0o660, true},
		{u(107), 0, 0, 0o660, false},
		{u(107), 0, 107, 0o640, false},
		{u(107), 0, 0, 0o666, true},
		{u(107), 5, 0, 0o600, true},
		{u(107), 5, 107, 0o060, false}, // the owner's bits count alone
		{user{uid: 0}, 9, 9, 0, true},
	} {
		if got := mayWrite(c.u, c.uid, c.gid, c.mode); got != c.want {
			t.Errorf("%+v on %d:%d %v: %v", c.u, c.uid, c.gid, c.mode, got)
		}
	}
	files := map[string]string{"etc/passwd": passwd, "etc/group": group, "dev/kvm": ""}
	for conf, want := range map[string]string{
		"":                       "libvirt-qemu",
		"# user = \"root\"\n":    "libvirt-qemu",
		"user = \"alice\"\n":     "alice",
		"user = \"+1000\"\n":     "alice",
		"  user=\"root\"\nx=1\n": "root",
	} {
		files["etc/libvirt/qemu.conf"] = conf
		h := sick(t, files, map[string]answer{"sh": {}})
		if u, err := h.qemuUser(); err != nil || u.name != want {
			t.Errorf("qemu.conf %q: %+v, %v", conf, u, err)
		}
		if err := os.Chmod(h.path("/dev/kvm"), 0o600); err != nil {
			t.Fatal(err)
		}
		c := h.kvmGroup(t.Context(), Config{})
		if wantStatus := map[bool]Status{true: Pass, false: Fail}[want == "root"]; os.Geteuid() == 0 && (c.Status != wantStatus || (c.apply == nil) != (c.Status == Pass)) {
			t.Errorf("qemu.conf %q: %+v", conf, c)
		}
	}
}

func TestDataDirMustBePassable(t *testing.T) {
	testkit.NeedRoot(t)
	h := sick(t, map[string]string{"etc/passwd": passwd, "etc/group": group, "closed/x": ""}, nil)
	if err := os.Chmod(h.path("/closed"), 0o700); err != nil {
		t.Fatal(err)
	}
	c := h.dataDirPath(t.Context(), Config{DataDir: "/closed/mica/data"})
	if c.Status != Fail || !strings.Contains(c.Fix, "chmod o+x "+h.path("/closed")) {
		t.Errorf("%+v", c)
	}
}

func TestPorts(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	h := sick(t, map[string]string{"run/mica/x": ""}, nil)
	cfg := Config{Listen: []string{"", "127.0.0.1:0", l.Addr().String()}, RunDir: "/run/mica"}
	if c := h.ports(t.Context(), cfg); c.Status != Fail || !strings.Contains(c.Detail, l.Addr().String()) || strings.Contains(c.Detail, "127.0.0.1:0:") {
		t.Errorf("taken: %+v", c)
	}
	s, err := net.Listen("unix", h.path("/run/mica/mica.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if c := h.ports(t.Context(), cfg); c.Status != Pass || !strings.Contains(c.Detail, "Mica listens on "+l.Addr().String()) {
		t.Errorf("ours: %+v", c)
	}
}

func TestSpace(t *testing.T) {
	for _, c := range []struct {
		free, inodes, of int64
		want             Status
	}{{diskEmpty - 1, 1 << 20, 1 << 20, Fail}, {diskLow - 1, 1 << 20, 1 << 20, Warn}, {diskLow, 1 << 20, 1 << 20, Pass}, {diskLow, 1, 1 << 20, Warn}, {diskLow, 0, 0, Pass}} {
		if got := spaceStatus(c.free, c.inodes, c.of); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// TestThisHost runs everything for real. On a host that passes make test's own
// preparation nothing may be a FAIL, and a second look must see the same.
func TestThisHost(t *testing.T) {
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "qemu-system-x86_64", "qemu-img", "virsh", "iptables", "ipset", "ebtables", "arptables", "unshare")
	cfg := Config{
		DataDir: t.TempDir(), RunDir: t.TempDir(), Accel: accel.TCG, Listen: []string{"127.0.0.1:0"},
		PublicPool: netip.MustParsePrefix("198.51.100.0/24"), VPCs: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")},
	}
	checks := Run(t.Context(), cfg)
	seen := map[string]bool{}
	for _, c := range checks {
		t.Logf("%-24s %s  %s", c.Name, c.Status, c.Detail)
		if seen[c.Name] || c.Name == "" || c.Detail == "" {
			t.Errorf("unnamed, repeated or silent: %+v", c)
		}
		seen[c.Name] = true
		if c.Status == Fail && c.Name != "data directory" && !strings.HasPrefix(c.Name, "libvirt") { // a test's directory is closed; libvirtd may be another's to start
			t.Errorf("%+v", c)
		}
		if c.Fixable != (c.apply != nil) {
			t.Errorf("%s: fixable %v", c.Name, c.Fixable)
		}
	}
	b, err := json.Marshal(checks)
	if err != nil || !strings.Contains(string(b), `"name":"fsync time","status":"PASS"`) && !strings.Contains(string(b), `"name":"fsync time","status":"WARN"`) {
		t.Errorf("%s, %v", b, err)
	}
}

func TestWorst(t *testing.T) {
	for want, all := range map[Status][]Check{Pass: {{Status: Pass}}, Warn: {{Status: Warn}, {Status: Pass}}, Fail: {{Status: Fail}, {Status: Warn}}} {
		if got := Worst(all); got != want {
			t.Errorf("%v: %s", all, got)
		}
	}
}

func TestApplyRunsTheFix(t *testing.T) {
	h := sick(t, map[string]string{"proc/sys/net/ipv4/ip_forward": "0"}, nil)
	var ran []string
	h.run = func(_ context.Context, name string, args ...string) (string, error) {
		ran = append(ran, fmt.Sprint(name, args))
		return "denied", errExit
	}
	c := h.forwarding(t.Context(), Config{})
	if err := c.Apply(t.Context()); err == nil || !strings.Contains(err.Error(), "denied") || len(ran) != 1 || !strings.Contains(ran[0], "ip_forward=1") {
		t.Errorf("%v ran %v", err, ran)
	}
}

package e2e

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/plan"
)

// real starts a Mica with real guests; prefix is the test's own, short and unique.
func real(t *testing.T, prefix string, flags ...string) *Mica {
	t.Helper()
	testkit.NeedRoot(t)
	testkit.NeedProgram(t, "virsh", "qemu-system-x86_64", "ipset", "iptables", "ebtables", "/usr/bin/aws")
	return Start(t, Options{Prefix: prefix, Flags: append([]string{"--accel", "tcg"}, flags...)})
}

// ssh returns a call of ssh into a guest as Debian's user.
func ssh(key, address string, args ...string) *exec.Cmd {
	return exec.Command("ssh", append([]string{"-i", key, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
		"-o", "ConnectTimeout=10", "-o", "BatchMode=yes", "debian@" + address}, args...)...)
}

// TestDebianGuest is what the whole is for: a stock cloud image with its own, unmodified
// cloud-init, configured by user data through IMDSv2 and reached by SSH through a
// security group that is then closed.
func TestDebianGuest(t *testing.T) {
	m := real(t, "deb")
	ami := m.ImportDebian()
	key := filepath.Join(m.Dir, "key.pem")
	var pair struct{ KeyMaterial string }
	m.MustAWS(&pair, "ec2", "create-key-pair", "--key-name", "k", "--key-type", "ed25519")
	if err := os.WriteFile(key, []byte(pair.KeyMaterial), 0o600); err != nil {
		t.Fatal(err)
	}
	group := m.Group("ssh", TCP(22))
	id := m.Run("--image-id", ami, "--instance-type", "t3.small", "--key-name", "k", "--security-group-ids", group,
		"--metadata-options", "HttpTokens=required", "--user-data", UserData("echo from-user-data > /root/proof\necho MICA-TEST: user data ran > /dev/ttyS0\n"))
	m.WaitConsole(id, "MICA-TEST: user data ran", 3*patience)
	g := m.Guest(id)

	var said string
	testkit.Wait(t, patience, "ssh", func() bool {
		out, err := ssh(key, g.PublicIP, "cloud-init status --wait >/dev/null; cloud-init query v1.platform; cloud-init query v1.instance_id; hostname; sudo cat /root/proof; "+
			"grep -c 'X-aws-ec2-metadata-token' /var/log/cloud-init.log; cloud-init status; getent hosts "+hostName(g.PrivateIP)).CombinedOutput()
		said = string(out)
		return err == nil
	})
	lines := strings.Fields(said)
	want := []string{"ec2", g.InstanceID, strings.Split(hostName(g.PrivateIP), ".")[0], "from-user-data"}
	for i, w := range want {
		if i >= len(lines) || lines[i] != w {
			t.Fatalf("over ssh: %q, want it to begin with %q", lines, want)
		}
	}
	if len(lines) < 8 || lines[4] == "0" || lines[6] != "done" || lines[7] != g.PrivateIP {
		t.Errorf("IMDSv2 token uses, cloud-init's status, its own name in DNS: %q", lines[4:])
	}

	// A connection that is open when its rule goes ends; a new one is not let in.
	open := ssh(key, g.PublicIP, "while echo tick; do sleep 1; done")
	pipe, err := open.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := open.Start(); err != nil {
		t.Fatal(err)
	}
	ticks := make(chan struct{}, 1024)
	go func() {
		buf := make([]byte, 64)
		for {
			if _, err := pipe.Read(buf); err != nil {
				close(ticks)
				return
			}
			ticks <- struct{}{}
		}
	}()
	<-ticks
	m.MustAWS(nil, "ec2", "revoke-security-group-ingress", "--group-id", group, "--ip-permissions", TCP(22))
	testkit.Wait(t, patience, "new connections to be refused", func() bool { return !Reachable(g.PublicIP, 22) })
	silent := false
	testkit.Wait(t, patience, "the open connection to fall silent", func() bool {
		for {
			select {
			case _, more := <-ticks:
				if !more {
					silent = true
					return true
				}
				continue
			case <-time.After(3 * time.Second): // three ticks are missing
				silent = true
			}
			return silent
		}
	})
	_ = open.Process.Kill()
	_ = open.Wait()
	m.MustAWS(nil, "ec2", "authorize-security-group-ingress", "--group-id", group, "--ip-permissions", TCP(22))
	testkit.Wait(t, patience, "the rule to let in again", func() bool { return Reachable(g.PublicIP, 22) })

	if out := m.CLI("explain", "instance", id); !strings.Contains(out, "first-token") || !strings.Contains(out, "cloud-init-finished") || !strings.Contains(out, "<domain type='qemu'") {
		t.Errorf("explain lacks first-token, cloud-init-finished or the domain:\n%s", out)
	}
}

func hostName(ip string) string {
	return "ip-" + strings.ReplaceAll(ip, ".", "-") + "." + Region + ".compute.internal"
}

// TestTwoGuestsAndTheirGroups: what the groups allow passes between two guests, what
// they do not doesn't, and a guest without a rule is reached by nobody.
func TestTwoGuestsAndTheirGroups(t *testing.T) {
	m := real(t, "two")
	ami := m.ImportTiny()
	web := m.Group("web", TCP(80))
	client := m.Group("client")
	m.MustAWS(nil, "ec2", "authorize-security-group-ingress", "--group-id", web, "--ip-permissions",
		fmt.Sprintf("IpProtocol=tcp,FromPort=7,ToPort=7,UserIdGroupPairs=[{GroupId=%s}]", client))
	server := m.Run("--image-id", ami, "--instance-type", "t3.nano", "--security-group-ids", web, "--placement", "AvailabilityZone="+Region+"a")
	m.WaitConsole(server, "MICA-TINY: ready", patience)
	s := m.Guest(server)
	probe := fmt.Sprintf(`
t() { if timeout 3 nc -w 2 %[1]s $1 </dev/null >/dev/null 2>&1; then echo "PROBE $1 open"; else echo "PROBE $1 shut"; fi; }
t 7; t 80; t 22
if ping -c 1 -W 2 %[1]s >/dev/null; then echo PROBE ping open; else echo PROBE ping shut; fi
if timeout 3 nc -w 2 %[2]s 80 </dev/null >/dev/null 2>&1; then echo PROBE metadata open; fi
if nslookup $(hostname).%[3]s.compute.internal >/dev/null 2>&1; then echo PROBE $(hostname) found; fi
echo PROBE done`, s.PrivateIP, "169.254.169.254", Region)
	other := m.Run("--image-id", ami, "--instance-type", "t3.nano", "--security-group-ids", client, "--user-data", UserData(probe), "--placement", "AvailabilityZone="+Region+"a",
		"--private-dns-name-options", "HostnameType=resource-name,EnableResourceNameDnsARecord=true")
	m.WaitConsole(other, "PROBE done", patience)
	o := m.Guest(other)
	if o.Subnet != s.Subnet {
		t.Fatalf("the guests are in %s and %s", o.Subnet, s.Subnet)
	}
	said := m.Console(other)
	for _, want := range []string{"PROBE 7 open", "PROBE 80 open", "PROBE 22 shut", "PROBE ping shut", "PROBE metadata open", "PROBE " + other + " found"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q from the guest", want)
		}
	}
	// From the host: port 80 of the server is open to all, port 7 to the group alone,
	// and the client, which has no rule, is not reached at all.
	if !Reachable(s.PublicIP, 80) || Reachable(s.PublicIP, 7) || Reachable(o.PublicIP, 80) || Reachable(o.PublicIP, 7) {
		t.Errorf("from the host: server 80 %v, server 7 %v, client 80 %v, client 7 %v", Reachable(s.PublicIP, 80), Reachable(s.PublicIP, 7), Reachable(o.PublicIP, 80), Reachable(o.PublicIP, 7))
	}
	m.livePaths(other, server, web)
}

// livePaths holds the model's word for what passes between the two guests against a
// kernel's, and against that of one where somebody added a rule.
func (m *Mica) livePaths(client, server, group string) {
	m.t.Helper()
	for _, tt := range []struct{ port, model, verdict string }{
		{"7", "reachable", "reached: it passed, and was answered"}, {"22", "not reachable", "dropped: "},
	} {
		out, err := m.tryCLI("explain", "path", client, server, "--protocol", "tcp", "--port", tt.port, "--live")
		if err != nil || !strings.Contains(out, "tcp: "+tt.model+"\n") || !strings.Contains(out, "\n"+tt.verdict) || strings.Contains(out, "\n  out by "+plan.TapPattern(m.opt.Prefix)) != (tt.model == "reachable") || !strings.Contains(out, "Model and kernel agree") {
			m.t.Errorf("port %s, live: %v\n%s", tt.port, err, out)
		}
	}
	vpc := m.made("SecurityGroups[0].VpcId", "describe-security-groups", "--group-ids", group)
	rule := []string{"netns", "exec", plan.NamespaceName(m.opt.Prefix, vpc), "iptables", "-I", "FORWARD", "-p", "tcp", "--dport", "7", "-j", "DROP"}
	// The agent takes the rule away soon, and maybe before the probe.
	said := ""
	testkit.Wait(m.t, time.Minute, "the kernel to disagree", func() bool {
		if out, err := exec.Command("ip", rule...).CombinedOutput(); err != nil {
			m.t.Fatalf("%v: %s", err, out)
		}
		out, err := m.tryCLI("explain", "path", client, server, "--protocol", "tcp", "--port", "7", "--live")
		said = out
		return err != nil
	})
	if !strings.Contains(said, "--dport 7 -j DROP") || !strings.Contains(said, "MODEL AND KERNEL DISAGREE") {
		m.t.Errorf("with a rule in the way, live:\n%s", said)
	}
}

// TestLifeOfAGuest: stop and start keep address and disk; a reboot, a power-off and a
// crash of the guest itself are seen; mica and libvirtd may be restarted meanwhile.
func TestLifeOfAGuest(t *testing.T) {
	m := real(t, "lif")
	ami := m.ImportTiny()
	group := m.Group("open", TCP(7))
	id := m.Run("--image-id", ami, "--instance-type", "t3.nano", "--security-group-ids", group)
	m.WaitConsole(id, "disk boots=1(?s:.*)MICA-TINY: ready", patience)
	first := m.Guest(id)
	m.plugs(id, group, first.Subnet)

	m.MustAWS(nil, "ec2", "stop-instances", "--instance-ids", id)
	stopped := m.WaitState(id, "stopped")
	if !strings.Contains(m.Console(id), "MICA-TINY: power button") {
		t.Error("the guest was not asked to stop by ACPI")
	}
	if stopped.PrivateIP != first.PrivateIP || stopped.PublicIP != "" {
		t.Errorf("stopped: private %s (was %s), public %q", stopped.PrivateIP, first.PrivateIP, stopped.PublicIP)
	}
	m.MustAWS(nil, "ec2", "start-instances", "--instance-ids", id)
	m.WaitConsole(id, "disk boots=2(?s:.*)MICA-TINY: ready", patience)
	again := m.WaitState(id, "running")
	if again.PrivateIP != first.PrivateIP || again.Interfaces[0].MAC != first.Interfaces[0].MAC || again.PublicIP == "" {
		t.Errorf("started again: %+v, was %+v", again, first)
	}

	m.MustAWS(nil, "ec2", "reboot-instances", "--instance-ids", id)
	m.WaitConsole(id, "disk boots=3(?s:.*)MICA-TINY: ready", patience)

	// An echo session through the security group stays open over a kill -9 of mica and
	// its restart.
	conn, err := net.DialTimeout("tcp", again.PublicIP+":7", 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	echo := func(s string) {
		t.Helper()
		_ = conn.SetDeadline(time.Now().Add(patience))
		if _, err := io.WriteString(conn, s); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, len(s))
		if _, err := io.ReadFull(conn, buf); err != nil || string(buf) != s {
			t.Fatalf("echo: %q %v", buf, err)
		}
	}
	echo("before\n")
	m.Kill()
	echo("without mica\n")
	m.Up()
	echo("with mica again\n")
	if g := m.WaitState(id, "running"); g.PrivateIP != first.PrivateIP {
		t.Errorf("after the restart: %+v", g)
	}
	if n := strings.Count(m.Console(id), "MICA-TINY: init"); n != 3 {
		t.Errorf("the guest booted %d times, want 3", n)
	}

	// The guest's own end: power-off stops it, and with terminate it is gone.
	m.console(t, id, "poweroff -f\n")
	if g := m.WaitState(id, "stopped"); g.Reason.Code != "Client.InstanceInitiatedShutdown" {
		t.Errorf("after its own power-off: %+v", g.Reason)
	}
	m.MustAWS(nil, "ec2", "start-instances", "--instance-ids", id)
	m.WaitConsole(id, "disk boots=4(?s:.*)MICA-TINY: ready", patience)
	crash(t, m, id)
	if g := m.WaitState(id, "stopped"); !strings.HasPrefix(g.Reason.Code, "Server.") {
		t.Errorf("after a crash: %+v", g.Reason)
	}
	m.MustAWS(nil, "ec2", "modify-instance-attribute", "--instance-id", id, "--instance-initiated-shutdown-behavior", "terminate")
	m.MustAWS(nil, "ec2", "start-instances", "--instance-ids", id)
	m.WaitConsole(id, "disk boots=5(?s:.*)MICA-TINY: ready", patience)
	m.console(t, id, "poweroff -f\n")
	m.WaitState(id, "terminated")
	testkit.Wait(t, patience, "the volume to go", func() bool {
		left, _ := filepath.Glob(filepath.Join(m.Dir, "data", "volumes", "*.qcow2"))
		return len(left) == 0
	})
}

// plugs attaches an interface to a guest that runs, and takes it away again: EC2's states say
// what is so in the guest.
func (m *Mica) plugs(id, group, subnet string) {
	m.t.Helper()
	eni := m.made("NetworkInterface.NetworkInterfaceId", "create-network-interface", "--subnet-id", subnet, "--groups", group)
	address := strings.Fields(m.made("[AllocationId,PublicIp]", "allocate-address", "--domain", "vpc"))
	m.MustAWS(nil, "ec2", "associate-address", "--network-interface-id", eni, "--allocation-id", address[0])
	attachment := m.made("AttachmentId", "attach-network-interface", "--network-interface-id", eni, "--instance-id", id, "--device-index", "1")
	of := func() (status, attachment, mac, ip string) {
		f := strings.Fields(m.made("NetworkInterfaces[0].[Status,Attachment.Status,MacAddress,PrivateIpAddress]", "describe-network-interfaces", "--network-interface-ids", eni))
		return f[0], f[1], f[2], f[3]
	}
	_, _, mac, ip := of()
	testkit.Wait(m.t, patience, "the interface to be attached", func() bool { _, state, _, _ := of(); return state == "attached" })
	m.WaitConsole(id, "MICA-TINY: plugged eth1 mac="+mac, patience)
	m.WaitConsole(id, "MICA-TINY: dhcp dev=eth1 ip="+ip+"/", patience)
	testkit.Wait(m.t, patience, "an answer by the second interface", func() bool { return Reachable(address[1], 7) })
	if _, err := m.AWS("ec2", "delete-network-interface", "--network-interface-id", eni); err == nil || !strings.Contains(err.Error(), "is currently in use") {
		m.t.Errorf("an interface in use was deleted: %v", err)
	}
	m.MustAWS(nil, "ec2", "detach-network-interface", "--attachment-id", attachment)
	m.MustAWS(nil, "ec2", "wait", "network-interface-available", "--network-interface-ids", eni)
	m.WaitConsole(id, "MICA-TINY: unplugged eth1", patience)
	if status, state, _, _ := of(); status != "available" || state != "None" || Reachable(address[1], 7) {
		m.t.Errorf("detached it is %s, %s", status, state)
	}
	m.MustAWS(nil, "ec2", "delete-network-interface", "--network-interface-id", eni)
	m.MustAWS(nil, "ec2", "release-address", "--allocation-id", address[0])
}

// console types on a guest's serial console through `mica console`.
func (m *Mica) console(t *testing.T, id, text string) {
	t.Helper()
	cmd := m.command(t.Context(), "console", id)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1)
	if _, err := io.ReadFull(out, buf); err != nil { // scrollback comes first: it is joined
		t.Fatalf("console: %v", err)
	}
	go io.Copy(io.Discard, out)
	if _, err := io.WriteString(in, "\n"+text); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(5*time.Second, func() { io.WriteString(in, "\x1d"); in.Close() })
	_ = cmd.Wait()
}

// crash ends the guest's QEMU as a fault would.
func crash(t *testing.T, m *Mica, id string) {
	t.Helper()
	name := m.opt.Prefix + "-" + id
	pid, err := os.ReadFile("/run/libvirt/qemu/" + name + ".pid")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("kill", "-9", strings.TrimSpace(string(pid))).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
}

// TestDownLeavesNothing holds the host after `mica down` against the host before.
func TestDownLeavesNothing(t *testing.T) {
	testkit.NeedRoot(t)
	before := ours(HostObjects(t))
	t.Run("a life", func(t *testing.T) {
		m := real(t, "dwn")
		id := m.Run("--image-id", m.ImportTiny(), "--instance-type", "t3.nano")
		m.WaitConsole(id, "MICA-TINY: ready", patience)
		if got := ours(HostObjects(t)); len(got) == len(before) {
			t.Error("a running guest has nothing on the host: the comparison sees nothing")
		}
	})
	after := ours(HostObjects(t))
	if a, b := strings.Join(before, "\n"), strings.Join(after, "\n"); a != b {
		t.Errorf("before:\n%s\n\nafter:\n%s", a, b)
	}
}

// ours leaves out what other tests of this run may be making at the same time.
func ours(lines []string) []string {
	var out []string
	for _, l := range lines {
		if strings.Contains(l, "dwn") || strings.Contains(l, "DWN") || strings.Contains(l, "100.127.") {
			out = append(out, l)
		}
	}
	return out
}

package lab

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// nodeSpec is what a node's init is told.
type nodeSpec struct {
	Node
	Gateway netip.Addr
	Prefix  netip.Prefix
	Pool    netip.Prefix
	Units   []Unit
}

// RunNode is a node's init: process 1 of its namespaces. It makes the machine, starts
// the units, and starts again what ends. It ends when it is killed, and all with it.
func RunNode(ctx context.Context, dir string, leash bool) error {
	if os.Getpid() != 1 {
		return errors.New("this is for the lab's own use: `mica lab up` starts it in namespaces of its own")
	}
	if leash {
		pipe := os.NewFile(3, "leash")
		syscall.CloseOnExec(3)
		go func() {
			_, _ = pipe.Read(make([]byte, 1)) // nobody writes: it ends when the other end is gone
			os.Exit(0)
		}()
	}
	b, err := os.ReadFile(filepath.Join(dir, "node.json"))
	if err != nil {
		return err
	}
	var n nodeSpec
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	if err := syscall.Sethostname([]byte(n.Name)); err != nil {
		return err
	}
	if err := mounts(dir, n); err != nil {
		return err
	}
	if n.Name == Switch {
		err = makeSwitch()
	} else {
		err = makeNetwork(ctx, n)
	}
	if err != nil {
		return err
	}
	s := &supervisor{dir: dir, units: n.Units, pids: map[int]int{}, next: make([]time.Time, len(n.Units))}
	if err := os.WriteFile(filepath.Join(dir, "ready"), nil, 0o600); err != nil {
		return err
	}
	return s.run(ctx)
}

// mounts gives the node its own view of what must not be shared with the machine.
func mounts(dir string, n nodeSpec) error {
	// A slave hears of what is unmounted on the machine, so that nothing is kept busy.
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_SLAVE, ""); err != nil {
		return fmt.Errorf("make mounts our own: %w", err)
	}
	resolv, _ := os.ReadFile("/etc/resolv.conf")
	below, err := mountsBelow("/run", "/sys/")
	if err != nil {
		return err
	}
	for _, m := range below { // copies here would keep the machine's namespaces alive
		if err := syscall.Unmount(m, syscall.MNT_DETACH); err != nil && !errors.Is(err, syscall.EINVAL) {
			return fmt.Errorf("unmount %s: %w", m, err)
		}
	}
	type mount struct {
		from, to, kind, data string
		flags                uintptr
	}
	todo := []mount{
		{"proc", "/proc", "proc", "", 0},
		{"sysfs", "/sys", "sysfs", "", 0}, // without cgroups: libvirt then leaves those of the machine alone
		{"tmpfs", "/run", "tmpfs", "mode=755", 0},
		{filepath.Join(dir, "hosts"), "/etc/hosts", "", "", syscall.MS_BIND},
	}
	if n.Host {
		if err := libvirtConfig(filepath.Join(dir, "libvirt"), n.Name); err != nil {
			return err
		}
		for from, to := range map[string]string{"lib": "/var/lib/libvirt", "log": "/var/log/libvirt", "cache": "/var/cache/libvirt", "etc": "/etc/libvirt"} {
			todo = append(todo, mount{filepath.Join(dir, "libvirt", from), to, "", "", syscall.MS_BIND})
		}
	}
	for _, m := range todo {
		if err := syscall.Mount(m.from, m.to, m.kind, m.flags, m.data); err != nil {
			return fmt.Errorf("mount %s on %s: %w", m.from, m.to, err)
		}
	}
	if n.DiskMiB > 0 { // after /sys: mount looks for a free loop device there
		if out, err := exec.Command("mount", "-o", "loop", filepath.Join(dir, "disk.img"), filepath.Join(dir, "data")).CombinedOutput(); err != nil {
			return fmt.Errorf("mount the disk: %w: %s", err, out)
		}
	}
	for _, d := range []string{"/run/lock", "/run/netns", "/run/libvirt"} {
		if err := os.Mkdir(d, 0o755); err != nil {
			return err
		}
	}
	return keepResolver(resolv)
}

// keepResolver puts back a resolv.conf that was a link into the machine's /run.
func keepResolver(content []byte) error {
	to, err := os.Readlink("/etc/resolv.conf")
	if err != nil || len(content) == 0 {
		return nil
	}
	if !filepath.IsAbs(to) {
		to = filepath.Join("/etc", to)
	}
	if !strings.HasPrefix(to, "/run/") {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}

// mountsBelow lists mount points at or below /run and below /sys, the deepest first.
func mountsBelow(at, below string) ([]string, error) {
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if p := strings.Fields(s.Text()); len(p) > 4 && (p[4] == at || strings.HasPrefix(p[4], at+"/") || strings.HasPrefix(p[4], below)) {
			out = append(out, p[4])
		}
	}
	slices.Reverse(out)
	return out, nil
}

// libvirtConfig copies the machine's configuration of libvirt, but no domain, network or
// pool of the machine's; and what it knows about QEMU, which takes it seconds to ask.
func libvirtConfig(dir, node string) error {
	done := filepath.Join(dir, "etc", ".copied")
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	files, err := filepath.Glob("/etc/libvirt/*.conf")
	if err != nil {
		return err
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		if filepath.Base(f) == "qemu.conf" {
			// Labels of AppArmor and SELinux are the machine's, where other libvirtds use them too.
			b = append(b, "\nsecurity_driver = \"none\"\n"...)
		}
		if filepath.Base(f) == "libvirtd.conf" {
			// No guest moves between what libvirt takes for one machine.
			b = fmt.Appendf(b, "\nhost_uuid = %q\n", hostUUID(dir+node))
		}
		if err := os.WriteFile(filepath.Join(dir, "etc", filepath.Base(f)), b, 0o600); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "etc", "qemu"), 0o700); err != nil {
		return err
	}
	if err := os.Chmod(filepath.Join(dir, "cache"), 0o711); err != nil {
		return err
	}
	known := "/var/cache/libvirt/qemu/capabilities"
	if _, err := os.Stat(known); err == nil {
		to := filepath.Join(dir, "cache", "qemu")
		if err := os.MkdirAll(to, 0o750); err != nil {
			return err
		}
		if out, err := exec.Command("cp", "-a", known, to).CombinedOutput(); err != nil {
			return fmt.Errorf("cp: %w: %s", err, out)
		}
	}
	return os.WriteFile(done, nil, 0o600)
}

// hostUUID makes a UUID of a name. libvirt refuses those whose digits are all the same.
func hostUUID(name string) string {
	h := sha256.Sum256([]byte(name))
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// makeSwitch makes a bridge that lets frames pass without asking iptables.
func makeSwitch() error {
	for _, name := range []string{"iptables", "ip6tables", "arptables"} {
		err := os.WriteFile("/proc/sys/net/bridge/bridge-nf-call-"+name, []byte("0"), 0)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // without br_netfilter nobody asks
			return err
		}
	}
	return ip("link set lo up", "link add br0 type bridge forward_delay 0", "link set br0 up")
}

// makeNetwork waits for eth0 to be plugged in and gives it its address.
func makeNetwork(ctx context.Context, n nodeSpec) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		if _, err := net.InterfaceByName("eth0"); err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return errors.New("nobody plugged in eth0")
		case <-time.After(10 * time.Millisecond):
		}
	}
	if n.Host {
		// The host answers ARP for the public addresses that it has routes to.
		for path, value := range map[string]string{"ipv4/ip_forward": "1", "ipv4/conf/eth0/proxy_arp": "1", "ipv4/neigh/eth0/proxy_delay": "0"} {
			if err := os.WriteFile("/proc/sys/net/"+path, []byte(value), 0); err != nil {
				return err
			}
		}
	}
	if err := quickNeighbours("eth0"); err != nil {
		return err
	}
	return ip("link set lo up",
		fmt.Sprintf("addr add %s dev eth0", netip.PrefixFrom(n.Address, n.Prefix.Bits())),
		"link set eth0 up",
		fmt.Sprintf("route add default via %s", n.Gateway),
		// Other hosts' guests are on the wire too.
		fmt.Sprintf("route add %s dev eth0", n.Pool))
}

// quickNeighbours has a link notice within seconds that an address is with another node:
// guests' public addresses move when their host is lost, and nobody announces that.
func quickNeighbours(link string) error {
	for name, value := range map[string]string{"base_reachable_time_ms": "1000", "delay_first_probe_time": "1", "ucast_solicit": "1", "retrans_time_ms": "200"} {
		if err := os.WriteFile("/proc/sys/net/ipv4/neigh/"+link+"/"+name, []byte(value), 0); err != nil {
			return err
		}
	}
	return nil
}

func ip(commands ...string) error {
	for _, c := range commands {
		if out, err := exec.Command("ip", strings.Fields(c)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", c, err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

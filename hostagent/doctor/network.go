package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// probe tries something in a network namespace of its own, which is gone when the
// command ends: whether a kernel can do a thing is best asked by doing it. Modules
// may be built in, or loaded by the attempt itself.
func (h *host) probe(ctx context.Context, name, script, packages string, modules ...string) Check {
	out, err := h.run(ctx, "unshare", "--net", "sh", "-ec", script)
	if err == nil {
		return Check{Name: name, Status: Pass, Detail: "tried in a namespace: works"}
	}
	c := Check{Name: name, Status: Fail, Detail: fmt.Sprintf("tried in a namespace: %v: %s", err, out)}
	c.Fix = "modprobe -a " + strings.Join(modules, " ")
	c.apply = h.sh(c.Fix)
	if packages != "" {
		c.Fix = "apt-get install " + packages + "; " + c.Fix
	}
	return c
}

func (h *host) bridges(ctx context.Context, _ Config) Check {
	return h.probe(ctx, "bridges and veth", "ip link add br0 type bridge; ip link add veth0 type veth peer name veth1; ip link set veth0 master br0; bridge link set dev veth0 learning off",
		"iproute2", "bridge", "veth")
}

func (h *host) tunnels(ctx context.Context, _ Config) Check {
	c := h.probe(ctx, "vxlan", "ip link add vxlan0 type vxlan id 7 dstport 4789 nolearning", "iproute2", "vxlan")
	if c.Status == Fail {
		c.Status = Warn // one host alone needs none
		c.Detail += "; only clusters of several hosts need it"
	}
	return c
}

func (h *host) taps(ctx context.Context, _ Config) Check {
	return h.probe(ctx, "taps", "ip tuntap add tap0 mode tap", "iproute2", "tun")
}

func (h *host) sets(ctx context.Context, _ Config) Check {
	return h.probe(ctx, "ipset", "ipset create a hash:ip; ipset create n hash:net; ipset create m bitmap:ip,mac range 10.0.0.0/24; iptables -A FORWARD -m set --match-set a src -m conntrack --ctstate NEW -j ACCEPT",
		"ipset iptables", "ip_set", "ip_set_hash_ip", "ip_set_hash_net", "ip_set_bitmap_ipmac", "xt_set", "nf_conntrack")
}

func (h *host) bridgeFilter(ctx context.Context, _ Config) Check {
	return h.probe(ctx, "br_netfilter", "echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables", "", "br_netfilter")
}

func (h *host) forwarding(_ context.Context, _ Config) Check {
	const key = "/proc/sys/net/ipv4/ip_forward"
	c := Check{Name: "forwarding", Status: Pass, Detail: "net.ipv4.ip_forward is 1"}
	if h.read(key) != "1" {
		c.Status, c.Detail = Warn, "net.ipv4.ip_forward is not 1: guests reach nothing outside, and their public addresses do not answer"
		c.Fix = "sysctl -w net.ipv4.ip_forward=1   (and in /etc/sysctl.d to keep it)"
		c.apply = h.sh("sysctl -q -w net.ipv4.ip_forward=1")
	}
	return c
}

func (h *host) iptables(ctx context.Context, _ Config) Check {
	c := h.program(ctx, Check{Name: "iptables flavour", Fix: "apt-get install iptables"}, version{1, 8}, "iptables", "--version")
	if c.Status == Fail {
		return c
	}
	nft := strings.Contains(c.Detail, "nf_tables")
	if old := h.read("/proc/net/ip_tables_names"); nft && old != "" {
		c.Status = Warn
		c.Detail += "; legacy tables are in use too (" + strings.Join(strings.Fields(old), ", ") + "), and a packet must pass both"
		c.Fix = "find who uses them (iptables-legacy-save), and have that use iptables-nft"
	}
	return c
}

func (h *host) layer2Filters(ctx context.Context, _ Config) Check {
	return h.probe(ctx, "ebtables and arptables", "ebtables -L >/dev/null; arptables -L >/dev/null", "ebtables arptables", "nf_tables", "ebtables", "arp_tables")
}

// forwardPolicy looks for a filter of somebody else's that drops what the host
// forwards for guests: Docker sets the policy of FORWARD to DROP.
func (h *host) forwardPolicy(ctx context.Context, cfg Config) Check {
	c := Check{Name: "FORWARD policy", Status: Pass, Detail: "ACCEPT"}
	out, err := h.run(ctx, "iptables", "-w", "-S", "FORWARD")
	switch {
	case err != nil:
		c.Status, c.Detail, c.Fix = Fail, fmt.Sprintf("iptables -S FORWARD: %v: %s", err, out), "run as root; apt-get install iptables"
		return c
	case !strings.Contains(out, "-P FORWARD DROP"):
		return c
	}
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		if slices.ContainsFunc(f, func(w string) bool { return strings.HasPrefix(strings.ToLower(w), cfg.Prefix) }) {
			c.Detail = "DROP, with a rule of Mica's before it"
			return c
		}
	}
	who := "something"
	if strings.Contains(out, "DOCKER") {
		who = "Docker"
	}
	c.Status = Warn
	c.Detail = who + " has set it to DROP, so guests may not reach the outside nor be reached at public addresses"
	c.Fix = fmt.Sprintf("iptables -I FORWARD -i %[1]s+ -j ACCEPT; iptables -I FORWARD -o %[1]s+ -j ACCEPT   (security groups still apply)", cfg.Prefix)
	return c
}

func (h *host) firewalld(ctx context.Context, _ Config) Check {
	c := Check{Name: "firewalld", Status: Pass, Detail: "not running"}
	if out, err := h.run(ctx, "firewall-cmd", "--state"); err == nil && out == "running" {
		c.Status, c.Detail = Warn, "running: it refuses what it has no zone for, which may be the guests' traffic"
		c.Fix = "give the interfaces of VPCs to the zone trusted (firewall-cmd --permanent --zone=trusted --add-source=...), or stop firewalld"
	}
	return c
}

func (h *host) ports(ctx context.Context, cfg Config) Check {
	c := Check{Name: "ports", Status: Pass}
	var free, ours, taken []string
	for _, addr := range cfg.Listen {
		if addr == "" {
			continue
		}
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
		switch {
		case err == nil:
			l.Close()
			free = append(free, addr)
		case errors.Is(err, syscall.EADDRINUSE) && h.answers(ctx, filepath.Join(cfg.RunDir, "mica.sock")):
			ours = append(ours, addr)
		default:
			taken = append(taken, err.Error())
		}
	}
	switch {
	case len(taken) > 0:
		c.Status, c.Detail = Fail, strings.Join(taken, "; ")
		c.Fix = "see who listens: ss -ltnp; end that, or choose others with --listen and --listen-http"
	case len(ours) > 0:
		c.Detail = "Mica listens on " + strings.Join(ours, ", ")
	default:
		c.Detail = "free: " + strings.Join(free, ", ")
	}
	return c
}

func (h *host) answers(ctx context.Context, socket string) bool {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", h.path(socket))
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// route is one of the host's own networks.
type route struct {
	dst  netip.Prefix
	link string
}

// routes reads the host's IPv4 routes but for the default one, in the kernel's form:
// hexadecimal, bytes in the machine's order.
func (h *host) routes() (all []route) {
	for line := range strings.Lines(h.read("/proc/net/route")) {
		f := strings.Fields(line)
		if len(f) < 8 {
			continue
		}
		dst, ok1 := hexAddr(f[1])
		mask, ok2 := hexAddr(f[7])
		if !ok1 || !ok2 {
			continue
		}
		m := mask.As4()
		ones, _ := net.IPv4Mask(m[0], m[1], m[2], m[3]).Size()
		if ones > 0 {
			all = append(all, route{netip.PrefixFrom(dst, ones), f[0]})
		}
	}
	return all
}

func hexAddr(s string) (netip.Addr, bool) {
	var b [4]byte
	if n, err := fmt.Sscanf(s, "%02x%02x%02x%02x", &b[3], &b[2], &b[1], &b[0]); err != nil || n != 4 {
		return netip.Addr{}, false
	}
	return netip.AddrFrom4(b), true
}

// overlaps lists the host's networks that share addresses with p, but for Mica's own:
// its links, and the route without a link (*) that swallows addresses not in use.
func (h *host) overlaps(p netip.Prefix, prefix string) (names []string) {
	for _, r := range h.routes() {
		if r.dst.Overlaps(p) && r.link != "*" && !strings.HasPrefix(r.link, prefix) {
			names = append(names, fmt.Sprintf("%v on %s", r.dst, r.link))
		}
	}
	return names
}

func (h *host) publicPool(_ context.Context, cfg Config) Check {
	c := Check{Name: "public addresses", Status: Pass, Detail: "none are configured"}
	if !cfg.PublicPool.IsValid() {
		return c
	}
	used := h.overlaps(cfg.PublicPool, cfg.Prefix)
	if cfg.PoolOnLAN {
		if len(used) == 1 && h.contains(cfg.PublicPool) {
			c.Detail = fmt.Sprintf("%v is a range of %s", cfg.PublicPool, used[0])
			return c
		}
		c.Status = Fail
		c.Detail = fmt.Sprintf("%v is not a range of one network of this host", cfg.PublicPool)
		c.Fix = "choose a range of the uplink's network that nobody else uses, or leave out --public-pool-on-lan"
		return c
	}
	c.Detail = fmt.Sprintf("%v is free on this host", cfg.PublicPool)
	if len(used) > 0 {
		c.Status = Fail
		c.Detail = fmt.Sprintf("%v is used already: %s", cfg.PublicPool, strings.Join(used, ", "))
		c.Fix = "choose another range with --public-pool"
	}
	return c
}

// contains says whether p is a part of one of the host's networks.
func (h *host) contains(p netip.Prefix) bool {
	return slices.ContainsFunc(h.routes(), func(r route) bool {
		return r.link != "*" && r.dst.Bits() < p.Bits() && r.dst.Contains(p.Addr())
	})
}

func (h *host) vpcOverlap(_ context.Context, cfg Config) Check {
	c := Check{Name: "address overlaps", Status: Pass, Detail: "no VPC shares addresses with this host's networks"}
	var found []string
	for _, v := range cfg.VPCs {
		for _, used := range h.overlaps(v, cfg.Prefix) {
			found = append(found, fmt.Sprintf("%v with %s", v, used))
		}
	}
	if len(found) > 0 {
		c.Status = Warn
		c.Detail = strings.Join(found, "; ") + ": VPCs are apart, so both work, but guests there cannot reach that network of the host's"
		c.Fix = "use a VPC with another range where guests need that network"
	}
	return c
}

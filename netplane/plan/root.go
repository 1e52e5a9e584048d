package plan

import (
	"fmt"
	"strings"
)

// rootOf is the part of the host's namespace that is there without any VPC.
func rootOf(h Host) Root {
	return Root{
		LinkPattern: tag(h.Prefix) + "-",
		TapPattern:  TapPattern(h.Prefix),
		ChainPrefix: strings.ToUpper(h.Prefix) + "-",
	}
}

// TunnelPort is VXLAN's, of RFC 7348.
const TunnelPort = 4789

// guardTunnels lets in the packets of tunnels from hosts alone that have a share in a VPC
// that is here. Without a tunnel nothing is asked about that port.
func (r *Root) guardTunnels(h Host, members []Remote) {
	if !h.Underlay.IsValid() {
		return
	}
	from := map[string]bool{}
	for _, m := range members {
		from[m.Host.String()] = true
	}
	var rules []string
	for _, a := range sortedKeys(from) {
		rules = append(rules, fmt.Sprintf("-s %s/32 -j RETURN", a))
	}
	guard := Chain{Name: r.ChainPrefix + "TUNNELS", Rules: append(rules, "-j DROP")}
	jump := fmt.Sprintf("-p udp -m udp --dport %d -j %s", TunnelPort, guard.Name)
	for i, t := range r.Tables {
		if t.Name != "filter" {
			continue
		}
		for j, c := range t.Chains {
			if c.Name == r.ChainPrefix+"INPUT" {
				r.Tables[i].Chains[j].Rules = append([]string{jump}, c.Rules...)
			}
		}
		r.Tables[i].Chains = append(r.Tables[i].Chains, guard)
		return
	}
	r.Tables = append(r.Tables, Table{Name: "filter", Chains: []Chain{{Name: r.ChainPrefix + "INPUT", Rules: []string{jump}}, guard}})
	r.Jumps = append(r.Jumps, Jump{"filter", "INPUT", r.ChainPrefix + "INPUT"})
}

// finishRoot adds what the links to VPCs need of the host: forwarding, masquerading
// to the uplink, and a wall before the host's own services. Without such a link the
// host is left as it was.
func finishRoot(h Host, r *Root) {
	if len(r.Links)+len(r.KeepLinks) == 0 {
		return
	}
	r.Sysctls = append(r.Sysctls, Sysctl{Path: "net/ipv4/ip_forward", Value: "1"})
	ours := r.LinkPattern + "+"
	forward := []string{}
	if h.PublicPool.IsValid() {
		forward = append(forward,
			fmt.Sprintf("! -s %s -i %s -j DROP", h.PublicPool.Masked(), ours),
			fmt.Sprintf("! -d %s -o %s -j DROP", h.PublicPool.Masked(), ours))
	}
	forward = append(forward, fmt.Sprintf("-o %s -j ACCEPT", ours))
	if h.Uplink == "" {
		forward = append(forward, fmt.Sprintf("-i %s -j ACCEPT", ours))
	} else {
		forward = append(forward,
			fmt.Sprintf("-i %s -o %s -j ACCEPT", ours, h.Uplink),
			// Other networks of the host (containers, its own VMs) are not the guests' business.
			fmt.Sprintf("-i %s -j DROP", ours))
	}
	// Replies come in from anywhere and leave by our links, so that -o covers them.
	r.Tables = []Table{{Name: "filter", Chains: []Chain{
		{Name: r.ChainPrefix + "FORWARD", Rules: forward},
		{Name: r.ChainPrefix + "INPUT", Rules: []string{
			fmt.Sprintf("-i %s -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", ours),
			fmt.Sprintf("-i %s -j DROP", ours),
		}},
	}}}
	r.Jumps = []Jump{
		{"filter", "FORWARD", r.ChainPrefix + "FORWARD"},
		{"filter", "INPUT", r.ChainPrefix + "INPUT"},
	}
	if pool := h.PublicPool; pool.IsValid() && h.PoolOnLAN && h.Uplink != "" {
		// The host answers for what it has a route to by another link, and at once. What it has
		// none to is the uplink's network: another host may answer there.
		r.Sysctls = append(r.Sysctls,
			Sysctl{Path: "net/ipv4/conf/" + h.Uplink + "/proxy_arp", Value: "1"},
			Sysctl{Path: "net/ipv4/neigh/" + h.Uplink + "/proxy_delay", Value: "0"})
	} else if pool.IsValid() {
		r.Tables = append(r.Tables, Table{Name: "nat", Chains: []Chain{{
			Name:  r.ChainPrefix + "POSTROUTING",
			Rules: []string{fmt.Sprintf("-s %s ! -d %s ! -o %s -j MASQUERADE", pool.Masked(), pool.Masked(), ours)},
		}}})
		r.Jumps = append(r.Jumps, Jump{"nat", "POSTROUTING", r.ChainPrefix + "POSTROUTING"})
		// Public addresses that nobody has must not leave by the default route.
		r.Routes = append(r.Routes, Route{To: pool.Masked(), Unreachable: true})
	}
}

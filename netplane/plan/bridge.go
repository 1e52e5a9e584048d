package plan

import "fmt"

// bridgeTables are ebtables' rules: what may enter a bridge from a tap at all. ARP is
// answered here (for routers and services) and by the bridge itself (for guests, from
// its neighbour table: see Port). No guest's ARP packet is read by anybody, so none
// can lie.
func (n *nsBuilder) bridgeTables() []Table {
	arp := []string{}
	mac := n.routerMAC()
	for _, s := range n.vpc.Subnets {
		arp = append(arp, arpReply(s.Router.String(), mac.String()))
	}
	for _, a := range n.serviceAddresses() {
		arp = append(arp, arpReply(a.String(), mac.String()))
	}
	arp = append(arp, "-p ARP --arp-op Request -j ACCEPT", "-j DROP")
	pre := []string{fmt.Sprintf("-i %s+ -j %s", n.tapPattern(), chainGuest)}
	if n.tunnelled() {
		// What another host routed is for interfaces, not for the router.
		pre = append(pre, "-p ! IPv4 -i vx-+ -j DROP", fmt.Sprintf("-d %s -i vx-+ -j DROP", mac))
	}
	return []Table{
		{Name: "nat", Chains: []Chain{
			{Name: "PREROUTING", Policy: "ACCEPT", Rules: pre},
			{Name: "OUTPUT", Policy: "ACCEPT"},
			{Name: "POSTROUTING", Policy: "ACCEPT"},
			{Name: "arp", Policy: "RETURN", Rules: arp},
			{Name: chainGuest, Policy: "RETURN", Rules: []string{
				"-p ARP -j arp",
				"-p IPv4 -j RETURN",
				"-j DROP", // IPv6, VLAN tags, 802.2, STP, LLDP and the rest
			}},
		}},
		{Name: "filter", Chains: []Chain{
			{Name: "INPUT", Policy: "ACCEPT", Rules: []string{"-p ARP -j DROP"}},
			{Name: "FORWARD", Policy: "ACCEPT", Rules: []string{"-p ARP -j DROP"}},
			{Name: "OUTPUT", Policy: "ACCEPT"},
		}},
	}
}

func arpReply(ip, mac string) string {
	return fmt.Sprintf("-p ARP --arp-op Request --arp-ip-dst %s -j arpreply --arpreply-mac %s", ip, mac)
}

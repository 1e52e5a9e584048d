package plan

import (
	"fmt"
	"slices"
)

// groupRules compiles one direction of a group. A rule that makes no sense opens
// nothing: it is left out with a warning, so that it cannot keep others from loading.
func (n *nsBuilder) groupRules(group string, rules []Rule, ingress bool) []string {
	var out []string
	for _, r := range rules {
		match, err := r.match(ingress)
		if err != nil {
			n.warn("%s: rule %s left out: %v", group, r.ID, err)
			continue
		}
		if ingress {
			match += "-j ACCEPT"
		} else {
			match += "-g " + chainIngress
		}
		out = append(out, match)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// check says whether the rule is one that can be enforced.
func (r Rule) check() error {
	switch {
	case r.Protocol < ProtocolAll || r.Protocol > 255:
		return fmt.Errorf("protocol %d", r.Protocol)
	case r.Protocol == 0:
		// iptables takes 0 for all protocols, which is far more than was asked for.
		return fmt.Errorf("protocol 0 cannot be matched")
	case r.Protocol == ProtocolICMP:
		// iptables takes type 255 for any.
		if r.ICMPType < -1 || r.ICMPType > 254 || r.ICMPCode < -1 || r.ICMPCode > 255 {
			return fmt.Errorf("ICMP type %d code %d", r.ICMPType, r.ICMPCode)
		}
		if r.ICMPType == -1 && r.ICMPCode != -1 {
			return fmt.Errorf("ICMP code %d of any type", r.ICMPCode)
		}
	case r.hasPorts():
		if !r.allPorts() && (r.FromPort < 0 || r.ToPort > 65535 || r.FromPort > r.ToPort) {
			return fmt.Errorf("ports %d-%d", r.FromPort, r.ToPort)
		}
	}
	switch {
	case r.Group != "" && r.CIDR.IsValid():
		return fmt.Errorf("both %s and %s", r.Group, r.CIDR)
	case r.Group != "" && !idForm.MatchString(r.Group):
		return fmt.Errorf("group id %q", r.Group)
	case r.Group == "" && !r.CIDR.IsValid():
		return fmt.Errorf("no peer")
	case r.CIDR.IsValid() && !r.CIDR.Addr().Is4():
		return fmt.Errorf("%s is not IPv4", r.CIDR)
	}
	return nil
}

func (r Rule) hasPorts() bool { return r.Protocol == ProtocolTCP || r.Protocol == ProtocolUDP }

func (r Rule) allPorts() bool {
	return r.FromPort == -1 && r.ToPort == -1 || r.FromPort == 0 && r.ToPort == 65535
}

// match renders the rule's matches as iptables-save does.
func (r Rule) match(ingress bool) (string, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	flag, side := "-d", "dst"
	if ingress {
		flag, side = "-s", "src"
	}
	var m string
	if r.Group == "" && r.CIDR.Bits() > 0 {
		m += fmt.Sprintf("%s %s ", flag, r.CIDR.Masked())
	}
	switch r.Protocol {
	case ProtocolAll:
	case ProtocolTCP:
		m += "-p tcp " + r.ports("tcp")
	case ProtocolUDP:
		m += "-p udp " + r.ports("udp")
	case ProtocolICMP:
		m += "-p icmp " + r.icmp()
	default:
		m += fmt.Sprintf("-p %d ", r.Protocol)
	}
	if r.Group != "" {
		m += fmt.Sprintf("-m set --match-set %s %s ", r.Group, side)
	}
	return m, nil
}

func (r Rule) ports(proto string) string {
	switch {
	case r.allPorts():
		return ""
	case r.FromPort == r.ToPort:
		return fmt.Sprintf("-m %s --dport %d ", proto, r.FromPort)
	}
	return fmt.Sprintf("-m %s --dport %d:%d ", proto, r.FromPort, r.ToPort)
}

func (r Rule) icmp() string {
	switch {
	case r.ICMPType == -1:
		return ""
	case r.ICMPCode == -1:
		return fmt.Sprintf("-m icmp --icmp-type %d ", r.ICMPType)
	}
	return fmt.Sprintf("-m icmp --icmp-type %d/%d ", r.ICMPType, r.ICMPCode)
}

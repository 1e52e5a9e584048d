package plan

import (
	"fmt"
	"strings"
)

// RejectGroup is the NFLOG group of a VPC's namespace that packets are sent to which no
// rule let pass, when its flows are logged.
const RejectGroup = 5

// logRejects has every rule that drops a forwarded packet show it to whoever listens
// first. So what is logged is what is dropped, whatever the rules are. Only the head of a
// packet is copied, and several at a time.
func logRejects(t Table) Table {
	show := fmt.Sprintf("-j NFLOG --nflog-group %d --nflog-size 64 --nflog-threshold 16", RejectGroup)
	out := Table{Name: t.Name}
	for _, c := range t.Chains {
		if c.Name == "INPUT" || c.Name == "OUTPUT" || c.Name == chainServices {
			out.Chains = append(out.Chains, c)
			continue
		}
		var rules []string
		for _, r := range c.Rules {
			if match, drops := strings.CutSuffix(r, "-j DROP"); drops {
				rules = append(rules, match+show)
			}
			rules = append(rules, r)
		}
		if c.Policy == "DROP" {
			rules = append(rules, show)
		}
		out.Chains = append(out.Chains, Chain{Name: c.Name, Policy: c.Policy, Rules: rules})
	}
	return out
}

package kernel

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// savedChain is a chain as iptables-save -c prints it.
type savedChain struct {
	table, name string
	policy      string // "-" of a chain that is no hook's
	packets     uint64 // that the policy decided on
	rules       []savedRule
}

type savedRule struct {
	text    string // without the counters
	packets uint64
}

// parseCounters reads what iptables-save -c prints.
func parseCounters(r io.Reader) (out []savedChain) {
	table := ""
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		var packets, bytes uint64
		switch {
		case strings.HasPrefix(line, "*"):
			table = line[1:]
		case strings.HasPrefix(line, ":"):
			c := savedChain{table: table}
			if _, err := fmt.Sscanf(line[1:], "%s %s [%d:%d]", &c.name, &c.policy, &packets, &bytes); err == nil {
				c.packets = packets
				out = append(out, c)
			}
		case strings.HasPrefix(line, "["):
			counters, rule, _ := strings.Cut(line, " ")
			if _, err := fmt.Sscanf(counters, "[%d:%d]", &packets, &bytes); err != nil {
				continue
			}
			name, _, _ := strings.Cut(strings.TrimPrefix(rule, "-A "), " ")
			if i := chainAt(out, table, name); i >= 0 {
				out[i].rules = append(out[i].rules, savedRule{rule, packets})
			}
		}
	}
	return out
}

func chainAt(list []savedChain, table, name string) int {
	return slices.IndexFunc(list, func(c savedChain) bool { return c.table == table && c.name == name })
}

// hooks in the order in which a packet that is passed on, or is for the namespace itself,
// meets them.
var hooks = [][2]string{{"raw", "PREROUTING"}, {"nat", "PREROUTING"}, {"filter", "INPUT"}, {"filter", "FORWARD"}, {"nat", "POSTROUTING"}}

// movedCounters are the rules and policies that counted packets between two readings, in
// the order in which a packet meets them.
func movedCounters(vpc string, before, after []savedChain) (out []Counter) {
	met := map[string]bool{}
	var walk func(c savedChain)
	walk = func(c savedChain) {
		if met[c.table+c.name] {
			return
		}
		met[c.table+c.name] = true
		old := savedChain{}
		if i := chainAt(before, c.table, c.name); i >= 0 {
			old = before[i]
		}
		for n, r := range c.rules {
			if n < len(old.rules) && old.rules[n].text == r.text && old.rules[n].packets == r.packets || r.packets == 0 {
				continue
			}
			out = append(out, Counter{vpc, c.table, r.text})
			if i := chainAt(after, c.table, targetOf(r.text)); i >= 0 {
				walk(after[i])
			}
		}
		if c.policy != "-" && c.packets != old.packets {
			out = append(out, Counter{vpc, c.table, "-P " + c.name + " " + c.policy})
		}
	}
	for _, h := range hooks {
		if i := chainAt(after, h[0], h[1]); i >= 0 {
			walk(after[i])
		}
	}
	return out
}

// targetOf is the chain, or the verdict, that a rule leads to.
func targetOf(rule string) string {
	words := strings.Fields(rule)
	for i, w := range words {
		if (w == "-j" || w == "-g") && i+1 < len(words) {
			return words[i+1]
		}
	}
	return ""
}

package kernel

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"

	"github.com/micacloud/mica/netplane/plan"
)

// ruleOf is a rule of a chain that users' rules make.
type ruleOf struct{ table, chain, rule string }

func (r ruleOf) String() string { return fmt.Sprintf("-t %s -A %s %s", r.table, r.chain, r.rule) }

// tryAgain is after how many applications a rule that the kernel refused is tried again:
// what it lacked may be there by then.
const tryAgain = 30

// tryChain is where rules are tried that nothing leads to.
const tryChain = "try"

// applyTables makes the tables of a VPC's namespace the desired ones, and says whether it
// changed any. It runs in that namespace. A rule of a group or of an ACL that this kernel
// refuses keeps no other from being written: it is left out, and refusals tells of it.
func (k *Kernel) applyTables(ctx context.Context, namespace string, ip, bridge []plan.Table) (bool, error) {
	s := k.state(namespace)
	s.remember(ip)
	changed, err := k.writeTables(ctx, namespace, s.accepted(ip), bridge)
	if err == nil || ctx.Err() != nil || !errors.As(err, new(*exec.ExitError)) {
		return changed, err
	}
	if found, tryErr := k.findRefused(ctx, s, namespace, ip); tryErr != nil || !found {
		return changed, errors.Join(err, tryErr)
	}
	return k.writeTables(ctx, namespace, s.accepted(ip), bridge)
}

// remember drops refused rules that are not wanted any more, and all of them when they are
// to be tried again.
func (s *tableState) remember(tables []plan.Table) {
	if len(s.refused) == 0 {
		return
	}
	if s.patience--; s.patience <= 0 {
		s.refused = nil
	}
	maps.DeleteFunc(s.refused, func(r ruleOf, _ bool) bool {
		return !slices.ContainsFunc(chainsOf(tables, r.table), func(c plan.Chain) bool { return c.Name == r.chain && slices.Contains(c.Rules, r.rule) })
	})
}

// ofUsers says whether a chain is made of users' rules: of a security group or an ACL.
func ofUsers(chain string) bool {
	return strings.HasPrefix(chain, "sg-") || strings.HasPrefix(chain, "acl-")
}

// accepted are the tables without the rules that the kernel refuses. A group's then lets
// in nothing. Of an ACL's chain, where a rule may be there to deny, the rest is denied.
func (s *tableState) accepted(tables []plan.Table) []plan.Table {
	if len(s.refused) == 0 {
		return tables
	}
	out := slices.Clone(tables)
	for n, t := range out {
		out[n].Chains = slices.Clone(t.Chains)
		for m, c := range out[n].Chains {
			out[n].Chains[m].Rules = s.acceptedOf(t.Name, c)
		}
	}
	return out
}

func (s *tableState) acceptedOf(table string, c plan.Chain) []string {
	refused := func(rule string) bool { return s.refused[ruleOf{table, c.Name, rule}] }
	if strings.HasPrefix(c.Name, "acl-") {
		if at := slices.IndexFunc(c.Rules, refused); at >= 0 {
			return append(c.Rules[:at:at], "-j DROP")
		}
		return c.Rules
	}
	return slices.DeleteFunc(slices.Clone(c.Rules), refused)
}

// findRefused tries users' rules in a chain of their own, to find those that the kernel
// does not take, and says whether there are more than before.
func (k *Kernel) findRefused(ctx context.Context, s *tableState, namespace string, tables []plan.Table) (found bool, err error) {
	s.wanted = false // a chain more, and a generation that is not ours
	for _, t := range tables {
		var rules []ruleOf
		for _, c := range t.Chains {
			if !ofUsers(c.Name) || s.ip != nil && slices.ContainsFunc(chainsOf(s.ip, t.Name), func(o plan.Chain) bool { return o.Name == c.Name && slices.Equal(o.Rules, c.Rules) }) {
				continue // one that is there is no reason
			}
			for _, r := range c.Rules {
				if of := (ruleOf{t.Name, c.Name, r}); !s.refused[of] {
					rules = append(rules, of)
				}
			}
		}
		if len(rules) == 0 {
			continue
		}
		if err := k.try(ctx, t.Name, nil); err != nil {
			return found, fmt.Errorf("try rules%s: %w", in(namespace), err)
		}
		bad, err := k.bad(ctx, rules)
		if err != nil {
			return found, err
		}
		for _, r := range bad {
			if s.refused == nil {
				s.refused = map[ruleOf]bool{}
			}
			s.refused[r], s.patience, found = true, tryAgain, true
			k.log.Error("the kernel refuses a rule, which is left out", "namespace", namespace, "rule", r.String())
		}
		if _, err := k.run(ctx, fmt.Sprintf("*%s\n-F %s\n-X %s\nCOMMIT\n", t.Name, tryChain, tryChain), "iptables-restore", k.restoreArgs()...); err != nil {
			return found, err
		}
	}
	return found, nil
}

func chainsOf(tables []plan.Table, name string) []plan.Chain {
	if i := slices.IndexFunc(tables, func(t plan.Table) bool { return t.Name == name }); i >= 0 {
		return tables[i].Chains
	}
	return nil
}

// bad are those of some rules that the kernel does not take, found by halves.
func (k *Kernel) bad(ctx context.Context, rules []ruleOf) ([]ruleOf, error) {
	switch err := k.try(ctx, rules[0].table, rules); {
	case err == nil:
		return nil, nil
	case ctx.Err() != nil || !errors.As(err, new(*exec.ExitError)):
		return nil, err
	case len(rules) == 1:
		return rules, nil
	}
	first, err := k.bad(ctx, rules[:len(rules)/2])
	if err != nil {
		return nil, err
	}
	second, err := k.bad(ctx, rules[len(rules)/2:])
	return append(first, second...), err
}

// try writes rules into a chain that nothing leads to, without where they lead themselves.
func (k *Kernel) try(ctx context.Context, table string, rules []ruleOf) error {
	var b strings.Builder
	fmt.Fprintf(&b, "*%s\n:%s - [0:0]\n", table, tryChain)
	for _, r := range rules {
		match := r.rule
		for _, verb := range []string{"-j ", "-g "} {
			if at := strings.LastIndex(match, verb); at >= 0 {
				match = match[:at]
			}
		}
		fmt.Fprintf(&b, "-A %s %s -j RETURN\n", tryChain, match)
	}
	b.WriteString("COMMIT\n")
	_, err := k.run(ctx, b.String(), "iptables-restore", k.restoreArgs()...)
	return err
}

// refusals says which rules are not in force.
func (k *Kernel) refusals() error {
	var errs []error
	for _, namespace := range slices.Sorted(maps.Keys(k.tables)) {
		for r := range k.tables[namespace].refused {
			errs = append(errs, fmt.Errorf("%s: the kernel refuses a rule, which is left out: %s", namespace, r))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

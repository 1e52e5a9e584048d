package kernel

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/netplane/plan"
)

// tableState is what is known of one namespace's rules without looking.
type tableState struct {
	// generation of nf_tables when the rules were last known to be the wanted ones.
	generation uint32
	wanted     bool // some are known
	ip, bridge []plan.Table
	jumps      []plan.Jump // of the host's own namespace
	// printed is how the kernel prints a chain that we wrote, where it differs from
	// how we write it (a protocol's name for its number): by program, table and chain.
	printed map[string]printed
	// refused are rules that the kernel does not take, and patience is after how many
	// applications they are tried again.
	refused  map[ruleOf]bool
	patience int
}

type printed struct{ wrote, reads []string }

// chainsAsRead are the tables of one program, as its -save prints them.
type chainsAsRead map[string]*tableAsRead

type tableAsRead struct {
	order  []string
	policy map[string]string // "-" for chains that are not built in
	rules  map[string][]string
}

// parseSave reads the output of iptables-save or ebtables-save.
func parseSave(text string) chainsAsRead {
	out := chainsAsRead{}
	var t *tableAsRead
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "*"):
			t = &tableAsRead{policy: map[string]string{}, rules: map[string][]string{}}
			out[line[1:]] = t
		case t == nil:
		case strings.HasPrefix(line, ":"):
			if f := strings.Fields(line[1:]); len(f) >= 2 {
				t.order = append(t.order, f[0])
				t.policy[f[0]] = f[1]
			}
		case strings.HasPrefix(line, "-A "):
			chain, rule, _ := strings.Cut(line[len("-A "):], " ")
			// iptables-save pads some matches with a second space.
			t.rules[chain] = append(t.rules[chain], strings.Join(strings.Fields(rule), " "))
		}
	}
	return out
}

func (c chainsAsRead) rules(table, chain string) []string {
	if t := c[table]; t != nil {
		return t.rules[chain]
	}
	return nil
}

// generation asks nf_tables for the number of its last change in this namespace.
func generation() (uint32, error) {
	const getGen, attrID = 16, 1 // NFT_MSG_GETGEN, NFTA_GEN_ID
	req := nl.NewNetlinkRequest(unix.NFNL_SUBSYS_NFTABLES<<8|getGen, 0)
	req.AddData(&nl.Nfgenmsg{Version: nl.NFNETLINK_V0})
	msgs, err := req.Execute(unix.NETLINK_NETFILTER, 0)
	if err != nil {
		return 0, fmt.Errorf("ask nf_tables for its generation: %w", err)
	}
	for _, m := range msgs {
		attrs, err := nl.ParseRouteAttr(m[nl.SizeofNfgenmsg:])
		if err != nil {
			return 0, err
		}
		for _, a := range attrs {
			if a.Attr.Type == attrID && len(a.Value) == 4 {
				return binary.BigEndian.Uint32(a.Value), nil
			}
		}
	}
	return 0, fmt.Errorf("nf_tables told no generation")
}

// state returns what is remembered of a namespace's rules.
func (k *Kernel) state(namespace string) *tableState {
	s := k.tables[namespace]
	if s == nil {
		s = &tableState{printed: map[string]printed{}}
		k.tables[namespace] = s
	}
	return s
}

// untouched says that nobody has written rules in this namespace since we last knew them.
func (k *Kernel) untouched(s *tableState) bool {
	if k.legacy || !s.wanted {
		return false
	}
	g, err := generation()
	return err == nil && g == s.generation
}

func sameTables(a, b []plan.Table) bool {
	return slices.EqualFunc(a, b, func(a, b plan.Table) bool {
		return a.Name == b.Name && slices.EqualFunc(a.Chains, b.Chains, func(a, b plan.Chain) bool {
			return a.Name == b.Name && a.Policy == b.Policy && slices.Equal(a.Rules, b.Rules)
		})
	})
}

// writeTables makes the tables of a VPC's namespace, which are wholly ours, the
// desired ones, and says whether it changed any. It runs in that namespace.
func (k *Kernel) writeTables(ctx context.Context, namespace string, ip, bridge []plan.Table) (bool, error) {
	s := k.state(namespace)
	wrote := false
	if k.untouched(s) && sameTables(s.bridge, bridge) {
		if sameTables(s.ip, ip) {
			return false, nil
		}
		if known, err := k.change(ctx, s, namespace, ip); known || err != nil {
			return true, err
		}
		wrote = true // and so did somebody else
	}
	s.wanted = false
	changedIP, err := k.restore(ctx, s, "iptables", namespace, ip)
	if err != nil {
		return false, err
	}
	changedBridge, err := k.restore(ctx, s, "ebtables", namespace, bridge)
	if err != nil {
		return false, err
	}
	if changedIP || changedBridge {
		// Look again the next time: between our write and now somebody may have written.
		if err := k.verify(ctx, s, namespace, ip, bridge); err != nil {
			return false, err
		}
	} else if s.generation, err = generation(); err != nil && !k.legacy {
		return false, err
	}
	s.ip, s.bridge, s.wanted = ip, bridge, true
	return wrote || changedIP || changedBridge, nil
}

// change writes the chains that differ from those that are known to be there, without
// reading any. It says whether all is known again: nf_tables counts a generation for each
// table written, so more of them than that are somebody else's.
func (k *Kernel) change(ctx context.Context, s *tableState, namespace string, ip []plan.Table) (known bool, err error) {
	read := chainsAsRead{}
	for _, t := range s.ip {
		read[t.Name] = asRead(t)
	}
	input, names, tables := restoreInput(s, "iptables", ip, read)
	if len(names) == 0 {
		s.ip = ip
		return true, nil
	}
	s.wanted = false
	done, err := k.rewriteTranslations(names, ip, namespace)
	if err != nil {
		return false, err
	}
	if done {
		tables = 1
	} else {
		err = k.do(fmt.Sprintf("iptables-restore %s%s", strings.Join(names, ", "), in(namespace)), func() error {
			_, err := k.run(ctx, input, "iptables-restore", k.restoreArgs()...)
			return err
		})
		if err != nil {
			return false, err
		}
	}
	now, err := generation()
	if err != nil {
		return false, err
	}
	known = now == s.generation+uint32(tables)
	if known {
		s.ip, s.generation, s.wanted = ip, now, true
	}
	return known, nil
}

// asRead is a table as it would be read if the kernel printed what we write.
func asRead(t plan.Table) *tableAsRead {
	out := &tableAsRead{policy: map[string]string{}, rules: map[string][]string{}}
	for _, c := range t.Chains {
		out.order = append(out.order, c.Name)
		out.policy[c.Name], out.rules[c.Name] = cmp.Or(c.Policy, "-"), c.Rules
	}
	return out
}

// verify reads back what was written, to know how the kernel prints it.
func (k *Kernel) verify(ctx context.Context, s *tableState, namespace string, ip, bridge []plan.Table) error {
	var err error
	if s.generation, err = generation(); err != nil && !k.legacy {
		return err
	}
	for program, tables := range map[string][]plan.Table{"iptables": ip, "ebtables": bridge} {
		if len(tables) == 0 {
			continue
		}
		text, err := k.run(ctx, "", program+"-save")
		if err != nil {
			return err
		}
		read := parseSave(text)
		for _, t := range tables {
			for _, c := range t.Chains {
				have, ok := read[t.Name]
				if !ok || len(have.rules[c.Name]) != len(c.Rules) {
					return fmt.Errorf("%s: chain %s of table %s%s did not take its rules", program, c.Name, t.Name, in(namespace))
				}
				s.printed[chainKey(program, t.Name, c.Name)] = printed{c.Rules, have.rules[c.Name]}
			}
		}
	}
	return nil
}

func chainKey(program, table, chain string) string { return program + " " + table + " " + chain }

// same compares a chain with how it is read, allowing for how the kernel prints it.
func (s *tableState) same(program, table string, c plan.Chain, have *tableAsRead) bool {
	if have == nil {
		return false
	}
	policy, exists := have.policy[c.Name]
	if !exists || c.Policy != "" && policy != c.Policy {
		return false
	}
	rules := have.rules[c.Name]
	if slices.Equal(rules, c.Rules) {
		return true
	}
	p, ok := s.printed[chainKey(program, table, c.Name)]
	return ok && slices.Equal(p.wrote, c.Rules) && slices.Equal(p.reads, rules)
}

// restore writes the chains that differ, each table in one transaction.
func (k *Kernel) restore(ctx context.Context, s *tableState, program, namespace string, tables []plan.Table) (bool, error) {
	text, err := k.run(ctx, "", program+"-save")
	if err != nil {
		return false, err
	}
	input, names, _ := restoreInput(s, program, tables, parseSave(text))
	if len(names) == 0 {
		return false, nil
	}
	args := k.restoreArgs()
	if program == "ebtables" {
		args = nil
	}
	return true, k.do(fmt.Sprintf("%s-restore %s%s", program, strings.Join(names, ", "), in(namespace)), func() error {
		_, err := k.run(ctx, input, program+"-restore", args...)
		return err
	})
}

// restoreInput is what to feed to a -restore program to make what was read the wanted
// tables, with the names of the chains that differ and the number of tables.
func restoreInput(s *tableState, program string, want []plan.Table, read chainsAsRead) (input string, names []string, tables int) {
	var b strings.Builder
	for _, t := range want {
		diff, what := s.diff(program, t, read[t.Name])
		if len(what) == 0 {
			continue
		}
		names = append(names, what...)
		if program == "ebtables" {
			diff = whole(t) // its restore has no transaction for a single chain
		}
		fmt.Fprintf(&b, "*%s\n%sCOMMIT\n", t.Name, diff)
		tables++
	}
	for name, t := range read { // tables that somebody made in a namespace of ours
		if slices.ContainsFunc(want, func(t plan.Table) bool { return t.Name == name }) {
			continue
		}
		if diff := t.empty(); diff != "" {
			names = append(names, name+" (foreign)")
			fmt.Fprintf(&b, "*%s\n%sCOMMIT\n", name, diff)
			tables++
		}
	}
	return b.String(), names, tables
}

// diff is the input of iptables-restore --noflush that makes have t, and the names of
// the chains that it touches.
func (s *tableState) diff(program string, t plan.Table, have *tableAsRead) (string, []string) {
	var declare, flush, rules, drop strings.Builder
	var names []string
	for _, c := range t.Chains {
		if s.same(program, t.Name, c, have) {
			continue
		}
		names = append(names, t.Name+"/"+c.Name)
		if c.Policy == "" {
			fmt.Fprintf(&declare, ":%s - [0:0]\n", c.Name) // also empties it
		} else {
			fmt.Fprintf(&declare, ":%s %s [0:0]\n", c.Name, c.Policy)
			fmt.Fprintf(&flush, "-F %s\n", c.Name)
		}
		for _, r := range c.Rules {
			fmt.Fprintf(&rules, "-A %s %s\n", c.Name, r)
		}
	}
	if have != nil {
		for _, name := range have.order {
			if slices.ContainsFunc(t.Chains, func(c plan.Chain) bool { return c.Name == name }) {
				continue
			}
			if have.policy[name] != "-" && program == "iptables" {
				if len(have.rules[name]) > 0 { // a built-in chain that we don't use
					names = append(names, t.Name+"/"+name)
					fmt.Fprintf(&flush, "-F %s\n", name)
				}
				continue
			}
			names = append(names, t.Name+"/"+name)
			fmt.Fprintf(&flush, "-F %s\n", name)
			fmt.Fprintf(&drop, "-X %s\n", name)
		}
	}
	return declare.String() + flush.String() + rules.String() + drop.String(), names
}

// whole is the input of ebtables-restore that replaces a table.
func whole(t plan.Table) string {
	var b strings.Builder
	for _, c := range t.Chains {
		fmt.Fprintf(&b, ":%s %s\n", c.Name, c.Policy)
	}
	for _, c := range t.Chains {
		for _, r := range c.Rules {
			fmt.Fprintf(&b, "-A %s %s\n", c.Name, r)
		}
	}
	return b.String()
}

// empty is the input that takes all rules and chains out of a table.
func (t *tableAsRead) empty() string {
	var policy, flush, drop strings.Builder
	for _, name := range t.order {
		switch {
		case t.policy[name] == "-":
			fmt.Fprintf(&flush, "-F %s\n", name)
			fmt.Fprintf(&drop, "-X %s\n", name)
		case t.policy[name] != "ACCEPT" || len(t.rules[name]) > 0:
			fmt.Fprintf(&policy, ":%s ACCEPT [0:0]\n", name)
			fmt.Fprintf(&flush, "-F %s\n", name)
		}
	}
	return policy.String() + flush.String() + drop.String()
}

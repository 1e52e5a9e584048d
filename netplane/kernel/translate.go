package kernel

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"github.com/google/nftables/xt"

	"github.com/micacloud/mica/netplane/plan"
)

// translation is a rule that translates one address to another one and says no more.
type translation struct {
	target   string // DNAT, SNAT
	from, to netip.Addr
}

// translationOf reads such a rule, and says no to any other.
func translationOf(rule string) (t translation, ok bool) {
	f := strings.Fields(rule)
	if len(f) != 6 || f[2] != "-j" {
		return t, false
	}
	t.target = f[3]
	switch f[0] + " " + f[3] + " " + f[4] {
	case "-d DNAT --to-destination", "-s SNAT --to-source":
	default:
		return t, false
	}
	from, err := netip.ParsePrefix(f[1])
	if err != nil || from.Bits() != 32 {
		return t, false
	}
	t.from = from.Addr()
	t.to, err = netip.ParseAddr(f[5])
	return t, err == nil && t.to.Is4()
}

// rewriteTranslations writes chains of such rules anew, in one transaction and without a
// process: they change with each launch and end of an instance with a public address. It
// says no if there is anything else to write.
func (k *Kernel) rewriteTranslations(names []string, tables []plan.Table, namespace string) (done bool, err error) {
	var chains []plan.Chain
	for _, t := range tables {
		for _, c := range t.Chains {
			if slices.Contains(names, t.Name+"/"+c.Name) {
				if t.Name != "nat" || c.Policy != "" {
					return false, nil
				}
				chains = append(chains, c)
			}
		}
	}
	if len(chains) != len(names) { // one is to go
		return false, nil
	}
	conn, err := nftables.New()
	if err != nil {
		return false, err
	}
	nat := &nftables.Table{Family: nftables.TableFamilyIPv4, Name: "nat"}
	for _, c := range chains {
		chain := &nftables.Chain{Table: nat, Name: c.Name}
		conn.FlushChain(chain)
		for _, r := range c.Rules {
			t, ok := translationOf(r)
			if !ok {
				return false, nil
			}
			conn.AddRule(&nftables.Rule{Table: nat, Chain: chain, Exprs: t.expressions()})
		}
	}
	return true, k.do("rewrite "+strings.Join(names, ", ")+in(namespace), conn.Flush)
}

// expressions are the rule as iptables writes it, so that iptables can print it.
func (t translation) expressions() []expr.Any {
	const sourceOffset, destinationOffset = 12, 16 // in an IPv4 header
	offset := uint32(destinationOffset)
	target := &expr.Target{Name: t.target, Rev: 2, Info: &xt.NatRange2{NatRange: xt.NatRange{
		Flags: uint(xt.NatRangeMapIPs), MinIP: t.to.AsSlice(), MaxIP: t.to.AsSlice(),
	}}}
	if t.target == "SNAT" {
		offset = sourceOffset
		// Of the first revision: struct nf_nat_ipv4_multi_range_compat.
		info := binary.NativeEndian.AppendUint32(nil, 1)
		info = binary.NativeEndian.AppendUint32(info, uint32(xt.NatRangeMapIPs))
		info = append(append(info, t.to.AsSlice()...), t.to.AsSlice()...)
		target.Rev, target.Info = 0, new(xt.Unknown(append(info, 0, 0, 0, 0)))
	}
	return []expr.Any{
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: offset, Len: 4},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: t.from.AsSlice()},
		&expr.Counter{},
		target,
	}
}

package ec2

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerACLChanges(r *wire.Registry[*action.Call]) {
	spec := func(name string) wire.Spec { return wire.Spec{Name: name, Resource: "network-acl", Mutates: true} }
	wire.Handle(r, spec("CreateNetworkAcl"), a.createNetworkACL)
	wire.Check(r, "CreateNetworkAcl", func(in *gen.CreateNetworkAclRequest) error {
		_, err := parseTagSpecs(in.TagSpecifications, "network-acl")
		return err
	})
	wire.Handle(r, spec("DeleteNetworkAcl"), a.deleteNetworkACL)
	wire.Handle(r, spec("CreateNetworkAclEntry"), a.createNetworkACLEntry)
	wire.Check(r, "CreateNetworkAclEntry", func(in *gen.CreateNetworkAclEntryRequest) error {
		_, err := parseACLEntry((*gen.ReplaceNetworkAclEntryRequest)(in))
		return err
	})
	wire.Handle(r, spec("ReplaceNetworkAclEntry"), a.replaceNetworkACLEntry)
	wire.Check(r, "ReplaceNetworkAclEntry", func(in *gen.ReplaceNetworkAclEntryRequest) error {
		_, err := parseACLEntry(in)
		return err
	})
	wire.Handle(r, spec("DeleteNetworkAclEntry"), a.deleteNetworkACLEntry)
	wire.Check(r, "DeleteNetworkAclEntry", func(in *gen.DeleteNetworkAclEntryRequest) error { return checkRuleNumber(val(in.RuleNumber)) })
	wire.Handle(r, spec("ReplaceNetworkAclAssociation"), a.replaceNetworkACLAssociation)
}

func getACL(c *action.Call, id *string) (*model.NetworkACL, error) {
	return require(c, networkACLKind, store.NetworkACLs, val(id))
}

// createNetworkACL makes an ACL that denies all.
func (a *API) createNetworkACL(c *action.Call, in *gen.CreateNetworkAclRequest) (*gen.CreateNetworkAclResult, error) {
	tags, err := parseTagSpecs(in.TagSpecifications, "network-acl")
	if err != nil {
		return nil, err
	}
	vpc, err := getVPC(c, val(in.VpcId))
	if err != nil {
		return nil, err
	}
	if err := a.within(quotaACLs, count(store.NetworkACLs.By(c, "vpc", vpc.ID), nil), 1); err != nil {
		return nil, err
	}
	n := &model.NetworkACL{ID: ids.New(ids.NetworkACL), Owned: owner(c), VPC: vpc.ID, Subnets: map[string]string{}, Tags: tags["network-acl"].Clone()}
	c.Made = n.ID
	return &gen.CreateNetworkAclResult{NetworkAcl: toNetworkACL(n), ClientToken: in.ClientToken}, store.NetworkACLs.Put(c.Tx, n)
}

func (a *API) deleteNetworkACL(c *action.Call, in *gen.DeleteNetworkAclRequest) (*gen.DeleteNetworkAclResult, error) {
	n, err := getACL(c, in.NetworkAclId)
	switch {
	case err != nil:
		return nil, err
	case n.Default:
		return nil, apierr.New("InvalidParameterValue", "cannot delete default network ACL %s", n.ID)
	case len(n.Subnets) > 0:
		return nil, apierr.New("DependencyViolation", "The networkAcl '%s' has dependencies and cannot be deleted.", n.ID)
	}
	return &gen.DeleteNetworkAclResult{}, store.NetworkACLs.Delete(c.Tx, n.ID)
}

func checkRuleNumber(n int64) error {
	if n < 1 || n >= lastACLEntry {
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter ruleNumber is invalid. Must be between 1 and %d", n, lastACLEntry-1)
	}
	return nil
}

// parseACLEntry checks all values of an entry.
func parseACLEntry(in *gen.ReplaceNetworkAclEntryRequest) (e model.ACLEntry, err error) {
	if err = checkRuleNumber(val(in.RuleNumber)); err != nil {
		return e, err
	}
	e = model.ACLEntry{Number: int(*in.RuleNumber), Egress: val(in.Egress), Allow: val(in.RuleAction) == "allow"}
	if e.Protocol, err = parseACLProtocol(val(in.Protocol)); err != nil {
		return e, err
	}
	switch {
	case in.CidrBlock != nil && in.Ipv6CidrBlock != nil:
		return e, apierr.New("InvalidParameterCombination", "The parameter cidrBlock cannot be used with the parameter ipv6CidrBlock")
	case in.Ipv6CidrBlock != nil:
		return e, refuseIPv6("The range " + clip(*in.Ipv6CidrBlock))
	case in.CidrBlock == nil:
		return e, missing("cidrBlock")
	}
	if e.CIDR, err = parseCIDR(*in.CidrBlock); err != nil {
		return e, err
	}
	switch e.Protocol {
	case numberTCP, numberUDP:
		return withACLPorts(e, in.PortRange)
	case numberICMP:
		return withACLTypes(e, in.IcmpTypeCode)
	}
	return e, nil // EC2 takes ports and types with other protocols, and drops them
}

// parseACLProtocol returns a protocol's number.
func parseACLProtocol(s string) (string, error) {
	switch strings.ToLower(s) {
	case "-1", "all":
		return protoAll, nil
	case "tcp":
		return numberTCP, nil
	case "udp":
		return numberUDP, nil
	case "icmp":
		return numberICMP, nil
	case "icmpv6", "58":
		return "", refuseIPv6("The protocol icmpv6")
	}
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil || n == 0 { // iptables takes 0 for all protocols
		return "", apierr.New("InvalidParameterValue", "Invalid value '%s' for IP protocol. Unknown protocol.", clip(s))
	}
	return strconv.FormatUint(n, 10), nil
}

func withACLPorts(e model.ACLEntry, r *gen.PortRange) (model.ACLEntry, error) {
	if r == nil || r.From == nil || r.To == nil {
		return e, apierr.New("MissingParameter", "The request must contain the parameter portRange: TCP and UDP need both ports.")
	}
	from, to := *r.From, *r.To
	if from == -1 && to == -1 {
		from, to = 0, 65535
	}
	switch {
	case from < 0 || from > 65535 || to < 0 || to > 65535:
		return e, apierr.New("InvalidParameterValue", "Value (%d-%d) for parameter portRange is invalid. Ports are 0 to 65535.", from, to)
	case from > to:
		return e, apierr.New("InvalidParameterValue", "Invalid TCP/UDP port range (%d:%d)", from, to)
	}
	e.FromPort, e.ToPort = int(from), int(to)
	return e, nil
}

func withACLTypes(e model.ACLEntry, t *gen.IcmpTypeCode) (model.ACLEntry, error) {
	if t == nil || t.Type == nil || t.Code == nil {
		return e, apierr.New("MissingParameter", "The request must contain the parameter icmpTypeCode: ICMP needs a type and a code.")
	}
	switch kind, code := *t.Type, *t.Code; {
	case kind < -1 || kind > maxICMPType:
		return e, apierr.New("InvalidParameterValue", "ICMP type (%d) out of range", kind)
	case code < -1 || code > 255 || kind == -1 && code != -1:
		return e, apierr.New("InvalidParameterValue", "ICMP code (%d) out of range", code)
	default:
		e.ICMPType, e.ICMPCode = int(kind), int(code)
	}
	return e, nil
}

func (a *API) createNetworkACLEntry(c *action.Call, in *gen.CreateNetworkAclEntryRequest) (*gen.CreateNetworkAclEntryResult, error) {
	e, err := parseACLEntry((*gen.ReplaceNetworkAclEntryRequest)(in))
	if err != nil {
		return nil, err
	}
	n, err := getACL(c, in.NetworkAclId)
	if err != nil {
		return nil, err
	}
	if entryAt(n.Entries, e.Number, e.Egress) >= 0 {
		return nil, apierr.New("NetworkAclEntryAlreadyExists", "The network acl entry identified by %d already exists.", e.Number)
	}
	next := *n
	next.Entries = append(ownEntries(n), e)
	same := count(slices.Values(next.Entries), func(x model.ACLEntry) bool { return x.Egress == e.Egress })
	if err := a.within(quotaACLEntries, same, 0); err != nil {
		return nil, err
	}
	return &gen.CreateNetworkAclEntryResult{}, store.NetworkACLs.Put(c.Tx, &next)
}

// entryAt finds the entry with a number in a direction, or returns -1.
func entryAt(entries []model.ACLEntry, number int, egress bool) int {
	return slices.IndexFunc(entries, func(e model.ACLEntry) bool { return e.Number == number && e.Egress == egress })
}

func noACLEntry(n *model.NetworkACL, number int, egress bool) error {
	direction := "ingress"
	if egress {
		direction = "egress"
	}
	return apierr.New("InvalidNetworkAclEntry.NotFound", "no %s entry with number %d in network acl %s", direction, number, n.ID)
}

func (a *API) replaceNetworkACLEntry(c *action.Call, in *gen.ReplaceNetworkAclEntryRequest) (*gen.ReplaceNetworkAclEntryResult, error) {
	e, err := parseACLEntry(in)
	if err != nil {
		return nil, err
	}
	n, err := getACL(c, in.NetworkAclId)
	if err != nil {
		return nil, err
	}
	next := *n
	next.Entries = ownEntries(n)
	k := entryAt(next.Entries, e.Number, e.Egress)
	if k < 0 {
		return nil, noACLEntry(n, e.Number, e.Egress)
	}
	next.Entries[k] = e
	return &gen.ReplaceNetworkAclEntryResult{}, store.NetworkACLs.Put(c.Tx, &next)
}

func (a *API) deleteNetworkACLEntry(c *action.Call, in *gen.DeleteNetworkAclEntryRequest) (*gen.DeleteNetworkAclEntryResult, error) {
	if err := checkRuleNumber(val(in.RuleNumber)); err != nil {
		return nil, err
	}
	n, err := getACL(c, in.NetworkAclId)
	if err != nil {
		return nil, err
	}
	next := *n
	next.Entries = ownEntries(n)
	k := entryAt(next.Entries, int(*in.RuleNumber), val(in.Egress))
	if k < 0 {
		return nil, noACLEntry(n, int(*in.RuleNumber), *in.Egress)
	}
	next.Entries = slices.Delete(next.Entries, k, k+1)
	return &gen.DeleteNetworkAclEntryResult{}, store.NetworkACLs.Put(c.Tx, &next)
}

// replaceNetworkACLAssociation gives a subnet another ACL. The association gets a new id.
func (a *API) replaceNetworkACLAssociation(c *action.Call, in *gen.ReplaceNetworkAclAssociationRequest) (*gen.ReplaceNetworkAclAssociationResult, error) {
	from, subnet, err := aclAssociation(c, val(in.AssociationId))
	if err != nil {
		return nil, err
	}
	to, err := getACL(c, in.NetworkAclId)
	if err != nil {
		return nil, err
	}
	if to.VPC != from.VPC {
		return nil, apierr.New("InvalidParameterValue", "%s and %s belong to different networks", to.ID, subnet)
	}
	association := ids.New(ids.NetworkACLAssoc)
	if err := moveSubnet(c.Tx, from.ID, to.ID, subnet, association); err != nil {
		return nil, err
	}
	return &gen.ReplaceNetworkAclAssociationResult{NewAssociationId: &association}, nil
}

// moveSubnet takes a subnet from one ACL to another, which may be the same.
func moveSubnet(tx *store.Tx, from, to, subnet, association string) error {
	old := *store.NetworkACLs.Get(tx, from)
	old.Subnets = maps.Clone(old.Subnets)
	delete(old.Subnets, subnet)
	if err := store.NetworkACLs.Put(tx, &old); err != nil {
		return err
	}
	next := *store.NetworkACLs.Get(tx, to)
	next.Subnets = model.Tags(next.Subnets).Clone()
	next.Subnets[subnet] = association
	return store.NetworkACLs.Put(tx, &next)
}

// aclAssociation finds the ACL and the subnet of an association of the caller's.
func aclAssociation(c *action.Call, id string) (*model.NetworkACL, string, error) {
	if !ids.Valid(ids.NetworkACLAssoc, id) {
		return nil, "", apierr.New("InvalidNetworkAclAssociationId.Malformed", "Invalid id: \"%s\" (expecting \"%s-...\")", clip(id), ids.NetworkACLAssoc)
	}
	for n := range mine(store.NetworkACLs)(c) {
		for subnet, association := range n.Subnets {
			if association == id {
				return n, subnet, nil
			}
		}
	}
	return nil, "", apierr.New("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", id)
}

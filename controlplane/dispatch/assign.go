package dispatch

import (
	"cmp"
	"iter"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

// Assignments returns everything a host is to have, by key. It is a function of the
// state alone.
func Assignments(r store.View, host string) map[string]*agentpb.Item {
	return assign(r, host, new(common)).all()
}

// assignments are what a host is to have: items by key, and besides, for VPCs of more
// interfaces than one would want to go through at each change, the interfaces that are on
// others of the hosts.
type assignments struct {
	host    string
	items   map[string]*agentpb.Item
	remotes map[string][]remote // by VPC; those on the host itself are not meant
}

// all returns all items by key.
func (s assignments) all() map[string]*agentpb.Item {
	out := maps.Clone(s.items)
	for vpc := range s.remotes {
		maps.Insert(out, s.elsewhere(vpc))
	}
	return out
}

// elsewhere yields a VPC's interfaces on other hosts, by key.
func (s assignments) elsewhere(vpc string) iter.Seq2[string, *agentpb.Item] {
	return func(yield func(string, *agentpb.Item) bool) {
		for _, r := range s.remotes[vpc] {
			if r.host != s.host && !yield(r.item.Key, r.item) {
				return
			}
		}
	}
}

// assign is Assignments with what many hosts have in common made once for all.
func assign(r store.View, host string, c *common) assignments {
	a := assigner{r: r, version: r.Version(), common: c, items: map[string]*agentpb.Item{}, remotes: map[string][]remote{}}
	vpcs, groups := map[string]bool{}, map[string]bool{}
	for b := range store.Boots.By(r, "host", host) {
		if b.Phase >= model.PhaseReleased {
			continue
		}
		i := store.Instances.Get(r, b.Instance)
		if i == nil {
			continue
		}
		a.boot(b, i)
		a.flowLogs(i)
		vpcs[i.VPCID] = true
		for _, id := range i.Interfaces {
			if n := store.Interfaces.Get(r, id); n != nil {
				for _, g := range n.Groups {
					groups[g] = true
				}
			}
		}
	}
	for v := range store.Volumes.By(r, "host", host) {
		a.volume(v, false)
	}
	here := store.Hosts.Get(r, host)
	for _, id := range a.nats(host) {
		vpcs[id] = true
	}
	for id := range a.withPeers(vpcs) {
		a.share("vpc/"+id, "vpc", func() *agentpb.Item { return a.vpc(id) })
		if here != nil && here.Underlay.IsValid() {
			a.remotes[id] = c.placed(a.version, id, func(share itemFunc) []remote { return a.placed(id, share) })
		}
	}
	a.groups(groups)
	a.lists(groups)
	return assignments{host, a.items, a.remotes}
}

func (a *assigner) volume(v *model.Volume, coming bool) {
	a.put("volume/"+v.ID, &agentpb.Item{Value: &agentpb.Item_Volume{Volume: &agentpb.Volume{
		Id: v.ID, ImageDigest: v.ImageDigest, SizeGib: int32(v.SizeGiB), Deleted: v.State == model.VolumeDeleting, InstanceId: v.Instance, Coming: coming,
		Exists: a.exists(v),
	}}})
}

// exists says whether a boot before this one has had the volume. To say so of the first
// boot too, once it has, would be one more update for each launch.
func (a *assigner) exists(v *model.Volume) bool {
	i := store.Instances.Get(a.r, v.Instance)
	return v.State != model.VolumeCreating && i != nil && i.Epoch > 1
}

type assigner struct {
	r       store.Reader
	version store.Version
	common  *common
	items   map[string]*agentpb.Item
	remotes map[string][]remote
}

func (a *assigner) put(key string, item *agentpb.Item) {
	item.Key = key
	a.items[key] = item
}

// want says what the host is to do with a boot. One of an older epoch is to go, and one
// that has ended never runs again.
func want(r store.Reader, b *model.Boot, i *model.Instance) agentpb.Boot_Want {
	if b.Coming() {
		return agentpb.Boot_WANT_RUNNING
	}
	if b.Epoch != i.Epoch {
		return agentpb.Boot_WANT_DESTROYED
	}
	switch w := lifecycle.WantOf(r, i, b); {
	case w == lifecycle.Destroy:
		return agentpb.Boot_WANT_DESTROYED
	case w == lifecycle.End, b.Phase >= model.PhaseEnded:
		return agentpb.Boot_WANT_ENDED
	}
	return agentpb.Boot_WANT_RUNNING
}

func (a *assigner) boot(b *model.Boot, i *model.Instance) {
	key := "boot/" + i.ID
	if other := a.items[key]; other != nil && other.GetBoot().Epoch > b.Epoch {
		return // the agent ends what is left of older epochs before it starts this one
	}
	out := &agentpb.Boot{
		InstanceId: i.ID, Epoch: b.Epoch, Want: want(a.r, b, i), RebootCount: i.RebootCount,
		Vcpus: int32(b.VCPUs), MemoryMib: int64(b.MemoryMiB), MaxInterfaces: int32(b.Network.Interfaces),
		BaselineMbps: int32(b.Network.BaselineMbps), BurstMbps: int32(b.Network.BurstMbps),
		RootVolume: i.RootVolume, RootDevice: i.RootDevice,
		Recoverable:    lifecycle.Recoverable(a.r, i, b),
		ShutdownAction: i.ShutdownAction, AcceptedUnixNano: b.Created.UnixNano(), Metadata: a.metadata(b, i),
	}
	a.move(b, i, out)
	for _, n := range a.interfaces(i) {
		out.Interfaces = append(out.Interfaces, toInterface(n))
	}
	a.put(key, &agentpb.Item{Value: &agentpb.Item_Boot{Boot: out}})
}

func (a *assigner) interfaces(i *model.Instance) []*model.Interface {
	var out []*model.Interface
	for _, id := range i.Interfaces {
		if n := store.Interfaces.Get(a.r, id); n != nil {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(x, y *model.Interface) int { return cmp.Compare(x.DeviceIndex, y.DeviceIndex) })
	return out
}

func (a *assigner) metadata(b *model.Boot, i *model.Instance) *agentpb.Metadata {
	m := &agentpb.Metadata{
		Account: i.Account, Region: i.Region, Zone: i.Zone, ZoneId: model.ZoneID(i.Zone), Partition: "aws", Domain: "amazonaws.com",
		AmiId: i.ImageID, LaunchIndex: int32(i.LaunchIndex), InstanceType: i.Type, ReservationId: i.ReservationID,
		KeyName: i.KeyName, PublicKey: i.PublicKey, UserData: i.UserData, Tags: i.Tags, RootDevice: i.RootDevice, Arch: i.Arch,
		HttpTokens: i.Metadata.HTTPTokens, HopLimit: int32(i.Metadata.HopLimit), HttpEndpoint: i.Metadata.HTTPEndpoint, InstanceTags: i.Metadata.InstanceTags,
		PendingUnixNano: b.Created.UnixNano(),
	}
	for n, e := range a.interfaces(i) {
		meta := a.interfaceMeta(e)
		m.Interfaces = append(m.Interfaces, meta)
		if n == 0 {
			m.Hostname, m.PublicHostname = a.hostname(i, e), meta.PublicHostname
			m.SecurityGroups = meta.GroupNames
		}
	}
	return m
}

func (a *assigner) interfaceMeta(e *model.Interface) *agentpb.InterfaceMeta {
	meta := &agentpb.InterfaceMeta{
		Id: e.ID, Mac: e.MAC, DeviceIndex: int32(e.DeviceIndex), SubnetId: e.Subnet, VpcId: e.VPC,
		PrivateIp: text(e.PrivateIP), PublicIp: text(e.PublicIP), GroupIds: e.Groups, Owner: e.Account,
	}
	if s := store.Subnets.Get(a.r, e.Subnet); s != nil {
		meta.SubnetCidr = s.CIDR.String()
	}
	if v := store.VPCs.Get(a.r, e.VPC); v != nil {
		for _, c := range v.CIDRs() {
			meta.VpcCidrs = append(meta.VpcCidrs, c.String())
		}
		meta.PublicHostname = publicNames(v, e)[0]
	}
	meta.Hostname = model.PrivateHostname(e.PrivateIP) + "." + model.PrivateDomain(e.Region)
	for _, s := range e.Secondary {
		meta.Secondary = append(meta.Secondary, &agentpb.AddressMeta{PrivateIp: text(s.IP), PublicIp: text(s.Public)})
	}
	for _, id := range e.Groups {
		if g := store.SecurityGroups.Get(a.r, id); g != nil {
			meta.GroupNames = append(meta.GroupNames, g.Name)
		}
	}
	return meta
}

func (a *assigner) vpc(id string) *agentpb.Item {
	v := store.VPCs.Get(a.r, id)
	if v == nil {
		return nil
	}
	out := &agentpb.VPC{Id: v.ID, DnsSupport: v.DNSSupport, Domain: model.PrivateDomain(v.Region), Peerings: a.peerings(id)}
	for _, c := range v.CIDRs() {
		out.Cidrs = append(out.Cidrs, c.String())
	}
	acls, aclOf := a.acls(id)
	out.Acls = acls
	gateways := map[string]bool{}
	for g := range store.InternetGateways.By(a.r, "vpc", id) {
		gateways[g.ID], out.InternetGateway = true, true
	}
	for s := range store.Subnets.By(a.r, "vpc", id) {
		routes := a.routes(s, gateways)
		out.Subnets = append(out.Subnets, &agentpb.Subnet{
			Id: s.ID, Cidr: s.CIDR.String(), Zone: s.Zone, Vni: int32(s.VNI), Routes: routes, Acl: aclOf(s.ID),
			PublicRoute: slices.ContainsFunc(routes, func(r *agentpb.Route) bool { return r.Target == internet }),
		})
	}
	out.Dhcp, out.PublicDomain = a.dhcpOptions(v), model.PublicDomain(v.Region)
	if v.DNSSupport {
		out.Names = a.names(v)
	}
	return &agentpb.Item{Key: "vpc/" + id, Value: &agentpb.Item_Vpc{Vpc: out}}
}

// remote is an interface as hosts know it that it is not on.
type remote struct {
	host string
	item *agentpb.Item
}

// placed are the VPC's interfaces that are on a host which others can reach.
func (a *assigner) placed(vpc string, share itemFunc) (out []remote) {
	for n := range store.Interfaces.By(a.r, "vpc", vpc) {
		host := a.whereIs(n)
		if host == nil || !host.Underlay.IsValid() {
			continue
		}
		item := share("remote/"+n.ID+" remote", func() *agentpb.Item {
			out := &agentpb.Remote{Id: n.ID, VpcId: n.VPC, SubnetId: n.Subnet, Mac: n.MAC, PrivateIp: n.PrivateIP.String(), Host: host.Underlay.String()}
			for _, s := range n.Secondary {
				out.Secondary = append(out.Secondary, s.IP.String())
			}
			return &agentpb.Item{Key: "remote/" + n.ID, Value: &agentpb.Item_Remote{Remote: out}}
		})
		out = append(out, remote{host.ID, item})
	}
	return out
}

// whereIs returns the host that the interface's instance runs on, or that does its NAT
// gateway's work, or nil.
func (a *assigner) whereIs(n *model.Interface) *model.Host {
	if n.Instance == "" {
		for g := range store.NATGateways.By(a.r, "interface", n.ID) {
			if works(g) {
				return store.Hosts.Get(a.r, g.Host)
			}
		}
		return nil
	}
	i := store.Instances.Get(a.r, n.Instance)
	if i == nil {
		return nil
	}
	for b := range store.Boots.By(a.r, "instance", i.ID) {
		if b.Epoch == i.Epoch && b.Phase < model.PhaseReleased {
			return store.Hosts.Get(a.r, b.Host)
		}
	}
	return nil
}

// groups puts the groups that interfaces here are in, with their rules, and those that
// the rules name, for their members alone.
func (a *assigner) groups(local map[string]bool) {
	needed := maps.Clone(local)
	for id := range local {
		for rule := range store.SecurityRules.By(a.r, "group", id) {
			if rule.Source != "" {
				needed[rule.Source] = true
			}
		}
	}
	for id := range needed {
		kind := "members"
		if local[id] {
			kind = "rules and members"
		}
		a.share("group/"+id, kind, func() *agentpb.Item { return a.group(id, local[id]) })
	}
}

func (a *assigner) group(id string, rules bool) *agentpb.Item {
	g := store.SecurityGroups.Get(a.r, id)
	if g == nil {
		return nil
	}
	out := &agentpb.Group{Id: id, VpcId: g.VPC}
	if rules {
		for rule := range store.SecurityRules.By(a.r, "group", id) {
			out.Rules = append(out.Rules, toRule(rule))
		}
	}
	for n := range store.Interfaces.By(a.r, "group", id) {
		for _, ip := range n.PrivateIPs() {
			out.Members = append(out.Members, ip.String())
		}
	}
	slices.Sort(out.Members)
	return &agentpb.Item{Key: "group/" + id, Value: &agentpb.Item_Group{Group: out}}
}

// share puts an item that other hosts have too, unless it is nil.
func (a *assigner) share(key, kind string, build func() *agentpb.Item) {
	if item := a.common.get(a.version, key+" "+kind, build); item != nil {
		a.items[key] = item
	}
}

// common has the items of a version of the state that many hosts are given, so that a
// change costs their making once and not once a host.
type common struct {
	mu          sync.Mutex
	version     store.Version
	items, last map[string]*agentpb.Item
	// By VPC, of this version and the one before: to find them for each host is quadratic.
	remotes, before map[string][]remote
}

// itemFunc returns the item with a key, made by build if nobody has made it yet.
type itemFunc func(key string, build func() *agentpb.Item) *agentpb.Item

// get returns the item of a version. One that did not change since the version before is
// the same pointer, which makes comparing it free.
func (c *common) get(v store.Version, key string, build func() *agentpb.Item) *agentpb.Item {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.turn(v) {
		return build() // for a sender that is behind the others
	}
	return c.item(key, build)
}

// placed returns a VPC's interfaces in a version of the state: the same slice, if they are
// as in the version before.
func (c *common) placed(v store.Version, vpc string, build func(itemFunc) []remote) []remote {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.turn(v) {
		return build(func(_ string, item func() *agentpb.Item) *agentpb.Item { return item() })
	}
	out, ok := c.remotes[vpc]
	if !ok {
		if out = build(c.item); slices.Equal(out, c.before[vpc]) {
			out = c.before[vpc]
		}
		c.remotes[vpc] = out
	}
	return out
}

// turn goes to a version, and reports whether that is not behind the one it has.
func (c *common) turn(v store.Version) bool {
	if c.version != v || c.items == nil {
		if v.Epoch < c.version.Epoch || v.Epoch == c.version.Epoch && v.Rev < c.version.Rev {
			return false
		}
		c.version, c.items, c.last = v, map[string]*agentpb.Item{}, c.items
		c.remotes, c.before = map[string][]remote{}, c.remotes
	}
	return true
}

// item is get for who has the lock, and the version.
func (c *common) item(key string, build func() *agentpb.Item) *agentpb.Item {
	if item, ok := c.items[key]; ok {
		return item
	}
	item := build()
	if old := c.last[key]; old != nil && proto.Equal(old, item) {
		item = old
	}
	c.items[key] = item
	return item
}

func toRule(r *model.SecurityRule) *agentpb.Rule {
	out := &agentpb.Rule{Id: r.ID, Egress: r.Egress, Protocol: protocolNumber(r.Protocol), FromPort: int32(r.FromPort), ToPort: int32(r.ToPort), Group: r.Source, PrefixList: r.PrefixList}
	if r.CIDR.IsValid() {
		out.Cidr = r.CIDR.String()
	}
	return out
}

func protocolNumber(name string) int32 {
	switch name {
	case "-1", "all":
		return -1
	case "icmp":
		return 1
	case "tcp":
		return 6
	case "udp":
		return 17
	}
	n, err := strconv.Atoi(name)
	if err != nil {
		return 255 // reserved: a rule we cannot read must not allow anything else
	}
	return int32(n)
}

func text(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

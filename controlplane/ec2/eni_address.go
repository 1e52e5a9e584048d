package ec2

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

// maxAddressesUnattached bounds the addresses of an interface that no instance has yet:
// what EC2's largest types may have.
const maxAddressesUnattached = 50

func (a *API) registerInterfaceAddresses(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "AssignPrivateIpAddresses", Resource: "network-interface", Mutates: true}, a.assignPrivateIPAddresses)
	wire.Check(r, "AssignPrivateIpAddresses", func(in *gen.AssignPrivateIpAddressesRequest) error {
		_, err := checkAssign(in)
		return err
	})
	wire.Handle(r, wire.Spec{Name: "UnassignPrivateIpAddresses", Resource: "network-interface", Mutates: true}, a.unassignPrivateIPAddresses)
}

// wantedAddresses is what a request says of the addresses of a new interface.
type wantedAddresses struct {
	primary   netip.Addr // the zero Addr: any free one
	secondary []netip.Addr
	more      int // secondary ones of any kind
}

func (w wantedAddresses) count() int { return 1 + len(w.secondary) + w.more }

// any is how many of them may be any free ones.
func (w wantedAddresses) any() int {
	if w.primary.IsValid() {
		return w.more
	}
	return 1 + w.more
}

// parseWanted reads the three ways in which requests name the addresses of an interface.
func parseWanted(primary *string, all []*gen.PrivateIpAddressSpecification, count *int64) (w wantedAddresses, err error) {
	if w.primary, err = parseAddress(primary); err != nil {
		return w, err
	}
	switch n := val(count); {
	case n < 0 || count != nil && n == 0 && len(all) > 0:
		return w, apierr.New("InvalidParameterValue", "Value (%d) for parameter secondaryPrivateIpAddressCount is invalid.", n)
	case n > 0 && len(all) > 0:
		return w, apierr.New("InvalidParameterCombination", "The parameter secondaryPrivateIpAddressCount cannot be used with the parameter privateIpAddresses")
	default:
		w.more = int(min(n, 1<<16))
	}
	for _, p := range all {
		if p == nil || val(p.PrivateIpAddress) == "" {
			return w, missing("PrivateIpAddresses.PrivateIpAddress")
		}
		a, err := parseAddress(p.PrivateIpAddress)
		switch {
		case err != nil:
			return w, err
		case val(p.Primary) && w.primary.IsValid() && w.primary != a:
			return w, apierr.New("InvalidParameterCombination", "Only one primary private IP address can be specified.")
		case val(p.Primary):
			w.primary = a
		default:
			w.secondary = append(w.secondary, a)
		}
	}
	if twice := repeated(append(slices.Clone(w.secondary), w.primary)); twice.IsValid() {
		return w, apierr.New("InvalidParameterValue", "The address %s was specified more than once.", twice)
	}
	return w, nil
}

// repeated returns an address that a list has twice, or the zero Addr.
func repeated(all []netip.Addr) netip.Addr {
	slices.SortFunc(all, netip.Addr.Compare)
	for i := 1; i < len(all); i++ {
		if all[i] == all[i-1] {
			return all[i]
		}
	}
	return netip.Addr{}
}

func parseAddress(s *string) (netip.Addr, error) {
	if s == nil {
		return netip.Addr{}, nil
	}
	if err := checkAddress(s); err != nil {
		return netip.Addr{}, err
	}
	return netip.MustParseAddr(*s), nil
}

func addressLimit() error {
	return apierr.New("PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.")
}

// addSecondary gives an interface more addresses of its subnet: those wanted, and some
// of any.
func addSecondary(tx *store.Tx, subnet *model.Subnet, i *model.Interface, wanted []netip.Addr, more int) (*model.Interface, error) {
	if len(wanted)+more == 0 {
		return i, nil
	}
	next := *i
	next.Secondary = slices.Clone(i.Secondary)
	for range more {
		wanted = append(slices.Clip(wanted), netip.Addr{})
	}
	for _, w := range wanted {
		a, err := pickAddress(tx, subnet, w)
		if err != nil {
			return nil, err
		}
		next.Secondary = append(slices.Clip(next.Secondary), model.PrivateAddress{IP: a})
		row := next // the row that is put must not change any more
		if err := store.Interfaces.Put(tx, &row); err != nil {
			return nil, err
		}
	}
	return &next, nil
}

// checkAssign returns the addresses that a request names, in the order of the request.
func checkAssign(in *gen.AssignPrivateIpAddressesRequest) ([]netip.Addr, error) {
	n := val(in.SecondaryPrivateIpAddressCount)
	switch {
	case val(in.Ipv4PrefixCount) > 0 || len(in.Ipv4Prefixes) > 0:
		return nil, apierr.New("UnsupportedOperation", "The requested configuration is currently not supported: address prefixes on network interfaces.")
	case in.SecondaryPrivateIpAddressCount != nil && len(in.PrivateIpAddresses) > 0:
		return nil, apierr.New("InvalidParameterCombination", "The parameter secondaryPrivateIpAddressCount cannot be used with the parameter privateIpAddresses")
	case in.SecondaryPrivateIpAddressCount == nil && len(in.PrivateIpAddresses) == 0:
		return nil, apierr.New("MissingParameter", "Either 'privateIpAddresses' or 'secondaryPrivateIpAddressCount' should be provided.")
	case in.SecondaryPrivateIpAddressCount != nil && n < 1:
		return nil, apierr.New("InvalidParameterValue", "Value (%d) for parameter secondaryPrivateIpAddressCount is invalid. Expecting a value greater than 0.", n)
	}
	return parseAddresses(in.PrivateIpAddresses)
}

func parseAddresses(all []string) ([]netip.Addr, error) {
	var out []netip.Addr
	for _, s := range all {
		a, err := parseAddress(&s)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	if twice := repeated(slices.Clone(out)); twice.IsValid() {
		return nil, apierr.New("InvalidParameterValue", "The address %s was specified more than once.", twice)
	}
	return out, nil
}

func (a *API) assignPrivateIPAddresses(c *action.Call, in *gen.AssignPrivateIpAddressesRequest) (*gen.AssignPrivateIpAddressesResult, error) {
	wanted, err := checkAssign(in)
	if err != nil {
		return nil, err
	}
	i, err := changeable(c, in.NetworkInterfaceId)
	if err != nil {
		return nil, err
	}
	subnet, err := getSubnet(c, i.Subnet)
	if err != nil {
		return nil, err
	}
	more := val(in.SecondaryPrivateIpAddressCount)
	fresh := 0
	for _, w := range wanted {
		if !slices.Contains(i.PrivateIPs(), w) {
			fresh++
		}
	}
	if len(i.PrivateIPs())+fresh+int(min(more, 1<<16)) > a.addressesOf(c, i) {
		return nil, addressLimit()
	}
	had := len(i.Secondary)
	var free []netip.Addr
	moved := map[netip.Addr]model.PrivateAddress{}
	for _, w := range wanted {
		holder := store.Interfaces.First(c, "address", store.Key(i.Subnet, w.String()))
		switch {
		case holder == nil:
			free = append(free, w)
		case !val(in.AllowReassignment):
			return nil, apierr.New("InvalidParameterValue", "[%s] assigned, but move is not allowed.", w)
		case holder.ID != i.ID:
			if moved[w], err = takeAddress(c, holder, w, i.ID); err != nil {
				return nil, err
			}
			free = append(free, w)
		case w == i.PrivateIP:
			return nil, primaryAddress(w, i.ID)
		}
	}
	if i, err = addSecondary(c.Tx, subnet, i, free, int(more)); err != nil {
		return nil, err
	}
	i, err = withPublics(c, i, moved)
	if err != nil {
		return nil, err
	}
	out := &gen.AssignPrivateIpAddressesResult{NetworkInterfaceId: &i.ID, AssignedPrivateIpAddresses: []*gen.AssignedPrivateIpAddress{}, AssignedIpv4Prefixes: []*gen.Ipv4PrefixSpecification{}}
	for _, s := range i.Secondary[had:] {
		out.AssignedPrivateIpAddresses = append(out.AssignedPrivateIpAddresses, &gen.AssignedPrivateIpAddress{PrivateIpAddress: new(s.IP.String())})
	}
	return out, nil
}

// addressesOf is how many addresses an interface may have.
func (a *API) addressesOf(r store.Reader, i *model.Interface) int {
	if instance := store.Instances.Get(r, i.Instance); i.Instance != "" && instance != nil {
		if t := a.deps.Types.Get(instance.Type); t != nil {
			return t.Addresses
		}
	}
	return maxAddressesUnattached
}

func primaryAddress(a netip.Addr, eni string) error {
	return apierr.New("InvalidParameterValue", "The address %s is the primary one of network interface '%s': it stays there.", a, eni)
}

// takeAddress takes a secondary address away from who holds it, for another interface,
// and returns it with its public one. An Elastic IP moves with its private address.
func takeAddress(c *action.Call, holder *model.Interface, a netip.Addr, to string) (model.PrivateAddress, error) {
	k := slices.IndexFunc(holder.Secondary, func(s model.PrivateAddress) bool { return s.IP == a })
	switch {
	case !holder.OwnedBy(c.Account, c.Region) || requesterManaged(holder):
		return model.PrivateAddress{}, notYours()
	case k < 0:
		return model.PrivateAddress{}, primaryAddress(a, holder.ID)
	}
	taken := holder.Secondary[k]
	for e := range store.ElasticIPs.By(c, "interface", holder.ID) {
		if e.PrivateIP == a {
			next := *e
			next.Interface = to
			if err := store.ElasticIPs.Put(c.Tx, &next); err != nil {
				return taken, err
			}
		}
	}
	next := *holder
	next.Secondary = slices.Delete(slices.Clone(holder.Secondary), k, k+1)
	return taken, store.Interfaces.Put(c.Tx, &next)
}

// withPublics writes the public addresses that came along with moved ones.
func withPublics(c *action.Call, i *model.Interface, moved map[netip.Addr]model.PrivateAddress) (*model.Interface, error) {
	if len(moved) == 0 {
		return i, nil
	}
	next := *i
	next.Secondary = slices.Clone(i.Secondary)
	for k, s := range next.Secondary {
		if m, ok := moved[s.IP]; ok {
			next.Secondary[k].Public = m.Public
		}
	}
	return &next, store.Interfaces.Put(c.Tx, &next)
}

func (a *API) unassignPrivateIPAddresses(c *action.Call, in *gen.UnassignPrivateIpAddressesRequest) (*gen.UnassignPrivateIpAddressesResult, error) {
	gone, err := parseAddresses(in.PrivateIpAddresses)
	switch {
	case err != nil:
		return nil, err
	case len(in.Ipv4Prefixes) > 0:
		return nil, apierr.New("InvalidParameterValue", "Network interfaces have no address prefixes.")
	case len(gone) == 0:
		return nil, missing("privateIpAddresses")
	}
	i, err := changeable(c, in.NetworkInterfaceId)
	if err != nil {
		return nil, err
	}
	for _, a := range gone {
		if a == i.PrivateIP {
			return nil, primaryAddress(a, i.ID)
		}
		if !slices.Contains(i.PrivateIPs(), a) {
			return nil, apierr.New("InvalidParameterValue", "Some of [%s] are not assigned to interface %s", joinAddrs(gone), i.ID)
		}
	}
	if err := lifecycle.LooseElasticIPs(c.Tx, i.ID, gone); err != nil {
		return nil, err
	}
	next := *i
	next.Secondary = slices.DeleteFunc(slices.Clone(i.Secondary), func(s model.PrivateAddress) bool { return slices.Contains(gone, s.IP) })
	return &gen.UnassignPrivateIpAddressesResult{}, store.Interfaces.Put(c.Tx, &next)
}

func joinAddrs(all []netip.Addr) string {
	var out []string
	for _, a := range all {
		out = append(out, a.String())
	}
	return strings.Join(out, ", ")
}

package ec2

import (
	"math"
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

// resolveNetwork fills in a launch's interfaces and the zones that it may go to.
func (a *API) resolveNetwork(c *action.Call, l *launch) error {
	specs := l.in.NetworkInterfaces
	if len(specs) == 0 {
		specs = []*gen.InstanceNetworkInterfaceSpecification{{
			DeviceIndex: new(int64(0)), SubnetId: l.in.SubnetId, Groups: l.in.SecurityGroupIds,
			PrivateIpAddress: l.in.PrivateIpAddress, DeleteOnTermination: new(true),
		}}
	}
	if len(specs) > l.kind.Interfaces {
		return apierr.New("AttachmentLimitExceeded", "Interface count %d exceeds the limit for %s", len(specs), l.kind.Name)
	}
	for _, s := range specs {
		n, err := resolveNIC(c, s)
		if err != nil {
			return err
		}
		if len(l.in.NetworkInterfaces) == 0 {
			n.names = l.in.SecurityGroups
		}
		if int(n.index) >= l.kind.Interfaces {
			return apierr.New("InvalidParameterValue", "Device index %d exceeds the limit for %s", n.index, l.kind.Name)
		}
		if n.addresses() > l.kind.Addresses {
			return addressLimit()
		}
		l.nics = append(l.nics, n)
	}
	slices.SortFunc(l.nics, func(x, y nic) int { return x.index - y.index })
	return a.chooseZones(c, l)
}

// addresses is how many private addresses the interface has, or is to have.
func (n nic) addresses() int {
	if n.existing != nil {
		return len(n.existing.PrivateIPs())
	}
	return n.wanted.count()
}

func resolveNIC(c *action.Call, s *gen.InstanceNetworkInterfaceSpecification) (nic, error) {
	n := nic{index: int(*s.DeviceIndex), groups: s.Groups, public: s.AssociatePublicIpAddress, text: val(s.Description)}
	if s.NetworkInterfaceId != nil {
		eni, err := getInterface(c, *s.NetworkInterfaceId)
		if err != nil {
			return n, err
		}
		if requesterManaged(eni) {
			return n, notYours()
		}
		if eni.Instance != "" {
			return n, apierr.New("InvalidNetworkInterface.InUse", "Interface: [%s] in use.", eni.ID)
		}
		n.existing, n.delete = eni, val(s.DeleteOnTermination)
		n.subnet, err = getSubnet(c, eni.Subnet)
		return n, err
	}
	n.delete = orDefault(s.DeleteOnTermination, true)
	var err error
	if n.wanted, err = parseWanted(s.PrivateIpAddress, s.PrivateIpAddresses, s.SecondaryPrivateIpAddressCount); err != nil {
		return n, err
	}
	if s.SubnetId != nil {
		if n.subnet, err = getSubnet(c, *s.SubnetId); err != nil {
			return n, err
		}
	}
	return n, nil
}

// chooseZones fills in the zones in which a launch's interfaces can be.
func (a *API) chooseZones(c *action.Call, l *launch) error {
	wanted := ""
	if p := l.in.Placement; p != nil && val(p.AvailabilityZone) != "" {
		wanted = *p.AvailabilityZone
		region := a.region(c.Region)
		if region == nil || !slices.ContainsFunc(region.Zones, func(z Zone) bool { return z.Name == wanted }) {
			return apierr.New("InvalidParameterValue", "Invalid availability zone: [%s]", clip(wanted))
		}
	}
	zone, vpc := "", ""
	for _, n := range l.nics {
		if n.subnet == nil {
			continue
		}
		if zone != "" && n.subnet.Zone != zone || vpc != "" && n.subnet.VPC != vpc {
			return apierr.New("InvalidParameterCombination", "All network interfaces of an instance must be in one Availability Zone and one VPC.")
		}
		zone, vpc = n.subnet.Zone, n.subnet.VPC
	}
	switch {
	case zone != "" && wanted != "" && zone != wanted:
		return apierr.New("InvalidParameterValue", "The availability zone [%s] does not match the one of the specified subnet [%s]", wanted, zone)
	case zone != "":
		l.zones = []string{zone}
		return nil
	case wanted != "":
		if _, err := defaultSubnet(c, wanted); err != nil {
			return err
		}
		l.zones = []string{wanted}
		return nil
	}
	if _, err := defaultSubnet(c, ""); err != nil {
		return err
	}
	for s := range mine(store.Subnets)(c) {
		if s.Default {
			l.zones = append(l.zones, s.Zone)
		}
	}
	return nil
}

// freeAddresses returns how many instances of a launch the subnets of a zone have
// addresses for.
func (l *launch) freeAddresses(c *action.Call, zone string) int {
	per, subnets := map[string]int{}, map[string]*model.Subnet{}
	for _, n := range l.nics {
		s := n.subnet
		if s == nil {
			s, _ = defaultSubnet(c, zone)
		}
		if s != nil && n.existing == nil && n.wanted.any() > 0 {
			per[s.ID] += n.wanted.any()
			subnets[s.ID] = s
		}
	}
	free := math.MaxInt
	for id, n := range per {
		free = min(free, freeAddresses(c, subnets[id])/n)
	}
	return free
}

// settleNetwork fills in what depends on the zone: default subnets, and groups.
func (a *API) settleNetwork(l *launch, c *action.Call, zone string) error {
	for k := range l.nics {
		n := &l.nics[k]
		if n.existing != nil {
			continue
		}
		if n.subnet == nil {
			s, err := defaultSubnet(c, zone)
			if err != nil {
				return err
			}
			n.subnet = s
		}
		if len(n.names) > 0 && l.in.SubnetId != nil && !isDefaultVPC(c, n.subnet.VPC) {
			return apierr.New("InvalidParameterCombination", "The parameter groupName cannot be used with the parameter subnet")
		}
		groups, err := a.resolveGroups(c, n.subnet.VPC, n.groups, n.names)
		if err != nil {
			return err
		}
		n.groups, n.names = groups, nil
	}
	return nil
}

func isDefaultVPC(c *action.Call, id string) bool {
	v := store.VPCs.Get(c, id)
	return v != nil && v.Default
}

// attach makes the interface for an instance, or takes the existing one.
func (n *nic) attach(c *action.Call, i *model.Instance, tags model.Tags) (*model.Interface, error) {
	if n.existing != nil {
		eni := *n.existing
		eni.Instance, eni.DeviceIndex, eni.DeleteOnTermination = i.ID, n.index, n.delete
		eni.AttachmentID, eni.Attached, eni.Arriving = ids.New(ids.Attachment), c.Now(), true
		return &eni, store.Interfaces.Put(c.Tx, &eni)
	}
	return createInterface(c.Tx, i.Owned, interfaceSpec{
		Subnet: n.subnet, PrivateIP: n.wanted.primary, Secondary: n.wanted.secondary, SecondaryCount: n.wanted.more, Groups: n.groups, Description: n.text,
		AutoPublicIP:    n.index == 0 && orDefault(n.public, n.subnet.MapPublicIP),
		SourceDestCheck: true, Instance: i.ID, DeviceIndex: n.index, DeleteOnTermination: n.delete, Tags: tags,
	})
}

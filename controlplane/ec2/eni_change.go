package ec2

import (
	"cmp"
	"slices"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerInterfaceChanges(r *wire.Registry[*action.Call]) {
	spec := func(name string) wire.Spec {
		return wire.Spec{Name: name, Resource: "network-interface", Mutates: true}
	}
	wire.Handle(r, spec("CreateNetworkInterface"), a.createNetworkInterface)
	wire.Check(r, "CreateNetworkInterface", checkCreateNetworkInterface)
	wire.Handle(r, spec("AttachNetworkInterface"), a.attachNetworkInterface)
	wire.Check(r, "AttachNetworkInterface", checkAttachNetworkInterface)
	wire.Handle(r, spec("DetachNetworkInterface"), a.detachNetworkInterface)
	wire.Handle(r, spec("DeleteNetworkInterface"), a.deleteNetworkInterface)
}

func checkCreateNetworkInterface(in *gen.CreateNetworkInterfaceRequest) error {
	unsupported := func(what string) error {
		return apierr.New("UnsupportedOperation", "The requested configuration is currently not supported: %s.", what)
	}
	switch {
	case val(in.Ipv6AddressCount) > 0 || len(in.Ipv6Addresses) > 0 || val(in.Ipv6PrefixCount) > 0 || len(in.Ipv6Prefixes) > 0 || val(in.EnablePrimaryIpv6):
		return noIPv6()
	case val(in.Ipv4PrefixCount) > 0 || len(in.Ipv4Prefixes) > 0:
		return unsupported("address prefixes on network interfaces")
	case in.InterfaceType != nil && *in.InterfaceType != "interface":
		return unsupported("network interfaces of type " + clip(*in.InterfaceType))
	case in.ConnectionTrackingSpecification != nil:
		return unsupported("connection tracking settings")
	}
	if err := checkInterfaceText(in.Description); err != nil {
		return err
	}
	if _, err := parseWanted(in.PrivateIpAddress, in.PrivateIpAddresses, in.SecondaryPrivateIpAddressCount); err != nil {
		return err
	}
	_, err := parseTagSpecs(in.TagSpecifications, "network-interface")
	return err
}

// maxInterfaceText is how long an interface's description may be.
const maxInterfaceText = 255

func checkInterfaceText(s *string) error {
	if len(val(s)) > maxInterfaceText {
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter description is invalid. A description has at most %d characters.", clip(*s), maxInterfaceText)
	}
	return nil
}

func (a *API) createNetworkInterface(c *action.Call, in *gen.CreateNetworkInterfaceRequest) (*gen.CreateNetworkInterfaceResult, error) {
	if err := checkCreateNetworkInterface(in); err != nil {
		return nil, err
	}
	subnet, err := getSubnet(c, val(in.SubnetId))
	if err != nil {
		return nil, err
	}
	groups, err := a.resolveGroups(c, subnet.VPC, in.Groups, nil)
	if err != nil {
		return nil, err
	}
	if err := a.within(quotaInterfaces, count(mine(store.Interfaces)(c), nil), 1); err != nil {
		return nil, err
	}
	wanted, err := parseWanted(in.PrivateIpAddress, in.PrivateIpAddresses, in.SecondaryPrivateIpAddressCount)
	if err != nil {
		return nil, err
	}
	if wanted.count() > maxAddressesUnattached {
		return nil, addressLimit()
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "network-interface")
	if err != nil {
		return nil, err
	}
	i, err := createInterface(c.Tx, owner(c), interfaceSpec{
		Subnet: subnet, PrivateIP: wanted.primary, Secondary: wanted.secondary, SecondaryCount: wanted.more,
		Groups: groups, Description: val(in.Description), SourceDestCheck: true, Tags: tags["network-interface"],
	})
	if apierr.Is(err, "InvalidIPAddress.InUse") { // which a launch says in other words
		return nil, apierr.New("InvalidIPAddress.InUse", "The specified address is already in use.")
	}
	if err != nil {
		return nil, err
	}
	c.Made = i.ID
	return &gen.CreateNetworkInterfaceResult{NetworkInterface: toInterface(c, i), ClientToken: in.ClientToken}, nil
}

func checkAttachNetworkInterface(in *gen.AttachNetworkInterfaceRequest) error {
	switch {
	case val(in.DeviceIndex) < 0:
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter deviceIndex is invalid.", *in.DeviceIndex)
	case val(in.NetworkCardIndex) != 0:
		return apierr.New("InvalidParameterValue", "Value (%d) for parameter networkCardIndex is invalid. The instance type has the network card 0 alone.", *in.NetworkCardIndex)
	case in.EnaSrdSpecification != nil && val(in.EnaSrdSpecification.EnaSrdEnabled):
		return apierr.New("UnsupportedOperation", "The requested configuration is currently not supported: ENA Express.")
	}
	return nil
}

func (a *API) attachNetworkInterface(c *action.Call, in *gen.AttachNetworkInterfaceRequest) (*gen.AttachNetworkInterfaceResult, error) {
	if err := checkAttachNetworkInterface(in); err != nil {
		return nil, err
	}
	eni, err := getInterface(c, val(in.NetworkInterfaceId))
	if err != nil {
		return nil, err
	}
	i, err := getInstance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	index := int(*in.DeviceIndex)
	switch {
	case requesterManaged(eni):
		return nil, notYours()
	case eni.Instance != "":
		return nil, apierr.New("InvalidNetworkInterface.InUse", "Interface: [%s] in use.", eni.ID)
	case i.state != model.StateRunning && i.state != model.StateStopped:
		return nil, apierr.New("IncorrectInstanceState", "Instance '%s' is %s: network interfaces can be attached to instances that are running or stopped.", i.ID, i.state.Name)
	}
	if err := a.fits(c, i, eni, index); err != nil {
		return nil, err
	}
	next := *eni
	next.Instance, next.DeviceIndex, next.DeleteOnTermination = i.ID, index, false
	next.AttachmentID, next.Attached = ids.New(ids.Attachment), c.Now()
	next.Arriving = i.state != model.StateStopped
	if err := store.Interfaces.Put(c.Tx, &next); err != nil {
		return nil, err
	}
	changed := *i.Instance
	changed.Interfaces = byDeviceIndex(c, append(slices.Clone(i.Interfaces), eni.ID))
	if err := store.Instances.Put(c.Tx, &changed); err != nil {
		return nil, err
	}
	return &gen.AttachNetworkInterfaceResult{AttachmentId: &next.AttachmentID, NetworkCardIndex: new(int64(0))}, nil
}

// fits refuses an interface that an instance cannot take at a device index.
func (a *API) fits(c *action.Call, i *instanceRow, eni *model.Interface, index int) error {
	if eni.Zone != i.Zone {
		return apierr.New("InvalidParameterCombination", "You may not attach a network interface to an instance if they are not in the same availability zone")
	}
	if eni.VPC != i.VPCID { // all that an instance has on a host is in one VPC's namespace
		return apierr.New("InvalidParameterCombination", "You may not attach a network interface to an instance if they are not in the same VPC")
	}
	for other := range i.interfaces() {
		if other.DeviceIndex == index {
			return apierr.New("InvalidParameterValue", "Instance '%s' already has an interface attached at device index '%d'.", i.ID, index)
		}
	}
	t := a.deps.Types.Get(i.Type)
	if t == nil { // the operator's file has changed since
		return nil
	}
	switch {
	case len(i.Interfaces) >= t.Interfaces:
		return apierr.New("AttachmentLimitExceeded", "Interface count %d exceeds the limit for %s", len(i.Interfaces)+1, t.Name)
	case index >= t.Interfaces:
		return apierr.New("InvalidParameterValue", "Device index %d exceeds the limit for %s", index, t.Name)
	case len(eni.PrivateIPs()) > t.Addresses:
		return addressLimit()
	}
	return nil
}

// byDeviceIndex orders an instance's interfaces as its row has them: primary first.
func byDeviceIndex(r store.Reader, enis []string) []string {
	at := func(id string) int {
		if i := store.Interfaces.Get(r, id); i != nil {
			return i.DeviceIndex
		}
		return 0
	}
	slices.SortStableFunc(enis, func(x, y string) int { return cmp.Compare(at(x), at(y)) })
	return enis
}

func (a *API) detachNetworkInterface(c *action.Call, in *gen.DetachNetworkInterfaceRequest) (*gen.DetachNetworkInterfaceResult, error) {
	id := val(in.AttachmentId)
	eni, err := attachedBy(c, id)
	switch {
	case err != nil:
		return nil, err
	case requesterManaged(eni):
		return nil, apierr.New("OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments.")
	case eni.DeviceIndex == 0:
		return nil, apierr.New("OperationNotPermitted", "The network interface at device index 0 and networkCard index 0 cannot be detached.")
	}
	return &gen.DetachNetworkInterfaceResult{}, lifecycle.Detach(c.Tx, eni.ID, val(in.Force))
}

// attachedBy finds the caller's interface with an attachment's id.
func attachedBy(c *action.Call, attachment string) (*model.Interface, error) {
	if !ids.Valid(ids.Attachment, attachment) && !ids.Valid(serviceAttachment, attachment) {
		return nil, apierr.New("InvalidNetworkInterfaceAttachmentId.Malformed", "Invalid id: \"%s\" (expecting \"%s-...\")", clip(attachment), ids.Attachment)
	}
	for i := range mine(store.Interfaces)(c) {
		if t := toAttachment(i); t != nil && val(t.AttachmentId) == attachment {
			return i, nil
		}
	}
	return nil, noAttachment(attachment)
}

func noAttachment(id string) error {
	return apierr.New("InvalidAttachmentID.NotFound", "The interface attachment '%s' does not exist.", clip(id))
}

// notYours is the answer to who would change what belongs to a service.
func notYours() error {
	return apierr.New("AuthFailure", "You do not have permission to access the specified resource.")
}

// changeable returns the caller's interface, unless it is a service's.
func changeable(c *action.Call, id *string) (*model.Interface, error) {
	i, err := getInterface(c, val(id))
	if err == nil && requesterManaged(i) {
		return nil, notYours()
	}
	return i, err
}

func (a *API) deleteNetworkInterface(c *action.Call, in *gen.DeleteNetworkInterfaceRequest) (*gen.DeleteNetworkInterfaceResult, error) {
	i, err := changeable(c, in.NetworkInterfaceId)
	if err != nil {
		return nil, err
	}
	if i.Instance != "" {
		return nil, apierr.New("InvalidParameterValue", "Network interface '%s' is currently in use.", i.ID)
	}
	return &gen.DeleteNetworkInterfaceResult{}, deleteInterface(c.Tx, i.ID)
}

// deleteInterface removes an interface; its addresses are free at once, its Elastic IPs
// stay their owner's.
func deleteInterface(tx *store.Tx, id string) error {
	if err := lifecycle.LooseElasticIPs(tx, id, nil); err != nil {
		return err
	}
	return store.Interfaces.Delete(tx, id)
}

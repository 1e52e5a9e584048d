package ec2

import (
	"net/netip"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

func (a *API) registerInterfaceAttributes(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "ModifyNetworkInterfaceAttribute", Resource: "network-interface", Mutates: true}, a.modifyNetworkInterfaceAttribute)
	wire.Check(r, "ModifyNetworkInterfaceAttribute", checkModifyInterface)
	wire.Handle(r, wire.Spec{Name: "DescribeNetworkInterfaceAttribute", Resource: "network-interface"}, a.describeNetworkInterfaceAttribute)
	wire.Check(r, "DescribeNetworkInterfaceAttribute", func(in *gen.DescribeNetworkInterfaceAttributeRequest) error {
		if in.Attribute == nil {
			return missing("attribute")
		}
		return nil
	})
	wire.Handle(r, wire.Spec{Name: "ResetNetworkInterfaceAttribute", Resource: "network-interface", Mutates: true}, a.resetNetworkInterfaceAttribute)
}

// checkModifyInterface wants exactly one attribute in a request.
func checkModifyInterface(in *gen.ModifyNetworkInterfaceAttributeRequest) error {
	n := 0
	for _, said := range []bool{
		in.Attachment != nil, in.Description != nil, in.Groups != nil, in.SourceDestCheck != nil, in.AssociatePublicIpAddress != nil,
		in.EnaSrdSpecification != nil, in.EnablePrimaryIpv6 != nil, in.ConnectionTrackingSpecification != nil,
	} {
		if said {
			n++
		}
	}
	switch {
	case n == 0:
		return apierr.New("InvalidParameterCombination", "No attributes specified.")
	case n > 1:
		return apierr.New("InvalidParameterCombination", "Fields for multiple attribute types specified")
	case val(in.EnablePrimaryIpv6):
		return noIPv6()
	case in.EnaSrdSpecification != nil && val(in.EnaSrdSpecification.EnaSrdEnabled):
		return apierr.New("UnsupportedOperation", "The requested configuration is currently not supported: ENA Express.")
	case in.ConnectionTrackingSpecification != nil:
		return apierr.New("UnsupportedOperation", "The requested configuration is currently not supported: connection tracking settings.")
	case in.SourceDestCheck != nil && in.SourceDestCheck.Value == nil:
		return missing("sourceDestCheck.value")
	case in.Attachment != nil && val(in.Attachment.AttachmentId) == "":
		return missing("attachment.attachmentId")
	case in.Attachment != nil && in.Attachment.DeleteOnTermination == nil:
		return missing("attachment.deleteOnTermination")
	}
	if in.Description != nil {
		return checkInterfaceText(in.Description.Value)
	}
	return nil
}

func (a *API) modifyNetworkInterfaceAttribute(c *action.Call, in *gen.ModifyNetworkInterfaceAttributeRequest) (*gen.ModifyNetworkInterfaceAttributeResult, error) {
	if err := checkModifyInterface(in); err != nil {
		return nil, err
	}
	i, err := changeable(c, in.NetworkInterfaceId)
	if err != nil {
		return nil, err
	}
	next := *i
	switch {
	case in.Description != nil:
		next.Description = val(in.Description.Value)
	case in.SourceDestCheck != nil:
		next.SourceDestCheck = *in.SourceDestCheck.Value
	case in.Groups != nil:
		if next.Groups, err = a.resolveGroups(c, i.VPC, in.Groups, nil); err != nil {
			return nil, err
		}
	case in.AssociatePublicIpAddress != nil:
		return &gen.ModifyNetworkInterfaceAttributeResult{}, a.setAutoPublic(c, i, *in.AssociatePublicIpAddress)
	case in.Attachment != nil:
		if i.Instance == "" || i.AttachmentID != *in.Attachment.AttachmentId {
			return nil, noAttachment(*in.Attachment.AttachmentId)
		}
		next.DeleteOnTermination = *in.Attachment.DeleteOnTermination
	}
	return &gen.ModifyNetworkInterfaceAttributeResult{}, store.Interfaces.Put(c.Tx, &next)
}

// setAutoPublic gives an instance's primary interface a public address, or takes it
// away; an Elastic IP stays.
func (a *API) setAutoPublic(c *action.Call, i *model.Interface, on bool) error {
	if i.Instance == "" || i.DeviceIndex != 0 {
		return apierr.New("InvalidParameterCombination", "Only the primary network interface of an instance can have a public address of its own: associate an Elastic IP address.")
	}
	elastic := heldAddresses(c, i)[0].elastic.ID != ""
	next := *i
	next.AutoPublicIP = on
	if !on && !elastic {
		next.PublicIP = netip.Addr{}
	}
	if err := store.Interfaces.Put(c.Tx, &next); err != nil {
		return err
	}
	row := newInstanceRow(c, store.Instances.Get(c, i.Instance))
	if !on || elastic || row.state != model.StateRunning && row.state != model.StatePending {
		return nil // it gets one with its next start
	}
	return a.assignPublic(c, []string{i.ID})
}

func (a *API) describeNetworkInterfaceAttribute(c *action.Call, in *gen.DescribeNetworkInterfaceAttributeRequest) (*gen.DescribeNetworkInterfaceAttributeResult, error) {
	i, err := getInterface(c, val(in.NetworkInterfaceId))
	if err != nil {
		return nil, err
	}
	out := &gen.DescribeNetworkInterfaceAttributeResult{NetworkInterfaceId: &i.ID}
	switch val(in.Attribute) {
	case "description":
		out.Description = &gen.AttributeValue{Value: &i.Description}
	case "groupSet":
		out.Groups = groupIdentifiers(c, i.Groups)
	case "sourceDestCheck":
		out.SourceDestCheck = &gen.AttributeBooleanValue{Value: &i.SourceDestCheck}
	case "attachment":
		out.Attachment = toAttachment(i)
	case "associatePublicIpAddress":
		out.AssociatePublicIpAddress = &i.AutoPublicIP
	}
	return out, nil
}

// resetNetworkInterfaceAttribute sets the only attribute that has a value to go back to.
func (a *API) resetNetworkInterfaceAttribute(c *action.Call, in *gen.ResetNetworkInterfaceAttributeRequest) (*gen.ResetNetworkInterfaceAttributeResult, error) {
	if in.SourceDestCheck == nil {
		return nil, missing("sourceDestCheck")
	}
	i, err := changeable(c, in.NetworkInterfaceId)
	if err != nil {
		return nil, err
	}
	next := *i
	next.SourceDestCheck = true
	return &gen.ResetNetworkInterfaceAttributeResult{}, store.Interfaces.Put(c.Tx, &next)
}

package ec2

import (
	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

func (a *API) registerInstanceNames(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "ModifyPrivateDnsNameOptions", Mutates: true, Resource: "instance"}, a.modifyPrivateNames)
	wire.Check(r, "ModifyPrivateDnsNameOptions", func(in *gen.ModifyPrivateDnsNameOptionsRequest) error {
		if val(in.EnableResourceNameDnsAAAARecord) {
			return refuseIPv6("EnableResourceNameDnsAAAARecord")
		}
		return oneOf("privateDnsHostnameType", in.PrivateDnsHostnameType, model.NameByAddress, model.NameByResource)
	})
}

// checkNames refuses what a launch cannot be named.
func checkNames(p *gen.PrivateDnsNameOptionsRequest) error {
	if p == nil {
		return nil
	}
	if val(p.EnableResourceNameDnsAAAARecord) {
		return refuseIPv6("EnableResourceNameDnsAAAARecord")
	}
	return oneOf("hostnameType", p.HostnameType, model.NameByAddress, model.NameByResource)
}

// named gives a new instance its names: as asked, else as its primary interface's subnet has it.
func named(i *model.Instance, eni *model.Interface, s *model.Subnet, asked *gen.PrivateDnsNameOptionsRequest) {
	i.Hostname = model.NameByAddress
	if s != nil {
		i.Hostname, i.ARecord = hostnameType(s), s.ARecord
	}
	if asked != nil {
		i.Hostname, i.ARecord = orDefault(asked.HostnameType, i.Hostname), orDefault(asked.EnableResourceNameDnsARecord, i.ARecord)
	}
	i.HostPrivateDNS = privateLabel(i, eni)
}

// privateLabel is an instance's private DNS name without its domain.
func privateLabel(i *model.Instance, primary *model.Interface) string {
	if i.Hostname == model.NameByResource {
		return i.ID
	}
	return privateDNSName(primary.PrivateIP)
}

// instanceName is the private DNS name of an instance, in full; empty without an interface.
func instanceName(i *instanceRow) string {
	primary := i.primary()
	if primary == nil {
		return ""
	}
	return privateLabel(i.Instance, primary) + "." + privateDomain(i.Region)
}

// privateNames are how an instance is named, with what rows of before have of their subnet.
func privateNames(i *instanceRow) (kind string, record bool) {
	if i.Hostname == "" {
		s := store.Subnets.Get(i.r, i.SubnetID)
		return model.NameByAddress, s != nil && s.ARecord
	}
	return i.Hostname, i.ARecord
}

func toPrivateNames(i *instanceRow) *gen.PrivateDnsNameOptionsResponse {
	kind, record := privateNames(i)
	return &gen.PrivateDnsNameOptionsResponse{HostnameType: &kind, EnableResourceNameDnsARecord: &record, EnableResourceNameDnsAAAARecord: no}
}

// modifyPrivateNames changes what an instance is called. Its guest takes its host name when it
// boots, so that kind is changed of a stopped one alone.
func (a *API) modifyPrivateNames(c *action.Call, in *gen.ModifyPrivateDnsNameOptionsRequest) (*gen.ModifyPrivateDnsNameOptionsResult, error) {
	i, err := getInstance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	if in.PrivateDnsHostnameType == nil && in.EnableResourceNameDnsARecord == nil && in.EnableResourceNameDnsAAAARecord == nil {
		return nil, missing("PrivateDnsHostnameType")
	}
	next := *i.Instance
	next.Hostname, next.ARecord = privateNames(i)
	next.Hostname = orDefault(in.PrivateDnsHostnameType, next.Hostname)
	next.ARecord = orDefault(in.EnableResourceNameDnsARecord, next.ARecord)
	primary, was := i.primary(), i.Hostname
	switch {
	case primary == nil:
		return nil, apierr.New("IncorrectInstanceState", "The instance '%s' is %s: it has no name any more.", i.ID, i.state.Name)
	case nonEmpty(was, model.NameByAddress) != next.Hostname && i.state != model.StateStopped:
		return nil, apierr.New("IncorrectInstanceState", "The instance '%s' is not in the 'stopped' state.", i.ID)
	}
	next.HostPrivateDNS = privateLabel(&next, primary)
	return &gen.ModifyPrivateDnsNameOptionsResult{Return: yes}, store.Instances.Put(c.Tx, &next)
}

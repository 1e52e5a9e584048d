package ec2

import (
	"maps"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/wire"
)

// instanceFilters has every filter of DescribeInstances that the EC2 API reference
// documents. Those on what Mica does not have match nothing.
var instanceFilters = wire.FilterTable[*instanceRow]{
	Tags:   func(i *instanceRow) map[string]string { return i.Tags },
	Fields: instanceFields(),
}

type instanceField = func(*instanceRow) []string

func instanceFields() map[string]instanceField {
	all := map[string]instanceField{
		"architecture":                        func(i *instanceRow) []string { return one(i.Arch) },
		"availability-zone":                   func(i *instanceRow) []string { return one(i.Zone) },
		"availability-zone-id":                func(i *instanceRow) []string { return one(model.ZoneID(i.Zone)) },
		"client-token":                        func(i *instanceRow) []string { return one(i.ClientToken) },
		"ebs-optimized":                       func(i *instanceRow) []string { return boolStr(i.EBSOptimized) },
		"ena-support":                         always[*instanceRow]("true"),
		"hypervisor":                          always[*instanceRow]("xen"),
		"image-id":                            func(i *instanceRow) []string { return one(i.ImageID) },
		"instance-id":                         func(i *instanceRow) []string { return one(i.ID) },
		"instance-state-code":                 func(i *instanceRow) []string { return intStr(i.state.Code) },
		"instance-state-name":                 func(i *instanceRow) []string { return one(i.state.Name) },
		"instance-type":                       func(i *instanceRow) []string { return one(i.Type) },
		"key-name":                            func(i *instanceRow) []string { return one(i.KeyName) },
		"launch-index":                        func(i *instanceRow) []string { return intStr(i.LaunchIndex) },
		"launch-time":                         func(i *instanceRow) []string { return timeStr(i.LaunchTime) },
		"monitoring-state":                    func(i *instanceRow) []string { return one(monitoringState(i)) },
		"operator.managed":                    always[*instanceRow]("false"),
		"owner-id":                            func(i *instanceRow) []string { return one(i.Account) },
		"platform-details":                    always[*instanceRow]("Linux/UNIX"),
		"reason":                              func(i *instanceRow) []string { return one(transition(i)) },
		"reservation-id":                      func(i *instanceRow) []string { return one(i.ReservationID) },
		"root-device-name":                    func(i *instanceRow) []string { return one(i.RootDevice) },
		"root-device-type":                    always[*instanceRow]("ebs"),
		"state-reason-code":                   func(i *instanceRow) []string { return one(reasonOf(i).Code) },
		"state-reason-message":                func(i *instanceRow) []string { return one(reasonOf(i).Message) },
		"subnet-id":                           whileNetworked(func(i *instanceRow) []string { return one(i.SubnetID) }),
		"usage-operation":                     always[*instanceRow]("RunInstances"),
		"virtualization-type":                 always[*instanceRow]("hvm"),
		"vpc-id":                              whileNetworked(func(i *instanceRow) []string { return one(i.VPCID) }),
		"enclave-options.enabled":             always[*instanceRow]("false"),
		"hibernation-options.configured":      always[*instanceRow]("false"),
		"maintenance-options.auto-recovery":   func(i *instanceRow) []string { return one(autoRecovery(i)) },
		"metadata-options.http-endpoint":      func(i *instanceRow) []string { return one(i.Metadata.HTTPEndpoint) },
		"metadata-options.http-protocol-ipv4": always[*instanceRow]("enabled"),
		"metadata-options.http-protocol-ipv6": func(i *instanceRow) []string { return one(i.Metadata.HTTPIPv6) },
		"metadata-options.http-put-response-hop-limit": func(i *instanceRow) []string { return intStr(i.Metadata.HopLimit) },
		"metadata-options.http-tokens":                 func(i *instanceRow) []string { return one(i.Metadata.HTTPTokens) },
		"metadata-options.instance-metadata-tags":      func(i *instanceRow) []string { return one(i.Metadata.InstanceTags) },
		"boot-mode":                                                     bootMode,
		"current-instance-boot-mode":                                    bootMode,
		"usage-operation-update-time":                                   func(i *instanceRow) []string { return timeStr(i.Created) },
		"private-dns-name-options.hostname-type":                        func(i *instanceRow) []string { kind, _ := privateNames(i); return one(kind) },
		"private-dns-name-options.enable-resource-name-dns-a-record":    func(i *instanceRow) []string { _, record := privateNames(i); return boolStr(record) },
		"private-dns-name-options.enable-resource-name-dns-aaaa-record": always[*instanceRow]("false"),

		"block-device-mapping.attach-time":           ofVolumes(func(v *model.Volume) []string { return timeStr(v.Attached) }),
		"block-device-mapping.delete-on-termination": ofVolumes(func(v *model.Volume) []string { return boolStr(v.DeleteOnTermination) }),
		"block-device-mapping.device-name":           ofVolumes(func(v *model.Volume) []string { return one(v.Device) }),
		"block-device-mapping.status":                ofVolumes(func(v *model.Volume) []string { return one(attachmentState(v)) }),
		"block-device-mapping.volume-id":             ofVolumes(func(v *model.Volume) []string { return one(v.ID) }),

		"dns-name":            func(i *instanceRow) []string { return one(publicName(i)) },
		"instance.group-id":   ofPrimary(func(e *model.Interface) []string { return e.Groups }),
		"instance.group-name": groupNames,
		"ip-address":          ofPrimary(func(e *model.Interface) []string { return addrStr(e.PublicIP) }),
		"private-dns-name":    func(i *instanceRow) []string { return one(instanceName(i)) },
		"private-ip-address":  ofPrimary(func(e *model.Interface) []string { return addrStr(e.PrivateIP) }),
		"source-dest-check":   ofPrimary(func(e *model.Interface) []string { return boolStr(e.SourceDestCheck) }),
	}
	for _, name := range []string{
		"iam-instance-profile.arn", "iam-instance-profile.id", "iam-instance-profile.name",
		"capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn",
		"instance-lifecycle", "ipv6-address", "kernel-id", "network-performance-options.bandwidth-weighting", "operator.principal", "outpost-arn",
		"platform", "product-code", "product-code.type", "ramdisk-id", "requester-id",
		"spot-instance-request-id", "tpm-support",
	} {
		all[name] = none[*instanceRow]
	}
	maps.Copy(all, placementFields())
	addInterfaceFields(all)
	return all
}

// addInterfaceFields adds the filters network-interface.*: those of
// DescribeNetworkInterfaces under another name, on any of the instance's interfaces.
func addInterfaceFields(all map[string]instanceField) {
	of := func(field func(interfaceRow) []string) instanceField {
		return func(i *instanceRow) (out []string) {
			for eni := range i.interfaces() {
				out = append(out, field(interfaceRow{eni, i.r})...)
			}
			return out
		}
	}
	for name, field := range interfaceListing.filters.Fields {
		all["network-interface."+name] = of(field)
	}
	for _, name := range []string{
		"addresses.association.carrier-ip", "addresses.association.customer-owned-ip", "association.carrier-ip", "association.customer-owned-ip", "ipv4-prefixes.ipv4-prefix", "ipv6-address", "ipv6-addresses.ipv6-address",
		"ipv6-addresses.is-primary-ipv6", "ipv6-prefixes.ipv6-prefix", "outpost-arn",
	} {
		all["network-interface."+name] = none[*instanceRow]
	}
	for _, name := range []string{"allocation-id", "association-id", "ip-owner-id", "public-dns-name"} {
		all["network-interface.addresses.association."+name] = of(interfaceListing.filters.Fields["association."+name])
	}
	all["network-interface.addresses.private-dns-name"] = of(eachAddress(func(x heldAddress) []string { return one(x.privateName()) }))
	all["network-interface.public-dns-name"] = of(eachAddress(func(x heldAddress) []string { return one(x.publicName()) }))
	all["network-interface.attachment.network-card-index"] = of(always[interfaceRow]("0"))
	all["network-interface.deny-all-igw-traffic"] = of(always[interfaceRow]("false"))
	all["network-interface.ipv6-native"] = of(always[interfaceRow]("false"))
	all["network-interface.tag-key"] = of(func(e interfaceRow) (out []string) {
		for k := range e.row.Tags {
			out = append(out, k)
		}
		return out
	})
	all["network-interface.tag-value"] = of(func(e interfaceRow) (out []string) {
		for _, v := range e.row.Tags {
			out = append(out, v)
		}
		return out
	})
}

// whileNetworked is for what a terminated instance no longer shows.
func whileNetworked(field instanceField) instanceField {
	return func(i *instanceRow) []string {
		if i.state == model.StateTerminated {
			return nil
		}
		return field(i)
	}
}

func ofPrimary(field func(*model.Interface) []string) instanceField {
	return func(i *instanceRow) []string {
		if eni := i.primary(); eni != nil {
			return field(eni)
		}
		return nil
	}
}

func ofVolumes(field func(*model.Volume) []string) instanceField {
	return func(i *instanceRow) (out []string) {
		for v := range i.volumes() {
			out = append(out, field(v)...)
		}
		return out
	}
}

func groupNames(i *instanceRow) []string {
	if eni := i.primary(); eni != nil {
		return interfaceGroupNames(interfaceRow{eni, i.r})
	}
	return nil
}

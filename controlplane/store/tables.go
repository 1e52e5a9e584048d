package store

import (
	"maps"
	"slices"
	"strconv"

	"github.com/micacloud/mica/controlplane/model"
)

// The tables of the replicated state, a line each with its indexes. A table's name and
// its rows' field names stand in the log: do not rename them without raising Schema.
// Index keys of several parts are made with Key; those of unique names begin with what
// they are unique in.
var (
	Accounts     = Define("accounts", func(r *model.Account) string { return r.ID })
	AccessKeys   = Define("access_keys", func(r *model.AccessKey) string { return r.ID }, by("account", func(r *model.AccessKey) string { return r.Account }))
	ClientTokens = Define("client_tokens", func(r *model.ClientToken) string { return r.ID }, by("resource", func(r *model.ClientToken) string { return r.Resource }))

	Servers     = Define("servers", func(r *model.Server) string { return r.ID }, unique("address", func(r *model.Server) string { return r.Address }))
	Memberships = Define("memberships", func(r *model.Membership) string { return r.ID })
	JoinTokens  = Define("join_tokens", func(r *model.JoinToken) string { return r.ID })

	Hosts = Define("hosts", func(r *model.Host) string { return r.ID }, by("zone", func(r *model.Host) string { return Key(r.Region, r.Zone) }), unique("name", func(r *model.Host) string { return r.Name }))
	// HostUsage has two indexes for the scheduler, by RoomKey: "pack" has those with
	// least memory left first, "spread" those with least load.
	HostUsage = Define("host_usage", func(r *model.HostUsage) string { return r.ID },
		by("pack", func(r *model.HostUsage) string { return roomKey(r, r.Room.LeftMiB) }),
		by("spread", func(r *model.HostUsage) string { return roomKey(r, r.Room.Load) }))

	RemovedHosts = Define("removed_hosts", func(r *model.RemovedHost) string { return r.ID })

	// DedicatedHosts have a unique index "host": a host is one Dedicated Host at most.
	DedicatedHosts = Define("dedicated_hosts", func(r *model.DedicatedHost) string { return r.ID },
		by("account", func(r *model.DedicatedHost) string { return r.Account }),
		unique("host", func(r *model.DedicatedHost) string { return r.Host }))
	// PlacementGroups have a unique index "name" by Key(account, region, name).
	PlacementGroups = Define("placement_groups", func(r *model.PlacementGroup) string { return r.ID },
		by("account", func(r *model.PlacementGroup) string { return r.Account }),
		unique("name", func(r *model.PlacementGroup) string { return Key(r.Account, r.Region, r.Name) }))
	GroupHosts = Define("group_hosts", func(r *model.GroupHost) string { return r.ID },
		by("group", func(r *model.GroupHost) string { return r.Group }))
	// CapacityReservations have an index "slot" by the hosts on which they keep room.
	CapacityReservations = Define("capacity_reservations", func(r *model.CapacityReservation) string { return r.ID },
		by("account", func(r *model.CapacityReservation) string { return r.Account }),
		by("state", func(r *model.CapacityReservation) string { return r.State }),
		Index[model.CapacityReservation]{Name: "slot", Keys: func(r *model.CapacityReservation) []string { return slices.Sorted(maps.Keys(r.Slots)) }})

	// An index costs 20 to 50 bytes a row, and a write: of what there may be a million of, only those that are asked.
	Instances = Define("instances", func(r *model.Instance) string { return r.ID },
		by("account", func(r *model.Instance) string { return r.Account }),
		by("reservation", func(r *model.Instance) string { return r.ReservationID }),
		by("image", func(r *model.Instance) string { return r.ImageID }),
		by("placement_group", func(r *model.Instance) string { return r.Placement.GroupID }))
	Reservations = Define("reservations", func(r *model.Reservation) string { return r.ID })
	Boots        = Define("boots", func(r *model.Boot) string { return r.ID },
		by("instance", func(r *model.Boot) string { return r.Instance }),
		by("host", func(r *model.Boot) string { return r.Host }))

	// KeyPairs have a unique index "name" by Key(account, region, name).
	KeyPairs = Define("key_pairs", func(r *model.KeyPair) string { return r.ID }, by("account", func(r *model.KeyPair) string { return r.Account }), unique("name", func(r *model.KeyPair) string { return Key(r.Account, r.Region, r.Name) }))
	Images   = Define("images", func(r *model.Image) string { return r.ID },
		by("account", func(r *model.Image) string { return r.Account }),
		by("name", func(r *model.Image) string { return Key(r.Account, r.Region, r.Name) }),
		by("digest", func(r *model.Image) string { return r.Digest }))
	Volumes = Define("volumes", func(r *model.Volume) string { return r.ID },
		by("account", func(r *model.Volume) string { return r.Account }),
		by("instance", func(r *model.Volume) string { return r.Instance }),
		by("host", func(r *model.Volume) string { return r.Host }))

	// DefaultNetworks are by Key(account, region).
	DefaultNetworks  = Define("default_networks", func(r *model.DefaultNetwork) string { return r.ID })
	VPCs             = Define("vpcs", func(r *model.VPC) string { return r.ID }, by("account", func(r *model.VPC) string { return r.Account }))
	Subnets          = Define("subnets", func(r *model.Subnet) string { return r.ID }, by("account", func(r *model.Subnet) string { return r.Account }), by("vpc", func(r *model.Subnet) string { return r.VPC }), unique("vni", subnetVNI))
	RouteTables      = Define("route_tables", func(r *model.RouteTable) string { return r.ID }, by("account", func(r *model.RouteTable) string { return r.Account }), by("vpc", func(r *model.RouteTable) string { return r.VPC }))
	InternetGateways = Define("internet_gateways", func(r *model.InternetGateway) string { return r.ID }, by("account", func(r *model.InternetGateway) string { return r.Account }), by("vpc", func(r *model.InternetGateway) string { return r.VPC }))
	NetworkACLs      = Define("network_acls", func(r *model.NetworkACL) string { return r.ID }, by("account", func(r *model.NetworkACL) string { return r.Account }), by("vpc", func(r *model.NetworkACL) string { return r.VPC }))
	DHCPOptions      = Define("dhcp_options", func(r *model.DHCPOptions) string { return r.ID }, by("account", func(r *model.DHCPOptions) string { return r.Account }))

	// ElasticIPs have a unique index "public" by public address.
	ElasticIPs = Define("elastic_ips", func(r *model.ElasticIP) string { return r.ID },
		by("account", func(r *model.ElasticIP) string { return r.Account }),
		by("interface", func(r *model.ElasticIP) string { return r.Interface }),
		by("association", func(r *model.ElasticIP) string { return r.Association }),
		unique("public", func(r *model.ElasticIP) string { return r.PublicIP.String() }))
	NATGateways = Define("nat_gateways", func(r *model.NATGateway) string { return r.ID },
		by("account", func(r *model.NATGateway) string { return r.Account }),
		by("vpc", func(r *model.NATGateway) string { return r.VPC }),
		by("subnet", func(r *model.NATGateway) string { return r.Subnet }),
		by("interface", func(r *model.NATGateway) string { return r.Interface }),
		by("host", func(r *model.NATGateway) string { return r.Host }))
	// Peerings are by each "vpc" and by each "account" of theirs.
	Peerings = Define("peerings", func(r *model.Peering) string { return r.ID },
		Index[model.Peering]{Name: "account", Keys: func(r *model.Peering) []string { return []string{r.Requester.Account, r.Accepter.Account} }},
		Index[model.Peering]{Name: "vpc", Keys: func(r *model.Peering) []string { return []string{r.Requester.VPC, r.Accepter.VPC} }})
	PrefixLists = Define("prefix_lists", func(r *model.PrefixList) string { return r.ID },
		by("account", func(r *model.PrefixList) string { return r.Account }))
	FlowLogs = Define("flow_logs", func(r *model.FlowLog) string { return r.ID },
		by("account", func(r *model.FlowLog) string { return r.Account }),
		by("resource", func(r *model.FlowLog) string { return r.Resource }))
	InsightsPaths = Define("insights_paths", func(r *model.InsightsPath) string { return r.ID },
		by("account", func(r *model.InsightsPath) string { return r.Account }))
	InsightsAnalyses = Define("insights_analyses", func(r *model.InsightsAnalysis) string { return r.ID },
		by("account", func(r *model.InsightsAnalysis) string { return r.Account }),
		by("path", func(r *model.InsightsAnalysis) string { return r.Path }))
	EgressOnlyGateways = Define("egress_only_gateways", func(r *model.EgressOnlyGateway) string { return r.ID },
		by("account", func(r *model.EgressOnlyGateway) string { return r.Account }),
		by("vpc", func(r *model.EgressOnlyGateway) string { return r.VPC }))

	// SecurityGroups have a unique index "name" by Key(vpc, name).
	SecurityGroups = Define("security_groups", func(r *model.SecurityGroup) string { return r.ID },
		by("account", func(r *model.SecurityGroup) string { return r.Account }),
		by("vpc", func(r *model.SecurityGroup) string { return r.VPC }),
		unique("name", func(r *model.SecurityGroup) string { return Key(r.VPC, r.Name) }))
	// SecurityRules are by the "group" they are in and by the "source" group they name.
	SecurityRules = Define("security_rules", func(r *model.SecurityRule) string { return r.ID },
		by("account", func(r *model.SecurityRule) string { return r.Account }),
		by("group", func(r *model.SecurityRule) string { return r.Group }),
		by("source", func(r *model.SecurityRule) string { return r.Source }),
		by("prefix_list", func(r *model.SecurityRule) string { return r.PrefixList }))

	// Interfaces have unique indexes "address" by Key(subnet, private address) and "public"
	// by public address, of all addresses that they have, and "mac" by Key(vpc, MAC).
	Interfaces = Define("interfaces", func(r *model.Interface) string { return r.ID },
		by("account", func(r *model.Interface) string { return r.Account }),
		by("vpc", func(r *model.Interface) string { return r.VPC }),
		by("subnet", func(r *model.Interface) string { return r.Subnet }),
		by("instance", func(r *model.Interface) string { return r.Instance }),
		Index[model.Interface]{Name: "group", Keys: func(r *model.Interface) []string { return r.Groups }},
		Index[model.Interface]{Name: "address", Unique: true, Keys: interfaceAddresses},
		Index[model.Interface]{Name: "public", Unique: true, Keys: interfacePublics},
		unique("mac", func(r *model.Interface) string { return Key(r.VPC, r.MAC) }))
)

// by is an index of one key a row, which need not be unique. An empty key is none.
func by[R any](name string, key func(*R) string) Index[R] {
	return Index[R]{Name: name, Keys: func(r *R) []string {
		if k := key(r); k != "" {
			return []string{k}
		}
		return nil
	}}
}

// unique is an index of one key a row, which no two rows share. An empty key is none.
func unique[R any](name string, key func(*R) string) Index[R] {
	x := by(name, key)
	x.Unique = true
	return x
}

func subnetVNI(r *model.Subnet) string {
	if r.VNI == 0 {
		return ""
	}
	return strconv.Itoa(r.VNI)
}

func interfaceAddresses(r *model.Interface) (out []string) {
	for _, a := range r.PrivateIPs() {
		if a.IsValid() {
			out = append(out, Key(r.Subnet, a.String()))
		}
	}
	return out
}

func interfacePublics(r *model.Interface) (out []string) {
	for _, a := range r.PublicIPs() {
		out = append(out, a.String())
	}
	return out
}

// RoomKey is where the hosts of a region, zone, architecture and owner are in the
// indexes of HostUsage, from a figure on.
func RoomKey(region, zone, arch, owner string, from int) string {
	digits := strconv.Itoa(1_000_000_000 + min(max(0, from), 999_999_999))
	return Key(region, zone, arch, owner, digits[1:]) // they sort as the numbers do
}

func roomKey(r *model.HostUsage, figure int) string {
	if !r.Room.Open || r.Room.LeftMiB <= 0 || r.VCPUs+r.ReservedVCPUs >= r.Room.VCPUs {
		return ""
	}
	return RoomKey(r.Room.Region, r.Room.Zone, r.Room.Arch, r.Owner, figure)
}

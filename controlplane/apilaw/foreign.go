package apilaw

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/wire"
)

// World is a cloud in which two accounts have an instance each, with all that it needs.
type World struct {
	// First and Second make a call as one account or the other.
	First, Second func(action string, form url.Values) Answer
	// Changes differs once anything was written.
	Changes func() string
	// Private is an image of the first account, Shared one that all may launch.
	Private, Shared string
	// KeyName is a key pair of the first account's, GroupName a security group; the
	// second has none of these names.
	KeyName, GroupName string
}

// Answer is what a client sees.
type Answer struct {
	Status     int
	Code, Text string
}

// Foreign says for every action what it answers to an account that names what belongs to
// another: a code and a request a line. In a request {sg} is an id of the other account's
// of that prefix, {own:sg} one of the caller's own. The code OK is for what EC2 answers
// so although there is nothing; it must neither change nor tell anything. An action of
// which no parameter names an account's things has an empty entry.
var Foreign = map[string][]string{
	"CreateKeyPair": {}, "ImportKeyPair": {}, "GetCallerIdentity": {},
	"DescribeAccountAttributes": {}, "DescribeAvailabilityZones": {}, "DescribeRegions": {},
	"DescribeInstanceTypeOfferings": {}, "DescribeInstanceTypes": {}, "CreatePlacementGroup": {}, "CreateCapacityReservation": {},

	"AllocateHosts":                {"Unsupported AvailabilityZone=x&InstanceType=t3.nano&AssetId.1=x"},
	"ReleaseHosts":                 {"OK HostId.1={h}"},
	"ModifyHosts":                  {"OK HostId.1={h}&AutoPlacement=off"},
	"DescribeHosts":                {"InvalidHostID.NotFound HostId.1={h}", "OK Filter.1.Name=auto-placement&Filter.1.Value.1=on"},
	"DeletePlacementGroup":         {"InvalidPlacementGroup.Unknown GroupName={placement-group}"},
	"DescribePlacementGroups":      {"InvalidPlacementGroup.Unknown GroupId.1={pg}", "InvalidPlacementGroup.Unknown GroupName.1={placement-group}", "OK Filter.1.Name=strategy&Filter.1.Value.1=cluster"},
	"CancelCapacityReservation":    {"InvalidCapacityReservationId.NotFound CapacityReservationId={cr}"},
	"ModifyCapacityReservation":    {"InvalidCapacityReservationId.NotFound CapacityReservationId={cr}&InstanceCount=2"},
	"GetCapacityReservationUsage":  {"InvalidCapacityReservationId.NotFound CapacityReservationId={cr}"},
	"DescribeCapacityReservations": {"InvalidCapacityReservationId.NotFound CapacityReservationId.1={cr}", "OK Filter.1.Name=owner-id&Filter.1.Value.1={account}"},
	"ModifyInstancePlacement": {
		"InvalidInstanceID.NotFound InstanceId={i}&GroupName=", "InvalidPlacementGroup.Unknown InstanceId={own:i}&GroupId={pg}",
		"InvalidPlacementGroup.Unknown InstanceId={own:i}&GroupName={placement-group}", "InvalidHostID.NotFound InstanceId={own:i}&HostId={h}",
	},
	"ModifyInstanceCapacityReservationAttributes": {
		"InvalidInstanceID.NotFound InstanceId={i}&CapacityReservationSpecification.CapacityReservationPreference=none",
		"InvalidCapacityReservationId.NotFound InstanceId={own:i}&CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationId={cr}",
	},

	"AuthorizeSecurityGroupEgress": {
		"InvalidGroup.NotFound GroupId={sg}&" + onePermission + "&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8",
		"InvalidGroup.NotFound GroupId={own:sg}&" + onePermission + "&IpPermissions.1.Groups.1.GroupId={sg}",
	},
	"AuthorizeSecurityGroupIngress": {
		"InvalidGroup.NotFound GroupId={sg}&IpProtocol=tcp&FromPort=1&ToPort=1&CidrIp=10.0.0.0/8",
		"InvalidGroup.NotFound GroupName={group-name}&IpProtocol=tcp&FromPort=1&ToPort=1&CidrIp=10.0.0.0/8",
		"InvalidGroup.NotFound GroupId={own:sg}&" + onePermission + "&IpPermissions.1.Groups.1.GroupId={sg}",
		"InvalidGroup.NotFound GroupId={own:sg}&" + onePermission + "&IpPermissions.1.Groups.1.GroupId={sg}&IpPermissions.1.Groups.1.UserId={account}",
		"InvalidGroup.NotFound GroupId={own:sg}&" + onePermission + "&IpPermissions.1.Groups.1.GroupName={group-name}",
		"InvalidPrefixListID.NotFound GroupId={own:sg}&" + onePermission + "&IpPermissions.1.PrefixListIds.1.PrefixListId={pl}",
	},
	"CreateSecurityGroup": {"InvalidVpcID.NotFound GroupName=new&GroupDescription=new&VpcId={vpc}"},
	"CreateTags":          tagged("&Tag.1.Key=mine&Tag.1.Value=now"),
	"DeleteTags":          tagged("&Tag.1.Key=Name"),
	"DeleteKeyPair":       {"OK KeyName={key-name}", "OK KeyPairId={key}"},
	"DeleteSecurityGroup": {"InvalidGroup.NotFound GroupId={sg}", "InvalidGroup.NotFound GroupName={group-name}"},
	"DeregisterImage":     {"InvalidAMIID.NotFound ImageId={ami}", "AuthFailure ImageId={shared}"},

	"DescribeAddresses":          {"InvalidAllocationID.NotFound AllocationId.1=eipalloc-0123456789abcdef0", "OK Filter.1.Name=instance-id&Filter.1.Value.1={i}"},
	"DescribeAddressesAttribute": {"InvalidAllocationID.NotFound AllocationId.1=eipalloc-0123456789abcdef0&Attribute=domain-name"},
	"DescribeDhcpOptions":        {"InvalidDhcpOptionID.NotFound DhcpOptionsId.1={dopt}", "OK Filter.1.Name=dhcp-options-id&Filter.1.Value.1={dopt}"},
	"DescribeImageAttribute":     {"InvalidAMIID.NotFound ImageId={ami}&Attribute=launchPermission", "AuthFailure ImageId={shared}&Attribute=launchPermission"},
	"DescribeImages":             {"InvalidAMIID.NotFound ImageId.1={ami}", "OK Filter.1.Name=image-id&Filter.1.Value.1={ami}", "OK Owner.1={account}"},
	"DescribeInstanceAttribute":  {"InvalidInstanceID.NotFound InstanceId={i}&Attribute=userData"},
	"DescribeInstances":          {"InvalidInstanceID.NotFound InstanceId.1={i}", "OK Filter.1.Name=instance-id&Filter.1.Value.1={i}", "OK Filter.1.Name=owner-id&Filter.1.Value.1={account}"},
	"DescribeInternetGateways":   {"InvalidInternetGatewayID.NotFound InternetGatewayId.1={igw}", "OK Filter.1.Name=attachment.vpc-id&Filter.1.Value.1={vpc}"},
	"DescribeKeyPairs":           {"InvalidKeyPair.NotFound KeyName.1={key-name}", "InvalidKeyPair.NotFound KeyPairId.1={key}"},
	"DescribeNetworkAcls":        {"InvalidNetworkAclID.NotFound NetworkAclId.1={acl}", "OK Filter.1.Name=vpc-id&Filter.1.Value.1={vpc}"},
	"DescribeNetworkInterfaces":  {"InvalidNetworkInterfaceID.NotFound NetworkInterfaceId.1={eni}", "OK Filter.1.Name=vpc-id&Filter.1.Value.1={vpc}"},
	"CreateManagedPrefixList":    {}, "DescribePrefixLists": {"InvalidPrefixListID.NotFound PrefixListId.1={pl}"},
	"DeleteManagedPrefixList": {"InvalidPrefixListID.NotFound PrefixListId={pl}"}, "DescribeManagedPrefixLists": {"InvalidPrefixListID.NotFound PrefixListId.1={pl}", "OK Filter.1.Name=owner-id&Filter.1.Value.1={account}"},
	"GetManagedPrefixListAssociations": {"InvalidPrefixListID.NotFound PrefixListId={pl}"}, "GetManagedPrefixListEntries": {"InvalidPrefixListID.NotFound PrefixListId={pl}"},
	"ModifyManagedPrefixList": {"InvalidPrefixListID.NotFound PrefixListId={pl}&PrefixListName=mine"}, "RestoreManagedPrefixListVersion": {"InvalidPrefixListID.NotFound PrefixListId={pl}&PreviousVersion=1&CurrentVersion=1"},
	"DescribeSecurityGroupReferences": {"InvalidGroup.NotFound GroupId.1={sg}"}, "DescribeStaleSecurityGroups": {"InvalidVpcID.NotFound VpcId={vpc}"}, "GetSecurityGroupsForVpc": {"InvalidVpcID.NotFound VpcId={vpc}"},

	"AssignPrivateIpAddresses":          {"InvalidNetworkInterfaceID.NotFound NetworkInterfaceId={eni}&SecondaryPrivateIpAddressCount=1"},
	"UnassignPrivateIpAddresses":        {"InvalidNetworkInterfaceID.NotFound NetworkInterfaceId={eni}&PrivateIpAddress.1=172.31.0.9"},
	"AttachNetworkInterface":            {"InvalidNetworkInterfaceID.NotFound NetworkInterfaceId={eni}&InstanceId={own:i}&DeviceIndex=1", "InvalidInstanceID.NotFound NetworkInterfaceId={own:eni}&InstanceId={i}&DeviceIndex=1"},
	"CreateNetworkInterface":            {"InvalidSubnetID.NotFound SubnetId={subnet}", "InvalidGroup.NotFound SubnetId={own:subnet}&SecurityGroupId.1={sg}"},
	"DeleteNetworkInterface":            {"InvalidNetworkInterfaceID.NotFound NetworkInterfaceId={eni}"},
	"DescribeNetworkInterfaceAttribute": {"InvalidNetworkInterfaceID.NotFound NetworkInterfaceId={eni}&Attribute=description"},
	"DetachNetworkInterface":            {"InvalidAttachmentID.NotFound AttachmentId={eni-attach}"},
	"ModifyNetworkInterfaceAttribute":   {"InvalidNetworkInterfaceID.NotFound NetworkInterfaceId={eni}&Description.Value=mine", "InvalidGroup.NotFound NetworkInterfaceId={own:eni}&SecurityGroupId.1={sg}"},
	"ResetNetworkInterfaceAttribute":    {"InvalidNetworkInterfaceID.NotFound NetworkInterfaceId={eni}&SourceDestCheck=true"},
	"CreateNetworkAcl":                  {"InvalidVpcID.NotFound VpcId={vpc}"},
	"CreateNetworkAclEntry":             {"InvalidNetworkAclID.NotFound NetworkAclId={acl}&" + oneEntry},
	"DeleteNetworkAcl":                  {"InvalidNetworkAclID.NotFound NetworkAclId={acl}"},
	"DeleteNetworkAclEntry":             {"InvalidNetworkAclID.NotFound NetworkAclId={acl}&RuleNumber=100&Egress=false"},
	"ReplaceNetworkAclAssociation":      {"InvalidAssociationID.NotFound AssociationId={aclassoc}&NetworkAclId={own:acl}", "InvalidNetworkAclID.NotFound AssociationId={own:aclassoc}&NetworkAclId={acl}"},
	"ReplaceNetworkAclEntry":            {"InvalidNetworkAclID.NotFound NetworkAclId={acl}&" + oneEntry},

	"DescribeRouteTables":        {"InvalidRouteTableID.NotFound RouteTableId.1={rtb}", "OK Filter.1.Name=vpc-id&Filter.1.Value.1={vpc}"},
	"DescribeSecurityGroupRules": {"InvalidSecurityGroupRuleId.NotFound SecurityGroupRuleId.1={sgr}", "OK Filter.1.Name=group-id&Filter.1.Value.1={sg}"},
	"DescribeSecurityGroups":     {"InvalidGroup.NotFound GroupId.1={sg}", "InvalidGroup.NotFound GroupName.1={group-name}", "OK Filter.1.Name=vpc-id&Filter.1.Value.1={vpc}"},
	"DescribeSubnets":            {"InvalidSubnetID.NotFound SubnetId.1={subnet}", "OK Filter.1.Name=vpc-id&Filter.1.Value.1={vpc}"},
	"DescribeTags":               {"OK Filter.1.Name=resource-id&Filter.1.Value.1={i}"},
	"DescribeVolumes":            {"InvalidVolume.NotFound VolumeId.1={vol}", "OK Filter.1.Name=attachment.instance-id&Filter.1.Value.1={i}"},
	"DescribeVpcAttribute":       {"InvalidVpcID.NotFound VpcId={vpc}&Attribute=enableDnsSupport"},
	"DescribeVpcs":               {"InvalidVpcID.NotFound VpcId.1={vpc}", "OK Filter.1.Name=owner-id&Filter.1.Value.1={account}"},
	"DescribeInstanceStatus":     {"InvalidInstanceID.NotFound InstanceId.1={i}", "InvalidInstanceID.NotFound IncludeAllInstances=true&InstanceId.1={own:i}&InstanceId.2={i}"},
	"GetConsoleOutput":           {"InvalidInstanceID.NotFound InstanceId={i}"},
	"ModifyImageAttribute":       {"InvalidAMIID.NotFound ImageId={ami}&LaunchPermission.Add.1.UserId={own:account}", "AuthFailure ImageId={shared}&Description.Value=mine"},
	"ModifyInstanceAttribute":    {"InvalidInstanceID.NotFound InstanceId={i}&DisableApiTermination.Value=true", "InvalidGroup.NotFound InstanceId={own:i}&GroupId.1={sg}", "InvalidGroup.NotFound InstanceId={own:i}&GroupId.1={own:sg}&GroupId.2={sg}"},
	"RebootInstances":            {"InvalidInstanceID.NotFound InstanceId.1={i}", "InvalidInstanceID.NotFound InstanceId.1={own:i}&InstanceId.2={i}"},
	"ResetInstanceAttribute":     {"InvalidInstanceID.NotFound InstanceId={i}&Attribute=sourceDestCheck"},
	"RevokeSecurityGroupEgress":  {"InvalidGroup.NotFound GroupId={sg}&SecurityGroupRuleId.1={sgr}", "InvalidSecurityGroupRuleId.NotFound GroupId={own:sg}&SecurityGroupRuleId.1={sgr}"},
	"StartInstances":             {"InvalidInstanceID.NotFound InstanceId.1={i}", "InvalidInstanceID.NotFound InstanceId.1={own:i}&InstanceId.2={i}"},
	"StopInstances":              {"InvalidInstanceID.NotFound InstanceId.1={i}", "InvalidInstanceID.NotFound InstanceId.1={own:i}&InstanceId.2={i}"},
	"TerminateInstances":         {"InvalidInstanceID.NotFound InstanceId.1={i}", "InvalidInstanceID.NotFound InstanceId.1={own:i}&InstanceId.2={i}"},
	"RevokeSecurityGroupIngress": {
		"InvalidGroup.NotFound GroupId={sg}&SecurityGroupRuleId.1={sgr}", "InvalidGroup.NotFound GroupName={group-name}&IpProtocol=-1&CidrIp=0.0.0.0/0",
		"InvalidSecurityGroupRuleId.NotFound GroupId={own:sg}&SecurityGroupRuleId.1={sgr}",
	},
	"DescribeInstanceCreditSpecifications": {"InvalidInstanceID.NotFound InstanceId.1={i}"},
	"ModifyInstanceMetadataOptions":        {"InvalidInstanceID.NotFound InstanceId={i}&HttpTokens=required"},
	"ModifyPrivateDnsNameOptions":          {"InvalidInstanceID.NotFound InstanceId={i}&EnableResourceNameDnsARecord=true"},
	"ModifySecurityGroupRules": {
		"InvalidGroup.NotFound GroupId={sg}&" + oneRule + "&SecurityGroupRule.1.SecurityGroupRule.CidrIpv4=10.0.0.0/8",
		"InvalidSecurityGroupRuleId.NotFound GroupId={own:sg}&" + oneRule + "&SecurityGroupRule.1.SecurityGroupRule.CidrIpv4=10.0.0.0/8",
	},
	"UpdateSecurityGroupRuleDescriptionsEgress":  {"InvalidGroup.NotFound GroupId={sg}&SecurityGroupRuleDescription.1.SecurityGroupRuleId={sgr}&SecurityGroupRuleDescription.1.Description=x"},
	"UpdateSecurityGroupRuleDescriptionsIngress": {"InvalidGroup.NotFound GroupId={sg}&SecurityGroupRuleDescription.1.SecurityGroupRuleId={sgr}&SecurityGroupRuleDescription.1.Description=x"},
	"RunInstances": {
		"InvalidAMIID.NotFound ImageId={ami}&" + oneInstance,
		"InvalidSubnetID.NotFound ImageId={shared}&" + oneInstance + "&SubnetId={subnet}",
		"InvalidGroup.NotFound ImageId={shared}&" + oneInstance + "&SecurityGroupId.1={sg}",
		"InvalidGroup.NotFound ImageId={shared}&" + oneInstance + "&SecurityGroup.1={group-name}",
		"InvalidKeyPair.NotFound ImageId={shared}&" + oneInstance + "&KeyName={key-name}",
		"InvalidHostID.NotFound ImageId={shared}&" + oneInstance + "&Placement.HostId={h}",
		"InvalidPlacementGroup.Unknown ImageId={shared}&" + oneInstance + "&Placement.GroupId={pg}",
		"InvalidPlacementGroup.Unknown ImageId={shared}&" + oneInstance + "&Placement.GroupName={placement-group}",
		"InvalidCapacityReservationId.NotFound ImageId={shared}&" + oneInstance + "&CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationId={cr}",
		"InvalidNetworkInterfaceID.NotFound ImageId={shared}&" + oneInstance + "&NetworkInterface.1.DeviceIndex=0&NetworkInterface.1.NetworkInterfaceId={eni}",
		"InvalidSubnetID.NotFound ImageId={shared}&" + oneInstance + "&NetworkInterface.1.DeviceIndex=0&NetworkInterface.1.SubnetId={subnet}",
		"InvalidGroup.NotFound ImageId={shared}&" + oneInstance + "&NetworkInterface.1.DeviceIndex=0&NetworkInterface.1.SecurityGroupId.1={sg}",
		"InvalidSnapshot.NotFound ImageId={shared}&" + oneInstance + "&BlockDeviceMapping.1.DeviceName=/dev/xvda&BlockDeviceMapping.1.Ebs.SnapshotId={private-snap}",
	},
}

const (
	onePermission = "IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=1&IpPermissions.1.ToPort=1"
	oneRule       = "SecurityGroupRule.1.SecurityGroupRuleId={sgr}&SecurityGroupRule.1.SecurityGroupRule.IpProtocol=-1"
	oneEntry      = "RuleNumber=100&Protocol=-1&RuleAction=deny&Egress=false&CidrBlock=10.0.0.0/8"
	oneInstance   = "InstanceType=t3.nano&MinCount=1&MaxCount=1"
)

// tagged are the requests of an action on tags, for each kind of resource.
func tagged(tag string) []string {
	out := []string{"InvalidInstanceID.NotFound ResourceId.1={own:i}&ResourceId.2={i}" + tag, "InvalidPlacementGroup.Unknown ResourceId.1={pg}" + tag}
	for prefix, code := range map[string]string{
		"i": "InvalidInstanceID", "ami": "InvalidAMIID", "shared": "InvalidAMIID", "vol": "InvalidVolume", "eni": "InvalidNetworkInterfaceID", "vpc": "InvalidVpcID",
		"subnet": "InvalidSubnetID", "sg": "InvalidGroup", "sgr": "InvalidSecurityGroupRuleId", "rtb": "InvalidRouteTableID", "igw": "InvalidInternetGatewayID",
		"eigw": "InvalidEgressOnlyInternetGatewayId", "acl": "InvalidNetworkAclID", "pl": "InvalidPrefixListID", "fl": "InvalidFlowLogId", "nip": "InvalidNetworkInsightsPathId", "nia": "InvalidNetworkInsightsAnalysisId", "dopt": "InvalidDhcpOptionID", "key": "InvalidKeyPair", "h": "InvalidHostID", "cr": "InvalidCapacityReservationId",
	} {
		out = append(out, code+".NotFound ResourceId.1={"+prefix+"}"+tag)
	}
	return out
}

// someID finds ids in answers; the lists of what an account has are searched for them.
var (
	someID = regexp.MustCompile(`\b([a-z]+(?:-attach)?)-[0-9a-f]{17}\b`)
	lists  = []string{
		"DescribeInstances", "DescribeVolumes", "DescribeNetworkInterfaces", "DescribeKeyPairs", "DescribeVpcs", "DescribeSubnets", "DescribeSecurityGroups",
		"DescribeSecurityGroupRules", "DescribeRouteTables", "DescribeInternetGateways", "DescribeNetworkAcls", "DescribeDhcpOptions", "DescribeManagedPrefixLists", "DescribeFlowLogs", "DescribeNetworkInsightsPaths", "DescribeNetworkInsightsAnalyses",
		"DescribeHosts", "DescribePlacementGroups", "DescribeCapacityReservations",
	}
	placeholder = regexp.MustCompile(`\{[a-z:-]+\}`)
	accountID   = regexp.MustCompile(`<Account>([0-9]{12})</Account>`)
)

// CheckForeign holds every action of a registry to Foreign: an account that names what
// is another's is answered as if that were not there, and changes nothing.
func CheckForeign(t *testing.T, registry *wire.Registry[*action.Call], w World) {
	t.Helper()
	w.place(t)
	w.network(t)
	w.filter(t)
	things, foreign := w.things(t)
	for a := range registry.Actions() {
		cases, known := Foreign[a.Name]
		if !known {
			t.Errorf("%s is not in Foreign: say there what it answers to an account that names another's things", a.Name)
		}
		if !a.Mutates { // a list of everything has nothing of the other account's
			form, err := url.ParseQuery(a.Of.Minimal[a.Name])
			if err != nil {
				t.Fatal(err)
			}
			quiet(t, a.Name, w.Second(a.Name, form), foreign)
		}
		for _, c := range cases {
			code, request, _ := strings.Cut(c, " ")
			form, err := url.ParseQuery(placeholder.ReplaceAllStringFunc(request, func(p string) string {
				if things[p] == "" {
					t.Fatalf("%s: there is no %s", c, p)
				}
				return url.QueryEscape(things[p])
			}))
			if err != nil {
				t.Fatal(err)
			}
			before := w.Changes()
			got := w.Second(a.Name, form)
			if got.Status == http.StatusOK {
				got.Code = "OK"
				quiet(t, a.Name+" "+form.Encode(), got, foreign)
			}
			if got.Code != code {
				t.Errorf("%s %s: %d %s, want %s\n%s", a.Name, request, got.Status, got.Code, code, got.Text)
			}
			if w.Changes() != before {
				t.Errorf("%s %s changed something", a.Name, request)
			}
		}
	}
}

// placementGroup is the name of the first account's.
const placementGroup = "close"

var zoneName = regexp.MustCompile(`<availabilityZone>([^<]*)</availabilityZone>`)

// place gives the first account a placement group, a Dedicated Host and reserved
// capacity, in the first zone that has an empty host.
func (w World) place(t *testing.T) {
	t.Helper()
	last := w.First("CreatePlacementGroup", url.Values{"GroupName": {placementGroup}, "Strategy": {"cluster"}})
	if last.Status != http.StatusOK {
		t.Fatal(last.Text)
	}
	for _, m := range zoneName.FindAllStringSubmatch(w.First("DescribeSubnets", url.Values{}).Text, -1) {
		in := url.Values{"AvailabilityZone": {m[1]}, "InstanceType": {"t3.nano"}}
		if last = w.First("AllocateHosts", in); last.Status != http.StatusOK {
			continue
		}
		in.Set("InstancePlatform", "Linux/UNIX")
		in.Set("InstanceCount", "1")
		if last = w.First("CreateCapacityReservation", in); last.Status == http.StatusOK {
			return
		}
	}
	t.Fatal(last.Text)
}

// quiet holds an answer to telling nothing of the other account's but what it was asked.
func quiet(t *testing.T, asked string, got Answer, foreign map[string]bool) {
	t.Helper()
	for _, id := range someID.FindAllString(got.Text, -1) {
		if foreign[id] && got.Status == http.StatusOK && !strings.Contains(asked, id) {
			t.Errorf("%s tells of %s, which is another account's", asked, id)
			return
		}
	}
}

// things are the values of placeholders, and all ids of the first account's.
func (w World) things(t *testing.T) (map[string]string, map[string]bool) {
	t.Helper()
	things, foreign := map[string]string{"{ami}": w.Private, "{shared}": w.Shared, "{key-name}": w.KeyName, "{group-name}": w.GroupName, "{placement-group}": placementGroup}, map[string]bool{w.Private: true}
	for owner, call := range map[string]func(string, url.Values) Answer{"": w.First, "own:": w.Second} {
		who := call("GetCallerIdentity", url.Values{})
		m := accountID.FindStringSubmatch(who.Text)
		if m == nil {
			t.Fatalf("who is the %saccount? %s", owner, who.Text)
		}
		things["{"+owner+"account}"] = m[1]
		for _, list := range lists {
			for _, m := range someID.FindAllStringSubmatch(call(list, url.Values{}).Text, -1) {
				if id, key := m[0], "{"+owner+m[1]+"}"; m[1] != "ami" && m[1] != "snap" {
					foreign[id] = foreign[id] || owner == ""
					if things[key] == "" {
						things[key] = id
					}
				}
			}
		}
	}
	image := w.First("DescribeImages", url.Values{"ImageId.1": {w.Private}})
	for _, m := range someID.FindAllStringSubmatch(image.Text, -1) {
		if m[1] == "snap" {
			things["{private-snap}"], foreign[m[0]] = m[0], true
		}
	}
	if len(foreign) < 20 {
		t.Fatalf("the first account has only %v", slices.Sorted(maps.Keys(foreign)))
	}
	return things, foreign
}

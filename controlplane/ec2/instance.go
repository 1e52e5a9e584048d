package ec2

import (
	"encoding/base64"
	"iter"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

func (a *API) registerInstances(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeInstances", Resource: "instance"}, a.describeInstances)
	wire.Handle(r, wire.Spec{Name: "GetConsoleOutput", Resource: "instance"}, a.getConsoleOutput)
	wire.Handle(r, wire.Spec{Name: "DescribeInstanceCreditSpecifications", Resource: "instance"}, a.describeCredits)
}

// The credit options of burstable types.
const (
	creditStandard  = "standard"
	creditUnlimited = "unlimited"
)

// instanceRow is an instance with what is derived from other tables.
type instanceRow struct {
	*model.Instance
	r     store.Reader
	boot  *model.Boot
	state model.State
}

func newInstanceRow(r store.Reader, i *model.Instance) *instanceRow {
	b := lifecycle.Boot(r, i)
	return &instanceRow{Instance: i, r: r, boot: b, state: model.StateOf(i, b)}
}

// interfaces yields what the instance has of interfaces, primary first.
func (i *instanceRow) interfaces() iter.Seq[*model.Interface] {
	return func(yield func(*model.Interface) bool) {
		for _, id := range i.Interfaces {
			if eni := store.Interfaces.Get(i.r, id); eni != nil && !yield(eni) {
				return
			}
		}
	}
}

// primary returns the interface with device index 0, or nil.
func (i *instanceRow) primary() *model.Interface {
	for eni := range i.interfaces() {
		return eni
	}
	return nil
}

// volumes yields the volumes that are attached to the instance.
func (i *instanceRow) volumes() iter.Seq[*model.Volume] {
	return func(yield func(*model.Volume) bool) {
		for v := range store.Volumes.By(i.r, "instance", i.ID) {
			if v.State != model.VolumeDeleting && !yield(v) {
				return
			}
		}
	}
}

func instancesFrom(c *action.Call, id string) iter.Seq[*instanceRow] {
	return func(yield func(*instanceRow) bool) {
		for i := range mineFrom(store.Instances)(c, id) {
			if !yield(newInstanceRow(c, i)) {
				return
			}
		}
	}
}

var instanceListing = &listing[*instanceRow]{
	action: "DescribeInstances",
	kind:   instanceKind,
	rows:   func(c *action.Call) iter.Seq[*instanceRow] { return instancesFrom(c, "") },
	from:   instancesFrom,
	get: func(c *action.Call, id string) (*instanceRow, bool) {
		i, ok := mineByID(store.Instances)(c, id)
		if !ok {
			return nil, false
		}
		return newInstanceRow(c, i), true
	},
	id:      func(i *instanceRow) string { return i.ID },
	filters: instanceFilters,
	limits:  wire.PageLimits{Min: 5, Max: 1000, NotWithIDs: "instancesSet"},
}

// getInstance returns the caller's instance.
func getInstance(c *action.Call, id *string) (*instanceRow, error) {
	rows, err := instanceListing.named(c, []string{val(id)})
	if err != nil {
		return nil, err
	}
	return rows[0], nil
}

func (a *API) describeInstances(c *action.Call, in *gen.DescribeInstancesRequest) (*gen.DescribeInstancesResult, error) {
	rows, next, err := instanceListing.page(c, selection{in.InstanceIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	out := &gen.DescribeInstancesResult{Reservations: make([]*gen.Reservation, 0, len(rows)), NextToken: next}
	byID := make(map[string]*gen.Reservation, len(rows))
	for _, i := range rows {
		res := byID[i.ReservationID]
		if res == nil {
			res = &gen.Reservation{ReservationId: &i.ReservationID, OwnerId: &i.Account, Groups: []*gen.GroupIdentifier{}}
			byID[i.ReservationID] = res
			out.Reservations = append(out.Reservations, res)
		}
		res.Instances = append(res.Instances, a.toInstance(i))
	}
	return out, nil
}

// What every instance shows alike. Answers only point to it, and nobody changes it.
var (
	empty             = new("")
	yes, no           = new(true), new(false)
	defaultTenancy    = new("default")
	virtualizationHVM = new("hvm")
	hypervisorXen     = new("xen")
	rootDeviceEBS     = new("ebs")
	platformLinux     = new("Linux/UNIX")
	usageRunInstances = new("RunInstances")
	legacyBIOS        = new("legacy-bios")

	openReservations = &gen.CapacityReservationSpecificationResponse{CapacityReservationPreference: new("open")}
	noHibernation    = &gen.HibernationOptions{Configured: no}
	noEnclave        = &gen.EnclaveOptions{Enabled: no}
)

// toInstance shows an instance as EC2 does. What has no address any more has no
// network either, but empty names.
func (a *API) toInstance(i *instanceRow) *gen.Instance {
	out := &gen.Instance{
		AmiLaunchIndex: new(int64(i.LaunchIndex)), ImageId: &i.ImageID, InstanceId: &i.ID, InstanceType: &i.Type,
		KeyName: str(i.KeyName), LaunchTime: &i.LaunchTime, Monitoring: monitoring(i), Architecture: &i.Arch, ClientToken: &i.ClientToken,
		Placement:      toPlacement(i),
		PrivateDnsName: empty, PublicDnsName: empty, ProductCodes: []*gen.ProductCode{}, State: toState(i.state),
		StateTransitionReason: new(transition(i)), StateReason: stateReason(i), EbsOptimized: &i.EBSOptimized, EnaSupport: yes,
		Hypervisor: hypervisorXen, VirtualizationType: virtualizationHVM, RootDeviceName: &i.RootDevice, RootDeviceType: rootDeviceEBS,
		BlockDeviceMappings: []*gen.InstanceBlockDeviceMapping{}, NetworkInterfaces: []*gen.InstanceNetworkInterface{},
		SecurityGroups: []*gen.GroupIdentifier{}, Tags: toTags(i.Tags), CpuOptions: a.cpuOptions(i),
		CapacityReservationSpecification: reservationSpec(i.Placement),
		CapacityReservationId:            str(inReservation(i)),
		HibernationOptions:               noHibernation,
		EnclaveOptions:                   noEnclave,
		MetadataOptions:                  metadataOptions(i.Instance, "applied"),
		PlatformDetails:                  platformLinux, UsageOperation: usageRunInstances, UsageOperationUpdateTime: &i.Created,
		MaintenanceOptions:      &gen.InstanceMaintenanceOptions{AutoRecovery: new(autoRecovery(i))},
		CurrentInstanceBootMode: legacyBIOS,
	}
	if mode := bootMode(i); mode != nil {
		out.BootMode, out.CurrentInstanceBootMode = &mode[0], &mode[0]
	}
	for v := range i.volumes() {
		out.BlockDeviceMappings = append(out.BlockDeviceMappings, toMapping(v))
	}
	if i.state == model.StateTerminated {
		return out
	}
	out.SubnetId, out.VpcId = &i.SubnetID, &i.VPCID
	out.PrivateDnsNameOptions = toPrivateNames(i)
	for eni := range i.interfaces() {
		shown := toInstanceInterface(i.r, eni)
		if len(out.NetworkInterfaces) == 0 {
			out.PrivateIpAddress, out.PrivateDnsName = shown.PrivateIpAddress, new(instanceName(i))
			out.SourceDestCheck, out.SecurityGroups = shown.SourceDestCheck, shown.Groups
			if shown.Association != nil {
				out.PublicIpAddress, out.PublicDnsName = shown.Association.PublicIp, shown.Association.PublicDnsName
			}
		}
		out.NetworkInterfaces = append(out.NetworkInterfaces, shown)
	}
	return out
}

func toMapping(v *model.Volume) *gen.InstanceBlockDeviceMapping {
	return &gen.InstanceBlockDeviceMapping{DeviceName: &v.Device, Ebs: &gen.EbsInstanceBlockDevice{
		AttachTime: &v.Attached, DeleteOnTermination: &v.DeleteOnTermination, Status: new(attachmentState(v)), VolumeId: &v.ID,
	}}
}

func monitoring(i *instanceRow) *gen.Monitoring {
	return &gen.Monitoring{State: new(monitoringState(i))}
}

func monitoringState(i *instanceRow) string {
	if i.Monitoring {
		return "enabled"
	}
	return "disabled"
}

// bootMode is the image's: none if its row is gone.
func bootMode(i *instanceRow) []string {
	if img := store.Images.Get(i.r, i.ImageID); img != nil {
		return one(img.BootMode)
	}
	return nil
}

func autoRecovery(i *instanceRow) string { return nonEmpty(i.AutoRecovery, "default") }

func (a *API) cpuOptions(i *instanceRow) *gen.CpuOptions {
	if t := a.deps.Types.Get(i.Type); t != nil {
		return &gen.CpuOptions{CoreCount: new(int64(t.cores())), ThreadsPerCore: new(int64(t.ThreadsPer))}
	}
	if i.boot != nil { // the operator's file has changed since
		return &gen.CpuOptions{CoreCount: new(int64(i.boot.VCPUs)), ThreadsPerCore: new(int64(1))}
	}
	return nil
}

func metadataOptions(i *model.Instance, state string) *gen.InstanceMetadataOptionsResponse {
	return &gen.InstanceMetadataOptionsResponse{
		State: &state, HttpTokens: &i.Metadata.HTTPTokens, HttpPutResponseHopLimit: new(int64(i.Metadata.HopLimit)),
		HttpEndpoint: &i.Metadata.HTTPEndpoint, HttpProtocolIpv6: &i.Metadata.HTTPIPv6, InstanceMetadataTags: &i.Metadata.InstanceTags,
	}
}

// stateReason is why the instance is as it is; a running one needs no reason.
func stateReason(i *instanceRow) *gen.StateReason {
	r := reasonOf(i)
	if r.Code == "" {
		return nil
	}
	return &gen.StateReason{Code: &r.Code, Message: &r.Message}
}

func reasonOf(i *instanceRow) model.Reason {
	switch {
	case i.state == model.StateRunning:
		return model.Reason{}
	case i.state != model.StatePending && i.Effective() == model.WantRunning:
		return lifecycle.ShutByItself // nobody asked for it, and it has not ended yet
	}
	return model.StateReasonOf(i.Instance)
}

// transition is EC2's StateTransitionReason: what the user did, or the code of what
// went wrong.
func transition(i *instanceRow) string {
	if i.state == model.StateRunning || i.state == model.StatePending {
		return ""
	}
	if r := reasonOf(i); strings.HasPrefix(r.Code, "Server.") {
		return r.Code
	}
	return i.Transition
}

// consoleBytes is how much of the console GetConsoleOutput returns.
const consoleBytes = 64 << 10

func (a *API) getConsoleOutput(c *action.Call, in *gen.GetConsoleOutputRequest) (*gen.GetConsoleOutputResult, error) {
	i, err := getInstance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	out := &gen.GetConsoleOutputResult{InstanceId: &i.ID, Output: empty, Timestamp: &i.LaunchTime}
	if i.boot == nil || i.state == model.StateTerminated {
		return out, nil
	}
	if a.deps.Console == nil {
		return nil, apierr.New("UnsupportedOperation", "This server has no way to the hosts' consoles.")
	}
	data, at, err := a.deps.Console(c, i.boot.Host, i.ID, val(in.Latest))
	if err != nil {
		return nil, apierr.WithStatus(503, "Unavailable", "The console of instance '%s' cannot be read: %v", i.ID, err)
	}
	if len(data) > consoleBytes {
		data = data[len(data)-consoleBytes:]
	}
	if !at.IsZero() {
		out.Timestamp = &at
	}
	out.Output = new(base64.StdEncoding.EncodeToString(data))
	return out, nil
}

var creditFilters = wire.FilterTable[*instanceRow]{Fields: map[string]func(*instanceRow) []string{
	"instance-id": func(i *instanceRow) []string { return one(i.ID) },
}}

// describeCredits shows the credit option of burstable instances: of the named ones, or
// of those that differ from the usual.
func (a *API) describeCredits(c *action.Call, in *gen.DescribeInstanceCreditSpecificationsRequest) (*gen.DescribeInstanceCreditSpecificationsResult, error) {
	l := *instanceListing
	l.action, l.filters, l.limits.NotWithIDs = "DescribeInstanceCreditSpecifications", creditFilters, "instanceIds"
	l.from = nil
	l.rows = func(c *action.Call) iter.Seq[*instanceRow] {
		return func(yield func(*instanceRow) bool) {
			for i := range instanceListing.rows(c) {
				if i.CreditSpec == creditUnlimited && i.state != model.StateTerminated && !yield(i) {
					return
				}
			}
		}
	}
	rows, next, err := l.page(c, selection{in.InstanceIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	out := &gen.DescribeInstanceCreditSpecificationsResult{InstanceCreditSpecifications: []*gen.InstanceCreditSpecification{}, NextToken: next}
	for _, i := range rows {
		if i.CreditSpec == "" {
			return nil, apierr.New("InvalidParameterValue", "The instance '%s' is not of a burstable performance type.", i.ID)
		}
		out.InstanceCreditSpecifications = append(out.InstanceCreditSpecifications, &gen.InstanceCreditSpecification{InstanceId: &i.ID, CpuCredits: &i.CreditSpec})
	}
	return out, nil
}

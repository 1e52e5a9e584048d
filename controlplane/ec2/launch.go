package ec2

import (
	"errors"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerLaunch(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "RunInstances", Mutates: true, Resource: "instance", Partial: "no launch templates, Spot, IPv6, instance profiles, nor volumes besides the root"}, a.runInstances)
	wire.Check(r, "RunInstances", checkRunInstances)
	wire.Replay(r, "RunInstances", a.replayRun)
}

// launch is one RunInstances, resolved: everything that its instances have in common.
type launch struct {
	in       *gen.RunInstancesRequest
	image    *model.Image
	kind     *InstanceType
	key      *model.KeyPair
	userData []byte
	root     rootSpec
	nics     []nic // primary first
	zones    []string
	tags     map[string]model.Tags
	metadata model.MetadataOptions
	credits  string
	place    model.Placement
}

// rootSpec is what the root volume is to be.
type rootSpec struct {
	sizeGiB int
	kind    string
	delete  bool
}

// nic is what an interface of the instances is to be: an existing one, or a new one.
type nic struct {
	existing *model.Interface
	subnet   *model.Subnet // nil: the default subnet of the zone that is chosen
	groups   []string      // empty with subnet nil: the default group
	names    []string      // groups by name, with subnet nil
	index    int
	wanted   wantedAddresses
	public   *bool // nil: as the subnet says
	delete   bool
	text     string
}

func (a *API) runInstances(c *action.Call, in *gen.RunInstancesRequest) (*gen.Reservation, error) {
	if err := refuse(in); err != nil {
		return nil, err
	}
	l, err := a.resolve(c, in)
	if err != nil {
		return nil, err
	}
	place, err := a.placeLaunch(c, l)
	if err != nil {
		return nil, err
	}
	if err := a.settleNetwork(l, c, place.Zone); err != nil {
		return nil, err
	}
	res := &model.Reservation{ID: ids.New(ids.Reservation), Owned: owner(c), Created: c.Now()}
	if err := store.Reservations.Put(c.Tx, res); err != nil {
		return nil, err
	}
	for index, spot := range place.Spots {
		if err := a.launchOne(c, l, res.ID, index, spot); err != nil {
			return nil, err
		}
	}
	c.Made = res.ID
	return a.replayRun(c, res.ID)
}

// replayRun shows a reservation as it is now.
func (a *API) replayRun(c *action.Call, reservation string) (*gen.Reservation, error) {
	res := &gen.Reservation{ReservationId: &reservation, OwnerId: &c.Account, Groups: []*gen.GroupIdentifier{}, Instances: []*gen.Instance{}}
	for i := range store.Instances.By(c, "reservation", reservation) {
		res.Instances = append(res.Instances, a.toInstance(newInstanceRow(c, i)))
	}
	slices.SortFunc(res.Instances, func(x, y *gen.Instance) int { return int(*x.AmiLaunchIndex - *y.AmiLaunchIndex) })
	return res, nil
}

// resolve looks up what a request names.
func (a *API) resolve(c *action.Call, in *gen.RunInstancesRequest) (*launch, error) {
	l := &launch{in: in}
	var err error
	if l.image, err = getImage(c, val(in.ImageId)); err != nil {
		return nil, err
	}
	if l.kind, err = a.instanceType(in.InstanceType); err != nil {
		return nil, err
	}
	if l.kind.Arch != l.image.Arch {
		return nil, apierr.New("InvalidParameterValue", "The architecture '%s' of the specified instance type does not match the architecture '%s' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.", l.kind.Arch, l.image.Arch)
	}
	if err := checkCPUOptions(in.CpuOptions, l.kind); err != nil {
		return nil, err
	}
	if in.KeyName != nil && *in.KeyName != "" {
		if l.key = keyPairNamed(c, *in.KeyName); l.key == nil {
			return nil, noKeyPair(*in.KeyName)
		}
	}
	if l.userData, err = userData(in.UserData); err != nil {
		return nil, err
	}
	if l.tags, err = parseTagSpecs(in.TagSpecifications, "instance", "volume", "network-interface"); err != nil {
		return nil, err
	}
	if l.root, err = rootVolume(in.BlockDeviceMappings, l.image); err != nil {
		return nil, err
	}
	if l.credits, err = credits(in.CreditSpecification, l.kind); err != nil {
		return nil, err
	}
	l.metadata = model.MetadataOptions{HTTPTokens: "optional", HopLimit: 1, HTTPEndpoint: "enabled", InstanceTags: "disabled", HTTPIPv6: "disabled"}
	if l.image.IMDSSupport == "v2.0" {
		l.metadata.HTTPTokens, l.metadata.HopLimit = "required", 2
	}
	if m := in.MetadataOptions; m != nil {
		l.metadata = withMetadata(l.metadata, m.HttpTokens, m.HttpEndpoint, m.InstanceMetadataTags, m.HttpProtocolIpv6, m.HttpPutResponseHopLimit)
	}
	if err := a.resolveNetwork(c, l); err != nil {
		return nil, err
	}
	l.place, err = a.resolvePlacement(c, l)
	return l, err
}

// instanceType returns the type of a name, as RunInstances answers to wrong ones.
func (a *API) instanceType(name *string) (*InstanceType, error) {
	if val(name) == "" {
		return nil, missing("InstanceType")
	}
	if t := a.deps.Types.Get(*name); t != nil {
		return t, nil
	}
	return nil, apierr.New("InvalidParameterValue", "Invalid value '%s' for InstanceType.", clip(*name))
}

func checkCPUOptions(o *gen.CpuOptionsRequest, t *InstanceType) error {
	if o == nil {
		return nil
	}
	if val(o.AmdSevSnp) == "enabled" {
		return apierr.New("Unsupported", "The requested configuration is currently not supported: AMD SEV-SNP.")
	}
	if (o.CoreCount == nil) != (o.ThreadsPerCore == nil) {
		return apierr.New("InvalidParameterCombination", "CoreCount and ThreadsPerCore must be specified together.")
	}
	if o.CoreCount != nil && (*o.CoreCount != int64(t.cores()) || *o.ThreadsPerCore != int64(t.ThreadsPer)) {
		return apierr.New("Unsupported", "The requested configuration is currently not supported: %s always has %d cores with %d threads.", t.Name, t.cores(), t.ThreadsPer)
	}
	return nil
}

// credits returns the credit option of an instance, empty if its type is not burstable.
func credits(s *gen.CreditSpecificationRequest, t *InstanceType) (string, error) {
	switch {
	case s != nil && s.CpuCredits != nil && !t.Burstable:
		return "", apierr.New("InvalidParameterCombination", "The specified instance type %s does not support credit specification. Only burstable performance instance types do.", t.Name)
	case s != nil && s.CpuCredits != nil:
		return *s.CpuCredits, nil
	case !t.Burstable:
		return "", nil
	case t.family() == "t2":
		return creditStandard, nil
	}
	return creditUnlimited, nil
}

// rootVolume reads the mapping of the root device, the only one there may be.
func rootVolume(all []*gen.BlockDeviceMapping, image *model.Image) (rootSpec, error) {
	root := rootSpec{sizeGiB: sizeGiB(image), kind: defaultVolumeType, delete: true}
	for _, m := range all {
		switch {
		case m.NoDevice != nil && *m.DeviceName != image.RootDevice:
			continue // it asks for no device, and there is none
		case m.NoDevice != nil:
			return root, apierr.New("InvalidBlockDeviceMapping", "The root device '%s' cannot be left out.", image.RootDevice)
		case m.VirtualName != nil:
			return root, apierr.New("InvalidBlockDeviceMapping", "The instance type has no instance store volumes: '%s' cannot be mapped.", clip(*m.VirtualName))
		case *m.DeviceName != image.RootDevice:
			return root, apierr.New("Unsupported", "The requested configuration is currently not supported: a volume '%s' besides the root device '%s'.", clip(*m.DeviceName), image.RootDevice)
		case m.Ebs == nil:
			return root, apierr.New("InvalidBlockDeviceMapping", "The mapping of '%s' has no volume.", image.RootDevice)
		}
		e := m.Ebs
		root.kind = orDefault(e.VolumeType, root.kind)
		root.delete = orDefault(e.DeleteOnTermination, root.delete)
		if err := checkRoot(e, image, root.kind); err != nil {
			return root, err
		}
		root.sizeGiB = int(orDefault(e.VolumeSize, int64(root.sizeGiB)))
	}
	return root, nil
}

func checkRoot(e *gen.EbsBlockDevice, image *model.Image, kind string) error {
	const maxGiB = 16384 // of gp2 and gp3
	switch {
	case e.SnapshotId != nil && *e.SnapshotId != image.SnapshotID:
		return apierr.New("InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", clip(*e.SnapshotId))
	case e.VolumeSize != nil && *e.VolumeSize < int64(sizeGiB(image)):
		return apierr.New("InvalidBlockDeviceMapping", "Volume of size %dGB is smaller than snapshot '%s', expect size >= %dGB", *e.VolumeSize, image.SnapshotID, sizeGiB(image))
	case e.VolumeSize != nil && *e.VolumeSize > maxGiB:
		return apierr.New("InvalidParameterValue", "Volume of %dGiB is too large for volume type %s; maximum is %dGiB", *e.VolumeSize, kind, maxGiB)
	case val(e.Encrypted) || e.KmsKeyId != nil:
		return apierr.New("Unsupported", "The requested configuration is currently not supported: encrypted volumes.")
	case e.OutpostArn != nil:
		return apierr.New("Unsupported", "The requested configuration is currently not supported: Outposts.")
	case kind == "st1" || kind == "sc1":
		return apierr.New("InvalidBlockDeviceMapping", "Volume type %s cannot be used as a boot volume.", kind)
	case kind == "io1" || kind == "io2":
		return apierr.New("Unsupported", "The requested configuration is currently not supported: provisioned rates of volumes (%s).", kind)
	case kind != "gp3" && (e.Iops != nil || e.Throughput != nil):
		return apierr.New("InvalidParameterCombination", "The parameters iops and throughput are not supported for %s volumes.", kind)
	case e.Iops != nil && *e.Iops != gp3IOPS || e.Throughput != nil && *e.Throughput != gp3Throughput:
		return apierr.New("Unsupported", "The requested configuration is currently not supported: gp3 volumes other than of %d IOPS and %d MiB/s.", gp3IOPS, gp3Throughput)
	}
	return nil
}

// placeLaunch decides how many instances there are to be, in which zone, on which
// hosts. The number is one decision: what hosts and subnet both have room for.
func (a *API) placeLaunch(c *action.Call, l *launch) (schedule.Placement, error) {
	least, most := int(*l.in.MinCount), int(*l.in.MaxCount)
	var zones []string
	for _, z := range l.zones {
		if l.freeAddresses(c, z) >= least {
			zones = append(zones, z)
		}
	}
	if len(zones) == 0 {
		return schedule.Placement{}, apierr.New("InsufficientFreeAddressesInSubnet", "The specified subnet does not have enough free addresses to satisfy the request.")
	}
	request, err := a.placementRequest(c, l.place, l.kind, zones)
	if err != nil {
		return schedule.Placement{}, err
	}
	request.Min, request.Max = least, most
	place, why := schedule.Place(lifecycle.View(c, c.Region, a.deps.Placement), request)
	if len(place.Spots) == 0 {
		return place, noRoom(l.place, l.kind.Name, zones, why)
	}
	if free := l.freeAddresses(c, place.Zone); len(place.Spots) > free {
		place.Spots = place.Spots[:free]
	}
	return place, nil
}

// noCapacity is EC2's error, which it counts among its own faults, with the scheduler's
// reasons.
func noCapacity(kind string, zones []string, why schedule.Explanation) error {
	return apierr.WithStatus(500, "InsufficientInstanceCapacity", "We currently do not have sufficient %s capacity in the Availability Zone you requested (%s): %s.", kind, strings.Join(zones, ", "), why)
}

func (a *API) launchOne(c *action.Call, l *launch, reservation string, index int, spot schedule.Spot) error {
	now, id := c.Now(), ids.New(ids.Instance)
	i := &model.Instance{
		ID: id, Owned: owner(c), ReservationID: reservation, LaunchIndex: index,
		ImageID: l.image.ID, Type: l.kind.Name, Arch: l.kind.Arch, RootDevice: l.image.RootDevice, RootVolume: ids.Beside(ids.Volume, id),
		UserData: l.userData, Metadata: l.metadata, CreditSpec: l.credits,
		ShutdownAction: orDefault(l.in.InstanceInitiatedShutdownBehavior, "stop"),
		NoAPIStop:      val(l.in.DisableApiStop), NoAPITerminate: val(l.in.DisableApiTermination),
		EBSOptimized: val(l.in.EbsOptimized), Monitoring: l.in.Monitoring != nil && val(l.in.Monitoring.Enabled),
		ClientToken: val(l.in.ClientToken), LaunchTime: now, Created: now, Tags: l.tags["instance"].Clone(),
		Desired: model.WantRunning, DesiredAt: now, Epoch: 1,
		Reason:    model.Reason{Code: "pending", Message: "pending"},
		Placement: settled(c, l.place, l.kind, spot),
	}
	if l.key != nil {
		i.KeyName, i.PublicKey = l.key.Name, l.key.PublicKey
	}
	if m := l.in.MaintenanceOptions; m != nil {
		i.AutoRecovery = val(m.AutoRecovery)
	}
	for n := range l.nics {
		eni, err := l.nics[n].attach(c, i, l.tags["network-interface"])
		if err != nil {
			return err
		}
		if n == 0 {
			i.Zone, i.SubnetID, i.VPCID = eni.Zone, eni.Subnet, eni.VPC
			named(i, eni, store.Subnets.Get(c, eni.Subnet), l.in.PrivateDnsNameOptions)
		}
		i.Interfaces = append(i.Interfaces, eni.ID)
	}
	if err := a.assignPublic(c, i.Interfaces); err != nil {
		return err
	}
	err := store.Volumes.Put(c.Tx, &model.Volume{
		ID: i.RootVolume, Owned: i.Owned, Zone: i.Zone, Host: spot.Host, SizeGiB: l.root.sizeGiB, Type: l.root.kind,
		ImageDigest: l.image.Digest, SnapshotID: l.image.SnapshotID, Instance: i.ID, Device: l.image.RootDevice,
		DeleteOnTermination: l.root.delete, Attached: now, Created: now, Tags: l.tags["volume"].Clone(), State: model.VolumeCreating,
	})
	if err != nil {
		return err
	}
	if err := store.Instances.Put(c.Tx, i); err != nil {
		return err
	}
	return lifecycle.BeginIn(c.Tx, i, l.kind.size(), spot)
}

// assignPublic gives interfaces that want one a public address.
func (a *API) assignPublic(c *action.Call, enis []string) error {
	for _, id := range enis {
		err := lifecycle.AssignPublicAddress(c.Tx, a.deps.PublicPool, id)
		if errors.Is(err, lifecycle.ErrNoPublicAddress) {
			return apierr.New("InsufficientAddressCapacity", "Not enough public addresses: %v. Launch without a public address, or enlarge the pool.", err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

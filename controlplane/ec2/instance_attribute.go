package ec2

import (
	"encoding/base64"
	"slices"
	"strconv"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

func (a *API) registerInstanceAttributes(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeInstanceAttribute", Resource: "instance"}, a.describeInstanceAttribute)
	wire.Handle(r, wire.Spec{Name: "ModifyInstanceAttribute", Mutates: true, Resource: "instance"}, a.modifyInstanceAttribute)
	wire.Handle(r, wire.Spec{Name: "ResetInstanceAttribute", Mutates: true, Resource: "instance"}, a.resetInstanceAttribute)
	wire.Handle(r, wire.Spec{Name: "ModifyInstanceMetadataOptions", Mutates: true, Resource: "instance"}, a.modifyMetadataOptions)
	wire.Check(r, "ModifyInstanceMetadataOptions", func(in *gen.ModifyInstanceMetadataOptionsRequest) error {
		return checkMetadata(in.HttpTokens, in.HttpEndpoint, in.InstanceMetadataTags, in.HttpProtocolIpv6, in.HttpPutResponseHopLimit)
	})
}

func (a *API) describeInstanceAttribute(c *action.Call, in *gen.DescribeInstanceAttributeRequest) (*gen.InstanceAttribute, error) {
	i, err := getInstance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	out := &gen.InstanceAttribute{InstanceId: &i.ID}
	text := func(s string) *gen.AttributeValue { return &gen.AttributeValue{Value: str(s)} }
	flag := func(b bool) *gen.AttributeBooleanValue { return &gen.AttributeBooleanValue{Value: &b} }
	switch *in.Attribute {
	case "instanceType":
		out.InstanceType = text(i.Type)
	case "kernel":
		out.KernelId = text("")
	case "ramdisk":
		out.RamdiskId = text("")
	case "userData":
		out.UserData = text(base64.StdEncoding.EncodeToString(i.UserData))
	case "disableApiTermination":
		out.DisableApiTermination = flag(i.NoAPITerminate)
	case "disableApiStop":
		out.DisableApiStop = flag(i.NoAPIStop)
	case "instanceInitiatedShutdownBehavior":
		out.InstanceInitiatedShutdownBehavior = text(i.ShutdownAction)
	case "rootDeviceName":
		out.RootDeviceName = text(i.RootDevice)
	case "blockDeviceMapping":
		out.BlockDeviceMappings = []*gen.InstanceBlockDeviceMapping{}
		for v := range i.volumes() {
			out.BlockDeviceMappings = append(out.BlockDeviceMappings, toMapping(v))
		}
	case "productCodes":
		out.ProductCodes = []*gen.ProductCode{}
	case "sourceDestCheck":
		eni := i.primary()
		out.SourceDestCheck = flag(eni == nil || eni.SourceDestCheck)
	case "groupSet":
		out.Groups = []*gen.GroupIdentifier{}
		if eni := i.primary(); eni != nil {
			out.Groups = groupIdentifiers(c, eni.Groups)
		}
	case "ebsOptimized":
		out.EbsOptimized = flag(i.EBSOptimized)
	case "sriovNetSupport":
		out.SriovNetSupport = text("simple")
	case "enaSupport":
		out.EnaSupport = flag(true)
	case "enclaveOptions":
		out.EnclaveOptions = &gen.EnclaveOptions{Enabled: new(false)}
	default:
		return nil, noAttribute(*in.Attribute)
	}
	return out, nil
}

// instanceChange is a change of one attribute.
type instanceChange struct {
	name    string
	stopped bool // it needs the instance stopped
	apply   func(*action.Call, *instanceRow) error
}

func (a *API) modifyInstanceAttribute(c *action.Call, in *gen.ModifyInstanceAttributeRequest) (*gen.ModifyInstanceAttributeResult, error) {
	if err := oldForm(in); err != nil {
		return nil, err
	}
	changes, err := a.instanceChanges(in)
	if err != nil {
		return nil, err
	}
	i, err := getInstance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	switch {
	case len(changes) == 0:
		return nil, apierr.New("InvalidParameterCombination", "No attributes specified.")
	case len(changes) > 1:
		return nil, apierr.New("InvalidParameterCombination", "Fields for multiple attribute types specified: %s and %s", changes[0].name, changes[1].name)
	case i.state == model.StateTerminated || i.state == model.StateShuttingDown:
		return nil, apierr.New("IncorrectInstanceState", "The instance '%s' is %s: its attributes cannot be changed.", i.ID, i.state.Name)
	case changes[0].stopped && i.state != model.StateStopped:
		return nil, apierr.New("IncorrectInstanceState", "The instance '%s' is not in the 'stopped' state.", i.ID)
	}
	return &gen.ModifyInstanceAttributeResult{}, changes[0].apply(c, i)
}

// oldForm turns a request's first form (Attribute and Value) into the second (a member
// of the attribute's name).
func oldForm(in *gen.ModifyInstanceAttributeRequest) error {
	if in.Attribute == nil || in.Value == nil {
		return nil
	}
	flag := func() (*gen.AttributeBooleanValue, error) {
		b, err := strconv.ParseBool(*in.Value)
		if err != nil {
			return nil, apierr.New("InvalidParameterValue", "Value (%s) for parameter value is invalid. Expecting true or false.", clip(*in.Value))
		}
		return &gen.AttributeBooleanValue{Value: &b}, nil
	}
	text := &gen.AttributeValue{Value: in.Value}
	var err error
	switch *in.Attribute {
	case "instanceType":
		in.InstanceType = text
	case "kernel":
		in.Kernel = text
	case "ramdisk":
		in.Ramdisk = text
	case "sriovNetSupport":
		in.SriovNetSupport = text
	case "instanceInitiatedShutdownBehavior":
		in.InstanceInitiatedShutdownBehavior = text
	case "userData":
		raw, e := userData(in.Value)
		in.UserData, err = &gen.BlobAttributeValue{Value: raw}, e
	case "disableApiTermination":
		in.DisableApiTermination, err = flag()
	case "disableApiStop":
		in.DisableApiStop, err = flag()
	case "sourceDestCheck":
		in.SourceDestCheck, err = flag()
	case "ebsOptimized":
		in.EbsOptimized, err = flag()
	case "enaSupport":
		in.EnaSupport, err = flag()
	default:
		return noAttribute(*in.Attribute)
	}
	return err
}

// instanceChanges reads which attributes a request changes, and checks their values.
func (a *API) instanceChanges(in *gen.ModifyInstanceAttributeRequest) (out []instanceChange, err error) {
	row := func(name string, stopped bool, set func(*model.Instance)) {
		out = append(out, instanceChange{name, stopped, func(c *action.Call, i *instanceRow) error {
			next := *i.Instance
			set(&next)
			return store.Instances.Put(c.Tx, &next)
		}})
	}
	if v := in.InstanceType; v != nil {
		out = append(out, instanceChange{"instanceType", true, func(c *action.Call, i *instanceRow) error { return a.setType(c, i, v.Value) }})
	}
	if v := in.UserData; v != nil {
		if err := checkUserData(v.Value); err != nil {
			return nil, err
		}
		row("userData", true, func(i *model.Instance) { i.UserData = slices.Clone(v.Value) })
	}
	if v := in.DisableApiTermination; v != nil {
		row("disableApiTermination", false, func(i *model.Instance) { i.NoAPITerminate = val(v.Value) })
	}
	if v := in.DisableApiStop; v != nil {
		row("disableApiStop", false, func(i *model.Instance) { i.NoAPIStop = val(v.Value) })
	}
	if v := in.InstanceInitiatedShutdownBehavior; v != nil {
		if err := oneOf("instanceInitiatedShutdownBehavior", new(val(v.Value)), "stop", "terminate"); err != nil {
			return nil, err
		}
		row("instanceInitiatedShutdownBehavior", false, func(i *model.Instance) { i.ShutdownAction = *v.Value })
	}
	if v := in.EbsOptimized; v != nil {
		row("ebsOptimized", true, func(i *model.Instance) { i.EBSOptimized = val(v.Value) })
	}
	if v := in.SourceDestCheck; v != nil {
		out = append(out, instanceChange{"sourceDestCheck", false, func(c *action.Call, i *instanceRow) error { return setSourceDestCheck(c, i, val(v.Value)) }})
	}
	if len(in.Groups) > 0 {
		out = append(out, instanceChange{"groupSet", false, func(c *action.Call, i *instanceRow) error { return a.setGroups(c, i, in.Groups) }})
	}
	if len(in.BlockDeviceMappings) > 0 {
		out = append(out, instanceChange{"blockDeviceMapping", false, func(c *action.Call, i *instanceRow) error { return setMappings(c, i, in.BlockDeviceMappings) }})
	}
	if v := in.EnaSupport; v != nil {
		if !val(v.Value) {
			return nil, apierr.New("InvalidParameterValue", "ENA support cannot be taken away once it is set.")
		}
		row("enaSupport", true, func(*model.Instance) {})
	}
	if v := in.SriovNetSupport; v != nil {
		if err := oneOf("sriovNetSupport", new(val(v.Value)), "simple"); err != nil {
			return nil, err
		}
		row("sriovNetSupport", true, func(*model.Instance) {})
	}
	if in.Kernel != nil || in.Ramdisk != nil {
		return nil, apierr.New("Unsupported", "Kernels and RAM disks apart from the image are not supported.")
	}
	return out, nil
}

// setType changes the type of a stopped instance. The next start finds it room.
func (a *API) setType(c *action.Call, i *instanceRow, name *string) error {
	t, err := a.instanceType(name)
	if err != nil {
		return err
	}
	switch {
	case t.Arch != i.Arch:
		return apierr.New("InvalidParameterValue", "The architecture '%s' of the specified instance type does not match the architecture '%s' of the instance", t.Arch, i.Arch)
	case len(i.Interfaces) > t.Interfaces:
		return apierr.New("AttachmentLimitExceeded", "Interface count %d exceeds the limit for %s", len(i.Interfaces), t.Name)
	}
	next := *i.Instance
	next.Type = t.Name
	if t.Burstable != (next.CreditSpec != "") {
		next.CreditSpec, err = credits(nil, t)
	}
	if err != nil {
		return err
	}
	return store.Instances.Put(c.Tx, &next)
}

// onlyInterface returns the interface of an instance that has one, as the attributes of
// interfaces need.
func onlyInterface(i *instanceRow) (*model.Interface, error) {
	eni := i.primary()
	if eni == nil || len(i.Interfaces) > 1 {
		return nil, apierr.New("InvalidInstanceID", "There are multiple interfaces attached to instance '%s'. Please specify an interface ID for the operation instead.", i.ID)
	}
	return eni, nil
}

func setSourceDestCheck(c *action.Call, i *instanceRow, on bool) error {
	eni, err := onlyInterface(i)
	if err != nil {
		return err
	}
	next := *eni
	next.SourceDestCheck = on
	return store.Interfaces.Put(c.Tx, &next)
}

func (a *API) setGroups(c *action.Call, i *instanceRow, groups []string) error {
	eni, err := onlyInterface(i)
	if err != nil {
		return err
	}
	next := *eni
	if next.Groups, err = a.resolveGroups(c, eni.VPC, groups, nil); err != nil {
		return err
	}
	return store.Interfaces.Put(c.Tx, &next)
}

// setMappings changes what becomes of volumes when the instance is terminated.
func setMappings(c *action.Call, i *instanceRow, all []*gen.InstanceBlockDeviceMappingSpecification) error {
	for _, m := range all {
		if m == nil || val(m.DeviceName) == "" {
			return missing("BlockDeviceMapping.DeviceName")
		}
		var found *model.Volume
		for v := range i.volumes() {
			if v.Device == *m.DeviceName {
				found = v
			}
		}
		switch {
		case found == nil:
			return apierr.New("InvalidInstanceAttributeValue", "No device is currently mapped at %s", clip(*m.DeviceName))
		case m.NoDevice != nil || m.VirtualName != nil || m.Ebs == nil || m.Ebs.DeleteOnTermination == nil:
			return apierr.New("InvalidParameterCombination", "Only deleteOnTermination can be changed of the mapping of %s", *m.DeviceName)
		case m.Ebs.VolumeId != nil && *m.Ebs.VolumeId != found.ID:
			return apierr.New("InvalidInstanceAttributeValue", "The volume at %s is %s", *m.DeviceName, found.ID)
		}
		next := *found
		next.DeleteOnTermination = *m.Ebs.DeleteOnTermination
		if err := store.Volumes.Put(c.Tx, &next); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) resetInstanceAttribute(c *action.Call, in *gen.ResetInstanceAttributeRequest) (*gen.ResetInstanceAttributeResult, error) {
	i, err := getInstance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	switch *in.Attribute {
	case "sourceDestCheck":
		return &gen.ResetInstanceAttributeResult{}, setSourceDestCheck(c, i, true)
	case "kernel", "ramdisk":
		if i.state != model.StateStopped {
			return nil, apierr.New("IncorrectInstanceState", "The instance '%s' is not in the 'stopped' state.", i.ID)
		}
		return &gen.ResetInstanceAttributeResult{}, nil // it has the image's own, always
	}
	return nil, noAttribute(*in.Attribute)
}

func (a *API) modifyMetadataOptions(c *action.Call, in *gen.ModifyInstanceMetadataOptionsRequest) (*gen.ModifyInstanceMetadataOptionsResult, error) {
	i, err := getInstance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	if i.state == model.StateTerminated || i.state == model.StateShuttingDown {
		return nil, apierr.New("IncorrectInstanceState", "The instance '%s' is %s: its metadata options cannot be changed.", i.ID, i.state.Name)
	}
	if in.HttpTokens == nil && in.HttpEndpoint == nil && in.InstanceMetadataTags == nil && in.HttpProtocolIpv6 == nil && in.HttpPutResponseHopLimit == nil {
		return nil, apierr.New("InvalidParameterCombination", "No metadata options specified.")
	}
	next := *i.Instance
	next.Metadata = withMetadata(next.Metadata, in.HttpTokens, in.HttpEndpoint, in.InstanceMetadataTags, in.HttpProtocolIpv6, in.HttpPutResponseHopLimit)
	if err := store.Instances.Put(c.Tx, &next); err != nil {
		return nil, err
	}
	return &gen.ModifyInstanceMetadataOptionsResult{InstanceId: &i.ID, InstanceMetadataOptions: metadataOptions(&next, "pending")}, nil
}

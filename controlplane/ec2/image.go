package ec2

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerImages(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeImages", Resource: "image"}, a.describeImages)
	wire.Handle(r, wire.Spec{Name: "DeregisterImage", Mutates: true, Resource: "image"}, a.deregisterImage)
	wire.Handle(r, wire.Spec{Name: "DescribeImageAttribute", Resource: "image"}, a.describeImageAttribute)
	wire.Handle(r, wire.Spec{Name: "ModifyImageAttribute", Mutates: true, Resource: "image"}, a.modifyImageAttribute)
}

// The states of an image.
const (
	imageAvailable    = "available"
	imageDeregistered = "deregistered"
)

// LocalImage is an image whose file is in the image store already.
type LocalImage struct {
	Owner        model.Owned
	Name         string // 3 to 128 characters
	Description  string
	Digest       string // sha256 of the qcow2 in hex
	SizeBytes    int64
	VirtualBytes int64
	Arch         string // x86_64 if empty
	RootDevice   string // /dev/xvda if empty
	BootMode     string // legacy-bios if empty
	Public       bool
	Tags         model.Tags
}

// RegisterLocalImage makes an image of a file in the image store. The same file under
// the same name again is the image that is there. Errors are EC2's: InvalidAMIName.*.
func RegisterLocalImage(tx *store.Tx, in LocalImage) (*model.Image, error) {
	if len(in.Name) < 3 || len(in.Name) > 128 || strings.ContainsFunc(in.Name, notInImageName) {
		return nil, apierr.New("InvalidAMIName.Malformed", "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, and ( ) [ ] . / - ' @ _ and spaces; this one is %q", clip(in.Name))
	}
	for i := range store.Images.By(tx, "name", store.Key(in.Owner.Account, in.Owner.Region, in.Name)) {
		switch {
		case i.State != imageAvailable:
		case i.Digest == in.Digest:
			return i, nil
		default:
			return nil, apierr.New("InvalidAMIName.Duplicate", "AMI name %s is already in use by AMI %s", in.Name, i.ID)
		}
	}
	i := &model.Image{
		ID: ids.New(ids.Image), Owned: in.Owner, Name: in.Name, Description: in.Description,
		Digest: in.Digest, SizeBytes: in.SizeBytes, VirtualBytes: in.VirtualBytes,
		Arch: nonEmpty(in.Arch, "x86_64"), RootDevice: nonEmpty(in.RootDevice, "/dev/xvda"), BootMode: nonEmpty(in.BootMode, "legacy-bios"),
		SnapshotID: ids.New(ids.Snapshot), ENASupport: true, Public: in.Public, State: imageAvailable,
		Created: tx.Now(), Tags: in.Tags.Clone(),
	}
	return i, store.Images.Put(tx, i)
}

// notInImageName holds for characters that an image's name must not have.
func notInImageName(r rune) bool {
	return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("()[] ./-'@_", r)
}

// imageVisible reports whether the caller may see and launch an image.
func imageVisible(c *action.Call, i *model.Image) bool {
	return i.Region == c.Region && (i.Account == c.Account || i.Public || slices.Contains(i.LaunchUsers, c.Account))
}

func noImage(missing ...string) error {
	if len(missing) == 1 {
		return apierr.New("InvalidAMIID.NotFound", "The image id '[%s]' does not exist", missing[0])
	}
	return apierr.New("InvalidAMIID.NotFound", "The image ids '[%s]' do not exist", strings.Join(missing, ", "))
}

// getImage returns an image that the caller may see.
func getImage(c *action.Call, id string) (*model.Image, error) {
	if !ids.Valid(ids.Image, id) {
		return nil, apierr.New("InvalidAMIID.Malformed", "Invalid id: \"%s\" (expecting \"ami-...\")", clip(id))
	}
	i := store.Images.Get(c.Tx, id)
	switch {
	case i == nil || !imageVisible(c, i):
		return nil, noImage(id)
	case i.State != imageAvailable:
		return nil, apierr.New("InvalidAMIID.Unavailable", "The image ID '%s' is no longer available", id)
	}
	return i, nil
}

// ownImage returns an image that the caller may change.
func ownImage(c *action.Call, id *string) (*model.Image, error) {
	i, err := getImage(c, val(id))
	if err == nil && i.Account != c.Account {
		return nil, apierr.WithStatus(403, "AuthFailure", "Not authorized for image:%s", i.ID)
	}
	return i, err
}

// sizeGiB is the size of the smallest volume that holds the image.
func sizeGiB(i *model.Image) int { return int((i.VirtualBytes + 1<<30 - 1) >> 30) }

var imageFilters = wire.FilterTable[*imageRow]{
	Fields: map[string]func(*imageRow) []string{
		"architecture": func(i *imageRow) []string { return one(i.Arch) },
		"block-device-mapping.delete-on-termination": func(*imageRow) []string { return boolStr(true) },
		"block-device-mapping.device-name":           func(i *imageRow) []string { return one(i.RootDevice) },
		"block-device-mapping.encrypted":             func(*imageRow) []string { return boolStr(false) },
		"block-device-mapping.snapshot-id":           func(i *imageRow) []string { return one(i.SnapshotID) },
		"block-device-mapping.volume-size":           func(i *imageRow) []string { return intStr(sizeGiB(i.Image)) },
		"block-device-mapping.volume-type":           func(*imageRow) []string { return one(defaultVolumeType) },
		"boot-mode":                                  func(i *imageRow) []string { return one(i.BootMode) },
		"creation-date":                              func(i *imageRow) []string { return one(creationDate(i.Created)) },
		"description":                                func(i *imageRow) []string { return one(i.Description) },
		"ena-support":                                func(i *imageRow) []string { return boolStr(i.ENASupport) },
		"free-tier-eligible":                         func(*imageRow) []string { return boolStr(false) },
		"hypervisor":                                 func(*imageRow) []string { return one("xen") },
		"image-id":                                   func(i *imageRow) []string { return one(i.ID) },
		"image-type":                                 func(*imageRow) []string { return one("machine") },
		"imds-support":                               func(i *imageRow) []string { return one(i.IMDSSupport) },
		"is-public":                                  func(i *imageRow) []string { return boolStr(i.Public) },
		"kernel-id":                                  none[*imageRow],
		"manifest-location":                          func(i *imageRow) []string { return one(i.Account + "/" + i.Name) },
		"name":                                       func(i *imageRow) []string { return one(i.Name) },
		"owner-alias":                                none[*imageRow],
		"owner-id":                                   func(i *imageRow) []string { return one(i.Account) },
		"platform":                                   none[*imageRow],
		"product-code":                               none[*imageRow],
		"product-code.type":                          none[*imageRow],
		"ramdisk-id":                                 none[*imageRow],
		"root-device-name":                           func(i *imageRow) []string { return one(i.RootDevice) },
		"root-device-type":                           func(*imageRow) []string { return one("ebs") },
		"source-image-id":                            none[*imageRow],
		"source-image-region":                        none[*imageRow],
		"source-instance-id":                         none[*imageRow],
		"sriov-net-support":                          none[*imageRow],
		"state":                                      func(i *imageRow) []string { return one(i.State) },
		"state-reason-code":                          none[*imageRow],
		"state-reason-message":                       none[*imageRow],
		"tpm-support":                                none[*imageRow],
		"virtualization-type":                        func(*imageRow) []string { return one("hvm") },
	},
	Tags: func(i *imageRow) map[string]string { return i.tags() },
}

// imageRow is an image as one caller sees it.
type imageRow struct {
	*model.Image
	account string
}

// tags are the owner's alone.
func (i *imageRow) tags() model.Tags {
	if i.Account != i.account {
		return nil
	}
	return i.Tags
}

// imagesOf yields the images that a caller may see.
func imagesOf(c *action.Call) iter.Seq[*imageRow] {
	return func(yield func(*imageRow) bool) {
		for i := range store.Images.List(c.Tx) {
			if imageVisible(c, i) && i.State == imageAvailable && !yield(&imageRow{i, c.Account}) {
				return
			}
		}
	}
}

func (a *API) describeImages(c *action.Call, in *gen.DescribeImagesRequest) (*gen.DescribeImagesResult, error) {
	for _, id := range in.ImageIds {
		if _, err := getImage(c, id); err != nil {
			return nil, err
		}
	}
	l := listing[*imageRow]{
		action: "DescribeImages", kind: imageKind, id: func(i *imageRow) string { return i.ID },
		filters: imageFilters, limits: wire.PageLimits{Min: 1, Max: 1000},
		rows: func(c *action.Call) iter.Seq[*imageRow] {
			return func(yield func(*imageRow) bool) {
				for i := range imagesOf(c) {
					if len(in.ImageIds) > 0 && !slices.Contains(in.ImageIds, i.ID) {
						continue
					}
					if ownedByAny(c, i, in.Owners) && executableByAny(c, i, in.ExecutableUsers) && !yield(i) {
						return
					}
				}
			}
		},
	}
	rows, next, err := l.page(c, selection{Filters: in.Filters, MaxResults: in.MaxResults, NextToken: in.NextToken})
	if err != nil {
		return nil, err
	}
	out := &gen.DescribeImagesResult{Images: make([]*gen.Image, 0, len(rows)), NextToken: next}
	for _, i := range rows {
		out.Images = append(out.Images, toImage(i))
	}
	return out, nil
}

// ownedByAny reports whether an image is one of the owners': account ids, self, or an
// alias of Amazon's, which has none here.
func ownedByAny(c *action.Call, i *imageRow, owners []string) bool {
	return len(owners) == 0 || slices.Contains(owners, i.Account) || i.Account == c.Account && slices.Contains(owners, "self")
}

// executableByAny reports whether one of the users has launch permission by name, or
// all have for the user "all".
func executableByAny(c *action.Call, i *imageRow, users []string) bool {
	return len(users) == 0 || slices.ContainsFunc(users, func(u string) bool {
		switch u {
		case "all":
			return i.Public
		case "self":
			u = c.Account
		}
		return slices.Contains(i.LaunchUsers, u) || i.Account == u
	})
}

func creationDate(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func imageMapping(i *model.Image) []*gen.BlockDeviceMapping {
	return []*gen.BlockDeviceMapping{{
		DeviceName: &i.RootDevice,
		Ebs: &gen.EbsBlockDevice{
			DeleteOnTermination: new(true), SnapshotId: &i.SnapshotID, VolumeSize: new(int64(sizeGiB(i))),
			VolumeType: new(defaultVolumeType), Iops: new(int64(gp3IOPS)), Throughput: new(int64(gp3Throughput)), Encrypted: new(false),
		},
	}}
}

func toImage(i *imageRow) *gen.Image {
	out := &gen.Image{
		Architecture: &i.Arch, CreationDate: new(creationDate(i.Created)), ImageId: &i.ID, ImageLocation: new(i.Account + "/" + i.Name),
		ImageType: new("machine"), Public: &i.Public, OwnerId: &i.Account, PlatformDetails: new("Linux/UNIX"), UsageOperation: new("RunInstances"),
		State: &i.State, BlockDeviceMappings: imageMapping(i.Image), EnaSupport: &i.ENASupport, Hypervisor: new("xen"),
		Name: &i.Name, RootDeviceName: &i.RootDevice, RootDeviceType: new("ebs"), SriovNetSupport: new("simple"), VirtualizationType: new("hvm"),
		BootMode: &i.BootMode, Tags: toTags(i.tags()), DeregistrationProtection: new("disabled"),
	}
	if i.Description != "" {
		out.Description = &i.Description
	}
	if i.IMDSSupport != "" {
		out.ImdsSupport = &i.IMDSSupport
	}
	return out
}

// deregisterImage keeps the row: instances name it, and it says that the image's file
// may still be some volume's base.
func (a *API) deregisterImage(c *action.Call, in *gen.DeregisterImageRequest) (*gen.DeregisterImageResult, error) {
	i, err := ownImage(c, in.ImageId)
	if err != nil {
		return nil, err
	}
	next := *i
	next.State, next.Deregistered = imageDeregistered, c.Now()
	return &gen.DeregisterImageResult{}, store.Images.Put(c.Tx, &next)
}

func (a *API) describeImageAttribute(c *action.Call, in *gen.DescribeImageAttributeRequest) (*gen.ImageAttribute, error) {
	i, err := ownImage(c, in.ImageId)
	if err != nil {
		return nil, err
	}
	out := &gen.ImageAttribute{ImageId: &i.ID}
	value := func(s string) *gen.AttributeValue {
		if s == "" {
			return &gen.AttributeValue{}
		}
		return &gen.AttributeValue{Value: &s}
	}
	switch *in.Attribute {
	case "launchPermission":
		out.LaunchPermissions = launchPermissions(i)
	case "description":
		out.Description = value(i.Description)
	case "blockDeviceMapping":
		out.BlockDeviceMappings = imageMapping(i)
	case "productCodes":
		out.ProductCodes = []*gen.ProductCode{}
	case "kernel":
		out.KernelId = value("")
	case "ramdisk":
		out.RamdiskId = value("")
	case "sriovNetSupport":
		out.SriovNetSupport = value("simple")
	case "bootMode":
		out.BootMode = value(i.BootMode)
	case "tpmSupport":
		out.TpmSupport = value("")
	case "uefiData":
		out.UefiData = value("")
	case "lastLaunchedTime":
		out.LastLaunchedTime = value(lastLaunched(c, i))
	case "imdsSupport":
		out.ImdsSupport = value(i.IMDSSupport)
	case "deregistrationProtection":
		out.DeregistrationProtection = value("disabled")
	default:
		return nil, noAttribute(*in.Attribute)
	}
	return out, nil
}

// noAttribute is EC2's answer to the name of an attribute that there is not.
func noAttribute(name string) error {
	return apierr.New("InvalidParameterValue", "Value (%s) for parameter attribute is invalid. Unknown attribute.", clip(name))
}

func launchPermissions(i *model.Image) []*gen.LaunchPermission {
	out := []*gen.LaunchPermission{}
	if i.Public {
		out = append(out, &gen.LaunchPermission{Group: new("all")})
	}
	for _, u := range i.LaunchUsers {
		out = append(out, &gen.LaunchPermission{UserId: &u})
	}
	return out
}

func lastLaunched(c *action.Call, i *model.Image) string {
	var last time.Time
	for inst := range store.Instances.By(c.Tx, "image", i.ID) {
		if inst.Created.After(last) {
			last = inst.Created
		}
	}
	if last.IsZero() {
		return ""
	}
	return last.UTC().Format(time.RFC3339)
}

func (a *API) modifyImageAttribute(c *action.Call, in *gen.ModifyImageAttributeRequest) (*gen.ModifyImageAttributeResult, error) {
	change, err := imageChange(in)
	if err != nil {
		return nil, err
	}
	i, err := ownImage(c, in.ImageId)
	if err != nil {
		return nil, err
	}
	next := *i
	next.LaunchUsers = slices.Clone(i.LaunchUsers)
	change(&next)
	return &gen.ModifyImageAttributeResult{}, store.Images.Put(c.Tx, &next)
}

// imageChange reads which attribute a request changes, in its new form (a member of the
// attribute's name) or its old one (Attribute with Value, or with OperationType and
// lists).
func imageChange(in *gen.ModifyImageAttributeRequest) (func(*model.Image), error) {
	add, remove := []*gen.LaunchPermission{}, []*gen.LaunchPermission{}
	if p := in.LaunchPermission; p != nil {
		add, remove = p.Add, p.Remove
	}
	old := make([]*gen.LaunchPermission, 0, len(in.UserIds)+len(in.UserGroups))
	for _, u := range in.UserIds {
		old = append(old, &gen.LaunchPermission{UserId: &u})
	}
	for _, g := range in.UserGroups {
		old = append(old, &gen.LaunchPermission{Group: &g})
	}
	switch op := val(in.OperationType); {
	case len(old) > 0 && op == "add":
		add = append(add, old...)
	case len(old) > 0 && op == "remove":
		remove = append(remove, old...)
	case len(old) > 0:
		return nil, apierr.New("InvalidParameterValue", "Value (%s) for parameter operationType is invalid. Expecting add or remove.", clip(op))
	}
	description := in.Description
	switch attribute := val(in.Attribute); attribute {
	case "", "launchPermission", "imdsSupport":
	case "description":
		if description == nil {
			description = &gen.AttributeValue{Value: in.Value}
		}
	case "productCodes":
		return nil, apierr.New("UnsupportedOperation", "Product codes are not supported.")
	default:
		return nil, noAttribute(attribute)
	}
	switch {
	case len(in.ProductCodes) > 0:
		return nil, apierr.New("UnsupportedOperation", "Product codes are not supported.")
	case len(in.OrganizationArns)+len(in.OrganizationalUnitArns) > 0:
		return nil, apierr.New("UnsupportedOperation", "Launch permissions for organizations are not supported.")
	case len(add)+len(remove) > 0:
		return permissionChange(add, remove)
	case description != nil:
		return func(i *model.Image) { i.Description = val(description.Value) }, nil
	case in.ImdsSupport != nil:
		v := val(in.ImdsSupport.Value)
		if v != "v2.0" {
			return nil, apierr.New("InvalidParameterValue", "Value (%s) for parameter imdsSupport is invalid. Expecting v2.0.", clip(v))
		}
		return func(i *model.Image) { i.IMDSSupport = v }, nil
	}
	return nil, apierr.New("InvalidParameterCombination", "No attributes specified.")
}

func permissionChange(add, remove []*gen.LaunchPermission) (func(*model.Image), error) {
	for _, p := range slices.Concat(add, remove) {
		switch {
		case p == nil || p.OrganizationArn != nil || p.OrganizationalUnitArn != nil:
			return nil, apierr.New("UnsupportedOperation", "Launch permissions for organizations are not supported.")
		case p.Group != nil && *p.Group != "all":
			return nil, apierr.New("InvalidAMIAttributeItemValue", "Invalid attribute item value \"%s\" for group item type.", clip(*p.Group))
		case p.UserId != nil && !accountID(*p.UserId):
			return nil, apierr.New("InvalidAMIAttributeItemValue", "Invalid attribute item value \"%s\" for userId item type.", clip(*p.UserId))
		case p.Group == nil && p.UserId == nil:
			return nil, apierr.New("MissingParameter", "The request must contain the parameter UserId or Group")
		}
	}
	return func(i *model.Image) {
		apply := func(all []*gen.LaunchPermission, on bool) {
			for _, p := range all {
				if p.Group != nil {
					i.Public = on
				}
				if u := p.UserId; u != nil {
					at, found := slices.BinarySearch(i.LaunchUsers, *u)
					switch {
					case on && !found:
						i.LaunchUsers = slices.Insert(i.LaunchUsers, at, *u)
					case !on && found:
						i.LaunchUsers = slices.Delete(i.LaunchUsers, at, at+1)
					}
				}
			}
		}
		apply(add, true)
		apply(remove, false)
	}, nil
}

// accountID reports whether s looks like an account's id.
func accountID(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil && len(s) == 12
}

func nonEmpty(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

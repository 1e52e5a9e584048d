package ec2_test

import (
	"context"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
)

func (c *cloud) register(in ec2.LocalImage) (id string, err error) {
	err = c.db.Update(context.Background(), store.Meta{}, func(tx *store.Tx) error {
		i, err := ec2.RegisterLocalImage(tx, in)
		if err == nil {
			id = i.ID
		}
		return err
	})
	return id, err
}

func (c *cloud) images(params ...string) string {
	c.t.Helper()
	return list(ok[gen.DescribeImagesResult](c, "DescribeImages", params...).Images, func(i *gen.Image) string { return *i.Name })
}

func TestRegisterLocalImage(t *testing.T) {
	c := newCloud(t)
	own := model.Owned{Account: me, Region: region}
	again, err := c.register(ec2.LocalImage{Owner: own, Name: "debian", Digest: strings.Repeat("a", 64)})
	if err != nil || again != c.image {
		t.Errorf("the same file again is %s, %v; want %s", again, err, c.image)
	}
	if _, err = c.register(ec2.LocalImage{Owner: own, Name: "debian", Digest: strings.Repeat("b", 64)}); !apierr.Is(err, "InvalidAMIName.Duplicate") {
		t.Errorf("another file under the name: %v", err)
	}
	for _, name := range []string{"ab", strings.Repeat("x", 129), "a;b", "ümlaut"} {
		if _, err = c.register(ec2.LocalImage{Owner: own, Name: name}); !apierr.Is(err, "InvalidAMIName.Malformed") {
			t.Errorf("name %q: %v", name, err)
		}
	}
	ok[gen.DeregisterImageResult](c, "DeregisterImage", "ImageId", c.image)
	if id, err := c.register(ec2.LocalImage{Owner: own, Name: "debian", Digest: strings.Repeat("a", 64)}); err != nil || id == c.image {
		t.Errorf("after deregistering: %s %v", id, err)
	}
}

func TestDescribeImages(t *testing.T) {
	c := newCloud(t)
	if _, err := c.register(ec2.LocalImage{Owner: model.Owned{Account: me, Region: region}, Name: "alpine 3", Description: "small", Digest: "b", VirtualBytes: 1 << 30, Arch: "arm64", RootDevice: "/dev/sda1", BootMode: "uefi", Tags: model.Tags{"os": "alpine"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.register(ec2.LocalImage{Owner: model.Owned{Account: other, Region: region}, Name: "public", Digest: "c", Public: true, Tags: model.Tags{"secret": "tag"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.register(ec2.LocalImage{Owner: model.Owned{Account: other, Region: region}, Name: "theirs", Digest: "d"}); err != nil {
		t.Fatal(err)
	}
	i := ok[gen.DescribeImagesResult](c, "DescribeImages", "ImageId.1", c.image).Images[0]
	m := i.BlockDeviceMappings[0]
	if *i.State != "available" || *i.Architecture != "x86_64" || *i.RootDeviceName != "/dev/xvda" || *m.DeviceName != "/dev/xvda" || *m.Ebs.VolumeSize != 3 || *i.OwnerId != me || *i.Public || *i.ImageLocation != me+"/debian" || *i.VirtualizationType != "hvm" || *i.RootDeviceType != "ebs" || !strings.HasSuffix(*i.CreationDate, "Z") {
		t.Errorf("%+v", i)
	}
	for _, x := range []struct {
		want   string
		params []string
	}{
		{"alpine 3", []string{"Filter.1.Name", "name", "Filter.1.Value.1", "alp*"}},
		{"alpine 3", []string{"Filter.1.Name", "tag:os", "Filter.1.Value.1", "alpine"}},
		{"alpine 3", []string{"Filter.1.Name", "architecture", "Filter.1.Value.1", "arm64"}},
		{"alpine 3", []string{"Filter.1.Name", "description", "Filter.1.Value.1", "small"}},
		{"alpine 3", []string{"Filter.1.Name", "block-device-mapping.volume-size", "Filter.1.Value.1", "1"}},
		{"alpine 3", []string{"Filter.1.Name", "root-device-name", "Filter.1.Value.1", "/dev/sda1"}},
		{"alpine 3", []string{"Filter.1.Name", "boot-mode", "Filter.1.Value.1", "uefi"}},
		{"public", []string{"Filter.1.Name", "is-public", "Filter.1.Value.1", "true"}},
		{"public", []string{"Filter.1.Name", "owner-id", "Filter.1.Value.1", other}},
		{"public", []string{"Owner.1", other}},
		{"public", []string{"ExecutableBy.1", "all"}},
		{"debian", []string{"Owner.1", "self", "Filter.1.Name", "image-id", "Filter.1.Value.1", c.image}},
		{"", []string{"Owner.1", "amazon"}},
		{"", []string{"Filter.1.Name", "tag:secret", "Filter.1.Value.1", "*"}}, // others' tags are theirs
		{"", []string{"Filter.1.Name", "platform", "Filter.1.Value.1", "windows"}},
	} {
		if got := c.images(x.params...); got != x.want {
			t.Errorf("%q gave %q, want %q", x.params, got, x.want)
		}
	}
	if got := strings.Fields(strings.ReplaceAll(c.images(), "alpine 3", "alpine")); len(got) != 3 {
		t.Errorf("all: %v", got)
	}
	page := ok[gen.DescribeImagesResult](c, "DescribeImages", "MaxResults", "2")
	rest := ok[gen.DescribeImagesResult](c, "DescribeImages", "MaxResults", "2", "NextToken", *page.NextToken)
	if len(page.Images) != 2 || len(rest.Images) != 1 || rest.NextToken != nil {
		t.Errorf("pages of %d and %d", len(page.Images), len(rest.Images))
	}
	c.fails("InvalidAMIID.NotFound", "'[ami-00000000000000000]'", "DescribeImages", "ImageId.1", "ami-00000000000000000")
	c.fails("InvalidAMIID.Malformed", "", "DescribeImages", "ImageId.1", "debian")
	c.fails("InvalidParameterValue", "", "DescribeImages", "Filter.1.Name", "colour", "Filter.1.Value.1", "x")
}

func TestImageAttributes(t *testing.T) {
	c := newCloud(t)
	them := c.as(other, region)
	modify := func(params ...string) {
		t.Helper()
		ok[gen.ModifyImageAttributeResult](c, "ModifyImageAttribute", append([]string{"ImageId", c.image}, params...)...)
	}
	permissions := func() string {
		t.Helper()
		out := ok[gen.ImageAttribute](c, "DescribeImageAttribute", "ImageId", c.image, "Attribute", "launchPermission")
		return list(out.LaunchPermissions, func(p *gen.LaunchPermission) string {
			if p.Group != nil {
				return *p.Group
			}
			return *p.UserId
		})
	}
	for _, x := range []struct {
		want   string
		params []string
	}{
		{other, []string{"LaunchPermission.Add.1.UserId", other}},
		{"all " + other, []string{"LaunchPermission.Add.1.Group", "all", "LaunchPermission.Add.2.UserId", other}},
		{"000000000001 " + other, []string{"LaunchPermission.Remove.1.Group", "all", "LaunchPermission.Add.1.UserId", "000000000001"}},
		{"000000000001", []string{"Attribute", "launchPermission", "OperationType", "remove", "UserId.1", other}},
		{"all 000000000001", []string{"Attribute", "launchPermission", "OperationType", "add", "UserGroup.1", "all"}},
	} {
		modify(x.params...)
		if got := permissions(); got != x.want {
			t.Errorf("%q: %s, want %s", x.params, got, x.want)
		}
	}
	if got := them.images(); got != "debian" {
		t.Errorf("a public image is shown to others as %q", got)
	}
	them.fails("AuthFailure", c.image, "ModifyImageAttribute", "ImageId", c.image, "Description.Value", "mine now")
	them.fails("AuthFailure", c.image, "DescribeImageAttribute", "ImageId", c.image, "Attribute", "launchPermission")
	them.fails("AuthFailure", c.image, "DeregisterImage", "ImageId", c.image)
	modify("Description.Value", "one")
	modify("Attribute", "description", "Value", "two")
	if out := ok[gen.ImageAttribute](c, "DescribeImageAttribute", "ImageId", c.image, "Attribute", "description"); *out.Description.Value != "two" {
		t.Errorf("description %+v", out.Description)
	}
	for _, name := range []string{"kernel", "ramdisk", "productCodes", "blockDeviceMapping", "sriovNetSupport", "bootMode", "tpmSupport", "uefiData", "lastLaunchedTime", "imdsSupport", "deregistrationProtection"} {
		ok[gen.ImageAttribute](c, "DescribeImageAttribute", "ImageId", c.image, "Attribute", name)
	}
	for _, x := range []struct {
		code   string
		params []string
	}{
		{"InvalidAMIAttributeItemValue", []string{"LaunchPermission.Add.1.UserId", "bob"}},
		{"InvalidParameterValue", []string{"LaunchPermission.Add.1.Group", "friends"}},
		{"InvalidAMIAttributeItemValue", []string{"OperationType", "add", "UserGroup.1", "friends"}},
		{"InvalidParameterValue", []string{"OperationType", "toggle", "UserId.1", other}},
		{"InvalidParameterValue", []string{"ImdsSupport.Value", "v1"}},
		{"InvalidParameterValue", []string{"Attribute", "colour", "Value", "red"}},
		{"UnsupportedOperation", []string{"ProductCode.1", "x"}},
		{"UnsupportedOperation", []string{"OrganizationArn.1", "x"}},
		{"InvalidParameterCombination", nil},
	} {
		c.fails(x.code, "", "ModifyImageAttribute", append([]string{"ImageId", c.image}, x.params...)...)
	}
	c.fails("InvalidParameterValue", "", "DescribeImageAttribute", "ImageId", c.image, "Attribute", "colour")
}

func TestDeregisteredImage(t *testing.T) {
	c := newCloud(t)
	id := c.running()
	ok[gen.DeregisterImageResult](c, "DeregisterImage", "ImageId", c.image)
	c.fails("InvalidAMIID.Unavailable", c.image, "RunInstances", c.launch()...)
	c.fails("InvalidAMIID.Unavailable", c.image, "DeregisterImage", "ImageId", c.image)
	c.fails("InvalidAMIID.Unavailable", c.image, "DescribeImages", "ImageId.1", c.image)
	if got := c.images(); got != "" {
		t.Errorf("still shown: %s", got)
	}
	if i := c.describe(id); *i.ImageId != c.image || *i.State.Name != "running" {
		t.Errorf("what runs of it: %+v", i)
	}
}

func TestVolumes(t *testing.T) {
	c := newCloud(t)
	id := c.running("BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.VolumeSize", "11", "BlockDeviceMapping.1.Ebs.DeleteOnTermination", "false",
		"TagSpecification.1.ResourceType", "volume", "TagSpecification.1.Tag.1.Key", "a", "TagSpecification.1.Tag.1.Value", "b")
	c.run()
	v := store.Volumes.Get(c.db.Stale(), c.row(id).RootVolume)
	for name, value := range map[string]string{
		"attachment.instance-id": id, "attachment.delete-on-termination": "false", "attachment.status": "attached", "size": "11", "status": "in-use", "volume-id": v.ID, "tag:a": "b", "tag-key": "a",
	} {
		out := ok[gen.DescribeVolumesResult](c, "DescribeVolumes", "Filter.1.Name", name, "Filter.1.Value.1", value)
		if len(out.Volumes) != 1 || *out.Volumes[0].VolumeId != v.ID {
			t.Errorf("%s=%s gave %d volumes", name, value, len(out.Volumes))
		}
	}
	for name, value := range map[string]string{"attachment.device": "/dev/xvda", "availability-zone": zoneA, "encrypted": "false", "snapshot-id": v.SnapshotID, "volume-type": "gp3", "multi-attach-enabled": "false", "fast-restored": "false"} {
		if out := ok[gen.DescribeVolumesResult](c, "DescribeVolumes", "Filter.1.Name", name, "Filter.1.Value.1", value); len(out.Volumes) != 2 {
			t.Errorf("%s=%s gave %d volumes, want both", name, value, len(out.Volumes))
		}
	}
	ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", id)
	c.report(id, model.PhaseEnded, model.EndAsked)
	out := ok[gen.DescribeVolumesResult](c, "DescribeVolumes", "VolumeId.1", v.ID).Volumes[0]
	if *out.State != "available" || len(out.Attachments) != 0 {
		t.Errorf("a kept volume: %+v", out)
	}
	c.fails("InvalidVolume.NotFound", "", "DescribeVolumes", "VolumeId.1", "vol-00000000000000000")
	c.as(other, region).fails("InvalidVolume.NotFound", "", "DescribeVolumes", "VolumeId.1", v.ID)
}

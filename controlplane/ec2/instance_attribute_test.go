package ec2_test

import (
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/wire/gen"
)

func (c *cloud) attribute(id, name string) *gen.InstanceAttribute {
	c.t.Helper()
	return ok[gen.InstanceAttribute](c, "DescribeInstanceAttribute", "InstanceId", id, "Attribute", name)
}

func (c *cloud) modify(id string, params ...string) {
	c.t.Helper()
	ok[gen.ModifyInstanceAttributeResult](c, "ModifyInstanceAttribute", append([]string{"InstanceId", id}, params...)...)
}

// TestInstanceAttributes changes each attribute in both forms of the request and reads it
// back.
func TestInstanceAttributes(t *testing.T) {
	c := newCloud(t)
	sg := c.group("web")
	id := c.stopped("UserData", b64("old"))
	flag := func(v *gen.AttributeBooleanValue) string {
		if *v.Value {
			return "true"
		}
		return "false"
	}
	for _, x := range []struct {
		name, before, after string
		show                func(*gen.InstanceAttribute) string
		params              []string
	}{
		{"instanceType", "t3.micro", "m5.large", func(a *gen.InstanceAttribute) string { return *a.InstanceType.Value }, []string{"InstanceType.Value", "m5.large"}},
		{"instanceType", "m5.large", "t3.nano", func(a *gen.InstanceAttribute) string { return *a.InstanceType.Value }, []string{"Attribute", "instanceType", "Value", "t3.nano"}},
		{"userData", b64("old"), b64("new"), func(a *gen.InstanceAttribute) string { return text(a.UserData.Value) }, []string{"UserData.Value", b64("new")}},
		{"userData", b64("new"), b64("newer"), func(a *gen.InstanceAttribute) string { return text(a.UserData.Value) }, []string{"Attribute", "userData", "Value", b64("newer")}},
		{"disableApiTermination", "false", "true", func(a *gen.InstanceAttribute) string { return flag(a.DisableApiTermination) }, []string{"DisableApiTermination.Value", "true"}},
		{"disableApiTermination", "true", "false", func(a *gen.InstanceAttribute) string { return flag(a.DisableApiTermination) }, []string{"Attribute", "disableApiTermination", "Value", "false"}},
		{"disableApiStop", "false", "true", func(a *gen.InstanceAttribute) string { return flag(a.DisableApiStop) }, []string{"DisableApiStop.Value", "true"}},
		{"disableApiStop", "true", "false", func(a *gen.InstanceAttribute) string { return flag(a.DisableApiStop) }, []string{"Attribute", "disableApiStop", "Value", "false"}},
		{"instanceInitiatedShutdownBehavior", "stop", "terminate", func(a *gen.InstanceAttribute) string { return *a.InstanceInitiatedShutdownBehavior.Value }, []string{"InstanceInitiatedShutdownBehavior.Value", "terminate"}},
		{"instanceInitiatedShutdownBehavior", "terminate", "stop", func(a *gen.InstanceAttribute) string { return *a.InstanceInitiatedShutdownBehavior.Value }, []string{"Attribute", "instanceInitiatedShutdownBehavior", "Value", "stop"}},
		{"ebsOptimized", "false", "true", func(a *gen.InstanceAttribute) string { return flag(a.EbsOptimized) }, []string{"EbsOptimized.Value", "true"}},
		{"ebsOptimized", "true", "false", func(a *gen.InstanceAttribute) string { return flag(a.EbsOptimized) }, []string{"Attribute", "ebsOptimized", "Value", "false"}},
		{"sourceDestCheck", "true", "false", func(a *gen.InstanceAttribute) string { return flag(a.SourceDestCheck) }, []string{"SourceDestCheck.Value", "false"}},
		{"sourceDestCheck", "false", "true", func(a *gen.InstanceAttribute) string { return flag(a.SourceDestCheck) }, []string{"Attribute", "sourceDestCheck", "Value", "true"}},
		{"groupSet", "default", "web", func(a *gen.InstanceAttribute) string {
			return list(a.Groups, func(g *gen.GroupIdentifier) string { return *g.GroupName })
		}, []string{"GroupId.1", sg}},
		{"blockDeviceMapping", "true", "false", func(a *gen.InstanceAttribute) string {
			return flag(&gen.AttributeBooleanValue{Value: a.BlockDeviceMappings[0].Ebs.DeleteOnTermination})
		}, []string{"BlockDeviceMapping.1.DeviceName", "/dev/xvda", "BlockDeviceMapping.1.Ebs.DeleteOnTermination", "false"}},
		{"enaSupport", "true", "true", func(a *gen.InstanceAttribute) string { return flag(a.EnaSupport) }, []string{"EnaSupport.Value", "true"}},
		{"sriovNetSupport", "simple", "simple", func(a *gen.InstanceAttribute) string { return *a.SriovNetSupport.Value }, []string{"SriovNetSupport.Value", "simple"}},
	} {
		if got := x.show(c.attribute(id, x.name)); got != x.before {
			t.Errorf("%s is %q before, want %q", x.name, got, x.before)
		}
		c.modify(id, x.params...)
		if got := x.show(c.attribute(id, x.name)); got != x.after {
			t.Errorf("%s is %q after %q, want %q", x.name, got, x.params, x.after)
		}
	}
	if got := c.row(id).CreditSpec; got != "unlimited" {
		t.Errorf("from m5 to t3.nano: credits %q", got)
	}
	for _, name := range []string{"kernel", "ramdisk", "rootDeviceName", "productCodes", "enclaveOptions"} {
		if a := c.attribute(id, name); *a.InstanceId != id {
			t.Errorf("%s: %+v", name, a)
		}
	}
	c.fails("InvalidParameterValue", "colour", "DescribeInstanceAttribute", "InstanceId", id, "Attribute", "colour")
}

func TestInstanceAttributesThatAreRefused(t *testing.T) {
	c := newCloud(t)
	id, stopped := c.running(), c.stopped()
	for _, x := range []struct {
		id, code, says string
		params         []string
	}{
		{id, "IncorrectInstanceState", "not in the 'stopped' state", []string{"InstanceType.Value", "t3.nano"}},
		{id, "IncorrectInstanceState", "not in the 'stopped' state", []string{"UserData.Value", b64("x")}},
		{id, "IncorrectInstanceState", "not in the 'stopped' state", []string{"EbsOptimized.Value", "true"}},
		{stopped, "InvalidParameterValue", "m9.giant", []string{"InstanceType.Value", "m9.giant"}},
		{stopped, "InvalidParameterValue", "16384", []string{"UserData.Value", b64(strings.Repeat("x", 16385))}},
		{stopped, "InvalidUserData.Malformed", "", []string{"Attribute", "userData", "Value", "!"}},
		{id, "InvalidParameterValue", "", []string{"InstanceInitiatedShutdownBehavior.Value", "explode"}},
		{id, "InvalidParameterValue", "", []string{"Attribute", "sourceDestCheck", "Value", "perhaps"}},
		{id, "InvalidParameterValue", "", []string{"Attribute", "colour", "Value", "red"}},
		{id, "InvalidParameterCombination", "No attributes", nil},
		{id, "InvalidParameterCombination", "multiple", []string{"DisableApiStop.Value", "true", "SourceDestCheck.Value", "true"}},
		{id, "InvalidGroup.NotFound", "", []string{"GroupId.1", "sg-00000000000000000"}},
		{id, "InvalidInstanceAttributeValue", "/dev/sdz", []string{"BlockDeviceMapping.1.DeviceName", "/dev/sdz", "BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true"}},
		{stopped, "Unsupported", "", []string{"Kernel.Value", "aki-1"}},
		{stopped, "InvalidParameterValue", "ENA", []string{"EnaSupport.Value", "false"}},
	} {
		c.fails(x.code, x.says, "ModifyInstanceAttribute", append([]string{"InstanceId", x.id}, x.params...)...)
	}
	ok[gen.TerminateInstancesResult](c, "TerminateInstances", "InstanceId.1", stopped)
	c.fails("IncorrectInstanceState", "terminated", "ModifyInstanceAttribute", "InstanceId", stopped, "DisableApiStop.Value", "true")
	c.fails("IncorrectInstanceState", "terminated", "ModifyInstanceMetadataOptions", "InstanceId", stopped, "HttpTokens", "required")
}

func TestResetInstanceAttribute(t *testing.T) {
	c := newCloud(t)
	id := c.running()
	c.modify(id, "SourceDestCheck.Value", "false")
	ok[gen.ResetInstanceAttributeResult](c, "ResetInstanceAttribute", "InstanceId", id, "Attribute", "sourceDestCheck")
	if !*c.attribute(id, "sourceDestCheck").SourceDestCheck.Value {
		t.Error("not reset")
	}
	c.fails("IncorrectInstanceState", "", "ResetInstanceAttribute", "InstanceId", id, "Attribute", "kernel")
	c.fails("InvalidParameterValue", "", "ResetInstanceAttribute", "InstanceId", id, "Attribute", "userData")
	ok[gen.ResetInstanceAttributeResult](c, "ResetInstanceAttribute", "InstanceId", c.stopped(), "Attribute", "ramdisk")
}

func TestModifyMetadataOptions(t *testing.T) {
	c := newCloud(t)
	id := c.running()
	out := ok[gen.ModifyInstanceMetadataOptionsResult](c, "ModifyInstanceMetadataOptions", "InstanceId", id, "HttpTokens", "required", "HttpPutResponseHopLimit", "64")
	if o := out.InstanceMetadataOptions; *o.State != "pending" || *o.HttpTokens != "required" || *o.HttpPutResponseHopLimit != 64 || *o.HttpEndpoint != "enabled" {
		t.Errorf("%+v", o)
	}
	ok[gen.ModifyInstanceMetadataOptionsResult](c, "ModifyInstanceMetadataOptions", "InstanceId", id, "HttpEndpoint", "disabled", "InstanceMetadataTags", "enabled")
	if o := c.describe(id).MetadataOptions; *o.State != "applied" || *o.HttpTokens != "required" || *o.HttpEndpoint != "disabled" || *o.InstanceMetadataTags != "enabled" {
		t.Errorf("%+v", o)
	}
	c.fails("InvalidParameterValue", "", "ModifyInstanceMetadataOptions", "InstanceId", id, "HttpPutResponseHopLimit", "0")
	c.fails("InvalidParameterValue", "", "ModifyInstanceMetadataOptions", "InstanceId", id, "HttpTokens", "x")
	c.fails("InvalidParameterCombination", "", "ModifyInstanceMetadataOptions", "InstanceId", id)
}

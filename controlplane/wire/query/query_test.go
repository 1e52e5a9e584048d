package query_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/controlplane/wire/gen/sts"
	"github.com/micacloud/mica/controlplane/wire/query"
	"github.com/micacloud/mica/internal/apierr"
)

func decode(t testing.TB, in query.Decodable, text string) error {
	t.Helper()
	form, err := url.ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := query.Parse(form)
	if err != nil {
		return err
	}
	return query.Decode(tree, in)
}

func TestDecode(t *testing.T) {
	var got gen.DescribeInstancesRequest
	if err := decode(t, &got, "Filter.10.Name=last&Filter.2.Name=tag%3Ak&Filter.2.Value.2=b&Filter.2.Value.1=a&Filter.2.Value.10=j&InstanceId.1=i-1&MaxResults=7&DryRun=True"); err != nil {
		t.Fatal(err)
	}
	want := gen.DescribeInstancesRequest{
		Filters:     []*gen.Filter{{Name: new("tag:k"), Values: []string{"a", "b", "j"}}, {Name: new("last")}},
		InstanceIds: []string{"i-1"}, MaxResults: new(int64(7)), DryRun: new(true),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error("items go by number, with gaps (-want +got):\n" + d)
	}
}

func TestDecodeScalars(t *testing.T) {
	var key gen.ImportKeyPairRequest
	if err := decode(t, &key, "KeyName=k&PublicKeyMaterial=aGVsbG8%3D"); err != nil || string(key.PublicKeyMaterial) != "hello" {
		t.Errorf("blob %q, %v", key.PublicKeyMaterial, err)
	}
	for text, want := range map[string]time.Time{
		"2026-01-02T03:04:05Z":          time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		"2026-01-02T03:04:05.678Z":      time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC),
		"2026-01-02T03:04:05%2B01:00":   time.Date(2026, 1, 2, 2, 4, 5, 0, time.UTC),
		"2026-01-02":                    time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC),
		"1767323045":                    time.Unix(1767323045, 0).UTC(),
		"2026-01-02T03:04:05.123456789": time.Date(2026, 1, 2, 3, 4, 5, 123456789, time.UTC),
	} {
		var run gen.RunInstancesRequest
		if err := decode(t, &run, "MinCount=1&MaxCount=1&InstanceMarketOptions.SpotOptions.ValidUntil="+text); err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := run.InstanceMarketOptions.SpotOptions.ValidUntil; !got.Equal(want) {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	run := func() query.Decodable { return new(gen.RunInstancesRequest) }
	describe := func() query.Decodable { return new(gen.DescribeInstancesRequest) }
	importKey := func() query.Decodable { return new(gen.ImportKeyPairRequest) }
	const ok = "MinCount=1&MaxCount=1&"
	for _, c := range []struct {
		reason string
		in     func() query.Decodable
		text   string
		code   string
		says   string
	}{
		{"a name that is not there", run, ok + "Foo=1", "UnknownParameter", "Foo"},
		{"names are case sensitive", run, "minCount=1&MaxCount=1", "UnknownParameter", "minCount"},
		{"the whole tree is strict", run, ok + "Placement.Tenancyy=default", "UnknownParameter", "Placement.Tenancyy"},
		{"inside list items too", describe, "Filter.1.Name=a&Filter.1.Values.1=b", "UnknownParameter", "Filter.1.Values.1"},
		{"below a scalar", describe, "MaxResults.1=5", "UnknownParameter", "MaxResults.1"},
		{"an item without a number", describe, "InstanceId.x=i-1", "UnknownParameter", "InstanceId.x"},
		{"items count from 1", describe, "InstanceId.0=i-1", "UnknownParameter", "InstanceId.0"},
		{"numbers have one form", describe, "InstanceId.01=i-1", "UnknownParameter", "InstanceId.01"},
		{"no signs", describe, "InstanceId.%2B1=i-1", "UnknownParameter", "InstanceId.+1"},
		{"numbers that do not fit", describe, "InstanceId.99999999999=i-1", "UnknownParameter", "InstanceId.99999999999"},
		{"AWS Query's lists are not EC2's", describe, "InstanceId.member.1=i-1", "UnknownParameter", "InstanceId.member"},
		{"empty part", describe, "InstanceId..1=i-1", "UnknownParameter", "InstanceId..1"},
		{"trailing dot", describe, "InstanceId.=i-1", "UnknownParameter", "InstanceId."},
		{"no name", describe, "=i-1", "UnknownParameter", ""},
		{"a list without numbers", describe, "InstanceId=i-1", "InvalidQueryParameter", "InstanceId.1"},
		{"an empty list in AWS Query's form", describe, "InstanceId=", "InvalidQueryParameter", "InstanceId.1"},
		{"a structure with a value", run, ok + "Placement=here", "InvalidQueryParameter", "Placement"},
		{"a structure as a list item with a value", describe, "Filter.1=x", "InvalidQueryParameter", "Filter.1"},
		{"given twice", describe, "MaxResults=5&MaxResults=5", "MalformedQueryString", "MaxResults"},
		{"not an integer", describe, "MaxResults=five", "InvalidParameterValue", "MaxResults"},
		{"an empty integer", describe, "MaxResults=", "InvalidParameterValue", "MaxResults"},
		{"more than 32 bits", describe, "MaxResults=4294967296", "InvalidParameterValue", "MaxResults"},
		{"not a boolean", describe, "DryRun=yes", "InvalidParameterValue", "DryRun"},
		{"not one of the values", run, ok + "InstanceInitiatedShutdownBehavior=explode", "InvalidParameterValue", "InstanceInitiatedShutdownBehavior"},
		{"not a time", run, ok + "InstanceMarketOptions.SpotOptions.ValidUntil=soon", "InvalidParameterValue", "ValidUntil"},
		{"not base64", importKey, "KeyName=k&PublicKeyMaterial=%21", "InvalidParameterValue", "PublicKeyMaterial"},
		{"not UTF-8", importKey, "KeyName=%ff&PublicKeyMaterial=aGk%3D", "InvalidParameterValue", "KeyName"},
		{"control characters", importKey, "KeyName=%00&PublicKeyMaterial=aGk%3D", "InvalidParameterValue", "KeyName"},
		{"missing", run, "MinCount=1", "MissingParameter", "MaxCount"},
		{"missing in the tree", run, ok + "CreditSpecification.Foo=1", "UnknownParameter", "Foo"},
		{"missing below", run, ok + "LicenseSpecification.1.LicenseConfigurationArn=a&ElasticInferenceAccelerator.1.Count=1", "MissingParameter", "ElasticInferenceAccelerator.1.Type"},
		{"out of the model's range", func() query.Decodable { return new(gen.DescribeSecurityGroupRulesRequest) }, "MaxResults=4", "InvalidParameterValue", "from 5 to 1000"},
	} {
		err := decode(t, c.in(), c.text)
		if !apierr.Is(err, c.code) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s (%s): %v, want %s about %s", c.reason, c.text, err, c.code, c.says)
		}
	}
}

// AWS Query has a name between a list and its numbers, and a form for empty lists.
func TestAWSQueryLists(t *testing.T) {
	const need = "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fx&RoleSessionName=me&"
	var in sts.AssumeRoleRequest
	if err := decode(t, &in, need+"PolicyArns.member.2.arn=arn%3Aaws%3Aiam%3A%3A1%3Apolicy%2Fb&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3A1%3Apolicy%2Fa&Tags="); err != nil {
		t.Fatal(err)
	}
	if len(in.PolicyArns) != 2 || *in.PolicyArns[0].Arn != "arn:aws:iam::1:policy/a" || in.Tags == nil || len(in.Tags) != 0 {
		t.Errorf("%+v", in)
	}
	for text, code := range map[string]string{
		"PolicyArns.1.arn=a": "UnknownParameter", "PolicyArns.item.1.arn=a": "UnknownParameter", "PolicyArns=a": "InvalidQueryParameter", "PolicyArns.member=a": "InvalidQueryParameter",
	} {
		if err := decode(t, new(sts.AssumeRoleRequest), need+text); !apierr.Is(err, code) {
			t.Errorf("%s: %v, want %s", text, err, code)
		}
	}
}

func TestLimits(t *testing.T) {
	var ids strings.Builder
	for i := range query.MaxListItems + 1 {
		fmt.Fprintf(&ids, "InstanceId.%d=i-1&", i+1)
	}
	if err := decode(t, new(gen.DescribeInstancesRequest), ids.String()); !apierr.Is(err, "InvalidParameterValue") {
		t.Errorf("too many items: %v", err)
	}
	form := url.Values{}
	for i := range query.MaxParameters + 1 {
		form.Set(fmt.Sprint("P", i), "")
	}
	if _, err := query.Parse(form); !apierr.Is(err, "MalformedQueryString") {
		t.Errorf("too many parameters: %v", err)
	}
	deep := strings.Repeat("a.", 5000) + "a"
	if err := decode(t, new(gen.DescribeInstancesRequest), deep+"=1"); !apierr.Is(err, "UnknownParameter") || len(err.Error()) > 300 {
		t.Errorf("a deep name: %v", err)
	}
	if err := decode(t, new(gen.DescribeInstanceTypesRequest), instanceTypes(101)); !apierr.Is(err, "InvalidParameterValue") {
		t.Errorf("more items than the model allows: %v", err)
	}
	if err := decode(t, new(gen.DescribeInstanceTypesRequest), instanceTypes(100)); err != nil {
		t.Errorf("as many items as the model allows: %v", err)
	}
}

func instanceTypes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "InstanceType.%d=t3.nano&", i+1)
	}
	return b.String()
}

// Whatever comes in, decoding ends with a request or a client's error, and the same
// input always with the same one.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"MinCount=1&MaxCount=1&ImageId=ami-1&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.ResourceType=instance",
		"NetworkInterface.1.PrivateIpAddresses.1.Primary=true&MinCount=1&MaxCount=01",
		"BlockDeviceMapping.1.Ebs.VolumeSize=8&BlockDeviceMapping.1=&x.y.z=1", "a=1&a=2", "UserData=%ff", "..=.", "Placement.=1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		form, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		once := func() (string, string) {
			var in gen.RunInstancesRequest
			tree, err := query.Parse(form)
			if err == nil {
				err = query.Decode(tree, &in)
			}
			if err == nil {
				if in.MinCount == nil || in.MaxCount == nil {
					t.Fatal("a required parameter is missing without an error")
				}
				return fmt.Sprintf("%+v", *in.MinCount), ""
			}
			if e := apierr.From(err); e.Status != 400 || len(e.Message) > 1500 {
				t.Fatalf("not an error for a client: %v", err)
			}
			return "", err.Error()
		}
		a, errA := once()
		b, errB := once()
		if a != b || errA != errB {
			t.Fatalf("%q and %q for the same request", errA, errB)
		}
	})
}

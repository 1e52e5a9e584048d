package wire

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/controlplane/wire/gen/sts"
	"github.com/micacloud/mica/internal/apierr"
)

// call is what handlers of these tests are called with.
type call struct{ account string }

func testRegistry() *Registry[*call] {
	r := NewRegistry[*call](EC2, STS)
	HandlePrepared(r, Spec{Name: "CreateKeyPair", Mutates: true, Resource: "key-pair", Partial: "ppk"},
		func(_ context.Context, in *gen.CreateKeyPairRequest) (any, error) {
			return "key of " + *in.KeyName, nil
		},
		func(c *call, in *gen.CreateKeyPairRequest) (*gen.KeyPair, error) {
			return &gen.KeyPair{KeyName: in.KeyName, KeyPairId: &c.account}, nil
		})
	Handle(r, Spec{Service: "sts", Name: "GetCallerIdentity"}, func(c *call, _ *sts.GetCallerIdentityRequest) (*sts.GetCallerIdentityResponse, error) {
		return &sts.GetCallerIdentityResponse{Account: &c.account}, nil
	})
	Handle(r, Spec{Name: "RebootInstances", Mutates: true}, func(*call, *gen.RebootInstancesRequest) (*gen.RebootInstancesResult, error) {
		return nil, nil
	})
	return r
}

func TestFind(t *testing.T) {
	r := testRegistry()
	for _, c := range []struct {
		service *Service
		name    string
		code    string
	}{
		{EC2, "CreateKeyPair", ""},
		{EC2, "CreateVpnGateway", "UnsupportedOperation"},
		{EC2, "GetCallerIdentity", "InvalidAction"}, // STS's, not EC2's
		{STS, "GetCallerIdentity", ""},
		{STS, "AssumeRoleWithSAML", "UnsupportedOperation"},
		{EC2, "createKeyPair", "InvalidAction"},
		{EC2, strings.Repeat("x", 10_000), "InvalidAction"},
		{EC2, "", "MissingAction"},
	} {
		a, err := r.Find(c.service, c.name)
		switch {
		case c.code == "" && (err != nil || a.Name != c.name):
			t.Errorf("%s: %v", c.name, err)
		case c.code != "" && !apierr.Is(err, c.code):
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		case err != nil && len(err.Error()) > 300:
			t.Errorf("%.20s: an error of %d bytes repeats the input", c.name, len(err.Error()))
		}
	}
	if _, err := r.Find(EC2, "CreateVpnGateway"); !strings.Contains(err.Error(), "CreateVpnGateway") {
		t.Errorf("%v does not name the action", err)
	}
}

func TestHandleRefusesMistakes(t *testing.T) {
	for reason, mistake := range map[string]func(*Registry[*call]){
		"a name AWS does not have": func(r *Registry[*call]) {
			Handle(r, Spec{Name: "CreateKeyPairs"}, func(*call, *gen.CreateKeyPairRequest) (*gen.KeyPair, error) { return nil, nil })
		},
		"registered twice": func(r *Registry[*call]) {
			Handle(r, Spec{Name: "CreateKeyPair"}, func(*call, *gen.CreateKeyPairRequest) (*gen.KeyPair, error) { return nil, nil })
		},
		"a service the registry lacks": func(r *Registry[*call]) {
			Handle(r, Spec{Service: "iam", Name: "CreateUser"}, func(*call, *gen.CreateKeyPairRequest) (*gen.KeyPair, error) { return nil, nil })
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", reason)
				}
			}()
			mistake(testRegistry())
		}()
	}
}

func TestAction(t *testing.T) {
	r := testRegistry()
	refused := errors.New("refused")
	Check(r, "CreateKeyPair", func(in *gen.CreateKeyPairRequest) error {
		if *in.KeyName == "bad" {
			return refused
		}
		return nil
	})
	a, err := r.Find(EC2, "CreateKeyPair")
	if err != nil {
		t.Fatal(err)
	}
	if !a.HasDryRun() || a.HasToken() {
		t.Error("CreateKeyPair has DryRun and no ClientToken")
	}
	if _, err := a.Decode(url.Values{"KeyName": {"bad"}}); !errors.Is(err, refused) {
		t.Errorf("the check did not run: %v", err)
	}
	in, err := a.Decode(url.Values{"KeyName": {"k"}, "DryRun": {"true"}})
	if err != nil {
		t.Fatal(err)
	}
	if asked, _ := in.AsksDryRun(); !asked {
		t.Error("the dry run is lost")
	}
	if p, err := a.Prepare(t.Context(), in); err != nil || p != "key of k" {
		t.Errorf("prepared %v, %v", p, err)
	}
	out, err := a.Call(&call{"123456789012"}, in)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(out.AppendXML(nil)); got != "<keyName>k</keyName><keyPairId>123456789012</keyPairId>" {
		t.Error(got)
	}
}

func TestAnswers(t *testing.T) {
	reservation := &gen.Reservation{
		ReservationId: new("r-1"), OwnerId: new("1"), Groups: []*gen.GroupIdentifier{},
		Instances: []*gen.Instance{{InstanceId: new("i-1"), AmiLaunchIndex: new(int64(0)), EbsOptimized: new(false), KeyName: new("a<b&\"c\"")}},
	}
	for name, c := range map[string]struct {
		got  []byte
		want string
	}{
		"EC2": {EC2.AppendAnswer(nil, "RunInstances", "id", reservation),
			`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
				`<RunInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>id</requestId><groupSet></groupSet>` +
				`<instancesSet><item><amiLaunchIndex>0</amiLaunchIndex><instanceId>i-1</instanceId><keyName>a&lt;b&amp;&#34;c&#34;</keyName><ebsOptimized>false</ebsOptimized></item></instancesSet>` +
				`<ownerId>1</ownerId><reservationId>r-1</reservationId></RunInstancesResponse>`},
		"EC2 without an answer": {EC2.AppendAnswer(nil, "RebootInstances", "id", (*gen.RebootInstancesResult)(nil)),
			`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
				`<RebootInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>id</requestId><return>true</return></RebootInstancesResponse>`},
		"STS": {STS.AppendAnswer(nil, "GetCallerIdentity", "id", (&sts.GetCallerIdentityResponse{Account: new("1")})),
			`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
				`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>` +
				`<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetCallerIdentityResponse>`},
		"EC2 error": {EC2.AppendError(nil, apierr.New("Code", "a < b"), "id"),
			`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
				`<Response><Errors><Error><Code>Code</Code><Message>a &lt; b</Message></Error></Errors><RequestID>id</RequestID></Response>`},
		"STS error": {STS.AppendError(nil, apierr.WithStatus(500, "Code", "m"), "id"),
			`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
				`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Receiver</Type><Code>Code</Code><Message>m</Message></Error><RequestId>id</RequestId></ErrorResponse>`},
	} {
		if string(c.got) != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, c.got, c.want)
		}
	}
}

func TestTokens(t *testing.T) {
	r := NewRegistry[*call](EC2)
	Handle(r, Spec{Name: "RunInstances", Mutates: true}, func(*call, *gen.RunInstancesRequest) (*gen.Reservation, error) { return nil, nil })
	a, err := r.Find(EC2, "RunInstances")
	if err != nil {
		t.Fatal(err)
	}
	for token, ok := range map[string]bool{"": true, strings.Repeat("x", 64): true, strings.Repeat("x", 65): false, "ä": false, "a b": true, "a\nb": false} {
		_, err := a.Decode(url.Values{"MinCount": {"1"}, "MaxCount": {"1"}, "ClientToken": {token}})
		if ok != (err == nil) {
			t.Errorf("token %q: %v", token, err)
		}
	}
}

func TestCoverage(t *testing.T) {
	page := string(Coverage(testRegistry()))
	for _, row := range []string{
		"| RebootInstances | implemented |", "| CreateKeyPair | partial: ppk |", "| CreateVpnGateway | unsupported |", "| GetCallerIdentity | implemented |",
		"| ec2 | 1 | 1 | 623 | 625 |", "| sts | 1 | 0 | 7 | 8 |",
	} {
		if strings.Count(page, row+"\n") != 1 {
			t.Errorf("not one row %q", row)
		}
	}
	if rows := strings.Count(page, "\n| "); rows != 625+8+1+2+2 { // and the heads of three tables, and two rows of sums
		t.Errorf("%d rows", rows)
	}
}

package server

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/pki"
	"github.com/micacloud/mica/internal/testkit"
)

// endpoints starts the server on HTTP and HTTPS and returns both URLs and the CA file.
func endpoints(t *testing.T) (plain, secure, bundle string) {
	t.Helper()
	ca, err := pki.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cert, err := ca.Server("127.0.0.1", "localhost")
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, Config{})
	err = f.db.Update(t.Context(), store.Meta{}, func(tx *store.Tx) error {
		return errors.Join(
			store.AccessKeys.Put(tx, &model.AccessKey{ID: "AKIAEXAMPLE", Secret: "secret", Account: account, User: "root"}),
			store.AccessKeys.Put(tx, &model.AccessKey{ID: "AKIAUSER", Secret: "hers", Account: account, User: "ada"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	f.Server.auth = Signed(&auth.Verifier{Lookup: auth.FromStore(f.db)})
	h, s := listenLocal(t), listenLocal(t)
	serving(t, f.Server, h, TLS(s, cert.GetCertificate))
	return "http://" + h.Addr().String(), "https://" + s.Addr().String(), ca.File()
}

// client runs a program as an AWS client with keys of its own, and returns its output.
func client(t *testing.T, bundle, name string, args ...string) (string, error) {
	t.Helper()
	return clientAs(t, bundle, "AKIAEXAMPLE", "secret", name, args...)
}

func clientAs(t *testing.T, bundle, key, secret, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+key, "AWS_SECRET_ACCESS_KEY="+secret, "AWS_REGION=eu-central-1", "AWS_DEFAULT_REGION=eu-central-1",
		"AWS_CA_BUNDLE="+bundle, "AWS_PAGER=", "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE="+filepath.Join(t.TempDir(), "none"), "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestAWSCLI(t *testing.T) {
	testkit.NeedProgram(t, "aws")
	plain, secure, bundle := endpoints(t)
	for aws, endpoint := range map[string]string{"aws": plain, "/usr/bin/aws": secure} { // often two versions
		if _, err := exec.LookPath(aws); err != nil {
			continue
		}
		out, err := client(t, bundle, aws, "--endpoint-url", endpoint, "--output", "text", "sts", "get-caller-identity")
		if err != nil || !strings.Contains(out, account+"\tarn:aws:iam::"+account+":root") {
			t.Errorf("%s at %s: %v %s", aws, endpoint, err, out)
		}
	}
	for _, c := range []struct{ key, secret, says string }{
		{"AKIAUSER", "hers", "arn:aws:iam::" + account + ":user/ada"},
		{"AKIAUSER", "not hers", "(InvalidClientTokenId)"},
		{"AKIANOBODY", "hers", "(InvalidClientTokenId)"},
	} {
		if out, _ := clientAs(t, bundle, c.key, c.secret, "aws", "--endpoint-url", secure, "sts", "get-caller-identity"); !strings.Contains(out, c.says) {
			t.Errorf("%s with %q: %s", c.key, c.secret, out)
		}
	}
	for _, c := range []struct {
		args []string
		ok   bool
		says string
	}{
		{[]string{"import-key-pair", "--key-name", "k", "--public-key-material", "aGk="}, true, "key-1"},
		{[]string{"describe-key-pairs"}, true, `"KeyName": "k"`},
		{[]string{"import-key-pair", "--key-name", "k", "--public-key-material", "aGk=", "--dry-run"}, false, "(DryRunOperation)"},
		{[]string{"import-key-pair", "--key-name", "k", "--public-key-material", "aGk="}, false, "(InvalidKeyPair.Duplicate)"},
		{[]string{"create-vpn-gateway", "--type", "ipsec.1"}, false, "(UnsupportedOperation)"},
		{[]string{"run-instances", "--image-id", "ami-1", "--tag-specifications", "ResourceType=instance,Tags=[{Key=a,Value='b & c'}]", "--client-token", "t"}, true, `"ReservationId": "r-3"`},
		{[]string{"run-instances", "--image-id", "ami-2", "--client-token", "t"}, false, "(IdempotentParameterMismatch)"},
	} {
		out, err := client(t, bundle, "aws", append([]string{"--endpoint-url", secure, "--output", "json", "ec2"}, c.args...)...)
		if c.ok != (err == nil) || !strings.Contains(out, c.says) {
			t.Errorf("%v: %v\n%s", c.args, err, out)
		}
	}
}

const boto = `
import boto3, botocore, sys
from botocore.exceptions import ClientError
sts = boto3.client("sts", endpoint_url=sys.argv[1])
r = sts.get_caller_identity()
assert r["Account"] == sys.argv[2] and r["UserId"] == sys.argv[2], r
assert r["ResponseMetadata"]["RequestId"] == r["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"], r
ec2 = boto3.client("ec2", endpoint_url=sys.argv[1])
assert ec2.describe_key_pairs()["KeyPairs"] == [], "no keys yet"
import urllib.request, ssl, os
url = ec2.generate_presigned_url("describe_key_pairs", Params={"Filters": [{"Name": "tag:a b", "Values": ["*/+~"]}]}, HttpMethod="GET")
text = urllib.request.urlopen(url, context=ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])).read()
assert b"<keySet></keySet>" in text, text
ec2.import_key_pair(KeyName="k \u00e4 <&>", PublicKeyMaterial=b"hello")
r = ec2.describe_key_pairs(Filters=[{"Name": "key-name", "Values": ["a", "b"]}])
assert [k["KeyName"] for k in r["KeyPairs"]] == ["k \u00e4 <&>"], r
try:
    ec2.describe_vpn_gateways()
    raise SystemExit("an action that is not there was answered")
except ClientError as e:
    assert e.response["Error"]["Code"] == "UnsupportedOperation", e
    assert e.response["ResponseMetadata"]["RequestId"], e.response
    assert e.response["ResponseMetadata"]["HTTPStatusCode"] == 400, e.response
try:
    sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/x", RoleSessionName="me")
    raise SystemExit("an action that is not there was answered")
except ClientError as e:
    assert e.response["Error"]["Code"] == "UnsupportedOperation", e
    assert e.response["ResponseMetadata"]["RequestId"], e.response
print("fine with", botocore.__version__)
`

func TestBoto3(t *testing.T) {
	script := filepath.Join(t.TempDir(), "client.py")
	if err := os.WriteFile(script, []byte(boto), 0o600); err != nil {
		t.Fatal(err)
	}
	ran := false
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import boto3").Run() != nil {
			continue
		}
		ran = true
		plain, _, _ := endpoints(t)
		_, secure, bundle := endpoints(t)
		for _, endpoint := range []string{plain, secure} {
			if out, err := client(t, bundle, python, script, endpoint, account); err != nil {
				t.Errorf("%s at %s: %v\n%s", python, endpoint, err, out)
			}
		}
	}
	if !ran {
		testkit.Skip(t, "needs Python with boto3 (python3-boto3)")
	}
}

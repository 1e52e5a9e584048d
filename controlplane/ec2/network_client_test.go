package ec2_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/server"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/sts"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/internal/testkit"
)

const (
	botoAccount = "123456789012"
	botoRegion  = "eu-central-1"
)

// serve answers the API over HTTP for one account with a default network in two zones,
// and returns its address.
func serve(t *testing.T) string {
	t.Helper()
	db := store.NewMemory()
	err := db.Update(t.Context(), store.Meta{}, func(tx *store.Tx) error {
		return errors.Join(
			store.Accounts.Put(tx, &model.Account{ID: botoAccount}),
			store.Hosts.Put(tx, &model.Host{ID: "host-a", Name: "a", Region: botoRegion, Zone: botoRegion + "a", Arch: "x86_64", Up: true, VCPUs: 4, MemoryMiB: 4096}),
			store.AccessKeys.Put(tx, &model.AccessKey{ID: "AKIAEXAMPLE", Secret: "secret", Account: botoAccount, User: "root"}),
			ec2.EnsureAccountNetwork(tx, botoAccount, botoRegion, []string{botoRegion + "a", botoRegion + "b"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	r := wire.NewRegistry[*action.Call](wire.EC2, wire.STS)
	sts.Register(r)
	ec2.Register(r, ec2.Deps{
		Regions:    []ec2.Region{{Name: botoRegion, Endpoint: "mica.example", Zones: []ec2.Zone{{Name: botoRegion + "a", ID: "euc1-az1"}, {Name: botoRegion + "b", ID: "euc1-az2"}}}},
		PublicPool: netip.MustParsePrefix("100.127.0.0/24"),
	})
	cfg := server.Config{Regions: []string{botoRegion}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	s, err := server.New(cfg, db, r, server.Signed(&auth.Verifier{Lookup: auth.FromStore(db)}))
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(s)
	t.Cleanup(front.Close)
	return front.URL
}

// python returns an interpreter that has boto3.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import boto3").Run() == nil {
			return name
		}
	}
	testkit.Skip(t, "needs python3 with boto3")
	return ""
}

// clientEnv is the environment of an AWS client with the account's keys and no other
// settings.
func clientEnv(t *testing.T) []string {
	return append(os.Environ(), "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret", "AWS_REGION="+botoRegion, "AWS_DEFAULT_REGION="+botoRegion,
		"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE="+filepath.Join(t.TempDir(), "none"))
}

// TestNetworkWithBoto3 does with Amazon's own client what its users do.
func TestNetworkWithBoto3(t *testing.T) {
	cmd := exec.Command(python(t), filepath.Join("testdata", "network.py"), serve(t), botoAccount)
	cmd.Env = append(clientEnv(t), "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "fine" {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestNetworkWithTerraform applies, changes and destroys what users of the default VPC
// write, and wants each apply to leave nothing to do.
func TestNetworkWithTerraform(t *testing.T) {
	if testing.Short() {
		t.Skip("short") // the provider takes seconds to start, six times
	}
	t.Parallel()
	dir := terraformDir(t, "terraform")
	endpoint := serve(t)
	run := func(args ...string) (string, error) {
		return terraform(t, dir, []string{"TF_VAR_endpoint=" + endpoint}, args...)
	}
	for _, args := range [][]string{
		{"apply", "-auto-approve"},
		{"plan", "-detailed-exitcode"}, // fails if anything is left to do
		{"apply", "-auto-approve", "-var", "port=2222"},
		{"plan", "-detailed-exitcode", "-var", "port=2222"},
		{"destroy", "-auto-approve"},
	} {
		out, err := run(args...)
		if err != nil {
			t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		want := botoAccount + " eu-central-1a,eu-central-1b 172.31.0.0/20,172.31.16.0/20 true default VPC security group true 1 eu-central-1.compute.internal"
		if args[0] == "apply" && !strings.Contains(out, want) {
			t.Errorf("terraform saw something else than %q:\n%s", want, out)
		}
	}
}

// TestNetworkWithAWSCLI goes through the forms that the command line has of its own.
func TestNetworkWithAWSCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("short") // the command takes seconds to start
	}
	testkit.NeedProgram(t, "aws")
	t.Parallel()
	address := serve(t)
	for _, x := range []struct{ args, want string }{
		{"create-security-group --group-name web --description Web --query GroupId", "sg-"},
		{"authorize-security-group-ingress --group-name web --protocol tcp --port 22-23 --cidr 10.0.0.0/8 --query SecurityGroupRules[].[IpProtocol,FromPort,ToPort,CidrIpv4,IsEgress]", "tcp\t22\t23\t10.0.0.0/8\tFalse"},
		{"authorize-security-group-ingress --group-name web --protocol icmp --port -1 --cidr 0.0.0.0/0 --query Return", "True"},
		{"authorize-security-group-ingress --group-name web --protocol all --cidr 192.168.0.0/16 --query Return", "True"},
		{"authorize-security-group-ingress --group-name web --protocol tcp --port 22 --source-group default --query Return", "True"},
		{"revoke-security-group-ingress --group-name web --protocol tcp --port 22-23 --cidr 10.0.0.0/8", ""},
		{"describe-subnets --max-items 1 --query Subnets[].CidrBlock", "172.31."},
		{"delete-security-group --group-name web --dry-run", "(DryRunOperation)"},
		{"delete-security-group --group-name web", ""},
	} {
		cmd := exec.Command("aws", append([]string{"--endpoint-url", address, "--output", "text", "ec2"}, strings.Fields(x.args)...)...)
		cmd.Env = append(clientEnv(t), "AWS_MAX_ATTEMPTS=1", "AWS_PAGER=")
		out, err := cmd.CombinedOutput()
		refused := strings.HasPrefix(x.want, "(") || strings.HasPrefix(x.want, "The ")
		if refused != (err != nil) || !strings.Contains(string(out), x.want) {
			t.Errorf("aws ec2 %s: %v\n%s", x.args, err, out)
		}
	}
}

package ec2_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

// TestVPCWithBoto3 makes with Amazon's own client, and its waiters, what its users do.
func TestVPCWithBoto3(t *testing.T) {
	t.Parallel()
	_, endpoint := serveCloud(t)
	cmd := exec.Command(python(t), filepath.Join("testdata", "vpc.py"), endpoint)
	cmd.Env = append(clientEnv(t), "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "fine" {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestVPCWithTerraform applies, changes and destroys the usual set, and wants each apply
// to leave nothing to do, and the end nothing at all.
func TestVPCWithTerraform(t *testing.T) {
	if testing.Short() {
		t.Skip("short") // the provider takes seconds to start, five times
	}
	t.Parallel()
	dir := terraformDir(t, "terraform_vpc")
	c, endpoint := serveCloud(t)
	for _, args := range [][]string{
		{"apply", "-auto-approve"},
		{"plan", "-detailed-exitcode"}, // fails if anything is left to do
		{"apply", "-auto-approve", "-var", "dns=false", "-var", "app=two"},
		{"plan", "-detailed-exitcode", "-var", "dns=false", "-var", "app=two"},
		// The provider waits two and a half minutes for an attachment to be "detached", as on
		// AWS (its issue 45835), where it is gone at once. So the instance's end detaches it.
		{"state", "rm", "aws_network_interface_attachment.second"},
		{"destroy", "-auto-approve"},
	} {
		out, err := terraform(t, dir, []string{"TF_VAR_endpoint=" + endpoint, "TF_VAR_image=" + c.image}, args...)
		if err != nil {
			t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		if args[0] == "apply" && !strings.Contains(out, "attached true active true 2") {
			t.Errorf("terraform saw something else:\n%s", out)
		}
	}
	out, err := aws(t, endpoint, "describe-vpcs --query Vpcs[].IsDefault")
	if err != nil || strings.TrimSpace(out) != "True" {
		t.Errorf("left are %s, %v", out, err)
	}
}

// aws runs the command line's ec2 commands.
func aws(t *testing.T, endpoint, args string) (string, error) {
	testkit.NeedProgram(t, "aws")
	cmd := exec.Command("aws", append([]string{"--endpoint-url", endpoint, "--output", "text", "ec2"}, strings.Fields(args)...)...)
	cmd.Env = append(clientEnv(t), "AWS_MAX_ATTEMPTS=1", "AWS_PAGER=")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestVPCWithAWSCLI goes through what docs/networking.md shows of VPCs, word by word.
func TestVPCWithAWSCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("short") // the command takes seconds to start
	}
	t.Parallel()
	_, endpoint := serveCloud(t)
	got := map[string]string{}
	for _, x := range []struct{ name, args, want string }{
		{"vpc", "create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId", "vpc-"},
		{"public", "create-subnet --vpc-id {vpc} --cidr-block 10.0.0.0/24 --query Subnet.SubnetId", "subnet-"},
		{"private", "create-subnet --vpc-id {vpc} --cidr-block 10.0.1.0/24 --query Subnet.SubnetId", "subnet-"},
		{"", "modify-subnet-attribute --subnet-id {public} --map-public-ip-on-launch", ""},
		{"igw", "create-internet-gateway --query InternetGateway.InternetGatewayId", "igw-"},
		{"", "attach-internet-gateway --internet-gateway-id {igw} --vpc-id {vpc}", ""},
		{"out", "create-route-table --vpc-id {vpc} --query RouteTable.RouteTableId", "rtb-"},
		{"", "create-route --route-table-id {out} --destination-cidr-block 0.0.0.0/0 --gateway-id {igw}", "True"},
		{"", "associate-route-table --route-table-id {out} --subnet-id {public}", "rtbassoc-"},
		{"eip", "allocate-address --query AllocationId", "eipalloc-"},
		{"nat", "create-nat-gateway --subnet-id {public} --allocation-id {eip} --query NatGateway.NatGatewayId", "nat-"},
		{"", "wait nat-gateway-available --nat-gateway-ids {nat}", ""},
		{"main", "describe-route-tables --filters Name=vpc-id,Values={vpc} Name=association.main,Values=true --query RouteTables[0].RouteTableId", "rtb-"},
		{"", "create-route --route-table-id {main} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id {nat}", "True"},
		{"", "describe-route-tables --route-table-ids {main} --query RouteTables[0].Routes[].[DestinationCidrBlock,State]", "0.0.0.0/0\tactive"},
		{"", "delete-vpc --vpc-id {vpc}", "(DependencyViolation)"},
	} {
		args := x.args
		for name, id := range got {
			args = strings.ReplaceAll(args, "{"+name+"}", id)
		}
		out, err := aws(t, endpoint, args)
		if (err != nil) != strings.HasPrefix(x.want, "(") || !strings.Contains(out, x.want) {
			t.Fatalf("aws ec2 %s: %v\n%s", args, err, out)
		}
		got[x.name] = strings.TrimSpace(out)
	}
}

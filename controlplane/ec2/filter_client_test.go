package ec2_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/internal/testkit"
)

// TestFiltersWithBoto3 uses every action on interfaces, ACLs, DHCP options, prefix lists,
// flow logs and reachability with Amazon's own client.
func TestFiltersWithBoto3(t *testing.T) {
	cmd := exec.Command(python(t), filepath.Join("testdata", "filters.py"), serve(t), botoAccount)
	cmd.Env = append(clientEnv(t), "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "fine" {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestFiltersWithTerraform applies, changes and destroys them, and wants each apply to
// leave nothing to do.
func TestFiltersWithTerraform(t *testing.T) {
	if testing.Short() {
		t.Skip("short") // the provider takes seconds to start, five times
	}
	t.Parallel()
	dir := terraformDir(t, "terraform-filter")
	endpoint := serve(t)
	for _, args := range [][]string{
		{"apply", "-auto-approve"},
		{"plan", "-detailed-exitcode"},
		{"apply", "-auto-approve", "-var", "port=8443"},
		{"plan", "-detailed-exitcode", "-var", "port=8443"},
		{"destroy", "-auto-approve"},
	} {
		out, err := terraform(t, dir, []string{"TF_VAR_endpoint=" + endpoint}, args...)
		if err != nil {
			t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		// The groups let nothing through to the second interface but its own group.
		if args[0] == "apply" && !strings.Contains(out, "found = false") {
			t.Errorf("the analysis says something else:\n%s", out)
		}
	}
}

// TestFiltersWithAWSCLI goes through the forms that the command line has of its own.
func TestFiltersWithAWSCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("short") // the command takes seconds to start
	}
	testkit.NeedProgram(t, "aws")
	t.Parallel()
	address := serve(t)
	run := func(args string) (string, error) {
		cmd := exec.Command("aws", append([]string{"--endpoint-url", address, "--output", "text", "ec2"}, strings.Fields(args)...)...)
		cmd.Env = append(clientEnv(t), "AWS_MAX_ATTEMPTS=1", "AWS_PAGER=")
		out, err := cmd.CombinedOutput()
		return strings.TrimSpace(string(out)), err
	}
	vpc, err := run("describe-vpcs --query Vpcs[0].VpcId")
	if err != nil {
		t.Fatal(vpc)
	}
	acl, err := run("create-network-acl --vpc-id " + vpc + " --query NetworkAcl.NetworkAclId")
	if err != nil {
		t.Fatal(acl)
	}
	for _, x := range []struct{ args, want string }{
		{"create-network-acl-entry --network-acl-id " + acl + " --ingress --rule-number 100 --protocol udp --port-range From=53,To=53 --cidr-block 0.0.0.0/0 --rule-action allow", ""},
		{"create-network-acl-entry --network-acl-id " + acl + " --egress --rule-number 110 --protocol icmp --icmp-type-code Code=-1,Type=8 --cidr-block 0.0.0.0/0 --rule-action deny", ""},
		{"describe-network-acls --network-acl-ids " + acl + " --query NetworkAcls[].Entries[?RuleNumber<`32767`][].[Protocol,RuleAction,Egress]", "1\tdeny\tTrue\n17\tallow\tFalse"},
		{"delete-network-acl --network-acl-id " + acl, ""},
		{"create-dhcp-options --dhcp-configurations Key=domain-name-servers,Values=10.2.5.1,10.2.5.2 Key=domain-name,Values=example.com --query DhcpOptions.DhcpConfigurations[].Key", "domain-name\tdomain-name-servers"},
		{"create-managed-prefix-list --address-family IPv4 --max-entries 3 --prefix-list-name cli --entries Cidr=10.0.0.0/16,Description=vpc --query PrefixList.State", "create-complete"},
		{"create-flow-logs --resource-type VPC --resource-ids " + vpc + " --traffic-type REJECT --log-group-name cli --query Unsuccessful", ""},
		{"describe-flow-logs --filter Name=traffic-type,Values=REJECT --query FlowLogs[].LogGroupName", "cli"},
	} {
		if out, err := run(x.args); err != nil || !strings.Contains(out, x.want) {
			t.Errorf("aws ec2 %s: %v\n%s", x.args, err, out)
		}
	}
}

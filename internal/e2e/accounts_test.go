package e2e

import (
	"encoding/xml"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/apilaw"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/sts"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/internal/guestimg"
	"github.com/micacloud/mica/internal/testkit"
)

// TestAccountsAreApart: over the wire, for every action that there is, what is another
// account's is as if it were not there, and nothing changes.
func TestAccountsAreApart(t *testing.T) {
	m := Start(t, Options{Sim: true, Flags: []string{"--sim-hosts", "6"}})
	other := m.NewAccount("other")
	if log := m.CLI("log", "show"); !strings.Contains(log, "CreateAccount by operator") || strings.Contains(m.CLI("log", "show", "--json"), other.Keys.Secret) {
		t.Errorf("the log does not tell of the account, or tells its secret:\n%s", log)
	}
	tiny := guestimg.Tiny(t)
	w := apilaw.World{
		Private: strings.TrimSpace(m.CLI("image", "import", tiny, "--name", "private", "--public=false")),
		Shared:  strings.TrimSpace(m.CLI("image", "import", tiny, "--name", "shared")),
		KeyName: "admin", GroupName: "web",
		Changes: func() string {
			log, err := m.Admin("/v1/log")
			if err != nil || !strings.Contains(string(log), other.Keys.Account) {
				t.Fatalf("the log: %v\n%s", err, log)
			}
			return string(log)
		},
	}
	registry := wire.NewRegistry[*action.Call](wire.EC2, wire.STS)
	ec2.Register(registry, ec2.Deps{})
	sts.Register(registry)
	w.First, w.Second = caller(t, m, registry), caller(t, other, registry)
	for call, form := range map[string]url.Values{
		"CreateKeyPair":       {"KeyName": {w.KeyName}, "KeyType": {"ed25519"}},
		"CreateSecurityGroup": {"GroupName": {w.GroupName}, "GroupDescription": {"web"}},
		"RunInstances":        {"ImageId": {w.Private}, "InstanceType": {"t3.nano"}, "MinCount": {"1"}, "MaxCount": {"1"}, "ClientToken": {"same"}},
	} {
		if got := w.First(call, form); got.Status != 200 {
			t.Fatalf("%s: %s", call, got.Text)
		}
	}
	// The same token of another account is another request.
	got := w.Second("RunInstances", url.Values{"ImageId": {w.Shared}, "InstanceType": {"t3.nano"}, "MinCount": {"1"}, "MaxCount": {"1"}, "ClientToken": {"same"}})
	if got.Status != 200 || strings.Contains(got.Text, w.Private) {
		t.Fatalf("a token that another account has used: %s", got.Text)
	}
	m.waitState(t, m.only(t), "running")
	other.waitState(t, other.only(t), "running")
	apilaw.CheckForeign(t, registry, w)
}

// caller makes calls as an account.
func caller(t *testing.T, m *Mica, registry *wire.Registry[*action.Call]) func(string, url.Values) apilaw.Answer {
	services := map[string]*wire.Service{}
	for a := range registry.Actions() {
		services[a.Name] = a.Of
	}
	code := regexp.MustCompile(`<Code>([^<]*)</Code>`)
	return func(name string, form url.Values) apilaw.Answer {
		status, body, err := m.Post(services[name].Name, services[name].Version, name, form)
		if err != nil {
			t.Fatal(err)
		}
		out := apilaw.Answer{Status: status, Text: string(body)}
		if m := code.FindSubmatch(body); status != 200 && m != nil {
			out.Code = string(m[1])
		}
		return out
	}
}

// only returns the one instance of an account.
func (m *Mica) only(t *testing.T) string {
	t.Helper()
	body, err := m.Call("DescribeInstances")
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		ID []string `xml:"reservationSet>item>instancesSet>item>instanceId"`
	}
	if err := xml.Unmarshal(body, &out); err != nil || len(out.ID) != 1 {
		t.Fatalf("%v %s", err, body)
	}
	return out.ID[0]
}

// TestSharedImages: launch permission lets another account see and launch an image, to
// change it never; without it the image is gone for that account, and what it launched
// lives on.
func TestSharedImages(t *testing.T) {
	m := Start(t, Options{Sim: true})
	other := m.NewAccount("other")
	ami := strings.TrimSpace(m.CLI("image", "import", guestimg.Tiny(t), "--name", "private", "--public=false"))
	run := []string{"ImageId", ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1"}
	hidden := func() {
		t.Helper()
		for _, call := range [][]string{append([]string{"RunInstances"}, run...), {"DescribeImages", "ImageId.1", ami}} {
			if _, err := other.Call(call[0], call[1:]...); err == nil || !strings.Contains(err.Error(), "InvalidAMIID.NotFound") {
				t.Errorf("%v: %v", call, err)
			}
		}
		if body, err := other.Call("DescribeImages"); err != nil || strings.Contains(string(body), ami) {
			t.Errorf("all images: %v %s", err, body)
		}
	}
	share := func(what ...string) {
		t.Helper()
		if _, err := m.Call("ModifyImageAttribute", append([]string{"ImageId", ami}, what...)...); err != nil {
			t.Fatal(err)
		}
	}
	hidden()
	for _, permission := range [][2]string{{"UserId", other.Keys.Account}, {"Group", "all"}} {
		share("LaunchPermission.Add.1."+permission[0], permission[1])
		if body, err := other.Call("DescribeImages"); err != nil || !strings.Contains(string(body), ami) {
			t.Errorf("shared by %s: %v %s", permission[0], err, body)
		}
		for _, change := range [][]string{{"DeregisterImage", "ImageId", ami}, {"ModifyImageAttribute", "ImageId", ami, "LaunchPermission.Add.1.UserId", "111111111111"}} {
			if _, err := other.Call(change[0], change[1:]...); err == nil || !strings.Contains(err.Error(), "AuthFailure") {
				t.Errorf("%v: %v", change, err)
			}
		}
		body, err := other.Call("RunInstances", run...)
		if err != nil {
			t.Fatal(err)
		}
		id := instanceID(t, body)
		other.waitState(t, id, "running")
		share("LaunchPermission.Remove.1."+permission[0], permission[1])
		hidden()
		for _, step := range [][2]string{{"StopInstances", "stopped"}, {"StartInstances", "running"}, {"TerminateInstances", "terminated"}} {
			if _, err := other.Call(step[0], "InstanceId.1", id); err != nil {
				t.Errorf("after the image was taken back: %v", err)
			}
			other.waitState(t, id, step[1])
		}
	}
}

// TestSameAddressInTwoAccounts: default VPCs have the same addresses. Two guests with one
// private address on one host do not hear of each other; each is who its own
// neighbours meet there.
func TestSameAddressInTwoAccounts(t *testing.T) {
	first := real(t, "acc")
	second := first.NewAccount("second")
	ami := first.ImportTiny()
	const same, elsewhere = "172.31.0.10", "172.31.0.11"
	run := func(m *Mica, address string, more ...string) string {
		return m.Run(append([]string{"--image-id", ami, "--instance-type", "t3.nano", "--placement", "AvailabilityZone=" + Region + "a", "--private-ip-address", address}, more...)...)
	}
	group := map[*Mica]string{first: first.Group("web", TCP(80)), second: second.Group("web", TCP(80))}
	a, b := run(first, same, "--security-group-ids", group[first]), run(second, same, "--security-group-ids", group[second])
	for _, id := range []string{a, b} {
		first.WaitConsole(id, "MICA-TINY: ready", patience)
	}
	// Each metadata service says whose the address is.
	for _, id := range []string{a, b} {
		first.WaitConsole(id, "metadata instance-id="+id+" local-ipv4="+same, time.Second)
	}
	// The second account's neighbour meets its own account's guest, and is not there for
	// the first account.
	probe := "timeout 5 wget -q -O - http://" + same + "/ | sed 's/^/PROBE neighbour /'; echo PROBE done"
	c := run(second, elsewhere, "--security-group-ids", group[second], "--user-data", UserData(probe))
	second.WaitConsole(c, "MICA-TINY: ready", patience)
	if said := second.Console(c); !strings.Contains(said, "PROBE neighbour "+b) || strings.Contains(said, a) {
		t.Errorf("the second account's neighbour did not meet %s alone:\n%s", b, said)
	}
	first.console(t, a, "timeout 5 wget -q -O - http://"+elsewhere+"/ && echo PROBE is; timeout 2 ping -c 1 "+elsewhere+" >/dev/null && echo PROBE is; echo PROBE$((40+2))\n")
	first.WaitConsole(a, "PROBE42", patience)
	if regexp.MustCompile(`(?m)^PROBE is`).MatchString(first.Console(a)) {
		t.Errorf("the first account's guest reached one of the second's:\n%s", first.Console(a))
	}
	// From the host the namespaces tell them apart, and so do the public addresses.
	ga, gb := first.Guest(a), second.Guest(b)
	if ga.PrivateIP != same || gb.PrivateIP != same || ga.VPC == gb.VPC || ga.PublicIP == gb.PublicIP {
		t.Fatalf("not what was to be compared: %+v and %+v", ga, gb)
	}
	for _, g := range []Guest{ga, gb} {
		testkit.Wait(t, patience, g.PublicIP+" to be "+g.InstanceID, func() bool {
			out, err := exec.Command("curl", "-s", "-m", "5", "http://"+g.PublicIP+"/").Output()
			return err == nil && strings.TrimSpace(string(out)) == g.InstanceID
		})
	}
	// What one account takes away, the other keeps.
	first.MustAWS(nil, "ec2", "terminate-instances", "--instance-ids", a)
	first.WaitState(a, "terminated")
	testkit.Wait(t, patience, "the first account's namespace to go", func() bool {
		_, err := os.Stat("/run/netns/acc-" + ga.VPC)
		return os.IsNotExist(err)
	})
	if !Reachable(gb.PublicIP, 80) || second.Guest(b).State.Name != "running" {
		t.Error("the second account's guest did not outlive the first's")
	}
}

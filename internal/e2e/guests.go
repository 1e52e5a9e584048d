package e2e

import (
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// patience bounds waits for what is to come: a machine may be slow, and busy with other tests.
const patience = 5 * time.Minute

// Guest is an instance as tests look at it.
type Guest struct {
	InstanceID string `json:"InstanceId"`
	PrivateIP  string `json:"PrivateIpAddress"`
	PublicIP   string `json:"PublicIpAddress"`
	State      struct{ Name string }
	Reason     struct{ Code, Message string } `json:"StateReason"`
	Interfaces []struct {
		ID  string `json:"NetworkInterfaceId"`
		MAC string `json:"MacAddress"`
	} `json:"NetworkInterfaces"`
	VPC    string `json:"VpcId"`
	Subnet string `json:"SubnetId"`
}

// Run launches one instance and returns its id.
func (m *Mica) Run(args ...string) string {
	m.t.Helper()
	var out struct{ Instances []Guest }
	m.MustAWS(&out, append([]string{"ec2", "run-instances"}, args...)...)
	return out.Instances[0].InstanceID
}

// Guest describes an instance.
func (m *Mica) Guest(id string) Guest {
	m.t.Helper()
	var out struct{ Reservations []struct{ Instances []Guest } }
	m.MustAWS(&out, "ec2", "describe-instances", "--instance-ids", id)
	return out.Reservations[0].Instances[0]
}

// WaitState waits until an instance is in a state, and describes it then.
func (m *Mica) WaitState(id, state string) Guest {
	m.t.Helper()
	var g Guest
	testkit.Wait(m.t, patience, id+" to be "+state, func() bool {
		g = m.Guest(id)
		return g.State.Name == state
	})
	return g
}

// Console returns what a guest has said, over all its boots.
func (m *Mica) Console(id string) string {
	b, _ := os.ReadFile(filepath.Join(m.Dir, "data", "instances", id, "console.log"))
	return string(b)
}

// WaitConsole waits until a guest has said what pattern matches, and returns the match
// and its groups.
func (m *Mica) WaitConsole(id, pattern string, limit time.Duration) []string {
	m.t.Helper()
	re := regexp.MustCompile(pattern)
	var found []string
	deadline := time.Now().Add(limit)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		if found = re.FindStringSubmatch(m.Console(id)); found != nil {
			return found
		}
		if time.Now().After(deadline) {
			c := m.Console(id)
			m.t.Fatalf("%s did not say %q within %v; its last words:\n%s", id, pattern, limit, c[max(0, len(c)-3000):])
		}
		<-time.After(pause)
	}
}

// Group makes a security group with ingress rules, each in the AWS CLI's shorthand, and
// returns its id.
func (m *Mica) Group(name string, ingress ...string) string {
	m.t.Helper()
	var out struct{ GroupId string }
	m.MustAWS(&out, "ec2", "create-security-group", "--group-name", name, "--description", "test "+name)
	for _, rule := range ingress {
		m.MustAWS(nil, "ec2", "authorize-security-group-ingress", "--group-id", out.GroupId, "--ip-permissions", rule)
	}
	return out.GroupId
}

// TCP is a rule in the AWS CLI's shorthand that allows a port from anywhere.
func TCP(port int) string {
	return fmt.Sprintf("IpProtocol=tcp,FromPort=%d,ToPort=%d,IpRanges=[{CidrIp=0.0.0.0/0}]", port, port)
}

// Reachable says whether a TCP connection opens within some seconds.
func Reachable(address string, port int) bool {
	c, err := net.DialTimeout("tcp", fmt.Sprintf("%s:%d", address, port), 5*time.Second)
	if err != nil {
		return false
	}
	c.Close()
	return true
}

// UserData is a script as the AWS CLI takes it.
func UserData(script string) string { return "#!/bin/sh\n" + script }

// Base64 is for boto3 calls that want it encoded.
func Base64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// HostObjects lists everything on this host that a Mica could leave behind: namespaces,
// links, rules, sets, domains and routes, a line each.
func HostObjects(t interface {
	Helper()
	Fatalf(string, ...any)
}) []string {
	t.Helper()
	var out []string
	for _, c := range [][]string{
		{"ip", "-br", "link"}, {"ip", "netns"}, {"ip", "route", "show", "table", "all"}, {"ip", "rule"},
		{"iptables-save"}, {"iptables-legacy-save"}, {"ipset", "list", "-name"}, {"ebtables-save"},
		{"virsh", "-c", "qemu:///system", "list", "--all", "--name"},
	} {
		b, err := exec.Command(c[0], c[1:]...).Output()
		if err != nil {
			t.Fatalf("%v: %v", c, err)
		}
		for line := range strings.Lines(string(b)) {
			// Counters and times differ without anything being left.
			line = regexp.MustCompile(`\[\d+:\d+\]|^#.*|\s+$`).ReplaceAllString(line, "")
			if line != "" {
				out = append(out, c[0]+": "+line)
			}
		}
	}
	return out
}

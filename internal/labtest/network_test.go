package labtest

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
	"github.com/micacloud/mica/netplane/plan"
)

// One subnet over all hosts: a guest reaches those on its own host and on the others, with
// packets of every size, and none whose group does not let it in.
func TestGuestsReachEachOtherOverHosts(t *testing.T) {
	c := shared(t)
	shut := c.ask(t, "CreateSecurityGroup", "GroupName", "shut", "GroupDescription", "nobody comes in")
	closed := between(shut, "<groupId>", "</groupId>")
	var script strings.Builder
	script.WriteString("#!/bin/sh\n")
	hosts := map[string]bool{}
	for _, g := range c.Guests {
		hosts[g.Host] = true
		ip := c.privateIP(t, g.ID)
		// 200 KB come back only if segments of full size pass both ways.
		fmt.Fprintf(&script, "n=$(dd if=/dev/zero bs=1024 count=200 2>/dev/null | timeout 120 nc -w 60 %s 7 | wc -c); echo OVER %s $n\n", ip, g.ID)
	}
	if len(hosts) < 2 {
		t.Fatalf("the guests are all on one host: %v", c.Guests)
	}
	hidden := c.launch(t, closed, "")
	fmt.Fprintf(&script, "if timeout 5 nc -w 3 %s 7 </dev/null; then echo OVER hidden open; else echo OVER hidden shut; fi; echo OVER done\n", c.privateIP(t, hidden))
	client := c.launch(t, c.group, script.String())
	said := ""
	testkit.Wait(t, 2*deadline, "the client to have tried all", func() bool {
		said = c.console(t, client)
		return strings.Contains(said, "OVER done")
	})
	for _, g := range c.Guests {
		if !strings.Contains(said, "OVER "+g.ID+" 204800") {
			t.Errorf("not all came back from %s on %s", g.ID, g.Host)
		}
	}
	if !strings.Contains(said, "OVER hidden shut") {
		t.Error("a guest whose group lets nobody in was reached")
	}
	if t.Failed() {
		host, _ := c.find(t, client)
		t.Logf("from %s:\n%s", host, said)
	}
	c.livePaths(t, hidden)
	for _, id := range []string{client, hidden} {
		c.terminate(t, id)
	}
	c.ask(t, "DeleteSecurityGroup", "GroupId", closed)
}

// livePaths sends probes to guests on other hosts than their sender's. hidden is one that
// lets nobody in.
func (c *cluster) livePaths(t *testing.T, hidden string) {
	t.Helper()
	home, _ := c.find(t, hidden)
	i := slices.IndexFunc(c.Guests, func(g guest) bool { return g.Host != home })
	if i < 0 {
		t.Fatalf("all guests are on %s", home)
	}
	from := c.Guests[i]
	live := func(to string) (string, error) {
		ctx, cancel := context.WithTimeout(t.Context(), deadline)
		defer cancel()
		return c.Mica(ctx, c.leader(""), "explain", "path", from.ID, to, "--protocol", "tcp", "--port", "7", "--live")
	}
	out, err := live(hidden)
	if err != nil || !strings.Contains(out, "\ndropped: it came to ") || !strings.Contains(out, "no rule of its destination's groups lets it in") || !strings.Contains(out, "Model and kernel agree") {
		t.Errorf("to a guest on %s that lets nobody in: %v\n%s", home, err, out)
	}
	j := slices.IndexFunc(c.Guests, func(g guest) bool { return g.Host != from.Host })
	if j < 0 {
		t.Fatalf("all guests are on %s", from.Host)
	}
	to := c.Guests[j]
	if out, err = live(to.ID); err != nil || !strings.Contains(out, "\nOn ") || !strings.Contains(out, "\n  out by mica") || !strings.Contains(out, "Model and kernel agree") {
		t.Errorf("to a guest on %s: %v\n%s", to.Host, err, out)
	}
	vpc := between(c.ask(t, "DescribeInstances", "InstanceId.1", to.ID), "<vpcId>", "</vpcId>")
	// The agent there takes the rule away soon, and maybe before the probe.
	var found error
	testkit.Wait(t, deadline, "the kernel of the other host to disagree", func() bool {
		cmd, err := c.Command(t.Context(), to.Host, "ip", "netns", "exec", plan.NamespaceName("", vpc), "iptables", "-I", "FORWARD", "-p", "tcp", "--dport", "7", "-j", "DROP")
		if err != nil {
			t.Fatal(err)
		}
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		out, found = live(to.ID)
		return found != nil
	})
	if all := out + found.Error(); !strings.Contains(all, "disagree") {
		t.Errorf("with a rule in the way on %s: %s", to.Host, all)
	}
}

// launch runs one tiny guest in a group and waits until it runs.
func (c *cluster) launch(t *testing.T, group, userData string) string {
	t.Helper()
	args := []string{"ImageId", c.ami, "InstanceType", "t3.nano", "MinCount", "1", "MaxCount", "1", "SecurityGroupId.1", group, "ClientToken", t.Name() + group}
	if userData != "" {
		args = append(args, "UserData", base64.StdEncoding.EncodeToString([]byte(userData)))
	}
	id := between(c.ask(t, "RunInstances", args...), "<instanceId>", "</instanceId>")
	testkit.Wait(t, deadline, id+" to run", func() bool {
		return strings.Contains(c.ask(t, "DescribeInstances", "InstanceId.1", id), "<name>running</name>")
	})
	return id
}

func (c *cluster) privateIP(t *testing.T, id string) string {
	t.Helper()
	return between(c.ask(t, "DescribeInstances", "InstanceId.1", id), "<privateIpAddress>", "</privateIpAddress>")
}

// console is what a guest has said so far.
func (c *cluster) console(t *testing.T, id string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	out, err := c.call(ctx, c.servers()[0], "GetConsoleOutput", "InstanceId", id, "Latest", "true")
	if err != nil {
		return ""
	}
	b, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(between(out, "<output>", "</output>")))
	return string(b)
}

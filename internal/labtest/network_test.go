package labtest

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
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
	for _, id := range []string{client, hidden} {
		c.terminate(t, id)
	}
	c.ask(t, "DeleteSecurityGroup", "GroupId", closed)
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

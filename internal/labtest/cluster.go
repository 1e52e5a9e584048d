// Package labtest breaks a real cluster of the lab in the ways that clusters break, and
// looks whether what was acknowledged is still there and guests went on. All of its tests
// share one lab, and each leaves it whole.
package labtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/deploy/lab"
	"github.com/micacloud/mica/internal/guestimg"
	"github.com/micacloud/mica/internal/testkit"
)

// The operator's keys in tests.
const (
	accessKey = "AKIAMICALABMICALAB00"
	secretKey = "mica/lab/secret/mica/lab/secret/mica0000"
	region    = "eu-central-1"
	smallest  = "lab.tiny" // an instance type of the lab's own
)

// deadline is generous: the machine may be slow, and busy with other tests.
const deadline = 5 * time.Minute

// cluster is a lab with a client.
type cluster struct {
	*lab.Lab
	tmp        string // its folder
	ami, group string
	// Guests were launched first, one on each host, as they were when the test began. The
	// first may be started elsewhere when its host is lost, the others never.
	Guests []guest
	marks  map[string]int64 // sizes of the logs when the test began
	// leash is held for as long as this process lives: the lab's nodes end when it does.
	leash *os.File
}

// guest is an instance as it was when all was well.
type guest struct {
	ID, Host, Address string
	Pid               int
}

// raise makes the cluster: what was made is in c, whatever comes of it, for the caller to end.
func (c *cluster) raise(t testing.TB, hosts int, lease time.Duration, change ...func(*lab.Spec)) error {
	dir, err := os.MkdirTemp("", "mtlab")
	if err != nil {
		return err
	}
	c.tmp = dir
	if err := os.Chmod(dir, 0o711); err != nil { // QEMU's user goes through it
		return err
	}
	s := lab.Spec{
		Binary: filepath.Join(dir, "mica"), Servers: 3, Hosts: hosts, DiskMiB: 320, Region: region, Shared: true, Lease: lease, Accel: "tcg",
		Flags: []string{"--root-access-key", accessKey, "--root-secret-key", secretKey, "--cpu-overcommit", "32", "--instance-types", filepath.Join(dir, "types.yaml")},
	}
	types := fmt.Sprintf("types:\n  - name: %s\n    vcpus: 1\n    memory_mib: 128\n", smallest)
	if err := os.WriteFile(filepath.Join(dir, "types.yaml"), []byte(types), 0o644); err != nil {
		return err
	}
	// Of a name and a range that no other lab of this process or of others has.
	n := os.Getpid()*4 + int(raised.Add(1))
	s.Name = "m" + strconv.FormatInt(int64(n), 36)
	s.Range = netip.MustParsePrefix(fmt.Sprintf("10.%d.%d.0/23", 128+n%100, n/100%128*2))
	for _, c := range change {
		c(&s)
	}
	if out, err := exec.Command("go", "build", "-o", s.Binary, "github.com/micacloud/mica/cmd/mica").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	if c.Lab, err = lab.Create(filepath.Join(dir, "lab"), s, nil); err != nil {
		return err
	}
	if c.Leash, c.leash, err = os.Pipe(); err != nil {
		return err
	}
	if err := c.Up(context.Background()); err != nil {
		return err
	}
	return c.populate(t)
}

// raised counts the labs of this process.
var raised atomic.Int64

// end takes the lab down and removes its folder.
func (c *cluster) end() error {
	var down error
	if c.Lab != nil {
		down = c.Down(context.Background())
	}
	if c.leash != nil {
		down = errors.Join(down, c.leash.Close(), c.Leash.Close())
	}
	return errors.Join(down, os.RemoveAll(c.tmp))
}

// populate imports the tiny guest and runs one on each host, by the AWS CLI.
func (c *cluster) populate(t testing.TB) error {
	ctx := context.Background()
	ami, err := c.Mica(ctx, "s1", "image", "import", guestimg.Tiny(t), "--name", "tiny")
	if err != nil {
		return err
	}
	c.ami = strings.TrimSpace(ami)
	var made struct{ GroupId string }
	if err := c.aws(&made, "create-security-group", "--group-name", "lab", "--description", "all"); err != nil {
		return err
	}
	c.group = made.GroupId
	if err := c.aws(nil, "authorize-security-group-ingress", "--group-id", c.group, "--protocol", "-1", "--cidr", "0.0.0.0/0"); err != nil {
		return err
	}
	for n := range c.Spec.Hosts {
		recovery := "AutoRecovery=default"
		if n > 0 {
			recovery = "AutoRecovery=disabled"
		}
		var run struct{ Instances []struct{ InstanceId string } }
		if err := c.aws(&run, "run-instances", "--image-id", c.ami, "--instance-type", "t3.nano", "--security-group-ids", c.group, "--maintenance-options", recovery); err != nil {
			return err
		}
		c.Guests = append(c.Guests, guest{ID: run.Instances[0].InstanceId})
	}
	return c.begin(t)
}

// begin notes how guests and logs are when a test begins: what an earlier test did to them is
// not this one's fault.
func (c *cluster) begin(t testing.TB) error {
	t.Helper()
	c.mark()
	for i, g := range c.Guests {
		out := c.ask(t, "DescribeInstances", "InstanceId.1", g.ID)
		if strings.Contains(out, "<name>stopped</name>") {
			t.Logf("%s was left stopped: %s", g.ID, between(out, "<stateReason>", "</stateReason>"))
			c.ask(t, "StartInstances", "InstanceId.1", g.ID)
		}
		c.Guests[i] = c.settled(t, g.ID)
	}
	return nil
}

// mark notes how long the logs are.
func (c *cluster) mark() {
	c.marks = map[string]int64{}
	files, _ := filepath.Glob(filepath.Join(c.Dir, "*", "log", "*.log"))
	for _, f := range files {
		if i, err := os.Stat(f); err == nil {
			c.marks[f] = i.Size()
		}
	}
}

// aws runs the AWS CLI against the first server.
func (c *cluster) aws(out any, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	program := "aws"
	if _, err := os.Stat("/usr/bin/aws"); err == nil { // Debian's own, which a fresh machine has
		program = "/usr/bin/aws"
	}
	cmd := exec.CommandContext(ctx, program, append([]string{"--endpoint-url", c.Spec.Endpoint(c.Spec.Nodes()[0]), "--output", "json", "ec2"}, args...)...)
	own := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") })
	cmd.Env = append(own, "AWS_ACCESS_KEY_ID="+accessKey, "AWS_SECRET_ACCESS_KEY="+secretKey, "AWS_DEFAULT_REGION="+region, "AWS_REGION="+region,
		"AWS_PAGER=", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_EC2_METADATA_DISABLED=true")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	b, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("aws %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(b, out)
}

// call makes one signed call to one server.
func (c *cluster) call(ctx context.Context, server, action string, params ...string) (string, error) {
	form := url.Values{"Action": {action}, "Version": {"2016-11-15"}}
	for i := 0; i+1 < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	endpoint := ""
	for _, n := range c.Spec.Nodes() {
		if n.Name == server {
			endpoint = c.Spec.Endpoint(n)
		}
	}
	body := form.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint+"/", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	signer := auth.Signer{AccessKey: accessKey, Secret: secretKey, Region: region, Service: "ec2"}
	if err := signer.Sign(req, []byte(body), time.Now()); err != nil {
		return "", err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", action, resp.Status, b)
	}
	return string(b), err
}

// servers are the names of the servers.
func (c *cluster) servers() (names []string) {
	for _, n := range c.Spec.Nodes() {
		if n.Server {
			names = append(names, n.Name)
		}
	}
	return names
}

// ask makes a call that may be repeated to whichever server answers.
func (c *cluster) ask(t testing.TB, action string, params ...string) string {
	t.Helper()
	said := map[string]error{}
	until := time.Now().Add(deadline)
	for try := 0; ; try++ {
		server := c.servers()[try%3]
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		out, err := c.call(ctx, server, action, params...)
		cancel()
		if err == nil {
			return out
		}
		said[server] = err
		if time.Now().After(until) {
			t.Fatalf("no server answers %s: %v", action, said)
		}
		<-time.After(50 * time.Millisecond)
	}
}

// leader asks a server, or any if that is empty, who leads; empty if it does not know.
func (c *cluster) leader(server string) string {
	for _, s := range c.servers() {
		if server != "" && s != server {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		out, err := c.Mica(ctx, s, "cluster", "status")
		cancel()
		if err != nil {
			continue
		}
		for line := range strings.Lines(out) {
			if f := strings.Fields(strings.ReplaceAll(line, "│", " ")); len(f) > 4 && f[3] == "leader" {
				return f[1]
			}
		}
	}
	return ""
}

// find returns the node and the process of a guest that runs.
func (c *cluster) find(t testing.TB, id string) (host string, pid int) {
	t.Helper()
	for _, n := range c.Spec.Nodes() {
		if !n.Host {
			continue
		}
		all, err := c.Processes(n.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all {
			if p.Guest == id {
				return n.Name, p.Pid
			}
		}
	}
	return "", 0
}

// settled waits until a guest runs and answers, and describes it.
func (c *cluster) settled(t testing.TB, id string) guest {
	t.Helper()
	g := guest{ID: id}
	testkit.Wait(t, deadline, id+" to answer", func() bool {
		out := c.ask(t, "DescribeInstances", "InstanceId.1", id)
		if between(out, "<instanceState>", "</instanceState>") == "" || !strings.Contains(out, "<name>running</name>") {
			return false
		}
		g.Address = between(out, "<ipAddress>", "</ipAddress>")
		g.Host, g.Pid = c.find(t, id)
		return g.Pid != 0 && g.answers() == nil
	})
	return g
}

// answers says whether the guest serves its own id at its public address.
func (g guest) answers() error {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
	resp, err := client.Get("http://" + g.Address + "/")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && strings.TrimSpace(string(b)) != g.ID {
		err = fmt.Errorf("%s answers as %q", g.ID, b)
	}
	return err
}

// untouched fails unless the guests that were launched first are the processes that they
// were when the test began, and answer.
func (c *cluster) untouched(t testing.TB) {
	t.Helper()
	for _, g := range c.Guests {
		if host, pid := c.find(t, g.ID); pid != g.Pid {
			t.Errorf("%s was process %d on %s, and is %d on %s", g.ID, g.Pid, g.Host, pid, host)
		}
		var last error
		testkit.Wait(t, deadline, g.ID+" to answer", func() bool { last = g.answers(); return last == nil })
	}
}

// whole waits until all servers answer and vote, all hosts are up, and a write goes through.
func (c *cluster) whole(t testing.TB) {
	t.Helper()
	var last string
	t.Cleanup(func() {
		if t.Failed() && last != "" {
			t.Log("not whole: ", last)
		}
	})
	testkit.Wait(t, deadline, "the cluster to be whole", func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		for _, s := range c.servers() {
			out, err := c.Mica(ctx, s, "cluster", "status")
			if err != nil || !strings.Contains(out, "3 of 3 voters answer") || !strings.Contains(out, fmt.Sprintf("%d of %d hosts are up", c.Spec.Hosts, c.Spec.Hosts)) {
				last = fmt.Sprint(s, ": ", out, err)
				return false
			}
			if _, err := c.call(ctx, s, "DescribeKeyPairs"); err != nil {
				last = fmt.Sprint(s, ": ", err)
				return false
			}
		}
		last = ""
		return true
	})
}

func between(s, from, to string) string {
	_, s, ok := strings.Cut(s, from)
	if !ok {
		return ""
	}
	s, _, _ = strings.Cut(s, to)
	return strings.TrimSpace(s)
}

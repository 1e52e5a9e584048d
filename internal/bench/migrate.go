package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/deploy/lab"
)

var labSigner = auth.Signer{AccessKey: "AKIABENCHBENCHBENCH0", Secret: "bench", Region: "eu-central-1", Service: "ec2"}

// pauseBar is the pause that a live migration may cost.
const pauseBar = 500 * time.Millisecond

// migrationPause moves an idle guest of 256 MiB there and back between two hosts of a lab,
// whose disks are their own, and returns the median of the longest times in which it did
// not answer, and the bar. It is asked every five milliseconds, from outside.
func migrationPause(ctx context.Context, _ bool) (ours, baseline float64, err error) {
	dir, err := os.MkdirTemp("", "mbench")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	l, err := moveLab(ctx, dir)
	if l != nil {
		defer func() { err = errors.Join(err, l.Down(context.WithoutCancel(ctx))) }()
	}
	if err != nil {
		return 0, 0, err
	}
	g, err := launchIn(ctx, l)
	if err != nil {
		return 0, 0, err
	}
	var pauses []time.Duration
	for n := range 6 {
		worst, err := g.pause(ctx, []string{"h1", "h2"}, n)
		if err != nil {
			return 0, 0, err
		}
		pauses = append(pauses, worst)
	}
	fmt.Fprintf(os.Stderr, "  pauses   %s\n", spread(pauses))
	return median(pauses), pauseBar.Seconds(), nil
}

// moveLab makes a lab of a server and two hosts.
func moveLab(ctx context.Context, dir string) (*lab.Lab, error) {
	if err := os.Chmod(dir, 0o711); err != nil { // QEMU's user goes through it
		return nil, err
	}
	types := filepath.Join(dir, "types.yaml")
	if err := os.WriteFile(types, []byte("types:\n  - name: bench.small\n    vcpus: 1\n    memory_mib: 256\n"), 0o644); err != nil {
		return nil, err
	}
	n := os.Getpid()
	s := lab.Spec{
		Name: "b" + strconv.FormatInt(int64(n), 36), Binary: filepath.Join(dir, "mica"), Servers: 1, Hosts: 2, Region: "eu-central-1", Lease: time.Minute, Accel: "tcg",
		Range: netip.MustParsePrefix(fmt.Sprintf("10.%d.%d.0/23", 128+n%100, n/100%128*2)),
		Flags: []string{"--root-access-key", labSigner.AccessKey, "--root-secret-key", labSigner.Secret, "--throttle=false", "--instance-types", types, "--cpu-overcommit", "32"},
	}
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", s.Binary, "github.com/micacloud/mica/cmd/mica").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	l, err := lab.Create(filepath.Join(dir, "lab"), s, nil)
	if err != nil {
		return nil, err
	}
	return l, l.Up(ctx)
}

// moving is a guest in a lab.
type moving struct {
	l           *lab.Lab
	id, address string
}

// launchIn runs one guest and waits until it answers.
func launchIn(ctx context.Context, l *lab.Lab) (*moving, error) {
	path, err := guestImage(ctx, "tiny")
	if err != nil {
		return nil, err
	}
	ami, err := l.Mica(ctx, "s1", "image", "import", path, "--name", "tiny")
	if err != nil {
		return nil, err
	}
	c := &cloud{address: strings.TrimPrefix(l.Spec.Endpoint(l.Spec.Nodes()[0]), "http://"), signer: labSigner}
	group, err := c.openGroup(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.call(ctx, nil, "AuthorizeSecurityGroupIngress", "GroupId", group, "IpPermissions.1.IpProtocol", "icmp",
		"IpPermissions.1.FromPort", "-1", "IpPermissions.1.ToPort", "-1", "IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"); err != nil {
		return nil, err
	}
	i, err := c.run(ctx, "ImageId", strings.TrimSpace(ami), "InstanceType", "bench.small", "SecurityGroupId.1", group)
	if err != nil {
		return nil, err
	}
	if i, err = c.await(ctx, i.ID, "running"); err != nil {
		return nil, err
	}
	g := &moving{l: l, id: i.ID, address: i.Public}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		if gap, err := g.listen(ctx, 300*time.Millisecond); err == nil && gap > 0 {
			return g, nil
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("%s does not answer: %w", g.address, ctx.Err())
		}
	}
}

// pause moves the guest to where it is not, and returns the longest time between two
// answers meanwhile.
func (g *moving) pause(ctx context.Context, hosts []string, n int) (time.Duration, error) {
	type heard struct {
		gap time.Duration
		err error
	}
	done := make(chan heard, 1)
	ask, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		gap, err := g.listen(ask, time.Hour)
		done <- heard{gap, err}
	}()
	rest := func() { // answers before and after it are part of the measure
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
	rest()
	err := g.move(ctx, hosts)
	rest()
	cancel()
	h := <-done
	if err = errors.Join(err, h.err); err == nil && h.gap == 0 {
		err = fmt.Errorf("move %d: the guest was not heard", n)
	}
	return h.gap, err
}

// listen asks the guest by ICMP every five milliseconds, and returns the longest time
// between two answers; zero if there were not two.
func (g *moving) listen(ctx context.Context, limit time.Duration) (worst time.Duration, err error) {
	c, err := net.Dial("ip4:icmp", g.address)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil {
			_, _ = c.Write(echoRequest) // one that is lost is what is measured
			<-tick.C
		}
	}()
	var last time.Time
	buf := make([]byte, 1500)
	for {
		n, err := c.Read(buf)
		if ctx.Err() != nil {
			return worst, nil
		}
		if err != nil {
			continue // such as a host that says that the guest is not there
		}
		if head := int(buf[0]&15) * 4; n <= head || buf[head] != 0 {
			continue // no answer
		}
		now := time.Now()
		if !last.IsZero() {
			worst = max(worst, now.Sub(last))
		}
		last = now
	}
}

// echoRequest is ICMP's, with its checksum.
var echoRequest = []byte{8, 0, 0xaa, 0xa9, 'M', 'V', 0, 0}

// move has the guest moved to the other host.
func (g *moving) move(ctx context.Context, hosts []string) error {
	text, err := g.l.Mica(ctx, "s1", "explain", "instance", g.id, "--json")
	if err != nil {
		return err
	}
	var e struct{ Host struct{ Name string } }
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return err
	}
	to := hosts[0]
	if e.Host.Name == to {
		to = hosts[1]
	}
	_, err = g.l.Mica(ctx, "s1", "instance", "migrate", g.id, "--to", to)
	return err
}

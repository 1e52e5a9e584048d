package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// guestImage returns the path of a test guest's image, building it if need be.
func guestImage(ctx context.Context, name string) (string, error) {
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(filepath.Dir(strings.TrimSpace(string(mod))), "deploy", "cached-guest.sh"), name)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

func (c *cloud) importGuest(ctx context.Context, name string) (string, error) {
	path, err := guestImage(ctx, name)
	if err != nil {
		return "", err
	}
	return c.mica(ctx, "image", "import", path, "--name", name+"-guest")
}

// domainRunning launches tiny guests through Mica and, by turns, has virsh define and
// start the same domain under another name, with a disk and a tap made before.
func domainRunning(ctx context.Context, quick bool) (ours, baseline float64, err error) {
	err = withCloud(ctx, func(c *cloud) error {
		ami, err := c.importGuest(ctx, "tiny")
		if err != nil {
			return err
		}
		// One instance stays: VPC, subnet and group are on the host, as on any host in
		// use, and its domain is the pattern for virsh's.
		first, err := c.run(ctx, "ImageId", ami, "InstanceType", "t3.nano")
		if err != nil {
			return err
		}
		if _, err := c.await(ctx, first.ID, "running"); err != nil {
			return err
		}
		pattern, err := exec.CommandContext(ctx, "virsh", "-c", "qemu:///system", "dumpxml", "--inactive", prefix+"-"+first.ID).Output()
		if err != nil {
			return err
		}
		n := 0
		ours, baseline, err = turns(pick(quick, 1, 12),
			func() (time.Duration, error) {
				began := time.Now()
				i, err := c.run(ctx, "ImageId", ami, "InstanceType", "t3.nano")
				if err != nil {
					return 0, err
				}
				if _, err := c.await(ctx, i.ID, "running"); err != nil {
					return 0, err
				}
				took := time.Since(began)
				return took, c.terminate(ctx, i.ID)
			},
			func() (time.Duration, error) {
				n++
				return c.virsh(ctx, string(pattern), n)
			})
		return errors.Join(err, c.terminate(ctx, first.ID))
	})
	return ours, baseline, err
}

var (
	nameTag   = regexp.MustCompile(`<name>[^<]*</name>`)
	uuids     = regexp.MustCompile(`ec2[0-9a-f]{5}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	tapTag    = regexp.MustCompile(`dev='[a-z0-9]+' managed='no'`)
	overlay   = regexp.MustCompile(`[^']*/volumes/vol-[0-9a-f]+\.qcow2`)
	socketTag = regexp.MustCompile(`path='[^']*\.sock'`)
	logTag    = regexp.MustCompile(`<log file='[^']*'`)
	macTag    = regexp.MustCompile(`<mac address='[^']*'`)
)

// virsh times define and start of the pattern as a domain of its own.
func (c *cloud) virsh(ctx context.Context, pattern string, n int) (took time.Duration, err error) {
	name, tap := fmt.Sprintf("mbench-virsh-%d", n), fmt.Sprintf("mbv%d", n)
	disk := filepath.Join(c.dir, name+".qcow2")
	backing := regexp.MustCompile(`[^']*/images/[0-9a-f]+\.qcow2`).FindString(pattern)
	x := nameTag.ReplaceAllString(pattern, "<name>"+name+"</name>")
	x = uuids.ReplaceAllString(x, fmt.Sprintf("ec2bbbbb-0000-4000-8000-%012x", n))
	x = tapTag.ReplaceAllString(x, "dev='"+tap+"' managed='no'")
	x = overlay.ReplaceAllString(x, disk)
	x = socketTag.ReplaceAllString(x, "path='"+filepath.Join(c.dir, name+".sock")+"'")
	x = logTag.ReplaceAllString(x, "<log file='"+filepath.Join(c.dir, name+".log")+"'")
	x = macTag.ReplaceAllString(x, fmt.Sprintf("<mac address='02:bb:00:00:00:%02x'", n))
	file := filepath.Join(c.dir, name+".xml")
	if err := os.WriteFile(file, []byte(x), 0o644); err != nil {
		return 0, err
	}
	c.clearVirsh(ctx, name, tap) // what a bench that was killed left
	defer c.clearVirsh(ctx, name, tap)
	if err := errors.Join(
		command(ctx, "qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", backing, disk, "1G"),
		command(ctx, "ip", "tuntap", "add", tap, "mode", "tap", "vnet_hdr"),
	); err != nil {
		return 0, err
	}
	return timed(func() error {
		if err := command(ctx, "virsh", "-c", "qemu:///system", "define", file); err != nil {
			return err
		}
		return command(ctx, "virsh", "-c", "qemu:///system", "start", name)
	})
}

// clearVirsh removes what virsh may have made, however far it came.
func (c *cloud) clearVirsh(ctx context.Context, name, tap string) {
	ctx = context.WithoutCancel(ctx)
	for _, args := range [][]string{{"destroy", name}, {"undefine", name}} {
		_ = command(ctx, "virsh", append([]string{"-c", "qemu:///system"}, args...)...)
	}
	_ = command(ctx, "ip", "link", "del", tap)
}

// banner waits for an SSH server's first words. It gives up on a connection early: TCP
// alone asks a guest that is not there yet again after a second, which is more than what
// is to be told apart.
func banner(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		conn, err := net.DialTimeout("tcp", net.JoinHostPort(address, "22"), 100*time.Millisecond)
		if err == nil {
			_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
			b := make([]byte, 4)
			_, err = io.ReadFull(conn, b)
			conn.Close()
			if err == nil && string(b) == "SSH-" {
				return nil
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	return fmt.Errorf("no SSH banner from %s: %w", address, ctx.Err())
}

// sshBanner boots Debian through Mica and, by turns, with QEMU started by hand with the
// arguments that Mica's guest was seen to have.
func sshBanner(ctx context.Context, _ bool) (ours, baseline float64, err error) {
	err = withCloud(ctx, func(c *cloud) error {
		ami, err := c.importGuest(ctx, "debian")
		if err != nil {
			return err
		}
		group, err := c.openGroup(ctx)
		if err != nil {
			return err
		}
		var args []string
		ours, baseline, err = turns(2,
			func() (time.Duration, error) {
				began := time.Now()
				i, err := c.run(ctx, "ImageId", ami, "InstanceType", "t3.small", "SecurityGroupId.1", group)
				if err != nil {
					return 0, err
				}
				up, err := c.await(ctx, i.ID, "running")
				if err != nil {
					return 0, err
				}
				if args == nil {
					if args, err = qemuArgs(prefix + "-" + i.ID); err != nil {
						return 0, err
					}
				}
				if err := banner(ctx, up.Public); err != nil {
					return 0, err
				}
				took := time.Since(began)
				return took, c.terminate(ctx, i.ID)
			},
			func() (time.Duration, error) { return c.rawQEMU(ctx, &args) })
		return err
	})
	return ours, baseline, err
}

// openGroup makes a group that lets SSH in.
func (c *cloud) openGroup(ctx context.Context) (string, error) {
	var out struct {
		ID string `xml:"groupId"`
	}
	if err := c.call(ctx, &out, "CreateSecurityGroup", "GroupName", "ssh", "GroupDescription", "bench"); err != nil {
		return "", err
	}
	return out.ID, c.call(ctx, nil, "AuthorizeSecurityGroupIngress", "GroupId", out.ID, "IpPermissions.1.IpProtocol", "tcp",
		"IpPermissions.1.FromPort", "22", "IpPermissions.1.ToPort", "22", "IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0")
}

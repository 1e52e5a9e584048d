package main

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/micacloud/mica/controlplane/auth"
)

// prefix of this program's names on the host.
const prefix = "mbench"

// cloud is a `mica up` of the bench's own.
type cloud struct {
	dir, bin, address string
	cmd               *exec.Cmd
	exited            chan struct{} // closed when cmd has ended
	signer            auth.Signer
}

// lockFile is held by the one bench on the machine that boots guests: their names are
// fixed, so that the next run finds what a killed one left.
var lockFile = filepath.Join(os.TempDir(), "mica-bench.lock")

func lock() (unlock func(), err error) {
	f, err := os.OpenFile(lockFile, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("another bench runs guests on this machine (%s): %w", lockFile, err)
	}
	return func() { f.Close() }, nil
}

// withCloud runs fn with a cloud, and removes all of it.
func withCloud(ctx context.Context, fn func(*cloud) error) error {
	unlock, err := lock()
	if err != nil {
		return err
	}
	defer unlock()
	return scratch(func(dir string) error {
		if err := os.Chmod(dir, 0o711); err != nil { // QEMU's user has to get in
			return err
		}
		c := &cloud{dir: dir, bin: filepath.Join(dir, "mica"), signer: auth.Signer{AccessKey: "AKIABENCHBENCHBENCH0", Secret: "bench", Region: "eu-central-1", Service: "ec2"}}
		if err := command(ctx, "go", "build", "-o", c.bin, "github.com/micacloud/mica/cmd/mica"); err != nil {
			return err
		}
		// What a bench that was killed left has the same names.
		if err := command(ctx, c.bin, append([]string{"down"}, c.flags()...)...); err != nil {
			return err
		}
		err := c.up()
		if err == nil {
			err = fn(c)
		}
		return errors.Join(err, c.down())
	})
}

func command(ctx context.Context, name string, args ...string) error {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}

func (c *cloud) flags() []string {
	return []string{"--data-dir", c.dir + "/data", "--run-dir", c.dir + "/run", "--name-prefix", prefix}
}

func (c *cloud) up() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c.address = l.Addr().String()
	l.Close()
	log, err := os.Create(c.dir + "/mica.log")
	if err != nil {
		return err
	}
	defer log.Close()
	c.cmd = exec.Command(c.bin, append([]string{"up", "--region", c.signer.Region, "--zones", "a", "--listen", "", "--listen-http", c.address,
		"--root-access-key", c.signer.AccessKey, "--root-secret-key", c.signer.Secret, "--throttle=false", "--public-pool", "100.126.255.0/24"}, c.flags()...)...)
	c.cmd.Stderr = log
	if err := c.cmd.Start(); err != nil {
		c.cmd = nil
		return err
	}
	c.exited = make(chan struct{})
	go func() { _ = c.cmd.Wait(); close(c.exited) }()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		select {
		case <-c.exited:
			text, _ := os.ReadFile(c.dir + "/mica.log")
			return fmt.Errorf("mica up ended: %v\n%s", c.cmd.ProcessState, text)
		default:
		}
		if resp, err := http.Get("http://" + c.address + "/readyz"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return errors.New("mica up is not ready after a minute")
}

// down ends the cloud, its guests and its networks, whatever became of ctx.
func (c *cloud) down() error {
	if c.cmd != nil && c.cmd.Process != nil {
		_ = c.cmd.Process.Signal(os.Interrupt)
		select {
		case <-c.exited:
		case <-time.After(20 * time.Second):
			_ = c.cmd.Process.Kill()
			<-c.exited
		}
	}
	return command(context.Background(), c.bin, append([]string{"down"}, c.flags()...)...)
}

// mica runs a subcommand and returns what it printed.
func (c *cloud) mica(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, c.bin, append(args, c.flags()...)...).Output()
	return strings.TrimSpace(string(out)), err
}

// call makes a signed call of an action and decodes the answer.
func (c *cloud) call(ctx context.Context, out any, action string, params ...string) error {
	form := url.Values{"Action": {action}, "Version": {"2016-11-15"}}
	for i := 0; i+1 < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	body := form.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.address+"/", strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if err := c.signer.Sign(req, []byte(body), time.Now()); err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", action, resp.Status, b)
	}
	if out == nil {
		return nil
	}
	return xml.Unmarshal(b, out)
}

// instance is what the benches read of one.
type instance struct {
	ID     string `xml:"instanceId"`
	State  string `xml:"instanceState>name"`
	Public string `xml:"ipAddress"`
}

// run launches an instance.
func (c *cloud) run(ctx context.Context, params ...string) (instance, error) {
	var out struct {
		Instances []instance `xml:"instancesSet>item"`
	}
	if err := c.call(ctx, &out, "RunInstances", append([]string{"MinCount", "1", "MaxCount", "1"}, params...)...); err != nil {
		return instance{}, err
	}
	return out.Instances[0], nil
}

// await polls until an instance is in a state.
func (c *cloud) await(ctx context.Context, id, state string) (instance, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	for {
		var out struct {
			Instances []instance `xml:"reservationSet>item>instancesSet>item"`
		}
		if err := c.call(ctx, &out, "DescribeInstances", "InstanceId.1", id); err != nil {
			return instance{}, err
		}
		if i := out.Instances[0]; i.State == state {
			return i, nil
		} else if i.State == "terminated" {
			return i, fmt.Errorf("%s is terminated, not %s", id, state)
		}
		select {
		case <-ctx.Done():
			return instance{}, fmt.Errorf("%s is not %s: %w", id, state, ctx.Err())
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func (c *cloud) terminate(ctx context.Context, id string) error {
	if err := c.call(ctx, nil, "TerminateInstances", "InstanceId.1", id); err != nil {
		return err
	}
	_, err := c.await(ctx, id, "terminated")
	return err
}

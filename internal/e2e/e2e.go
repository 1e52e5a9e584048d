// Package e2e runs the mica binary as a user would and drives it with real clients:
// the AWS CLI and boto3. Its tests are the outermost ring.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/internal/guestimg"
	"github.com/micacloud/mica/internal/testkit"
)

// The operator's keys in tests, and where the tests' cloud says it is.
const (
	AccessKey = "AKIAMICATESTMICATEST"
	SecretKey = "mica/test/secret/mica/test/secret/mica00"
	Account   = "123456789012"
	Region    = "eu-central-1"
)

// Options choose what kind of Mica a test wants.
type Options struct {
	Sim    bool
	Prefix string   // of host-global names; a short one of the test's own
	Socket string   // of libvirtd; empty is the machine's own
	Flags  []string // further ones
}

// Mica is a running `mica up` with its own directories, ports and names.
type Mica struct {
	t       testing.TB
	opt     Options
	Dir     string // data, run and log are below
	Bin     string
	HTTP    string // address
	HTTPS   string
	Extra   map[string]string // further environment of `mica up`
	Keys    Keys              // who calls
	cmd     *exec.Cmd
	exited  chan struct{}
	exitErr error
}

// Keys are an account's root access key.
type Keys struct {
	Account string `json:"id"`
	Access  string `json:"access_key"`
	Secret  string `json:"secret_key"`
}

// NewAccount makes an account and returns the same Mica as that one's user sees it: for
// calls, not to start or stop it.
func (m *Mica) NewAccount(name string) *Mica {
	m.t.Helper()
	other := *m
	if err := json.Unmarshal([]byte(m.CLI("account", "create", name, "--json")), &other.Keys); err != nil {
		m.t.Fatal(err)
	}
	return &other
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "mica-e2e-")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "mica")
	cmd := exec.Command("go", "build", "-o", bin, "github.com/micacloud/mica/cmd/mica")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building mica: %w\n%s", err, out)
	}
	return bin, nil
})

// Main runs a package's tests and removes the binary that they shared.
func Main(m *testing.M) {
	code := m.Run()
	if bin, err := build(); err == nil {
		os.RemoveAll(filepath.Dir(bin))
	}
	os.Exit(code)
}

// Start runs a Mica until the test ends. Whatever it has on the host goes with it.
func Start(t testing.TB, opt Options) *Mica {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	if !opt.Sim {
		ownHost(t)
	}
	// Not t.TempDir: QEMU's user must be able to enter, and socket paths are short.
	dir, err := os.MkdirTemp("", "me")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	m := &Mica{t: t, opt: opt, Dir: dir, Bin: bin, HTTP: freeAddress(t), HTTPS: freeAddress(t), Extra: map[string]string{}, Keys: Keys{Account, AccessKey, SecretKey}}
	t.Cleanup(func() {
		m.Stop()
		if !opt.Sim {
			if out, err := m.command(context.Background(), "down", m.libvirt()...).CombinedOutput(); err != nil {
				t.Errorf("mica down: %v\n%s", err, out)
			}
		}
		if t.Failed() {
			t.Logf("the end of mica's log:\n%s", m.LogTail(12000))
		}
		os.RemoveAll(dir)
	})
	m.Up()
	return m
}

// host is this process's hold on the machine: a Mica takes what bears its prefix and is
// not its own for litter, and another run of these tests has the same prefixes.
var host struct {
	sync.Mutex
	holders int
	lock    *os.File
}

// ownHost keeps other runs of tests with real guests away until the test ends.
func ownHost(t testing.TB) {
	t.Helper()
	host.Lock()
	defer host.Unlock()
	if host.holders == 0 {
		f, err := os.OpenFile(filepath.Join(os.TempDir(), "mica-e2e.lock"), os.O_CREATE|os.O_RDWR, 0o600)
		if err == nil {
			err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		}
		if err != nil {
			t.Fatal(err)
		}
		host.lock = f
	}
	host.holders++
	t.Cleanup(func() {
		host.Lock()
		defer host.Unlock()
		if host.holders--; host.holders == 0 {
			host.lock.Close()
		}
	})
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// common are the flags that every subcommand takes.
func (m *Mica) common() []string {
	out := []string{"--data-dir", filepath.Join(m.Dir, "data"), "--run-dir", filepath.Join(m.Dir, "run")}
	if m.opt.Prefix != "" {
		out = append(out, "--name-prefix", m.opt.Prefix)
	}
	return out
}

// libvirt are the flags that say where libvirtd is.
func (m *Mica) libvirt() []string {
	if m.opt.Socket == "" {
		return nil
	}
	return []string{"--libvirt-socket", m.opt.Socket}
}

// command makes a call of the mica binary for this Mica.
func (m *Mica) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, m.Bin, append(append([]string{name}, m.common()...), args...)...)
	cmd.Env = append(os.Environ(), "HOME="+m.Dir)
	return cmd
}

// Up starts the process again, after Kill or Stop, and waits until it is ready.
func (m *Mica) Up(flags ...string) {
	m.t.Helper()
	args := append([]string{"--region", Region, "--zones", "a,b", "--account-id", Account, "--root-access-key", AccessKey, "--root-secret-key", SecretKey,
		"--listen", m.HTTPS, "--listen-http", m.HTTP, "--throttle=false"}, append(m.opt.Flags, flags...)...)
	if m.opt.Sim {
		args = append(args, "--hypervisor", "sim")
	}
	log, err := os.OpenFile(filepath.Join(m.Dir, "mica.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		m.t.Fatal(err)
	}
	defer log.Close()
	m.cmd = m.command(context.Background(), "up", append(args, m.libvirt()...)...)
	m.cmd.Stdout, m.cmd.Stderr = log, log
	for k, v := range m.Extra {
		m.cmd.Env = append(m.cmd.Env, k+"="+v)
	}
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := m.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.exited = make(chan struct{})
	go func(cmd *exec.Cmd, exited chan struct{}) {
		m.exitErr = cmd.Wait()
		close(exited)
	}(m.cmd, m.exited)
	testkit.Wait(m.t, patience, "mica to be ready", func() bool {
		select {
		case <-m.exited:
			m.t.Fatalf("mica ended: %v\n%s", m.exitErr, m.LogTail(6000))
		default:
		}
		// The admin socket opens with the API; its answer says that all is wired.
		resp, err := http.Get("http://" + m.HTTP + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// Kill ends the process as a power cut would.
func (m *Mica) Kill() { m.end(syscall.SIGKILL) }

// Stop asks it to end.
func (m *Mica) Stop() { m.end(syscall.SIGTERM) }

func (m *Mica) end(sig syscall.Signal) {
	if m.cmd == nil {
		return
	}
	_ = m.cmd.Process.Signal(sig)
	select {
	case <-m.exited:
	case <-time.After(patience):
		m.t.Errorf("mica did not end within 30 s of %v", sig)
		_ = m.cmd.Process.Kill()
		<-m.exited
	}
	m.cmd = nil
}

// WaitDeath waits until the process has ended by itself.
func (m *Mica) WaitDeath() {
	m.t.Helper()
	select {
	case <-m.exited:
		m.cmd = nil
	case <-time.After(patience):
		m.t.Fatal("mica did not end by itself")
	}
}

// Call makes a signed call of an EC2 action, without the AWS CLI's start-up time, and
// returns the answer's body. An answer that is no 200 is an error.
func (m *Mica) Call(action string, params ...string) ([]byte, error) {
	form := url.Values{}
	for i := 0; i+1 < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	status, b, err := m.Post("ec2", "2016-11-15", action, form)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s: %d: %s", action, status, b)
	}
	return b, err
}

// Post makes a signed call of any service's action and returns whatever is answered.
func (m *Mica) Post(service, version, action string, form url.Values) (status int, body []byte, err error) {
	form = maps.Clone(form)
	form.Set("Action", action)
	form.Set("Version", version)
	text := form.Encode()
	req, err := http.NewRequest(http.MethodPost, "http://"+m.HTTP+"/", strings.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	signer := auth.Signer{AccessKey: m.Keys.Access, Secret: m.Keys.Secret, Region: Region, Service: service}
	if err := signer.Sign(req, []byte(text), time.Now()); err != nil {
		return 0, nil, err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

// Admin asks the admin socket, as the mica command does.
func (m *Mica) Admin(path string) ([]byte, error) {
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(m.Dir, "run", "mica.sock"))
	}}}
	resp, err := client.Get("http://mica" + path)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, resp.Status)
	}
	return io.ReadAll(resp.Body)
}

// Pid returns the process's id.
func (m *Mica) Pid() int { return m.cmd.Process.Pid }

// LogTail returns the end of the log.
func (m *Mica) LogTail(n int) string {
	b, _ := os.ReadFile(filepath.Join(m.Dir, "mica.log"))
	return string(b[max(0, len(b)-n):])
}

// CLI runs a mica subcommand and returns what it printed.
func (m *Mica) CLI(args ...string) string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	var stderr bytes.Buffer
	cmd := m.command(ctx, args[0], args[1:]...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		m.t.Fatalf("mica %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

// tryCLI runs a mica subcommand that may fail, and returns all that it printed.
func (m *Mica) tryCLI(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	out, err := m.command(ctx, args[0], args[1:]...).CombinedOutput()
	return string(out), err
}

// Env is the environment of an AWS client of this cloud.
func (m *Mica) Env() []string {
	return append(os.Environ(), "AWS_ACCESS_KEY_ID="+m.Keys.Access, "AWS_SECRET_ACCESS_KEY="+m.Keys.Secret, "AWS_DEFAULT_REGION="+Region, "AWS_REGION="+Region,
		"AWS_PAGER=", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_EC2_METADATA_DISABLED=true", "AWS_MAX_ATTEMPTS=1",
		"AWS_ENDPOINT_URL=http://"+m.HTTP, "MICA_ENDPOINT=http://"+m.HTTP)
}

// AWS runs the AWS CLI against this cloud, and returns what it printed and its error.
func (m *Mica) AWS(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, awsCLI(), append([]string{"--endpoint-url", "http://" + m.HTTP, "--output", "json"}, args...)...)
	cmd.Env = m.Env()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("aws %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimSpace(stdout.String()), nil
}

// awsCLI prefers Debian's own, which a fresh machine has.
func awsCLI() string {
	if _, err := os.Stat("/usr/bin/aws"); err == nil {
		return "/usr/bin/aws"
	}
	return "aws"
}

// MustAWS is AWS for calls that must succeed; its output is decoded into out unless
// that is nil.
func (m *Mica) MustAWS(out any, args ...string) string {
	m.t.Helper()
	s, err := m.AWS(args...)
	if err != nil {
		m.t.Fatal(err)
	}
	if out != nil {
		if err := json.Unmarshal([]byte(s), out); err != nil {
			m.t.Fatalf("aws %s: %v\n%s", strings.Join(args, " "), err, s)
		}
	}
	return s
}

// Python runs a boto3 script against this cloud. `ec2` and `boto3` are there already.
func (m *Mica) Python(script string) string {
	m.t.Helper()
	testkit.NeedProgram(m.t, "/usr/bin/python3")
	const prelude = `
import boto3, botocore, os, json, sys, time
from botocore.exceptions import ClientError, WaiterError
from botocore.config import Config
ec2 = boto3.client("ec2", endpoint_url=os.environ["MICA_ENDPOINT"], config=Config(retries={"max_attempts": 0}))
sts = boto3.client("sts", endpoint_url=os.environ["MICA_ENDPOINT"])
def fails(code, fn, **kw):
    try:
        fn(**kw)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, (code, e.response["Error"])
        return e.response["Error"]["Message"]
    raise AssertionError("no error; wanted " + code)
`
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/usr/bin/python3", "-")
	cmd.Stdin = strings.NewReader(prelude + script)
	cmd.Env = m.Env()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		m.t.Fatalf("boto3 script: %v\n%s\n%s", err, stdout.String(), stderr.String())
	}
	return strings.TrimSpace(stdout.String())
}

// ImportTiny imports the tiny guest and returns its AMI.
func (m *Mica) ImportTiny() string {
	m.t.Helper()
	return strings.TrimSpace(m.CLI("image", "import", guestimg.Tiny(m.t), "--name", "tiny"))
}

// ImportDebian imports the Debian guest and returns its AMI.
func (m *Mica) ImportDebian() string {
	m.t.Helper()
	return strings.TrimSpace(m.CLI("image", "import", guestimg.Debian(m.t), "--name", "debian-12"))
}

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/operator"
)

// load runs `mica up`'s configuration with flags, as main would, up to the check.
func load(t *testing.T, args ...string) (*config, error) {
	t.Helper()
	r := root()
	up, rest, err := r.Find(append([]string{"up"}, args...))
	if err != nil {
		t.Fatal(err)
	}
	if err := up.ParseFlags(rest); err != nil {
		t.Fatal(err)
	}
	cfg, err := loadConfig(up)
	if err != nil {
		return nil, err
	}
	return cfg, cfg.check()
}

// TestConfigSources: flags win over the environment, and that over the file.
func TestConfigSources(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mica.yaml")
	if err := os.WriteFile(file, []byte("account-id: \"111111111111\"\nlisten: 127.0.0.1:1\nlisten-http: 127.0.0.1:1\nregion: [eu-west-1, us-east-1=a+b]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MICA_LISTEN", "127.0.0.1:2")
	t.Setenv("MICA_LISTEN_HTTP", "127.0.0.1:2")
	t.Setenv("MICA_ZONES", "a,c")
	cfg, err := load(t, "--config", file, "--listen-http", "127.0.0.1:3", "--quota", "vpcs-per-region=50,elastic-ips-per-region=0")
	if err != nil {
		t.Fatal(err)
	}
	if cfg.AccountID != "111111111111" || cfg.Listen != "127.0.0.1:2" || cfg.ListenHTTP != "127.0.0.1:3" {
		t.Errorf("account %s, https %s, http %s", cfg.AccountID, cfg.Listen, cfg.ListenHTTP)
	}
	if len(cfg.regions) != 2 || strings.Join(cfg.regions[0].Zones, " ") != "eu-west-1a eu-west-1c" || strings.Join(cfg.regions[1].Zones, " ") != "us-east-1a us-east-1b" {
		t.Errorf("regions %+v", cfg.regions)
	}
	if len(cfg.quotas) != 2 || cfg.quotas["vpcs-per-region"] != 50 {
		t.Errorf("quotas %v", cfg.quotas)
	}
	if cfg.HostZone != "eu-west-1a" {
		t.Errorf("host in %s", cfg.HostZone)
	}
}

// TestToolsReadTheSameConfig: what `mica up` is told of sockets and names in a file or the
// environment, the other commands are told by it too, whatever else is in there.
func TestToolsReadTheSameConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mica.yaml")
	if err := os.WriteFile(file, []byte("region: [eu-west-1]\nrun-dir: /from-file\nname-prefix: fromfile\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"down"}, {"image", "import"}, {"image", "list"}, {"ssh"}, {"log", "show"}, {"doctor"}, {"host", "list"}} {
		c, rest, err := root().Find(append(args, "--config", file))
		if err != nil || c.ParseFlags(rest) != nil {
			t.Fatal(args, err)
		}
		cfg, err := loadConfig(c)
		if err != nil {
			t.Errorf("%v: %v", args, err)
			continue
		}
		if cfg.RunDir != "/from-file" || cfg.NamePrefix != "fromfile" {
			t.Errorf("%v: run-dir %s, name-prefix %s", args, cfg.RunDir, cfg.NamePrefix)
		}
		t.Setenv("MICA_RUN_DIR", "/from-env")
		a, err := newAdminClient(c)
		if err != nil || a.socket != "/from-env/mica.sock" {
			t.Errorf("%v: %+v %v", args, a, err)
		}
		os.Unsetenv("MICA_RUN_DIR")
	}
}

// TestConfigRefuses what makes no sense, and says what is wanted instead.
func TestConfigRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--region", "Mars"}, "eu-central-1"},
		{[]string{"--zones", "aa"}, "a letter"},
		{[]string{"--account-id", "12"}, "12 digits"},
		{[]string{"--hypervisor", "xen"}, "libvirt or sim"},
		{[]string{"--public-pool", "10.0.0.1/24"}, "IPv4 network"},
		{[]string{"--root-access-key", "A"}, "go together"},
		{[]string{"--quota", "vpcs=9"}, "vpcs-per-region"},
		{[]string{"--quota", "vpcs-per-region=many"}, "name=number"},
		{[]string{"--host-zone", "eu-west-1a"}, "no zone"},
		{[]string{"--name-prefix", "Mica!"}, "lower-case"},
		{[]string{"--accel", "hvf"}, "kvm or tcg"},
	} {
		if _, err := load(t, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c.args, err)
		}
	}
	file := filepath.Join(t.TempDir(), "mica.yaml")
	if err := os.WriteFile(file, []byte("lisen: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := load(t, "--config", file); err == nil || !strings.Contains(err.Error(), `"lisen"`) {
		t.Errorf("a misspelled setting: %v", err)
	}
}

// TestWriteProfile leaves other profiles alone, and replaces its own.
func TestWriteProfile(t *testing.T) {
	dir := t.TempDir()
	old := "[default]\nregion = us-west-2\n\n[profile mica]\nregion = old\n\n[profile z]\nregion = z\n"
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	a := operator.Access{Region: "eu-central-1", Endpoint: "https://localhost:8443", CABundle: "/ca.pem", AccessKey: "AKIA", SecretKey: "s"}
	for range 2 {
		if err := writeProfile(dir, "mica", a); err != nil {
			t.Fatal(err)
		}
	}
	got, _ := os.ReadFile(filepath.Join(dir, "config"))
	for _, want := range []string{"[default]\nregion = us-west-2\n", "[profile z]\nregion = z\n", "[profile mica]\nregion = eu-central-1\nendpoint_url = https://localhost:8443\n"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Count(string(got), "[profile mica]") != 1 || strings.Contains(string(got), "old") {
		t.Errorf("config:\n%s", got)
	}
	if st, _ := os.Stat(filepath.Join(dir, "credentials")); st == nil || st.Mode().Perm() != 0o600 {
		t.Errorf("credentials: %v", st)
	}
}

func TestSize(t *testing.T) {
	for in, want := range map[string]int64{"512M": 512, "256G": 262144, "2T": 2 << 20} {
		if got, err := size(in); err != nil || got != want {
			t.Errorf("%s: %d %v", in, got, err)
		}
	}
	for _, in := range []string{"", "G", "12", "-1G", "1.5G"} {
		if _, err := size(in); err == nil {
			t.Errorf("%q was read", in)
		}
	}
}

// TestRootKeyIsMadeOnce: a restart must not change what clients were given.
func TestRootKeyIsMadeOnce(t *testing.T) {
	c := &config{DataDir: t.TempDir()}
	id, secret, err := c.rootKey()
	if err != nil || len(id) != 20 || len(secret) != 40 {
		t.Fatalf("%q %q %v", id, secret, err)
	}
	if id2, secret2, _ := c.rootKey(); id2 != id || secret2 != secret {
		t.Error("another key the second time")
	}
}

func TestEscapeLeavesTheConsole(t *testing.T) {
	var out bytes.Buffer
	if err := copyUntilEscape(&out, strings.NewReader("ls\r\x1drm -rf")); err != nil || out.String() != "ls\r" {
		t.Errorf("%q %v", out.String(), err)
	}
}

// TestLogHidesSecrets: the audit trail may be shown to people.
func TestLogHidesSecrets(t *testing.T) {
	for _, row := range []any{
		&model.AccessKey{ID: "AKIA", Secret: "s3cret"},
		&model.Instance{ID: "i-1", UserData: []byte("password=s3cret")},
		&model.ClientToken{ID: "t", Response: []byte("s3cret")},
	} {
		b, err := json.Marshal(withoutSecrets(row))
		if err != nil || strings.Contains(string(b), "s3cret") || strings.Contains(string(b), "czNjcmV0") {
			t.Errorf("%s %v", b, err)
		}
	}
}

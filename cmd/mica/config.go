package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/cobra"

	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/internal/atomicfile"
)

// config is everything an operator may choose, by the names of the flags.
type config struct {
	DataDir    string `koanf:"data-dir"`
	RunDir     string `koanf:"run-dir"`
	NamePrefix string `koanf:"name-prefix"`

	Region    []string `koanf:"region"`
	Zones     []string `koanf:"zones"`
	HostZone  string   `koanf:"host-zone"`
	AccountID string   `koanf:"account-id"`
	RootKey   string   `koanf:"root-access-key"`
	RootPass  string   `koanf:"root-secret-key"`

	Listen     string        `koanf:"listen"`
	ListenHTTP string        `koanf:"listen-http"`
	ServerName []string      `koanf:"server-name"`
	Skew       time.Duration `koanf:"signature-skew"`
	Pprof      bool          `koanf:"pprof"`
	LogLevel   string        `koanf:"log-level"`
	LogFormat  string        `koanf:"log-format"`
	Throttle   bool          `koanf:"throttle"`

	Hypervisor string  `koanf:"hypervisor"`
	LibvirtURI string  `koanf:"libvirt-socket"`
	Accel      string  `koanf:"accel"`
	Emulator   string  `koanf:"emulator"`
	PublicPool string  `koanf:"public-pool"`
	PoolOnLAN  bool    `koanf:"public-pool-on-lan"`
	TypesFile  string  `koanf:"instance-types"`
	MTU        int     `koanf:"mtu"`
	Rates      bool    `koanf:"network-rates"`
	Underlay   string  `koanf:"underlay"`
	MovePort   int     `koanf:"migration-port"`
	CPURatio   int     `koanf:"cpu-overcommit"`
	MemRatio   float64 `koanf:"memory-overcommit"`
	Placement  string  `koanf:"placement"`

	Quota []string `koanf:"quota"`

	StorageDir  string        `koanf:"storage-dir"`
	StorageName string        `koanf:"storage-name"`
	HostLease   time.Duration `koanf:"host-lease"`
	ClockOffset time.Duration `koanf:"clock-offset"`

	SimHosts  int    `koanf:"sim-hosts"`
	SimVCPUs  int    `koanf:"sim-vcpus"`
	SimMemory string `koanf:"sim-memory"`

	ClusterListen    string        `koanf:"cluster-listen"`
	ClusterAdvertise string        `koanf:"cluster-advertise"`
	Bootstrap        bool          `koanf:"bootstrap"`
	Join             []string      `koanf:"join"`
	Token            string        `koanf:"token"`
	CertificateLife  time.Duration `koanf:"certificate-life"`
	RemoveDeadAfter  time.Duration `koanf:"remove-dead-after"`
	Heartbeat        time.Duration `koanf:"heartbeat"`
	HostName         string        `koanf:"host-name"`

	regions []regionConfig
	pool    netip.Prefix
	quotas  map[string]int
	// serverOnly and hostOnly say that only the one is in this process.
	serverOnly, hostOnly bool
}

// regionConfig is a region with the names of its zones.
type regionConfig struct {
	Name  string
	Zones []string
}

// upFlags declares the flags of `mica up`; their defaults are the configuration's.
func upFlags(c *cobra.Command) {
	apiFlags(c)
	hostFlags(c)
	clusterFlags(c, "")
}

// apiFlags are a server's.
// now is this server's wall clock, for what it writes, decides and verifies. Leases and
// elections go by clocks that nobody sets; certificates by the machine's own.
func (c *config) now() time.Time { return time.Now().Add(c.ClockOffset) }

func apiFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringSlice("region", []string{"us-east-1"}, "regions served; `name` or name=a+b with its own zones")
	f.StringSlice("zones", []string{"a"}, "zones of regions that do not name theirs: letters or full names")
	f.String("account-id", "000000000001", "the operator's account: 12 digits")
	f.String("root-access-key", "", "access key id of the operator (default: made once and kept in the data directory)")
	f.String("root-secret-key", "", "its secret")
	f.String("listen", "127.0.0.1:8443", "address of the API over HTTPS; empty for none")
	f.String("listen-http", "127.0.0.1:8080", "address of the API over HTTP; empty for none")
	f.StringSlice("server-name", nil, "further host names and addresses for the server's certificate")
	f.Duration("signature-skew", 5*time.Minute, "how far a request's clock may be off")
	f.Bool("pprof", false, "serve profiles to callers on this machine")
	f.Bool("throttle", true, "limit the rate of requests as EC2 does")
	f.String("instance-types", "", "file (YAML) with further instance types")
	f.Int("cpu-overcommit", 4, "vCPUs promised for each CPU of a host")
	f.Float64("memory-overcommit", 1, "memory promised, as a part of what a host has: more than 1 needs swap")
	f.String("placement", "spread", "where guests go: spread (the emptiest host) or pack (the fullest)")
	f.Duration("clock-offset", 0, "by how much this server's clock is wrong, for tests")
	_ = f.MarkHidden("clock-offset")
	f.StringSlice("quota", nil, "`name=number` of what an account may have, such as vpcs-per-region=50; docs/networking.md has the names")
	f.Duration("host-lease", 30*time.Second, "how long a host may be silent before it counts as down")
	logFlags(c)
	poolFlag(c)
}

// poolFlag and logFlags are servers' and hosts'.
func poolFlag(c *cobra.Command) {
	if c.Flags().Lookup("public-pool") == nil {
		c.Flags().String("public-pool", "100.127.0.0/16", "public addresses, routed by this host")
		c.Flags().Bool("public-pool-on-lan", false, "the pool is a range of the hosts' own network: they answer ARP for it there")
	}
}

func logFlags(c *cobra.Command) {
	if f := c.Flags(); f.Lookup("log-level") == nil {
		f.String("log-level", "info", "debug, info, warn or error")
		f.String("log-format", "text", "text or json")
	}
}

// hostFlags are a host's.
func hostFlags(c *cobra.Command) {
	f := c.Flags()
	logFlags(c)
	poolFlag(c)
	f.String("host-name", "", "what this host is called; no two hosts have one name (default: the machine's)")
	f.String("host-zone", "", "zone of this host (default: the first)")
	f.String("hypervisor", "libvirt", "libvirt, or sim to simulate hosts and guests")
	f.String("libvirt-socket", "", "path of libvirt's socket (default: the first that is there)")
	f.String("accel", "auto", "auto (measured), kvm or tcg")
	f.String("emulator", "", "path of QEMU (default: libvirt's choice)")
	f.Int("mtu", 0, "MTU of guests' networks (default: 1500, less what tunnels to other hosts take)")
	f.Int("migration-port", 7446, "TCP port at the underlay address where other hosts' agents bring guests that move here; 0 for none")
	f.Bool("network-rates", true, "hold guests' interfaces to what their instance type may send and get")
	f.String("underlay", "", "address of this host among the others, by which guests of one VPC reach each other (default: that on the way to the servers)")
	f.String("storage-dir", "", "where images and volumes are kept (default: the data directory)")
	f.String("storage-name", "", "name of a storage that other hosts have too, at the same path: instances are then recovered when a host is lost, and `mica guardian` must run")
	f.Int("sim-hosts", 1, "number of simulated hosts, spread over the zones")
	f.Int("sim-vcpus", 64, "CPUs of each")
	f.String("sim-memory", "256G", "memory of each")
}

// clusterFlags are those of a server that has, or may get, others beside it.
func clusterFlags(c *cobra.Command, listen string) {
	f := c.Flags()
	f.String("cluster-listen", listen, "address for other servers and hosts; empty for none")
	f.String("cluster-advertise", "", "where the others reach that address (default: the address itself, or this machine's first one)")
	f.Duration("certificate-life", 30*24*time.Hour, "how long members' certificates are good; they renew themselves")
	f.Duration("remove-dead-after", 24*time.Hour, "remove a server that is silent for so long, if the quorum is safe; 0 for never")
	f.Duration("heartbeat", time.Second, "how long a server waits for the leader before it stands for election")
}

// joinFlags are those of what joins a cluster.
func joinFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringSlice("join", nil, "servers to join, such as https://10.0.0.1:7443; wanted once")
	f.String("token", "", "token to join with, or @FILE; `mica token create` makes one")
}

// loadConfig reads what was settled when this machine joined a cluster, file,
// environment and flags, each winning over the one before.
func loadConfig(cmd *cobra.Command) (*config, error) {
	k := koanf.New(".")
	c, err := loadOver(cmd, k)
	if err != nil {
		return nil, err
	}
	settled := c.settingsFile()
	if _, err := os.Stat(settled); err != nil {
		return c, nil // none, or not for this user to read
	}
	k = koanf.New(".")
	if err := k.Load(file.Provider(settled), yaml.Parser()); err != nil {
		return nil, fmt.Errorf("%s: %w", settled, err)
	}
	return loadOver(cmd, k)
}

func loadOver(cmd *cobra.Command, k *koanf.Koanf) (*config, error) {
	if path, _ := cmd.Flags().GetString("config"); path != "" {
		if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		own := koanf.New(".")
		if err := own.Load(file.Provider(path), yaml.Parser()); err != nil {
			return nil, err
		}
		for _, key := range own.Keys() {
			if !isSetting(cmd, key) {
				return nil, fmt.Errorf("%s: unknown setting %q; `mica up --help` has them all", path, key)
			}
		}
	}
	fromEnv := env.Provider(".", env.Opt{Prefix: "MICA_", TransformFunc: func(key, v string) (string, any) {
		key = strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, "MICA_")), "_", "-")
		if f := cmd.Flags().Lookup(key); f == nil || key == "config" {
			return "", nil
		} else if f.Value.Type() == "stringSlice" {
			return key, strings.Split(v, ",")
		}
		return key, v
	}})
	if err := k.Load(fromEnv, nil); err != nil {
		return nil, err
	}
	if err := k.Load(posflag.Provider(cmd.Flags(), ".", k), nil); err != nil {
		return nil, err
	}
	var c config
	if err := k.Unmarshal("", &c); err != nil {
		return nil, err
	}
	return &c, nil
}

// isSetting reports whether a file may have a key: all commands read one file, so those
// of `mica up` are fine for the others.
func isSetting(cmd *cobra.Command, key string) bool {
	if cmd.Flags().Lookup(key) != nil {
		return true
	}
	var all cobra.Command
	upFlags(&all)
	joinFlags(&all)
	all.Flags().Bool("bootstrap", false, "")
	return all.Flags().Lookup(key) != nil
}

var (
	regionName  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)
	accountName = regexp.MustCompile(`^[0-9]{12}$`)
	prefixName  = regexp.MustCompile(`^[a-z][a-z0-9]{0,7}$`)
)

// check makes sense of the settings, or says what is wrong with them.
func (c *config) check() error {
	for _, r := range c.Region {
		name, zones, own := strings.Cut(r, "=")
		if !regionName.MatchString(name) {
			return fmt.Errorf("region %q: a name such as eu-central-1 is wanted", name)
		}
		letters := c.Zones
		if own {
			letters = strings.Split(zones, "+")
		}
		region := regionConfig{Name: name}
		for _, z := range letters {
			if z = strings.TrimPrefix(z, name); len(z) != 1 || z < "a" || z > "z" {
				return fmt.Errorf("zone %q of %s: a letter, or %sa, is wanted", z, name, name)
			}
			region.Zones = append(region.Zones, name+z)
		}
		c.regions = append(c.regions, region)
	}
	if len(c.regions) == 0 || len(c.regions[0].Zones) == 0 {
		return errors.New("at least one region with one zone is wanted")
	}
	if len(c.HostZone) == 1 {
		c.HostZone = c.regions[0].Name + c.HostZone
	}
	if c.HostZone == "" {
		c.HostZone = c.regions[0].Zones[0]
	}
	if !slices.ContainsFunc(c.regions, func(r regionConfig) bool { return slices.Contains(r.Zones, c.HostZone) }) {
		return fmt.Errorf("host-zone %q is no zone of the regions", c.HostZone)
	}
	if !c.hostOnly && !accountName.MatchString(c.AccountID) {
		return fmt.Errorf("account-id %q: 12 digits are wanted", c.AccountID)
	}
	if !prefixName.MatchString(c.NamePrefix) {
		return fmt.Errorf("name-prefix %q: 1 to 8 lower-case letters and digits are wanted", c.NamePrefix)
	}
	if c.Hypervisor == "" { // a server has no guests
		c.Hypervisor, c.Accel = "sim", "auto"
	}
	if c.Hypervisor != "libvirt" && c.Hypervisor != "sim" {
		return fmt.Errorf("hypervisor %q: libvirt or sim is wanted", c.Hypervisor)
	}
	if !slices.Contains([]string{"auto", "kvm", "tcg"}, c.Accel) {
		return fmt.Errorf("accel %q: auto, kvm or tcg is wanted", c.Accel)
	}
	if !c.hostOnly && c.Placement != "spread" && c.Placement != "pack" {
		return fmt.Errorf("placement %q: spread or pack is wanted", c.Placement)
	}
	if !c.hostOnly && (c.CPURatio < 1 || c.MemRatio < 0.1 || c.MemRatio > 10) {
		return fmt.Errorf("cpu-overcommit %d, memory-overcommit %g: at least 1, and 0.1 to 10, are wanted", c.CPURatio, c.MemRatio)
	}
	var err error
	if c.pool, err = netip.ParsePrefix(c.PublicPool); err != nil || !c.pool.Addr().Is4() || c.pool != c.pool.Masked() {
		return fmt.Errorf("public-pool %q: an IPv4 network such as 100.127.0.0/24 is wanted", c.PublicPool)
	}
	if c.quotas, err = parseQuotas(c.Quota); err != nil {
		return err
	}
	if (c.RootKey == "") != (c.RootPass == "") {
		return errors.New("root-access-key and root-secret-key go together")
	}
	if c.DataDir, err = filepath.Abs(c.DataDir); err != nil {
		return err
	}
	if c.StorageDir == "" {
		c.StorageDir = c.DataDir
	} else if c.StorageDir, err = filepath.Abs(c.StorageDir); err != nil {
		return err
	}
	if !c.hostOnly && c.HostLease < time.Second {
		return fmt.Errorf("host-lease %v: at least a second is wanted", c.HostLease)
	}
	if c.StorageName != "" && c.StorageDir == c.DataDir {
		return errors.New("storage-name: what hosts share needs a storage-dir of its own")
	}
	c.RunDir, err = filepath.Abs(c.RunDir)
	return err
}

// parseQuotas reads name=number.
func parseQuotas(all []string) (map[string]int, error) {
	known := maps.Collect(ec2.QuotaNames())
	out := map[string]int{}
	for _, s := range all {
		name, number, _ := strings.Cut(s, "=")
		n, err := strconv.Atoi(number)
		if _, ok := known[name]; !ok || err != nil || n < 0 {
			return nil, fmt.Errorf("quota %q: name=number is wanted, with one of the names %s", s, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		out[name] = n
	}
	return out, nil
}

// policy is how hosts are chosen.
func (c *config) policy() schedule.Policy {
	return schedule.Policy{Strategy: schedule.Strategy(c.Placement), VCPURatio: c.CPURatio, MemoryPercent: int(c.MemRatio*100 + 0.5)}
}

// rootKey returns the operator's access key: the configured one, or one that is made
// once and kept, readable for root alone.
func (c *config) rootKey() (id, secret string, err error) {
	if c.RootKey != "" {
		return c.RootKey, c.RootPass, nil
	}
	path := filepath.Join(c.DataDir, "root-key")
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		id, secret := auth.NewKey()
		b = []byte(id + " " + secret + "\n")
		err = atomicfile.Write(path, b, 0o600)
	}
	if err != nil {
		return "", "", err
	}
	parts := strings.Fields(string(b))
	if len(parts) != 2 {
		return "", "", fmt.Errorf("%s: an access key id and a secret are wanted", path)
	}
	return parts[0], parts[1], nil
}

// size reads a number of bytes such as 256G and returns MiB.
func size(s string) (int64, error) {
	units := map[byte]int64{'M': 1, 'G': 1 << 10, 'T': 1 << 20}
	if s != "" && units[s[len(s)-1]] > 0 {
		n, err := strconv.ParseInt(s[:len(s)-1], 10, 64)
		if err == nil && n > 0 {
			return n * units[s[len(s)-1]], nil
		}
	}
	return 0, fmt.Errorf("%q: a size such as 512M or 256G is wanted", s)
}

package main

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc"

	"github.com/micacloud/mica/controlplane/cluster"
	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/atomicfile"
	"github.com/micacloud/mica/internal/ids"
	"github.com/micacloud/mica/internal/join"
	"github.com/micacloud/mica/internal/pki"
)

// aloneID is the id of the server of `mica up`, whose cluster began with it.
const aloneID = "server-1"

func (c *config) settingsFile() string { return filepath.Join(c.DataDir, "settings.json") }
func (c *config) pkiDir() string       { return filepath.Join(c.DataDir, "pki") }
func (c *config) raftDir() string      { return filepath.Join(c.DataDir, "raft") }

// settings are what all servers of a cluster have in common, by the names of the flags.
// A host is told a part of them.
func (c *config) settings(role pki.Role) (json.RawMessage, error) {
	var regions []string
	for _, r := range c.regions {
		regions = append(regions, r.Name+"="+strings.Join(r.Zones, "+"))
	}
	out := map[string]any{"region": regions, "public-pool": c.PublicPool, "public-pool-on-lan": c.PoolOnLAN}
	if role == pki.RoleServer {
		id, secret, err := c.rootKey()
		if err != nil {
			return nil, err
		}
		out["root-access-key"], out["root-secret-key"] = id, secret
		out["account-id"], out["cpu-overcommit"], out["memory-overcommit"], out["placement"] = c.AccountID, c.CPURatio, c.MemRatio, c.Placement
		if len(c.Quota) > 0 {
			out["quota"] = c.Quota
		}
		out["certificate-life"], out["remove-dead-after"], out["host-lease"] = c.CertificateLife.String(), c.RemoveDeadAfter.String(), c.HostLease.String()
	}
	return json.Marshal(out)
}

// openNode opens the log, and before it the way to the other servers, if there is one.
func (s *cloud) openNode() error {
	cfg := s.cfg
	var err error
	if s.ca, err = pki.Open(cfg.pkiDir()); err != nil {
		return err
	}
	nc := consensus.Config{ID: aloneID, Dir: cfg.raftDir(), Now: cfg.now, Bootstrap: cfg.Bootstrap, Heartbeat: cfg.Heartbeat, Logger: s.log, Fatal: func(err error) {
		// What the disk did not take is not to be tried again; a restart replays the log.
		s.log.Error("the server cannot go on", "err", err)
		os.Exit(1)
	}}
	if cfg.ClusterListen != "" {
		if err := s.openCluster(&nc); err != nil {
			return err
		}
	}
	s.id = nc.ID
	if s.node, err = consensus.Open(nc); err != nil {
		if s.cluster != nil {
			err = errors.Join(err, s.cluster.Close())
		}
		return err
	}
	if s.cluster != nil {
		s.cluster.Attach(s.node)
	}
	return nil
}

func (s *cloud) openCluster(nc *consensus.Config) error {
	cfg := s.cfg
	member, err := pki.OpenMember(cfg.pkiDir())
	if err != nil {
		return err
	}
	if member == nil { // the first server of a cluster signs for itself
		if member, err = firstMember(cfg, s.ca); err != nil {
			return err
		}
	}
	if member.Digest() != s.ca.Digest() {
		return fmt.Errorf("%s has the certificate of one cluster and the authority of another", cfg.pkiDir())
	}
	address, err := advertise(cfg.ClusterListen, cfg.ClusterAdvertise)
	if err != nil {
		return err
	}
	name, err := os.Hostname()
	if err != nil {
		return err
	}
	s.cluster, err = cluster.New(cluster.Config{
		Member: member, CA: s.ca, Listen: cfg.ClusterListen, Address: address, Name: name, DataDir: cfg.DataDir, Version: version, Log: s.log,
		CertificateLife: cfg.CertificateLife, RemoveDeadAfter: cfg.RemoveDeadAfter, Settings: cfg.settings,
	})
	if err != nil {
		return err
	}
	nc.ID, nc.Stream, nc.Resolve, nc.AskLeader = member.Identity().ID, s.cluster.Stream(), s.cluster.Resolve, s.cluster.AskLeader
	return nil
}

// firstMember makes the certificate of a cluster's first server.
func firstMember(cfg *config, ca *pki.Authority) (*pki.Member, error) {
	id := aloneID
	if _, err := os.Stat(cfg.raftDir()); errors.Is(err, fs.ErrNotExist) && cfg.serverOnly {
		if id, err = keptID(filepath.Join(cfg.DataDir, "server-id"), ids.Server); err != nil {
			return nil, err
		}
	}
	return pki.Join(cfg.pkiDir(), func(csr []byte) (leaf, root []byte, err error) {
		leaf, err = ca.Sign(csr, pki.Identity{Role: pki.RoleServer, ID: id}, cfg.CertificateLife)
		block, _ := pem.Decode(ca.PEM())
		return leaf, block.Bytes, err
	})
}

// joinServer makes this machine a server of the cluster that cfg.Join names.
func joinServer(ctx context.Context, cfg *config) error {
	token, addresses, err := cfg.joining()
	if err != nil {
		return err
	}
	address, err := advertise(cfg.ClusterListen, cfg.ClusterAdvertise)
	if err != nil {
		return err
	}
	id, err := keptID(filepath.Join(cfg.DataDir, "server-id"), ids.Server)
	if err != nil {
		return err
	}
	name, err := os.Hostname()
	if err != nil {
		return err
	}
	request := join.Request{Role: pki.RoleServer, ID: id, Address: address, Name: name, Version: version, Schema: store.Schema}
	_, err = pki.Join(cfg.pkiDir(), func(csr []byte) (leaf, root []byte, err error) {
		request.CSR = csr
		answer, err := join.Do(ctx, addresses, token, request)
		if err != nil {
			return nil, nil, err
		}
		if _, err := pki.Install(cfg.pkiDir(), answer.Authority, answer.AuthorityKey); err != nil {
			return nil, nil, err
		}
		if err := atomicfile.Write(cfg.settingsFile(), answer.Settings, 0o600); err != nil {
			return nil, nil, err
		}
		block, _ := pem.Decode(answer.Authority)
		return answer.Certificate, block.Bytes, nil
	})
	if err != nil {
		return fmt.Errorf("join: %w", err)
	}
	return nil
}

// joining reads what the operator gave to join with.
func (c *config) joining() (pki.Token, []string, error) {
	text := c.Token
	if path, ok := strings.CutPrefix(text, "@"); ok {
		b, err := os.ReadFile(path)
		if err != nil {
			return pki.Token{}, nil, err
		}
		text = string(b)
	}
	if text == "" {
		return pki.Token{}, nil, errors.New("--token is wanted to join: `mica token create` on a server makes one")
	}
	token, err := pki.ParseToken(text)
	if err != nil {
		return token, nil, err
	}
	var addresses []string
	for _, a := range c.Join {
		address, err := join.Address(a)
		if err != nil {
			return token, nil, fmt.Errorf("--join: %w", err)
		}
		addresses = append(addresses, address)
	}
	return token, addresses, nil
}

// keptID returns an id that is made once and kept in a file.
func keptID(path, prefix string) (string, error) {
	b, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(b)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o711); err != nil {
		return "", err
	}
	id := ids.New(prefix)
	return id, atomicfile.Write(path, []byte(id+"\n"), 0o600)
}

// advertise returns where others reach a listening address.
func advertise(listen, given string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", fmt.Errorf("cluster-listen: %w", err)
	}
	if given != "" {
		if _, _, err := net.SplitHostPort(given); err != nil {
			given = net.JoinHostPort(given, port)
		}
		return given, nil
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		return listen, nil
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return "", err
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			return net.JoinHostPort(n.IP.String(), port), nil
		}
	}
	return "", errors.New("cluster-advertise: this machine has no address that others could reach; say which")
}

// signer makes certificates for the hosts of this process; nil without other servers.
func (s *cloud) signer() func(host string, request []byte) (leaf, root []byte, err error) {
	if s.cluster == nil {
		return nil
	}
	return func(host string, request []byte) (leaf, root []byte, err error) {
		leaf, err = s.ca.Sign(request, pki.Identity{Role: pki.RoleHost, ID: host}, s.cfg.CertificateLife)
		block, _ := pem.Decode(s.ca.PEM())
		return leaf, block.Bytes, err
	}
}

// joinCluster starts what serves other servers and hosts.
func (s *cloud) joinCluster(ctx context.Context) {
	if s.cluster == nil {
		for _, path := range []string{"/v1/cluster", "/v1/members", "/v1/members/{id}", "/v1/tokens", "/v1/tokens/{id}", "/v1/backup"} {
			s.admin.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
				http.Error(w, "this server takes no others: start it with --cluster-listen", http.StatusBadRequest)
			})
		}
		return
	}
	s.cluster.ServeCalls(s.front.Run)
	s.cluster.Register(s.admin.HandleFunc)
	s.cluster.HandleLeader("GET "+pathConsole, s.serveConsole)
	s.cluster.HandleMembers("GET "+pathImages+"{digest}", s.serveImage)
	s.admin.Through(func(h http.Handler) http.Handler { return s.importHere(s.cluster.Operator(h, answeredHere)) })
	s.dispatch.Place, s.dispatch.HostOf = s.place, cluster.HostOf
	s.network = s.dispatch.NewServer(grpc.Creds(cluster.Credentials()))
	s.bg.wg.Go(func() { s.end(s.network.Serve(s.cluster.Agents())) })
	s.bg.wg.Go(func() { s.cluster.Run(ctx) })
}

// place says which server serves agents: the leader.
func (s *cloud) place() (here bool, leader string, changed <-chan struct{}) {
	both := s.leadership()
	if s.node.Leader() {
		return true, "", both
	}
	if l := s.node.LeaderServer(); l.ID != "" && l.ID != s.id {
		leader = l.Address
	}
	return false, leader, both
}

// leadership returns a channel that is closed when leadership moves from what it is now,
// here or elsewhere. All that ask before it moves share one.
func (s *cloud) leadership() <-chan struct{} {
	s.leading.Lock()
	defer s.leading.Unlock()
	moved, turned := s.node.LeaderMoved(), s.node.LeaderChanged()
	if s.leading.both != nil && s.leading.moved == moved && s.leading.turned == turned {
		return s.leading.both
	}
	both := make(chan struct{})
	s.leading.both, s.leading.moved, s.leading.turned = both, moved, turned
	go func() {
		defer close(both)
		select {
		case <-moved:
		case <-turned:
		}
	}()
	return both
}

// answeredHere names what each server says for itself.
func answeredHere(r *http.Request) bool {
	return r.URL.Path == "/healthz" || r.URL.Path == "/v1/status" || r.URL.Path == "/v1/access"
}

const (
	pathConsole = "/v1/console/"
	pathImages  = "/v1/images/"
)

// console asks the host of a guest, by way of the leader: hosts are connected to it.
func (s *cloud) console(ctx context.Context, host, instance string, latest bool) ([]byte, time.Time, error) {
	if s.cluster == nil || s.cluster.Leads() {
		return s.dispatch.Console(ctx, host, instance, latest)
	}
	var out consoleOutput
	err := s.cluster.Ask(ctx, fmt.Sprintf("%s?host=%s&instance=%s&latest=%t", pathConsole, host, instance, latest), &out)
	return out.Data, out.At, err
}

type consoleOutput struct {
	Data []byte
	At   time.Time
}

func (s *cloud) serveConsole(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	data, at, err := s.dispatch.Console(r.Context(), q.Get("host"), q.Get("instance"), q.Get("latest") == "true")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	_ = json.NewEncoder(w).Encode(consoleOutput{data, at})
}

func logTo(cfg *config) (*slog.Logger, error) {
	log, err := newLogger(cfg)
	if err == nil {
		slog.SetDefault(log)
	}
	return log, err
}

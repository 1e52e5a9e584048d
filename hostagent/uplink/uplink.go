// Package uplink is how a host reaches the servers: it joins with a token, keeps the
// host's certificate fresh, and knows where the servers are.
package uplink

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	"github.com/micacloud/mica/internal/atomicfile"
	"github.com/micacloud/mica/internal/join"
	"github.com/micacloud/mica/internal/pki"
	"github.com/micacloud/mica/proto/agentpb"
)

// Uplink is a host's membership, kept in a folder.
type Uplink struct {
	dir    string
	member *pki.Member
	log    *slog.Logger
	client *http.Client

	mu   sync.Mutex
	kept kept
	turn int
}

// kept is what the host knows of the cluster.
type kept struct {
	Addresses []string // of servers, in the order of their ids
	Settings  json.RawMessage
}

// Open returns the membership in dir, nil if the host did not join yet.
func Open(dir string, log *slog.Logger) (*Uplink, error) {
	m, err := pki.OpenMember(dir)
	if err != nil || m == nil {
		return nil, err
	}
	u := &Uplink{dir: dir, member: m, log: log}
	b, err := os.ReadFile(u.file())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // the certificate came last time, the rest did not: join again
	}
	if err == nil {
		err = json.Unmarshal(b, &u.kept)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", u.file(), err)
	}
	u.client = &http.Client{Transport: &http.Transport{
		DialTLSContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			return dialTLS(ctx, u.member, address, join.ProtoHTTP)
		}, IdleConnTimeout: time.Minute,
	}}
	return u, nil
}

// Join makes the host a member by a token, and keeps that in dir.
func Join(ctx context.Context, dir string, addresses []string, token pki.Token, r join.Request, log *slog.Logger) (*Uplink, error) {
	u := &Uplink{dir: dir}
	r.Role = pki.RoleHost
	_, err := pki.Join(dir, func(csr []byte) (leaf, root []byte, err error) {
		r.CSR = csr
		answer, err := join.Do(ctx, addresses, token, r)
		if err != nil {
			return nil, nil, err
		}
		block, _ := pem.Decode(answer.Authority)
		if block == nil {
			return nil, nil, errors.New("the server sent no authority")
		}
		u.kept = kept{Addresses: slices.Clone(addresses), Settings: answer.Settings}
		for _, s := range answer.Servers {
			u.kept.Addresses = append(u.kept.Addresses, s.Address)
		}
		// Before the certificate: with that alone the host would not know where to go.
		return answer.Certificate, block.Bytes, u.save()
	})
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	return Open(dir, log)
}

func (u *Uplink) file() string { return filepath.Join(u.dir, "cluster.json") }

func (u *Uplink) save() error {
	b, err := json.Marshal(u.kept)
	if err != nil {
		return err
	}
	return atomicfile.Write(u.file(), b, 0o600)
}

// ID is the host's.
func (u *Uplink) ID() string { return u.member.Identity().ID }

// Member is the host's certificate.
func (u *Uplink) Member() *pki.Member { return u.member }

// Digest is that of the cluster's authority.
func (u *Uplink) Digest() string { return u.member.Digest() }

// Seed adds addresses of servers, for when all those that were known are gone.
func (u *Uplink) Seed(addresses []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, a := range addresses {
		if !slices.Contains(u.kept.Addresses, a) {
			u.kept.Addresses = append(u.kept.Addresses, a)
		}
	}
}

// Settings are the cloud's, as they were when the host joined.
func (u *Uplink) Settings() json.RawMessage { return u.kept.Settings }

// Found keeps where the servers are now.
func (u *Uplink) Found(servers []*agentpb.Server) {
	var addresses []string
	for _, s := range servers {
		addresses = append(addresses, s.Address)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(addresses) == 0 || slices.Equal(addresses, u.kept.Addresses) {
		return
	}
	u.kept.Addresses = addresses
	if err := u.save(); err != nil {
		u.log.Warn("cannot keep the servers' addresses", "err", err)
	}
}

// next returns one server after the other.
func (u *Uplink) next() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.turn++
	return u.kept.Addresses[u.turn%len(u.kept.Addresses)]
}

// Source is this machine's address on the way to a server. Nothing is sent to learn it.
func (u *Uplink) Source() (netip.Addr, error) {
	c, err := net.Dial("udp", u.next())
	if err != nil {
		return netip.Addr{}, err
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap(), nil
}

func dialTLS(ctx context.Context, host *pki.Member, address, proto string) (net.Conn, error) {
	d := tls.Dialer{Config: host.ClientConfig(proto, func(pki.Identity) error { return nil })}
	return d.DialContext(ctx, "tcp", address)
}

// maxMessage bounds what a server may send at once.
const maxMessage = 64 << 20

// Servers returns the addresses of the servers that are known.
func (u *Uplink) Servers() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.kept.Addresses)
}

// Dial opens a connection to the server at an address.
func (u *Uplink) Dial(server string) (*grpc.ClientConn, error) { return DialAs(u.member, server) }

// DialAs opens a connection to a server's port as a host.
func DialAs(host *pki.Member, server string) (*grpc.ClientConn, error) {
	return grpc.NewClient("passthrough:///"+server,
		grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
			return dialTLS(ctx, host, address, join.ProtoGRPC)
		}),
		grpc.WithTransportCredentials(insecure.NewCredentials()), // the dialer did TLS
		// A server that has stopped answering is noticed well before the lease runs out.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 5 * time.Second}),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: backoff.DefaultConfig, MinConnectTimeout: 3 * time.Second}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage)))
}

// Get asks servers for a path, until one has it.
func (u *Uplink) Get(ctx context.Context, path string) (io.ReadCloser, error) {
	u.mu.Lock()
	addresses := slices.Clone(u.kept.Addresses)
	u.mu.Unlock()
	var failed error
	for _, address := range addresses {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+address+path, nil)
		if err != nil {
			return nil, err
		}
		resp, err := u.client.Do(req)
		if err == nil && resp.StatusCode == http.StatusOK {
			return resp.Body, nil
		}
		if err == nil {
			resp.Body.Close()
			err = fmt.Errorf("%s: %s", address, resp.Status)
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

// Run keeps the certificate fresh until ctx ends.
func (u *Uplink) Run(ctx context.Context) {
	u.member.KeepFresh(ctx, u.log, func(ctx context.Context, request []byte) ([]byte, error) {
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		var out join.Renewal
		err := join.Post(ctx, u.client, u.next(), join.PathRenew, join.Renewal{DER: request}, &out)
		return out.DER, err
	})
}

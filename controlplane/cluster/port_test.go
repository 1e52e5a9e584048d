package cluster

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/internal/join"
	"github.com/micacloud/mica/internal/pki"
	"github.com/micacloud/mica/internal/testkit"
)

func authority(t *testing.T) *pki.Authority {
	t.Helper()
	a, err := pki.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func memberOf(t *testing.T, a *pki.Authority, role pki.Role, id string) *pki.Member {
	t.Helper()
	m, err := pki.Join(t.TempDir(), func(csr []byte) (leaf, root []byte, err error) {
		leaf, err = a.Sign(csr, pki.Identity{Role: role, ID: id}, time.Hour)
		block, _ := pem.Decode(a.PEM())
		return leaf, block.Bytes, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// outcasts are those whom a test's port refuses.
type outcasts struct{ sync.Map }

func (o *outcasts) refused(who pki.Identity) bool { _, out := o.Load(who.ID); return out }

func testPort(t *testing.T, m *pki.Member, refused func(pki.Identity) bool) *Port {
	t.Helper()
	p, err := OpenPort("127.0.0.1:0", "server.example:7443", m, refused, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	// Whatever comes in is answered with one byte, and kept.
	for _, proto := range []string{join.ProtoRaft, join.ProtoGRPC, join.ProtoHTTP} {
		go func() {
			for {
				c, err := p.Door(proto).Accept()
				if err != nil {
					return
				}
				_, _ = c.Write([]byte("x"))
			}
		}()
	}
	return p
}

// call connects as a member and reads the byte.
func call(p *Port, m *pki.Member, proto string) (net.Conn, error) {
	c := &Cluster{cfg: Config{Member: m}}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := c.dial(ctx, p.tcp.Addr().String(), proto)
	if err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// TestPortAdmitsByRole: who may speak what.
func TestPortAdmitsByRole(t *testing.T) {
	a := authority(t)
	server, host, stranger := memberOf(t, a, pki.RoleServer, "server-1"), memberOf(t, a, pki.RoleHost, "host-1"), memberOf(t, authority(t), pki.RoleServer, "server-1")
	p := testPort(t, memberOf(t, a, pki.RoleServer, "server-2"), new(outcasts).refused)
	for _, c := range []struct {
		who   *pki.Member
		proto string
		ok    bool
	}{
		{server, join.ProtoRaft, true}, {server, join.ProtoHTTP, true}, {server, join.ProtoGRPC, false},
		{host, join.ProtoRaft, false}, {host, join.ProtoHTTP, true}, {host, join.ProtoGRPC, true},
		{stranger, join.ProtoRaft, false}, {stranger, join.ProtoHTTP, false}, {server, "mica-other", false},
	} {
		conn, err := call(p, c.who, c.proto)
		if (err == nil) != c.ok {
			t.Errorf("%v speaks %s: %v", c.who.Identity(), c.proto, err)
		}
		if conn != nil {
			conn.Close()
		}
	}
	if p.Door(join.ProtoRaft).Addr().String() != "server.example:7443" {
		t.Error("the port does not say where others reach it")
	}
}

// TestRemovedMemberLosesOpenConnections: at once, and can make no new ones.
func TestRemovedMemberLosesOpenConnections(t *testing.T) {
	a := authority(t)
	var out outcasts
	p := testPort(t, memberOf(t, a, pki.RoleServer, "server-1"), out.refused)
	gone, stays := memberOf(t, a, pki.RoleHost, "host-1"), memberOf(t, a, pki.RoleHost, "host-2")
	first, err := call(p, gone, join.ProtoGRPC)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	other, err := call(p, stays, join.ProtoGRPC)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	out.Store("host-1", true)
	p.Sweep(time.Now())
	_ = first.SetReadDeadline(time.Now().Add(30 * time.Second))
	if _, err := first.Read(make([]byte, 1)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the open connection: %v", err)
	}
	if conn, err := call(p, gone, join.ProtoGRPC); err == nil {
		conn.Close()
		t.Error("a removed host came back")
	}
	if conn, err := call(p, stays, join.ProtoGRPC); err != nil {
		t.Errorf("another host: %v", err)
	} else {
		conn.Close()
	}
	p.Sweep(time.Now().Add(2 * time.Hour)) // its certificate has ended by then
	_ = other.SetReadDeadline(time.Now().Add(30 * time.Second))
	if _, err := other.Read(make([]byte, 1)); err == nil {
		t.Error("a certificate that has ended keeps its connection")
	}
}

// TestPathsSayWhoMay: what a caller of each kind gets from each path.
func TestPathsSayWhoMay(t *testing.T) {
	ok := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	c := &Cluster{mux: http.NewServeMux()}
	c.mux.HandleFunc("/servers", serversOnly(ok))
	c.HandleMembers("/members", ok)
	for _, q := range []struct {
		who  *pki.Identity
		path string
		want int
	}{
		{nil, "/servers", 403}, {&pki.Identity{Role: pki.RoleHost, ID: "h"}, "/servers", 403}, {&pki.Identity{Role: pki.RoleServer, ID: "s"}, "/servers", 204},
		{nil, "/members", 403}, {&pki.Identity{Role: pki.RoleHost, ID: "h"}, "/members", 204}, {&pki.Identity{Role: pki.RoleServer, ID: "s"}, "/members", 204},
	} {
		r, err := http.NewRequestWithContext(context.WithValue(t.Context(), callerKey{}, q.who), http.MethodGet, q.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		w := &answer{}
		c.mux.ServeHTTP(w, r)
		if w.status != q.want {
			t.Errorf("%v asks for %s: %d", q.who, q.path, w.status)
		}
	}
}

type answer struct{ status int }

func (a *answer) Header() http.Header         { return http.Header{} }
func (a *answer) Write(b []byte) (int, error) { return len(b), nil }
func (a *answer) WriteHeader(s int)           { a.status = s }

// TestQuestionsAreShared: many askers, few questions, and no answer to a question that
// was sent before one asked.
func TestQuestionsAreShared(t *testing.T) {
	var sent, clock atomic.Int64
	release := make(chan struct{})
	a := &asker{ask: func(context.Context, consensus.Server) (int64, error) {
		at := clock.Load() // what the leader has when it is asked
		sent.Add(1)
		<-release
		return at, nil
	}}
	leader := consensus.Server{ID: "l"}
	var wg sync.WaitGroup
	ask := func() {
		wg.Go(func() {
			asked := clock.Add(1)
			if rev, err := a.share(t.Context(), leader); err != nil || rev < asked {
				t.Errorf("asked at %d, answered with what was there at %d: %v", asked, rev, err)
			}
		})
	}
	ask()
	testkit.Wait(t, time.Minute, "the first question", func() bool { return sent.Load() == 1 })
	for range 100 {
		ask()
	}
	testkit.Wait(t, time.Minute, "a hundred askers", func() bool { return clock.Load() == 101 })
	close(release)
	wg.Wait()
	if n := sent.Load(); n < 2 || n > 20 {
		t.Errorf("%d questions for 101 askers", n)
	}
}

// TestBackupIsWholeOrNot: any change of any byte is found.
func TestBackupIsWholeOrNot(t *testing.T) {
	if err := ReadBackup("/dev/null", func(BackupInfo, io.Reader) error { return nil }); !errors.Is(err, ErrDamaged) {
		t.Errorf("an empty file: %v", err)
	}
	if !strings.HasSuffix(backupMark, "\n") {
		t.Error("the mark is a line")
	}
}

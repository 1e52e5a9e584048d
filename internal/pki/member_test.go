package pki

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// member makes a member of an authority's cluster.
func member(t *testing.T, a *Authority, who Identity, life time.Duration) *Member {
	t.Helper()
	m, err := Join(t.TempDir(), func(csr []byte) (leaf, root []byte, err error) {
		leaf, err = a.Sign(csr, who, life)
		block, _ := pem.Decode(a.PEM())
		return leaf, block.Bytes, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// shake has two ends make a connection, and returns both ends' errors.
func shake(t *testing.T, server, client *tls.Config) (atServer, atClient error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		if err == nil {
			defer c.Close()
			s := tls.Server(c, server)
			if err = s.Handshake(); err == nil {
				_, err = s.Write([]byte("x"))
			}
		}
		done <- err
	}()
	c, err := tls.Dial("tcp", l.Addr().String(), client)
	if err == nil {
		_, err = c.Read(make([]byte, 1)) // a client learns of its refusal by reading
		c.Close()
	}
	return <-done, err
}

var everybody = func(string, *Identity) error { return nil }

func TestMembersKnowEachOther(t *testing.T) {
	a, other := open(t, t.TempDir()), open(t, t.TempDir())
	server := member(t, a, Identity{RoleServer, "server-1"}, time.Hour)
	host := member(t, a, Identity{RoleHost, "host-1"}, time.Hour)
	stranger := member(t, other, Identity{RoleServer, "server-9"}, time.Hour)
	accept := func(Identity) error { return nil }

	var seen *Identity
	see := func(_ string, who *Identity) error { seen = who; return nil }
	if e1, e2 := shake(t, server.ServerConfig([]string{"p"}, see), host.ClientConfig("p", accept)); e1 != nil || e2 != nil || *seen != host.Identity() {
		t.Errorf("a host and a server of one cluster: %v, %v, %v", e1, e2, seen)
	}
	for name, c := range map[string][2]*tls.Config{
		"a server of another cluster":    {stranger.ServerConfig([]string{"p"}, everybody), host.ClientConfig("p", accept)},
		"a client of another cluster":    {server.ServerConfig([]string{"p"}, everybody), stranger.ClientConfig("p", accept)},
		"a host that poses as a server":  {host.ServerConfig([]string{"p"}, everybody), host.ClientConfig("p", accept)},
		"a client that the server names": {server.ServerConfig([]string{"p"}, func(string, *Identity) error { return ErrRevoked }), host.ClientConfig("p", accept)},
		"a server that the client names": {server.ServerConfig([]string{"p"}, everybody), host.ClientConfig("p", func(Identity) error { return ErrRevoked })},
		"another protocol":               {server.ServerConfig([]string{"q"}, everybody), host.ClientConfig("p", accept)},
	} {
		if e1, e2 := shake(t, c[0], c[1]); e1 == nil && e2 == nil {
			t.Errorf("%s: connected", name)
		}
	}
	// The API's certificate is the authority's too, and no member's.
	api, err := a.Server("localhost")
	if err != nil {
		t.Fatal(err)
	}
	if e1, e2 := shake(t, &tls.Config{GetCertificate: api.GetCertificate, NextProtos: []string{"p"}}, host.ClientConfig("p", accept)); e1 == nil && e2 == nil {
		t.Error("the API's certificate passes for a server's")
	}
}

func TestJoinerKnowsTheClusterByDigest(t *testing.T) {
	a, other := open(t, t.TempDir()), open(t, t.TempDir())
	server := member(t, a, Identity{RoleServer, "server-1"}, time.Hour)
	joiner := func(digest string) *tls.Config {
		return &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"p"}, VerifyConnection: VerifyByDigest(digest)}
	}
	if e1, e2 := shake(t, server.ServerConfig([]string{"p"}, everybody), joiner(a.Digest())); e1 != nil || e2 != nil {
		t.Errorf("%v, %v", e1, e2)
	}
	if _, err := shake(t, server.ServerConfig([]string{"p"}, everybody), joiner(other.Digest())); err == nil {
		t.Error("another cluster's digest fits")
	}
	// Showing the right root beside a certificate of one's own proves nothing.
	liar := member(t, other, Identity{RoleServer, "server-1"}, time.Hour)
	cert := *liar.now.Load().cert
	cert.Certificate = [][]byte{cert.Certificate[0], server.now.Load().root.Raw}
	lie := &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &cert, nil }, NextProtos: []string{"p"}}
	if _, err := shake(t, lie, joiner(a.Digest())); err == nil {
		t.Error("a root that somebody else's key did not sign was believed")
	}
}

func TestJoiningAgainIsTheSameRequest(t *testing.T) {
	a, dir := open(t, t.TempDir()), t.TempDir()
	var keys []string
	sign := func(fail error) func([]byte) (leaf, root []byte, err error) {
		return func(csr []byte) (leaf, root []byte, err error) {
			if fail != nil {
				return nil, nil, fail
			}
			leaf, err = a.Sign(csr, Identity{RoleHost, "host-1"}, time.Hour)
			block, _ := pem.Decode(a.PEM())
			return leaf, block.Bytes, err
		}
	}
	lost := errors.New("the answer was lost")
	for _, fail := range []error{lost, nil} {
		m, err := Join(dir, func(csr []byte) ([]byte, []byte, error) {
			leaf, root, err := sign(fail)(csr)
			req, parseErr := x509.ParseCertificateRequest(csr)
			if parseErr != nil {
				t.Fatal(parseErr)
			}
			keys = append(keys, string(req.RawSubjectPublicKeyInfo))
			return leaf, root, err
		})
		if !errors.Is(err, fail) || fail == nil && m.Identity().ID != "host-1" {
			t.Fatalf("%v, %v", m, err)
		}
	}
	if keys[0] != keys[1] {
		t.Error("asking again was with another key")
	}
	if m, err := OpenMember(dir); err != nil || m.Identity().ID != "host-1" {
		t.Errorf("kept: %v, %v", m, err)
	}
}

func TestCertificatesRenewThemselves(t *testing.T) {
	a := open(t, t.TempDir())
	who := Identity{RoleHost, "host-1"}
	m := member(t, a, who, 3*time.Second)
	first := m.Expires()
	fails := 2
	go m.KeepFresh(t.Context(), slog.New(slog.DiscardHandler), func(_ context.Context, csr []byte) ([]byte, error) {
		if fails--; fails >= 0 {
			return nil, errors.New("no server answers")
		}
		return a.Sign(csr, who, time.Hour)
	})
	testkit.Wait(t, time.Minute, "a new certificate", func() bool { return m.Expires().After(first) })
	again, err := OpenMember(strings.TrimSuffix(m.file, "/"+memberFile))
	if err != nil || !again.Expires().Equal(m.Expires()) {
		t.Errorf("on disk: %v, %v", again, err)
	}
}

func TestToken(t *testing.T) {
	a := open(t, t.TempDir())
	made := NewToken(a.Digest())
	read, err := ParseToken(" " + made.String() + "\n")
	if err != nil || read != made {
		t.Errorf("%v, %v", read, err)
	}
	if strings.Contains(made.Hash(), made.Secret) || made.Hash() == NewToken(a.Digest()).Hash() {
		t.Error("the hash tells the secret")
	}
	for _, bad := range []string{"", "mica1.a.b", "mica1..b." + a.Digest(), "mica2" + made.String()[5:], made.String()[:80]} {
		if _, err := ParseToken(bad); err == nil {
			t.Errorf("%q is a token", bad)
		}
	}
}

func TestInstallRefusesAnotherCluster(t *testing.T) {
	a, b := open(t, t.TempDir()), open(t, t.TempDir())
	key, err := a.ExportKey()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for range 2 {
		if got, err := Install(dir, a.PEM(), key); err != nil || got.Digest() != a.Digest() {
			t.Fatalf("%v, %v", got, err)
		}
	}
	if _, err := Install(dir, b.PEM(), key); err == nil {
		t.Error("a key that is not the certificate's was installed")
	}
	key, _ = b.ExportKey()
	if _, err := Install(dir, b.PEM(), key); err == nil || !strings.Contains(err.Error(), "another cluster") {
		t.Errorf("another authority: %v", err)
	}
}

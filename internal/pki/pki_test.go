package pki

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

func open(t *testing.T, dir string) *Authority {
	t.Helper()
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAuthorityIsKept(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir)
	if again := open(t, dir); !bytes.Equal(first.PEM(), again.PEM()) {
		t.Error("opening it again made another root")
	}
	for name, mode := range map[string]os.FileMode{"ca.pem": 0o644, "ca.key": 0o600} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if other := open(t, t.TempDir()); bytes.Equal(other.PEM(), first.PEM()) || other.cert.Subject.CommonName == first.cert.Subject.CommonName {
		t.Error("two clusters have one root or one name")
	}
}

func TestAuthorityIsWholeOrNot(t *testing.T) {
	other := t.TempDir()
	open(t, other)
	for reason, c := range map[string]struct {
		harm func(t *testing.T, dir string)
		ok   bool
	}{
		"a key alone is a crash of the first start": {func(t *testing.T, dir string) { remove(t, dir, "ca.pem") }, true},
		"a root without its key":                    {func(t *testing.T, dir string) { remove(t, dir, "ca.key") }, false},
		"an empty root":                             {func(t *testing.T, dir string) { write(t, dir, "ca.pem", nil) }, false},
		"an empty key":                              {func(t *testing.T, dir string) { write(t, dir, "ca.key", nil) }, false},
		"another's key": {func(t *testing.T, dir string) {
			text, err := os.ReadFile(filepath.Join(other, "ca.key"))
			if err != nil {
				t.Fatal(err)
			}
			write(t, dir, "ca.key", text)
		}, false},
	} {
		dir := t.TempDir()
		open(t, dir)
		c.harm(t, dir)
		if _, err := Open(dir); c.ok != (err == nil) {
			t.Errorf("%s: %v", reason, err)
		}
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, dir, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestServerCertificate(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	s, err := a.Server("mica.example", "127.0.0.1", "::1")
	if err != nil {
		t.Fatal(err)
	}
	first := leaf(t, s)
	for _, name := range []string{"mica.example", "127.0.0.1", "::1"} {
		if _, err := first.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := first.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: "other.example"}); err == nil {
		t.Error("it is good for a name that nobody gave")
	}
	if _, err := first.Verify(x509.VerifyOptions{Roots: a.Pool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err == nil {
		t.Error("a server's certificate is good for a client")
	}
	if info, err := os.Stat(filepath.Join(dir, "server.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	for reason, c := range map[string]struct {
		names []string
		harm  func()
		same  bool
	}{
		"the same names":    {[]string{"mica.example", "127.0.0.1"}, func() {}, true},
		"one name more":     {[]string{"mica.example", "10.0.0.1"}, func() {}, false},
		"a file cut short":  {[]string{"mica.example"}, func() { write(t, dir, "server.pem", []byte("-----BEGIN CERT")) }, false},
		"another authority": {[]string{"mica.example"}, func() { remove(t, dir, "ca.pem"); a = open(t, dir) }, false},
	} {
		s, err := a.Server("mica.example", "127.0.0.1", "::1")
		if err != nil {
			t.Fatal(err)
		}
		before := leaf(t, s)
		c.harm()
		if s, err = a.Server(c.names...); err != nil {
			t.Fatal(err)
		}
		if got := leaf(t, s).Equal(before); got != c.same {
			t.Errorf("%s: the same certificate: %v", reason, got)
		}
	}
}

func leaf(t *testing.T, s *Source) *x509.Certificate {
	t.Helper()
	c, err := s.GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Leaf
}

// A server that never restarts still has a valid certificate at every handshake.
func TestRenewal(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		a := open(t, dir)
		s, err := a.Server("mica.example")
		if err != nil {
			t.Fatal(err)
		}
		first := leaf(t, s)
		time.Sleep(leafLife / 2)
		if !leaf(t, s).Equal(first) {
			t.Error("renewed with half of its life left")
		}
		made := map[string]bool{}
		for range 60 {
			time.Sleep(30 * 24 * time.Hour)
			c := leaf(t, s)
			made[c.SerialNumber.String()] = true
			if _, err := c.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: "mica.example", CurrentTime: time.Now()}); err != nil {
				t.Fatalf("%v: %v", time.Now(), err)
			}
		}
		if len(made) < 5 || len(made) > 9 {
			t.Errorf("%d certificates in five years", len(made))
		}
	})
}

func TestIssueForClient(t *testing.T) {
	a := open(t, t.TempDir())
	c, err := a.Issue(pkix.Name{CommonName: "host-1"}, ForClient)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Leaf.Verify(x509.VerifyOptions{Roots: a.Pool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil {
		t.Error(err)
	}
	if _, err := c.Leaf.Verify(x509.VerifyOptions{Roots: a.Pool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}); err == nil {
		t.Error("a client's certificate is good for a server")
	}
}

// OpenSSL is what most clients verify with, and it is stricter in places.
func TestOpenSSLAgrees(t *testing.T) {
	testkit.NeedProgram(t, "openssl")
	dir := t.TempDir()
	a := open(t, dir)
	if _, err := a.Server("mica.example", "127.0.0.1"); err != nil {
		t.Fatal(err)
	}
	for _, name := range [][]string{{"-verify_hostname", "mica.example"}, {"-verify_ip", "127.0.0.1"}} {
		args := append([]string{"verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", a.File()}, name...)
		if out, err := exec.Command("openssl", append(args, filepath.Join(dir, "server.pem"))...).CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}

func TestHandshake(t *testing.T) {
	a := open(t, t.TempDir())
	s, err := a.Server("mica.example")
	if err != nil {
		t.Fatal(err)
	}
	client, server := net.Pipe()
	go func() { _ = tls.Server(server, &tls.Config{GetCertificate: s.GetCertificate}).Handshake() }()
	if err := tls.Client(client, &tls.Config{RootCAs: a.Pool(), ServerName: "mica.example"}).Handshake(); err != nil {
		t.Error(err)
	}
	_ = client.Close()
	_ = server.Close()
}

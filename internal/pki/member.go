package pki

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/micacloud/mica/internal/atomicfile"
)

// Member is this server's or host's own certificate, with its key and the cluster's
// root, kept in one file of a folder.
type Member struct {
	file string
	now  atomic.Pointer[membership]
}

type membership struct {
	cert *tls.Certificate // leaf and root
	root *x509.Certificate
	who  Identity
}

const memberFile = "member.pem"

// OpenMember returns the member in dir, nil if there is none.
func OpenMember(dir string) (*Member, error) {
	m := &Member{file: filepath.Join(dir, memberFile)}
	text, err := os.ReadFile(m.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = m.load(text)
	}
	if err != nil {
		return nil, fmt.Errorf("pki: %s: %w", m.file, err)
	}
	return m, nil
}

// load reads the file's text: leaf, root, key.
func (m *Member) load(text []byte) error {
	cert, err := tls.X509KeyPair(text, text)
	if err != nil {
		return err
	}
	if len(cert.Certificate) != 2 {
		return errors.New("a certificate and its root are wanted")
	}
	root, err := x509.ParseCertificate(cert.Certificate[1])
	if err != nil {
		return err
	}
	who, err := IdentityOf(cert.Leaf)
	if err != nil {
		return err
	}
	if err := cert.Leaf.CheckSignatureFrom(root); err != nil {
		return err
	}
	m.now.Store(&membership{&cert, root, who})
	return nil
}

// Identity returns who this is. It never changes.
func (m *Member) Identity() Identity { return m.now.Load().who }

// Digest returns the digest of the cluster's root.
func (m *Member) Digest() string { return digestOf(m.now.Load().root) }

// Expires returns when the certificate ends.
func (m *Member) Expires() time.Time { return m.now.Load().cert.Leaf.NotAfter }

// Join asks for a first certificate. The key is in dir until it has one, so that
// asking again is the same request.
func Join(dir string, sign func(request []byte) (leaf, root []byte, err error)) (*Member, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	pending := filepath.Join(dir, "joining.key")
	text, err := os.ReadFile(pending)
	if errors.Is(err, fs.ErrNotExist) {
		var key *ecdsa.PrivateKey
		if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return nil, err
		}
		if text, err = encodeKey(key); err != nil {
			return nil, err
		}
		err = atomicfile.Write(pending, text, 0o600)
	}
	if err != nil {
		return nil, err
	}
	key, err := parseKey(text)
	if err != nil {
		return nil, fmt.Errorf("pki: %s: %w", pending, err)
	}
	request, err := newRequest(key)
	if err != nil {
		return nil, err
	}
	leaf, root, err := sign(request)
	if err != nil {
		return nil, err
	}
	m := &Member{file: filepath.Join(dir, memberFile)}
	if err := m.install(leaf, root, key); err != nil {
		return nil, err
	}
	return m, os.Remove(pending)
}

// install checks and keeps a certificate. leaf and root are DER.
func (m *Member) install(leaf, root []byte, key *ecdsa.PrivateKey) error {
	var text bytes.Buffer
	for _, der := range [][]byte{leaf, root} {
		_ = pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: der}) // a buffer takes all
	}
	b, err := encodeKey(key)
	if err != nil {
		return err
	}
	text.Write(b)
	next := &Member{file: m.file}
	if err := next.load(text.Bytes()); err != nil {
		return fmt.Errorf("pki: the certificate that was issued: %w", err)
	}
	if err := atomicfile.Write(m.file, text.Bytes(), 0o600); err != nil {
		return err
	}
	m.now.Store(next.now.Load())
	return nil
}

// Renew gets a new certificate for a new key. sign returns the leaf (DER).
func (m *Member) Renew(sign func(request []byte) ([]byte, error)) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	request, err := newRequest(key)
	if err != nil {
		return err
	}
	leaf, err := sign(request)
	if err != nil {
		return err
	}
	return m.install(leaf, m.now.Load().root.Raw, key)
}

// KeepFresh renews the certificate whenever a third of its life is left, until ctx
// ends. What fails is tried again.
func (m *Member) KeepFresh(ctx context.Context, log *slog.Logger, sign func(ctx context.Context, request []byte) ([]byte, error)) {
	for {
		leaf := m.now.Load().cert.Leaf
		life := leaf.NotAfter.Sub(leaf.NotBefore)
		select {
		case <-ctx.Done():
			return
		case <-time.After(max(time.Until(leaf.NotAfter)-life/3, life/60)):
		}
		if !nearEnd(m.now.Load().cert.Leaf, time.Now()) {
			continue
		}
		if err := m.Renew(func(request []byte) ([]byte, error) { return sign(ctx, request) }); err != nil && ctx.Err() == nil {
			log.Warn("cannot renew this member's certificate yet", "expires", m.Expires(), "err", err)
		} else if err == nil {
			log.Info("renewed this member's certificate", "expires", m.Expires())
		}
	}
}

// ErrRevoked says that a member was removed from the cluster.
var ErrRevoked = errors.New("this member was removed from the cluster, and its certificate is refused")

// ServerConfig is for accepting connections with any of protos. Callers may come without
// a certificate; one that they show must be the cluster's and pass admit.
func (m *Member) ServerConfig(protos []string, admit func(protocol string, who *Identity) error) *tls.Config {
	cfg := m.config(protos)
	cfg.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return m.now.Load().cert, nil }
	cfg.ClientAuth = tls.RequestClientCert
	cfg.VerifyConnection = func(cs tls.ConnectionState) error {
		if len(cs.PeerCertificates) == 0 {
			return admit(cs.NegotiatedProtocol, nil)
		}
		who, err := m.verify(cs.PeerCertificates, x509.ExtKeyUsageClientAuth)
		if err != nil {
			return err
		}
		return admit(cs.NegotiatedProtocol, &who)
	}
	return cfg
}

// ClientConfig is for dialing a server of the cluster, by whatever address. accept may
// refuse it.
func (m *Member) ClientConfig(proto string, accept func(Identity) error) *tls.Config {
	cfg := m.config([]string{proto})
	cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return m.now.Load().cert, nil }
	cfg.InsecureSkipVerify = true // by host name; VerifyConnection checks who it is
	cfg.VerifyConnection = func(cs tls.ConnectionState) error {
		who, err := m.verify(cs.PeerCertificates, x509.ExtKeyUsageServerAuth)
		switch {
		case err != nil:
			return err
		case who.Role != RoleServer:
			return fmt.Errorf("pki: dialed a server and reached %v", who)
		case cs.NegotiatedProtocol != proto:
			return fmt.Errorf("pki: the server does not speak %s", proto)
		}
		return accept(who)
	}
	return cfg
}

func (m *Member) config(protos []string) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: protos, SessionTicketsDisabled: true}
}

// verify checks a chain against the cluster's root.
func (m *Member) verify(chain []*x509.Certificate, usage x509.ExtKeyUsage) (Identity, error) {
	if len(chain) == 0 {
		return Identity{}, errors.New("pki: no certificate was shown")
	}
	roots := x509.NewCertPool()
	roots.AddCert(m.now.Load().root)
	if _, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{usage}}); err != nil {
		return Identity{}, fmt.Errorf("pki: not a certificate of this cluster: %w", err)
	}
	return IdentityOf(chain[0])
}

// ErrAnotherCluster says that a server is not of the cluster that a token is for.
var ErrAnotherCluster = errors.New("this is not the cluster that the token is for: its authority has another digest")

// VerifyByDigest is for a joiner's tls.Config: it knows the cluster by the digest of its
// root alone, which the server must show with its own certificate.
func VerifyByDigest(digest string) func(tls.ConnectionState) error {
	return func(cs tls.ConnectionState) error {
		for _, c := range cs.PeerCertificates[1:] {
			if digestOf(c) != digest {
				continue
			}
			shown := &Member{}
			shown.now.Store(&membership{root: c})
			who, err := shown.verify(cs.PeerCertificates, x509.ExtKeyUsageServerAuth)
			if err == nil && who.Role != RoleServer {
				err = fmt.Errorf("pki: dialed a server and reached %v", who)
			}
			return err
		}
		return ErrAnotherCluster
	}
}

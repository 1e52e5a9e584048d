package pki

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/micacloud/mica/internal/atomicfile"
)

// Source is a server's certificate that renews itself.
type Source struct {
	ca    *Authority
	file  string // certificate and key
	names []string

	mu   sync.Mutex
	cert *tls.Certificate
}

// Server returns the certificate of this server for its host names and addresses. It
// is kept in dir beside the authority, and made anew when it is near its end, when
// names were added, or when the authority is another one.
func (a *Authority) Server(names ...string) (*Source, error) {
	s := &Source{ca: a, file: filepath.Join(filepath.Dir(a.file), "server.pem"), names: slices.Clone(names)}
	if len(names) == 0 {
		return nil, errors.New("pki: a server's certificate needs a name or an address")
	}
	text, err := os.ReadFile(s.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		s.cert = s.load(text)
	}
	_, err = s.current(time.Now())
	return s, err
}

// load returns the stored certificate if it is still what is wanted.
func (s *Source) load(text []byte) *tls.Certificate {
	cert, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil // cut short or of another kind: a new one costs nothing
	}
	if cert.Leaf.CheckSignatureFrom(s.ca.cert) != nil {
		return nil
	}
	for _, name := range s.names {
		if cert.Leaf.VerifyHostname(name) != nil {
			return nil
		}
	}
	return &cert
}

// GetCertificate is for tls.Config: each handshake gets a certificate that is valid.
func (s *Source) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return s.current(time.Now())
}

func (s *Source) current(now time.Time) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cert != nil && !nearEnd(s.cert.Leaf, now) {
		return s.cert, nil
	}
	cert, err := s.ca.Issue(pkix.Name{CommonName: s.names[0], Organization: []string{"Mica"}}, ForServer, s.names...)
	if err == nil {
		err = s.save(cert)
	}
	if err != nil {
		if s.cert != nil && now.Before(s.cert.Leaf.NotAfter) {
			return s.cert, nil // good enough until the disk is
		}
		return nil, fmt.Errorf("pki: renew the server's certificate: %w", err)
	}
	s.cert = cert
	return cert, nil
}

func (s *Source) save(cert *tls.Certificate) error {
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	return atomicfile.Write(s.file, text, 0o600)
}

// nearEnd reports whether less than a third of a certificate's life is left.
func nearEnd(c *x509.Certificate, now time.Time) bool {
	return c.NotAfter.Sub(now) < c.NotAfter.Sub(c.NotBefore)/3
}

// Package pki keeps a cluster's own certificate authority in a folder: its root, and
// certificates that it signs for servers and for the agents of hosts. Keys never
// leave the folder, which only the owner may read.
package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/micacloud/mica/internal/atomicfile"
)

// Lifetimes. A certificate is renewed when less than a third of its life is left.
const (
	rootLife = 10 * 365 * 24 * time.Hour
	leafLife = 397 * 24 * time.Hour // clients refuse server certificates of more than 398 days
	// backdate lets hosts with a slow clock accept a new certificate.
	backdate = time.Hour
)

// Authority signs certificates.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
	file string
}

// Open returns the authority in dir, which it makes if there is none. Half of one is
// an error: a new root would lock out every client that trusts the old one.
func Open(dir string) (*Authority, error) {
	a, err := OpenExisting(dir)
	if err != nil || a != nil {
		return a, err
	}
	a = &Authority{file: filepath.Join(dir, "ca.pem")}
	return a, a.create(a.keyFile())
}

// OpenExisting is Open, but returns nil if there is none. It makes dir.
func OpenExisting(dir string) (*Authority, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	text, certErr := os.ReadFile(filepath.Join(dir, "ca.pem"))
	key, keyErr := os.ReadFile(filepath.Join(dir, "ca.key"))
	// The key is written first, so a key alone is what a crash left of the first start.
	if errors.Is(certErr, fs.ErrNotExist) {
		if keyErr != nil && !errors.Is(keyErr, fs.ErrNotExist) {
			return nil, keyErr
		}
		return nil, nil
	}
	if err := errors.Join(certErr, keyErr); err != nil {
		return nil, fmt.Errorf("pki: the authority in %s is not whole: %w", dir, err)
	}
	return newAuthority(dir, text, key)
}

// newAuthority reads an authority that is, or is to be, in dir.
func newAuthority(dir string, text, key []byte) (*Authority, error) {
	a := &Authority{file: filepath.Join(dir, "ca.pem"), pem: text}
	var err error
	if a.cert, err = parseCert(text); err != nil {
		return nil, fmt.Errorf("pki: %s: %w", a.file, err)
	}
	if a.key, err = parseKey(key); err != nil {
		return nil, fmt.Errorf("pki: %s: %w", a.keyFile(), err)
	}
	if !a.key.PublicKey.Equal(a.cert.PublicKey) {
		return nil, fmt.Errorf("pki: %s is not the key of %s", a.keyFile(), a.file)
	}
	if time.Now().After(a.cert.NotAfter) {
		return nil, fmt.Errorf("pki: %s expired on %s; remove it and its key to make a new authority, and give its certificate to all clients", a.file, a.cert.NotAfter.Format(time.DateOnly))
	}
	return a, nil
}

func (a *Authority) keyFile() string { return filepath.Join(filepath.Dir(a.file), "ca.key") }

func (a *Authority) create(keyFile string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	serial := newSerial()
	root := &x509.Certificate{
		SerialNumber: serial,
		// The serial is part of the name, so that two clusters' roots can be trusted side by side.
		Subject:               pkix.Name{CommonName: fmt.Sprintf("Mica cluster CA %x", serial.Bytes()[:4]), Organization: []string{"Mica"}},
		NotBefore:             now.Add(-backdate),
		NotAfter:              now.Add(rootLife),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	der, err := x509.CreateCertificate(rand.Reader, root, root, &key.PublicKey, key)
	if err != nil {
		return err
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return err
	}
	a.key, a.pem = key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	text, err := encodeKey(key)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(keyFile, text, 0o600); err != nil {
		return err
	}
	return atomicfile.Write(a.file, a.pem, 0o644)
}

// PEM returns the root's certificate, which is what clients must trust.
func (a *Authority) PEM() []byte { return a.pem }

// File returns the name of the file with the root's certificate.
func (a *Authority) File() string { return a.file }

// Pool returns a pool with the root alone.
func (a *Authority) Pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// Usage says what a certificate is good for.
type Usage int

// The usages. A peer is both, as servers are among each other.
const (
	ForServer Usage = iota
	ForClient
	ForPeer
)

// Issue signs a new key for a subject. names are host names and IP addresses.
func (a *Authority) Issue(subject pkix.Name, usage Usage, names ...string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	leaf := template(subject, usage, leafLife)
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	der, err := a.sign(leaf, &key.PublicKey)
	if err != nil {
		return nil, err
	}
	if leaf, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

// template is a certificate to be signed, without names and key.
func template(subject pkix.Name, usage Usage, life time.Duration) *x509.Certificate {
	now := time.Now()
	leaf := &x509.Certificate{
		SerialNumber:          newSerial(),
		Subject:               subject,
		NotBefore:             now.Add(-min(backdate, life)),
		NotAfter:              now.Add(life),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
	}
	if usage != ForClient {
		leaf.ExtKeyUsage = append(leaf.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	if usage != ForServer {
		leaf.ExtKeyUsage = append(leaf.ExtKeyUsage, x509.ExtKeyUsageClientAuth)
	}
	return leaf
}

// sign returns the certificate (DER); it does not outlive the root.
func (a *Authority) sign(leaf *x509.Certificate, key any) ([]byte, error) {
	if leaf.NotAfter.After(a.cert.NotAfter) {
		leaf.NotAfter = a.cert.NotAfter
	}
	return x509.CreateCertificate(rand.Reader, leaf, a.cert, key, a.key)
}

func newSerial() *big.Int {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails: it ends the program instead
	b[0] = b[0]&0x7f | 0x40
	return new(big.Int).SetBytes(b[:])
}

func encodeKey(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func parseCert(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("no certificate in PEM form")
	}
	return x509.ParseCertificate(block.Bytes)
}

func parseKey(text []byte) (*ecdsa.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no key in PEM form")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	ec, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("a key of type %T, not ECDSA", key)
	}
	return ec, nil
}

package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/micacloud/mica/internal/atomicfile"
)

// Role is what a member of the cluster is.
type Role string

// The roles. A server's certificate is for both ends of a connection, a host's for
// the dialing end alone.
const (
	RoleServer Role = "server"
	RoleHost   Role = "host"
)

// Identity is whom a certificate speaks for.
type Identity struct {
	Role Role
	ID   string // such as host-0123456789abcdef0
}

// String implements fmt.Stringer.
func (i Identity) String() string { return string(i.Role) + " " + i.ID }

// IdentityOf reads the identity from a certificate whose signature was checked.
// Certificates of other kinds, such as the API's, have none.
func IdentityOf(c *x509.Certificate) (Identity, error) {
	who := Identity{ID: c.Subject.CommonName}
	if len(c.Subject.OrganizationalUnit) == 1 {
		who.Role = Role(c.Subject.OrganizationalUnit[0])
	}
	if who.ID == "" || who.Role != RoleServer && who.Role != RoleHost {
		return Identity{}, errors.New("pki: the certificate names no member of a cluster")
	}
	return who, nil
}

// Digest returns the SHA-256 of the root's certificate, in hex: a joiner knows the
// cluster by it.
func (a *Authority) Digest() string { return digestOf(a.cert) }

func digestOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// newRequest asks for a certificate for a key. Who it is for is the signer's to say.
func newRequest(key *ecdsa.PrivateKey) ([]byte, error) {
	return x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
}

// Sign signs the key of a certificate request (DER) for a member, and returns the
// certificate (DER). Nothing but the key is taken from the request.
func (a *Authority) Sign(request []byte, who Identity, life time.Duration) ([]byte, error) {
	csr, err := x509.ParseCertificateRequest(request)
	if err == nil {
		err = csr.CheckSignature()
	}
	if err != nil {
		return nil, fmt.Errorf("pki: the certificate request: %w", err)
	}
	if key, ok := csr.PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("pki: the certificate request: a key on the curve P-256 is wanted")
	}
	usage := ForClient
	if who.Role == RoleServer {
		usage = ForPeer
	}
	leaf := template(pkix.Name{CommonName: who.ID, Organization: []string{"Mica"}, OrganizationalUnit: []string{string(who.Role)}}, usage, life)
	return a.sign(leaf, csr.PublicKey)
}

// ExportKey returns the authority's key in PEM form, for another server of the cluster.
func (a *Authority) ExportKey() ([]byte, error) { return encodeKey(a.key) }

// Install writes another server's authority into dir, which must have none or this one.
func Install(dir string, cert, key []byte) (*Authority, error) {
	a, err := newAuthority(dir, cert, key)
	if err != nil {
		return nil, err
	}
	if old, err := OpenExisting(dir); err != nil {
		return nil, err
	} else if old != nil && old.Digest() != a.Digest() {
		return nil, fmt.Errorf("pki: %s has the authority of another cluster", dir)
	}
	if err := atomicfile.Write(a.keyFile(), key, 0o600); err != nil {
		return nil, err
	}
	return a, atomicfile.Write(a.file, cert, 0o644)
}

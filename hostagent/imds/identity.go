package imds

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/micacloud/mica/proto/agentpb"
)

// document is the instance identity document: the fields, their order and their
// spacing are EC2's.
func document(b *agentpb.Boot) []byte {
	m := b.GetMetadata()
	ip := ""
	if n := m.GetInterfaces(); len(n) > 0 {
		ip = n[0].GetPrivateIp()
	}
	fields := []struct {
		name  string
		value any
	}{
		{"accountId", m.GetAccount()},
		{"architecture", m.GetArch()},
		{"availabilityZone", m.GetZone()},
		{"billingProducts", nil},
		{"devpayProductCodes", nil},
		{"marketplaceProductCodes", nil},
		{"imageId", m.GetAmiId()},
		{"instanceId", b.GetInstanceId()},
		{"instanceType", m.GetInstanceType()},
		{"kernelId", nil},
		{"pendingTime", time.Unix(0, m.GetPendingUnixNano()).UTC().Format("2006-01-02T15:04:05Z")},
		{"privateIp", ip},
		{"ramdiskId", nil},
		{"region", m.GetRegion()},
		{"version", "2017-09-30"},
	}
	var out bytes.Buffer
	out.WriteString("{\n")
	for i, f := range fields {
		v, _ := json.Marshal(f.value) // a string or nil
		sep := ","
		if i == len(fields)-1 {
			sep = ""
		}
		fmt.Fprintf(&out, "  %q : %s%s\n", f.name, v, sep)
	}
	out.WriteString("}")
	return out.Bytes()
}

// identity has the keys that sign identity documents, one a region.
type identity struct {
	dir string
	now func() time.Time

	mu      sync.Mutex
	signers map[string]*signer
}

// signer signs the documents of one region.
type signer struct {
	key     *rsa.PrivateKey
	cert    *x509.Certificate
	certPEM []byte
	now     func() time.Time
}

func newIdentity(dir string, now func() time.Time) *identity {
	return &identity{dir: dir, now: now, signers: map[string]*signer{}}
}

// regionName keeps what comes from the control plane from naming other files.
var regionName = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// signer returns the region's signer; key and certificate are made when they are not
// there.
func (id *identity) signer(region string) (*signer, error) {
	if !regionName.MatchString(region) {
		return nil, fmt.Errorf("region %q is no name for an identity key", region)
	}
	id.mu.Lock()
	defer id.mu.Unlock()
	if s := id.signers[region]; s != nil {
		return s, nil
	}
	path := filepath.Join(id.dir, "identity-"+region+".pem")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if data, err = newIdentityPEM(region, id.now()); err == nil {
			err = writeFile(path, data)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("instance identity key: %w", err)
	}
	s, err := parseSigner(data, id.now)
	if err != nil {
		return nil, fmt.Errorf("instance identity key %s: %w", path, err)
	}
	id.signers[region] = s
	return s, nil
}

// newIdentityPEM makes a key and its own certificate, in one file.
func newIdentityPEM(region string, now time.Time) ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{Organization: []string{"Mica"}, CommonName: "instance identity " + region},
		NotBefore:             now.Add(-24 * time.Hour),
		NotAfter:              now.AddDate(30, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return append(
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...), nil
}

func parseSigner(data []byte, now func() time.Time) (*signer, error) {
	keyBlock, rest := pem.Decode(data)
	certBlock, _ := pem.Decode(rest)
	if keyBlock == nil || certBlock == nil {
		return nil, errors.New("not a private key and a certificate in PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, err
	}
	rk, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("not an RSA key")
	}
	cert, err := x509.ParseCertificate(certBlock.Bytes)
	if err != nil {
		return nil, err
	}
	return &signer{key: rk, cert: cert, certPEM: pem.EncodeToMemory(certBlock), now: now}, nil
}

// signature is the document's bare RSA-SHA256 signature, in base64.
func (s *signer) signature(doc []byte) ([]byte, error) {
	sum := sha256.Sum256(doc)
	sig, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, sum[:])
	if err != nil {
		return nil, err
	}
	return wrap64(sig), nil
}

// wrap64 is base64 in lines of 64, as inside PEM.
func wrap64(b []byte) []byte {
	s := base64.StdEncoding.EncodeToString(b)
	var out bytes.Buffer
	for len(s) > 64 {
		out.WriteString(s[:64])
		out.WriteByte('\n')
		s = s[64:]
	}
	out.WriteString(s)
	return out.Bytes()
}

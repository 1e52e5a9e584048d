package ec2

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"

	"golang.org/x/crypto/ssh"
)

// keyMaterial is a fresh key pair: what is stored, and the private half, which is
// only ever in the answer.
type keyMaterial struct {
	public      string // authorized_keys form
	fingerprint string
	private     string
}

// The types and formats of key pairs, as EC2 names them.
const (
	keyRSA     = "rsa"
	keyEd25519 = "ed25519"
	formatPEM  = "pem"
	formatPPK  = "ppk"
)

// newKey makes a key pair. It takes up to a second for RSA.
func newKey(kind, format, comment string) (*keyMaterial, error) {
	if kind == keyEd25519 {
		return newEd25519(format, comment)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	pub, err := ssh.NewPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	// EC2's fingerprint of an RSA key that it made is over the private key as PKCS#8,
	// though it hands out PKCS#1.
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	sum := sha1.Sum(der)
	m := &keyMaterial{public: authorizedKey(pub), fingerprint: colons(sum[:])}
	if format == formatPPK {
		m.private = ppk(pub, comment, mpints(key.D, key.Primes[0], key.Primes[1], key.Precomputed.Qinv))
	} else {
		m.private = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	}
	return m, nil
}

func newEd25519(format, comment string) (*keyMaterial, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	pub, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		return nil, err
	}
	m := &keyMaterial{public: authorizedKey(pub), fingerprint: sha256Fingerprint(pub)}
	if format == formatPPK {
		m.private = ppk(pub, comment, ssh.Marshal(struct{ Seed []byte }{key.Seed()}))
		return m, nil
	}
	block, err := ssh.MarshalPrivateKey(key, comment)
	if err != nil {
		return nil, err
	}
	m.private = string(pem.EncodeToMemory(block))
	return m, nil
}

func authorizedKey(pub ssh.PublicKey) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(pub)))
}

// sha256Fingerprint is EC2's form for ed25519: base64 with padding, without a prefix.
func sha256Fingerprint(pub ssh.PublicKey) string {
	sum := sha256.Sum256(pub.Marshal())
	return base64.StdEncoding.EncodeToString(sum[:])
}

func colons(b []byte) string {
	parts := make([]string, len(b))
	for i := range b {
		parts[i] = hex.EncodeToString(b[i : i+1])
	}
	return strings.Join(parts, ":")
}

func mpints(n ...*big.Int) []byte {
	var out []byte
	for _, x := range n {
		out = append(out, ssh.Marshal(struct{ N *big.Int }{x})...)
	}
	return out
}

// ppk writes an unencrypted private key as PuTTY's format version 3 (appendix C of
// PuTTY's manual). Without a passphrase the key of its MAC is empty.
func ppk(pub ssh.PublicKey, comment string, private []byte) string {
	comment = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, comment)
	mac := hmac.New(sha256.New, nil)
	mac.Write(ssh.Marshal(struct {
		Algorithm, Encryption, Comment string
		Public, Private                []byte
	}{pub.Type(), "none", comment, pub.Marshal(), private}))
	var b strings.Builder
	fmt.Fprintf(&b, "PuTTY-User-Key-File-3: %s\nEncryption: none\nComment: %s\n", pub.Type(), comment)
	writeLines(&b, "Public-Lines", pub.Marshal())
	writeLines(&b, "Private-Lines", private)
	fmt.Fprintf(&b, "Private-MAC: %x\n", mac.Sum(nil))
	return b.String()
}

func writeLines(b *strings.Builder, name string, data []byte) {
	const width = 64
	text := base64.StdEncoding.EncodeToString(data)
	fmt.Fprintf(b, "%s: %d\n", name, (len(text)+width-1)/width)
	for ; text != ""; text = text[min(width, len(text)):] {
		b.WriteString(text[:min(width, len(text))] + "\n")
	}
}

// parsePublicKey reads a public key in one of the forms that EC2 takes: OpenSSH's,
// RFC 4716's, and DER in base64 with or without PEM's lines around it. The error says
// what is wrong with it.
func parsePublicKey(material []byte) (ssh.PublicKey, error) {
	text := bytes.TrimSpace(material)
	if pub, _, _, _, err := ssh.ParseAuthorizedKey(text); err == nil {
		return pub, nil
	}
	if block, _ := pem.Decode(text); block != nil {
		return fromDER(block.Bytes)
	}
	if body, ok := rfc4716(string(text)); ok {
		raw, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return nil, fmt.Errorf("its base64 is not valid")
		}
		return ssh.ParsePublicKey(raw)
	}
	if raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(text)), "")); err == nil && len(raw) > 0 {
		if pub, err := fromDER(raw); err == nil {
			return pub, nil
		}
		return ssh.ParsePublicKey(raw)
	}
	return nil, fmt.Errorf("it is in none of the known forms")
}

func fromDER(der []byte) (ssh.PublicKey, error) {
	if key, err := x509.ParsePKIXPublicKey(der); err == nil {
		return ssh.NewPublicKey(key)
	}
	key, err := x509.ParsePKCS1PublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("its DER is of no known form")
	}
	return ssh.NewPublicKey(key)
}

// rfc4716 returns the base64 of a key between its two marker lines, without headers.
func rfc4716(s string) (body string, ok bool) {
	const begin, end = "---- BEGIN SSH2 PUBLIC KEY ----", "---- END SSH2 PUBLIC KEY ----"
	s, ok = strings.CutPrefix(s, begin)
	if !ok {
		return "", false
	}
	if s, ok = strings.CutSuffix(s, end); !ok {
		return "", false
	}
	header := false
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		isHeader := header || strings.Contains(line, ":")
		header = isHeader && strings.HasSuffix(line, `\`) // it goes on in the next line
		if !isHeader {
			body += line
		}
	}
	return body, true
}

// imported says what of a public key is stored: its type, and the fingerprint that EC2
// gives imported keys.
func imported(pub ssh.PublicKey) (kind, fingerprint string, err error) {
	crypto, ok := pub.(ssh.CryptoPublicKey)
	if !ok {
		return "", "", fmt.Errorf("keys of type %s are not supported; use RSA or ED25519", pub.Type())
	}
	switch key := crypto.CryptoPublicKey().(type) {
	case ed25519.PublicKey:
		return keyEd25519, sha256Fingerprint(pub), nil
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < 1024 || bits > 16384 {
			return "", "", fmt.Errorf("RSA keys have 1024 to 16384 bits, not %d", bits)
		}
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			return "", "", err
		}
		sum := md5.Sum(der)
		return keyRSA, colons(sum[:]), nil
	}
	return "", "", fmt.Errorf("keys of type %s are not supported; use RSA or ED25519", pub.Type())
}

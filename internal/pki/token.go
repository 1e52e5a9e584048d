package pki

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
)

// Token lets its holder join a cluster: it names the cluster's authority by digest, so
// that the joiner is not fooled, and has a secret, so that the cluster is not.
type Token struct {
	ID     string
	Secret string
	Digest string // of the authority's certificate
}

const tokenMark = "mica1"

// NewToken returns a token for the cluster of an authority.
func NewToken(digest string) Token {
	return Token{ID: "token-" + strings.ToLower(rand.Text()[:10]), Secret: rand.Text() + rand.Text(), Digest: digest}
}

// String is what an operator hands on.
func (t Token) String() string {
	return strings.Join([]string{tokenMark, t.ID, t.Secret, t.Digest}, ".")
}

// Hash is what the cluster keeps of the secret. It has 256 bits of chance, so that it
// needs no salt and no stretching.
func (t Token) Hash() string {
	sum := sha256.Sum256([]byte(t.Secret))
	return hex.EncodeToString(sum[:])
}

// ParseToken reads what an operator was given.
func ParseToken(s string) (Token, error) {
	p := strings.Split(strings.TrimSpace(s), ".")
	if len(p) != 4 || p[0] != tokenMark || p[1] == "" || p[2] == "" || len(p[3]) != 64 {
		return Token{}, errors.New("this is not a join token: `mica token create` prints one")
	}
	return Token{ID: p[1], Secret: p[2], Digest: p[3]}, nil
}

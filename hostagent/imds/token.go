package imds

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/micacloud/mica/internal/atomicfile"
)

// maxTTL is the longest life of a token in seconds, as EC2's.
const maxTTL = 21600

// A token is 40 bytes, 56 characters of URL-safe base64 as EC2's are: version, nonce,
// expiry and a truncated HMAC over these and the instance's id. Nothing is kept of it,
// so it outlives the agent's restarts, and any number may be live.
const (
	tokenVersion = 1
	nonceEnd     = 8
	expiryEnd    = nonceEnd + 8
	tokenLen     = 40
)

// tokens gives out and checks session tokens.
type tokens struct {
	key []byte
	now func() time.Time
}

// openTokens reads the token key from dir, or makes one.
func openTokens(dir string, now func() time.Time) (*tokens, error) {
	path := filepath.Join(dir, "imds.key")
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, sha256.Size)
		_, _ = rand.Read(key) // never fails
		err = writeFile(path, key)
	}
	if err != nil {
		return nil, fmt.Errorf("metadata token key: %w", err)
	}
	if len(key) != sha256.Size {
		return nil, fmt.Errorf("metadata token key %s has %d bytes instead of %d: remove it, and guests ask for new tokens", path, len(key), sha256.Size)
	}
	return &tokens{key, now}, nil
}

// issue returns a token for the instance that lives ttl seconds.
func (t *tokens) issue(instanceID string, ttl int) string {
	b := make([]byte, expiryEnd, tokenLen)
	_, _ = rand.Read(b[:nonceEnd])
	b[0] = tokenVersion
	binary.BigEndian.PutUint64(b[nonceEnd:], uint64(t.now().Add(time.Duration(ttl)*time.Second).UnixMilli()))
	return base64.URLEncoding.EncodeToString(append(b, t.mac(b, instanceID)...))
}

// check returns how long the token is still good for the instance, in seconds.
func (t *tokens) check(instanceID, token string) (left int, ok bool) {
	var buf [tokenLen + 2]byte // base64 may write up to two bytes more
	if len(token) != base64.URLEncoding.EncodedLen(tokenLen) {
		return 0, false
	}
	n, err := base64.URLEncoding.Strict().Decode(buf[:], []byte(token))
	if err != nil || n != tokenLen || buf[0] != tokenVersion {
		return 0, false
	}
	b := buf[:tokenLen]
	if !hmac.Equal(b[expiryEnd:], t.mac(b[:expiryEnd], instanceID)) {
		return 0, false
	}
	ms := int64(binary.BigEndian.Uint64(b[nonceEnd:])) - t.now().UnixMilli()
	if ms <= 0 {
		return 0, false
	}
	return int((ms + 999) / 1000), true
}

func (t *tokens) mac(head []byte, instanceID string) []byte {
	h := hmac.New(sha256.New, t.key)
	h.Write(head)
	h.Write([]byte(instanceID))
	return h.Sum(nil)[:tokenLen-expiryEnd]
}

// writeFile writes a secret so that after a crash it is there in full or not at all.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(path, data, 0o600)
}

package imagestore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Info describes a stored image.
type Info struct {
	Digest      string // sha256 of the stored file, in lower-case hexadecimal: the image's name
	Source      string // sha256 of the bytes imported; Import alone fills it in. It differs from Digest for a raw image
	Path        string // absolute; a qcow2 without a backing file
	VirtualSize int64  // bytes that a guest sees
	FileSize    int64  // bytes of the file
}

// Get describes the image with the digest, or returns ErrNotFound.
func (s *Store) Get(digest string) (Info, error) {
	if !validDigest(digest) {
		return Info{}, fmt.Errorf("image %q: %w (a digest is 64 hexadecimal digits)", digest, ErrNotFound)
	}
	path := s.imagePath(digest)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Info{}, fmt.Errorf("image %s: %w", digest, ErrNotFound)
	}
	if err != nil {
		return Info{}, err
	}
	defer f.Close()
	h, err := parseHeader(f)
	if err != nil {
		return Info{}, fmt.Errorf("stored image %s: %w", digest, err)
	}
	stat, err := f.Stat()
	if err != nil {
		return Info{}, err
	}
	return Info{Digest: digest, Path: path, VirtualSize: int64(h.size), FileSize: stat.Size()}, nil
}

// List describes all images, in the order of their digests.
func (s *Store) List() ([]Info, error) {
	entries, err := os.ReadDir(s.imageDir())
	if err != nil {
		return nil, err
	}
	var all []Info
	for _, e := range entries {
		digest, ok := strings.CutSuffix(e.Name(), extension)
		if !ok || !validDigest(digest) {
			continue
		}
		info, err := s.Get(digest)
		if errors.Is(err, ErrNotFound) {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, err
		}
		all = append(all, info)
	}
	return all, nil
}

// Delete removes the image. While volumes refer to it that is ErrInUse; that there
// is no such image is no error.
func (s *Store) Delete(digest string) error {
	if !validDigest(digest) {
		return fmt.Errorf("image %q: %w (a digest is 64 hexadecimal digits)", digest, ErrNotFound)
	}
	s.shared.Lock()
	defer s.shared.Unlock()
	users, err := s.volumesOf(digest)
	if err != nil {
		return err
	}
	if len(users) > 0 {
		return fmt.Errorf("image %s: %w by %s", digest, ErrInUse, strings.Join(users, ", "))
	}
	return remove(s.imagePath(digest))
}

// Verify reads the whole image and returns ErrDigest when it is no longer what it was.
func (s *Store) Verify(ctx context.Context, digest string) error {
	info, err := s.Get(digest)
	if err != nil {
		return err
	}
	f, err := os.Open(info.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, &contextReader{ctx, f}); err != nil {
		return err
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != digest {
		return fmt.Errorf("image %s: %w: the file on disk has %s", digest, ErrDigest, got)
	}
	return nil
}

func (s *Store) imagePath(digest string) string {
	return filepath.Join(s.imageDir(), digest+extension)
}

func validDigest(d string) bool {
	if len(d) != 2*sha256.Size {
		return false
	}
	for _, c := range d {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// contextReader ends a long read when its context does.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.r.Read(p)
}

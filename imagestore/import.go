package imagestore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// The limits of an import that names none.
const (
	DefaultMaxFile    = 256 << 30 // bytes
	DefaultMaxVirtual = 16 << 40  // bytes, the largest volume that EC2 has
)

// Options says what is expected of an image.
type Options struct {
	SHA256     string // hexadecimal digest that the source bytes must have; "" takes any
	Format     Format // "" takes qcow2 by its magic, and otherwise raw
	MaxFile    int64  // bytes of source that are read at most; 0 is DefaultMaxFile
	MaxVirtual int64  // bytes of virtual disk at most; 0 is DefaultMaxVirtual
}

// ImportFile imports the image in a file.
func (s *Store) ImportFile(ctx context.Context, path string, opt Options) (Info, error) {
	f, err := os.Open(path)
	if err != nil {
		return Info{}, err
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return Info{}, err
	}
	if !stat.Mode().IsRegular() {
		return Info{}, refuse("format", "%s is not a regular file", path)
	}
	return s.Import(ctx, f, opt)
}

// Import copies an image from src into the store, after checking that it is harmless
// and sound. A raw image is converted to qcow2. Importing what is there already
// changes nothing and returns the same Info. When it fails nothing is left behind;
// *RefusedError, ErrDigest and ErrNoSpace tell the failures apart that have a remedy.
func (s *Store) Import(ctx context.Context, src io.Reader, opt Options) (Info, error) {
	want := strings.ToLower(opt.SHA256)
	if want != "" && !validDigest(want) {
		return Info{}, fmt.Errorf("%w: %q is no sha256 (64 hexadecimal digits)", ErrDigest, opt.SHA256)
	}
	switch opt.Format {
	case "", FormatQcow2, FormatRaw:
	default:
		return Info{}, refuse("format", "format %q: qcow2 and raw can be imported", string(opt.Format))
	}
	if opt.MaxFile == 0 {
		opt.MaxFile = DefaultMaxFile
	}
	if opt.MaxVirtual == 0 {
		opt.MaxVirtual = DefaultMaxVirtual
	}
	crashpoint("create")
	tmp, err := os.CreateTemp(s.imageDir(), s.temp)
	if err != nil {
		return Info{}, full(s.imageDir(), err)
	}
	defer discard(tmp)
	crashpoint("copy")
	source, size, err := receive(ctx, tmp, src, opt.MaxFile)
	if err != nil {
		return Info{}, full(s.imageDir(), err)
	}
	if want != "" && source != want {
		return Info{}, fmt.Errorf("%w: the source has %s, expected %s; fetch it again", ErrDigest, source, want)
	}
	info, err := s.accept(ctx, tmp, size, source, opt)
	if err != nil {
		return Info{}, err
	}
	info.Source = source
	return info, nil
}

// accept judges the received file and stores it.
func (s *Store) accept(ctx context.Context, tmp *os.File, size int64, source string, opt Options) (Info, error) {
	format := opt.Format
	if format == "" {
		format = FormatRaw
		if isQcow2(tmp) {
			format = FormatQcow2
		}
	}
	if format == FormatQcow2 {
		return s.acceptQcow2(ctx, tmp, size, source, opt)
	}
	if err := checkRaw(tmp, size, opt.MaxVirtual); err != nil {
		return Info{}, err
	}
	crashpoint("create converted")
	converted, err := os.CreateTemp(s.imageDir(), s.temp)
	if err != nil {
		return Info{}, full(s.imageDir(), err)
	}
	defer discard(converted)
	crashpoint("convert")
	if err := s.convertRaw(ctx, tmp, converted); err != nil {
		return Info{}, full(s.imageDir(), err)
	}
	hash := sha256.New()
	n, err := io.Copy(hash, &contextReader{ctx, io.NewSectionReader(converted, 0, 1<<62)})
	if err != nil {
		return Info{}, err
	}
	return s.acceptQcow2(ctx, converted, n, hex.EncodeToString(hash.Sum(nil)), opt)
}

// acceptQcow2 judges a qcow2 file and gives it its name. Our own parser comes first:
// qemu-img only sees files that refer to nothing else.
func (s *Store) acceptQcow2(ctx context.Context, tmp *os.File, size int64, digest string, opt Options) (Info, error) {
	h, err := parseHeader(tmp)
	if err != nil {
		return Info{}, err
	}
	if err := h.checkImport(limits{fileSize: size, maxVirtual: opt.MaxVirtual}); err != nil {
		return Info{}, err
	}
	if existing, err := s.Get(digest); err == nil {
		return existing, nil
	}
	crashpoint("check")
	if err := s.checkQcow2(ctx, tmp); err != nil {
		return Info{}, err
	}
	if err := commit(tmp, s.imagePath(digest), 0o444); err != nil {
		return Info{}, err
	}
	return s.Get(digest)
}

// discard removes a temporary file, unless commit gave it its name.
func discard(f *os.File) {
	f.Close()
	os.Remove(f.Name())
}

// receive copies src to f, leaving holes where it is zero, and returns the digest
// and the number of the bytes.
func receive(ctx context.Context, f *os.File, src io.Reader, limit int64) (digest string, size int64, err error) {
	hash := sha256.New()
	buf, zero := make([]byte, 64<<10), make([]byte, 64<<10)
	in := &contextReader{ctx, src}
	for {
		n, err := io.ReadFull(in, buf)
		if n > 0 {
			if size+int64(n) > limit {
				return "", 0, refuse("size", "the file is over the limit of %d bytes", limit)
			}
			hash.Write(buf[:n])
			if !bytes.Equal(buf[:n], zero[:n]) {
				if _, err := f.WriteAt(buf[:n], size); err != nil {
					return "", 0, err
				}
			}
			size += int64(n)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return "", 0, fmt.Errorf("reading the image: %w", err)
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), size, f.Truncate(size)
}

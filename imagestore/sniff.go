package imagestore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Format is how an image file is laid out.
type Format string

// The formats that can be imported. Any other is refused by name when it is recognised.
const (
	FormatQcow2 Format = "qcow2"
	FormatRaw   Format = "raw"
)

// A signature tells a format by bytes at an offset; a negative offset counts from the end.
type signature struct {
	name   string
	offset int64
	magic  string
}

// signatures are those of the formats that QEMU would recognise if it were left to
// guess (block/*.c, the *_probe functions), and of what people upload by mistake.
var signatures = []signature{
	{"qcow or qcow2", 0, "QFI\xfb"},
	{"qed", 0, "QED\x00"},
	{"vmdk", 0, "KDMV"},
	{"vmdk", 0, "COWD"},
	{"vmdk descriptor", 0, "# Disk DescriptorFile"},
	{"vhd", 0, "conectix"},
	{"vhd", -512, "conectix"},
	{"vhd", -511, "conectix"}, // old Virtual PC wrote a footer of 511 bytes
	{"vhdx", 0, "vhdxfile"},
	{"vdi", 64, "\x7f\x10\xda\xbe"},
	{"luks", 0, "LUKS\xba\xbe"},
	{"parallels", 0, "WithoutFreeSpace"},
	{"parallels", 0, "WithouFreSpacExt"},
	{"bochs", 0, "Bochs Virtual HD Image"},
	{"cloop", 0, "#!/bin/sh\n#V2.0 Format\nmodprobe cloop"},
	{"dmg", -512, "koly"},
	{"gzip", 0, "\x1f\x8b\x08"},
	{"xz", 0, "\xfd7zXZ\x00"},
	{"zstd", 0, "\x28\xb5\x2f\xfd"},
	{"bzip2", 0, "BZh"},
	{"zip", 0, "PK\x03\x04"},
	{"tar or ova", 257, "ustar"},
}

// sniff names the format whose signature the file carries, or "".
func sniff(r io.ReaderAt, size int64) (string, error) {
	buf := make([]byte, 64)
	for _, s := range signatures {
		at := s.offset
		if at < 0 {
			at += size
		}
		if at < 0 || at+int64(len(s.magic)) > size {
			continue
		}
		b := buf[:len(s.magic)]
		if _, err := r.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		if bytes.Equal(b, []byte(s.magic)) {
			return s.name, nil
		}
	}
	return "", nil
}

// checkRaw refuses a raw image that another program might take for something else:
// a guess would then let its author choose what QEMU opens.
func checkRaw(r io.ReaderAt, size, maxVirtual int64) error {
	name, err := sniff(r, size)
	switch {
	case err != nil:
		return err
	case name != "":
		return refuse("format", "a raw image was expected and this is %s; convert or unpack it first", name)
	case size == 0:
		return refuse("size", "the image is empty")
	case size > maxVirtual:
		return refuse("size", "the image, %d bytes, is over the limit of %d", size, maxVirtual)
	}
	return nil
}

// isQcow2 tells qcow2 from the older qcow, whose magic is the same.
func isQcow2(r io.ReaderAt) bool {
	var b [8]byte
	_, err := r.ReadAt(b[:], 0)
	return err == nil && string(b[:4]) == qcow2Magic && binary.BigEndian.Uint32(b[4:]) >= 2
}

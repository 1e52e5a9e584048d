package imagestore

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// Names and limits of the qcow2 format, from QEMU's docs/interop/qcow2.txt and, for
// the maxima, block/qcow2.h.
const (
	qcow2Magic     = "QFI\xfb"
	headerV2Length = 72
	headerV3Length = 104
	headerMax      = 4096 // bytes of fixed header that we accept; QEMU writes 104 or 112

	minClusterBits = 9
	maxClusterBits = 21
	maxL1Bytes     = 32 << 20
	maxRefcount    = 8 << 20 // bytes of refcount table

	incompatDirty       = 1 << 0
	incompatCorrupt     = 1 << 1
	incompatDataFile    = 1 << 2
	incompatCompression = 1 << 3
	incompatExtendedL2  = 1 << 4
	incompatKnown       = incompatDirty | incompatCorrupt | incompatDataFile | incompatCompression | incompatExtendedL2

	autoclearRawData = 1 << 1

	extEnd           = 0x00000000
	extBackingFormat = 0xe2792aca
	extFeatureNames  = 0x6803f857
	extBitmaps       = 0x23852875
	extEncryption    = 0x0537be77
	extDataFile      = 0x44415441
)

// header is the part of a qcow2 header that decides whether and how we use a file.
type header struct {
	version         uint32
	backingFile     string
	backingFormat   string
	clusterBits     uint32
	size            uint64 // virtual size in bytes
	crypt           uint32
	l1Size          uint32 // entries
	l1Offset        uint64
	refcountOffset  uint64
	refcountTables  uint32 // clusters
	snapshots       uint32
	incompatible    uint64
	autoclear       uint64
	refcountOrder   uint32
	length          uint32
	compressionType byte
	extensions      []uint32 // types, in the file's order
}

func (h *header) clusterSize() int64 { return 1 << h.clusterBits }

// l1Needed is the number of L1 entries that the virtual size needs. An L2 table is
// one cluster of 8-byte entries, or of 16-byte ones with extended L2.
func l1Needed(size uint64, clusterBits uint32, extended bool) uint64 {
	perL2 := clusterBits - 3
	if extended {
		perL2--
	}
	return ceilShift(size, clusterBits+perL2)
}

// ceilShift is n / 2^bits, rounded up, without overflow.
func ceilShift(n uint64, bits uint32) uint64 {
	q := n >> bits
	if n&(1<<bits-1) != 0 {
		q++
	}
	return q
}

// parseHeader reads a qcow2 header and its extensions. It checks only what reading
// on needs, that every length is bounded; checkImport and checkOwn judge the values.
func parseHeader(r io.ReaderAt) (*header, error) {
	var fixed [headerMax]byte
	n, err := r.ReadAt(fixed[:], 0)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("reading the qcow2 header: %w", err)
	}
	b := fixed[:n]
	if len(b) < headerV2Length {
		return nil, refuse("truncated", "the file ends inside the qcow2 header (%d bytes)", len(b))
	}
	if string(b[:4]) != qcow2Magic {
		return nil, refuse("not qcow2", "the file does not start with qcow2's magic")
	}
	be := binary.BigEndian
	h := &header{
		version: be.Uint32(b[4:]), clusterBits: be.Uint32(b[20:]), size: be.Uint64(b[24:]), crypt: be.Uint32(b[32:]),
		l1Size: be.Uint32(b[36:]), l1Offset: be.Uint64(b[40:]), refcountOffset: be.Uint64(b[48:]),
		refcountTables: be.Uint32(b[56:]), snapshots: be.Uint32(b[60:]), refcountOrder: 4, length: headerV2Length,
	}
	backingOffset, backingLength := be.Uint64(b[8:]), be.Uint32(b[16:])
	switch h.version {
	case 2:
	case 3:
		if err := h.parseV3(b); err != nil {
			return nil, err
		}
	default:
		return nil, refuse("version", "qcow2 version %d; versions 2 and 3 exist", h.version)
	}
	if h.clusterBits < minClusterBits || h.clusterBits > maxClusterBits {
		return nil, refuse("cluster size", "cluster_bits is %d; %d to %d exist", h.clusterBits, minClusterBits, maxClusterBits)
	}
	if int64(h.length) > h.clusterSize() {
		return nil, refuse("header length", "the header (%d bytes) does not fit in a cluster", h.length)
	}
	if backingOffset != 0 || backingLength != 0 {
		if h.backingFile, err = readBacking(r, backingOffset, backingLength, h.clusterSize()); err != nil {
			return nil, err
		}
	}
	end := h.clusterSize()
	if backingOffset != 0 {
		end = int64(backingOffset) // the name follows the extensions; readBacking bounded it
	}
	return h, h.parseExtensions(r, end)
}

func (h *header) parseV3(b []byte) error {
	if len(b) < headerV3Length {
		return refuse("truncated", "the file ends inside the qcow2 header (%d bytes)", len(b))
	}
	be := binary.BigEndian
	h.incompatible, h.autoclear = be.Uint64(b[72:]), be.Uint64(b[88:])
	h.refcountOrder, h.length = be.Uint32(b[96:]), be.Uint32(b[100:])
	if h.length < headerV3Length || h.length > headerMax || h.length%8 != 0 {
		return refuse("header length", "header_length is %d", h.length)
	}
	if len(b) < int(h.length) {
		return refuse("truncated", "the file ends inside the qcow2 header (%d of %d bytes)", len(b), h.length)
	}
	if h.length > headerV3Length {
		h.compressionType = b[104]
	}
	return nil
}

// readBacking returns the backing file's name. The format puts it in the first
// cluster, in at most 1023 bytes; anything else is a broken or a hostile header.
func readBacking(r io.ReaderAt, offset uint64, length uint32, cluster int64) (string, error) {
	if offset < headerV2Length || offset > uint64(cluster) || length == 0 || length > 1023 || int64(offset)+int64(length) > cluster {
		return "", refuse("backing file", "the header refers to a backing file (offset %d, length %d)", offset, length)
	}
	name := make([]byte, length)
	if _, err := r.ReadAt(name, int64(offset)); err != nil {
		return "", refuse("backing file", "the backing file's name lies outside the file")
	}
	return string(name), nil
}

func (h *header) parseExtensions(r io.ReaderAt, end int64) error {
	for at := int64(h.length); at+8 <= end; {
		var head [8]byte
		if _, err := r.ReadAt(head[:], at); err != nil {
			if err == io.EOF {
				return refuse("truncated", "the file ends inside the header extensions")
			}
			return fmt.Errorf("reading the qcow2 header: %w", err)
		}
		kind, length := binary.BigEndian.Uint32(head[:]), int64(binary.BigEndian.Uint32(head[4:]))
		if kind == extEnd {
			return nil
		}
		if length > end-at-8 {
			return refuse("header extension", "extension %#08x is longer than the header's cluster", kind)
		}
		if kind == extBackingFormat {
			name := make([]byte, min(length, 64))
			if _, err := r.ReadAt(name, at+8); err != nil {
				return refuse("truncated", "the file ends inside the header extensions")
			}
			h.backingFormat = string(name)
		}
		h.extensions = append(h.extensions, kind)
		at += 8 + (length+7)&^7
	}
	return nil
}

// limits bounds what an import may ask of this host.
type limits struct {
	fileSize   int64 // of the file being judged, as it is
	maxVirtual int64
}

// checkImport says why an image from outside may not be used, or nil. It accepts what
// it knows and refuses the rest, so that a feature that QEMU grows later is refused
// until someone has thought about it.
func (h *header) checkImport(lim limits) error {
	checks := []func(limits) error{h.checkReferences, h.checkFeatures, h.checkSize, h.checkTables}
	for _, check := range checks {
		if err := check(lim); err != nil {
			return err
		}
	}
	return nil
}

// checkReferences refuses everything that makes QEMU open another file, or that
// needs a secret.
func (h *header) checkReferences(limits) error {
	switch {
	case h.backingFile != "":
		return refuse("backing file", "the image refers to another file (a backing file); flatten it with qemu-img convert where it was made")
	case h.backingFormat != "" || slices.Contains(h.extensions, extBackingFormat):
		return refuse("backing file", "the image names a backing format")
	case h.incompatible&incompatDataFile != 0 || slices.Contains(h.extensions, extDataFile) || h.autoclear&autoclearRawData != 0:
		return refuse("external data file", "the image keeps its data in another file; flatten it with qemu-img convert where it was made")
	case h.crypt != 0 || slices.Contains(h.extensions, extEncryption):
		return refuse("encryption", "the image is encrypted")
	}
	return nil
}

func (h *header) checkFeatures(limits) error {
	switch {
	case h.incompatible&^incompatKnown != 0:
		return refuse("unknown feature", "the image needs features that are not known here (incompatible bits %#x)", h.incompatible&^incompatKnown)
	case h.incompatible&incompatCorrupt != 0:
		return refuse("corrupt", "the image is marked corrupt; repair it with qemu-img check -r all where it was made")
	case h.incompatible&incompatDirty != 0:
		return refuse("dirty", "the image was not closed properly; repair it with qemu-img check -r all where it was made")
	case h.snapshots != 0:
		return refuse("snapshots", "the image carries %d internal snapshots; flatten it with qemu-img convert", h.snapshots)
	case h.compressionType > 1 || (h.compressionType != 0) != (h.incompatible&incompatCompression != 0):
		return refuse("compression", "compression type %d does not agree with the feature bits", h.compressionType)
	case h.refcountOrder > 6:
		return refuse("refcount width", "refcount_order is %d; 0 to 6 exist", h.refcountOrder)
	case h.incompatible&incompatExtendedL2 != 0 && h.clusterBits < 14:
		return refuse("cluster size", "extended L2 entries need clusters of 16 KiB or more")
	}
	for _, kind := range h.extensions {
		if kind == extBitmaps {
			return refuse("bitmaps", "the image carries dirty bitmaps; flatten it with qemu-img convert")
		}
		if kind != extFeatureNames {
			return refuse("unknown feature", "header extension %#08x is not known here", kind)
		}
	}
	return nil
}

func (h *header) checkSize(lim limits) error {
	switch {
	case h.size == 0:
		return refuse("size", "the virtual size is zero")
	case h.size%512 != 0:
		return refuse("size", "the virtual size, %d bytes, is not a multiple of 512", h.size)
	case h.size > uint64(lim.maxVirtual):
		return refuse("size", "the virtual size, %d bytes, is over the limit of %d", h.size, lim.maxVirtual)
	}
	return nil
}

// checkTables demands that the L1 and refcount tables lie aligned and wholly inside
// the file, apart from each other and from the header.
func (h *header) checkTables(lim limits) error {
	needed := l1Needed(h.size, h.clusterBits, h.incompatible&incompatExtendedL2 != 0)
	l1Bytes := uint64(h.l1Size) * 8
	refBytes := uint64(h.refcountTables) << h.clusterBits
	switch {
	case uint64(h.l1Size) < needed:
		return refuse("L1 table", "the L1 table has %d entries and the virtual size needs %d", h.l1Size, needed)
	case l1Bytes > maxL1Bytes:
		return refuse("L1 table", "the L1 table has %d entries, more than QEMU takes", h.l1Size)
	case h.refcountTables == 0 || refBytes > maxRefcount:
		return refuse("refcount table", "the refcount table has %d clusters", h.refcountTables)
	}
	if err := h.checkTable("L1 table", h.l1Offset, l1Bytes, lim.fileSize); err != nil {
		return err
	}
	if err := h.checkTable("refcount table", h.refcountOffset, refBytes, lim.fileSize); err != nil {
		return err
	}
	if h.l1Offset < h.refcountOffset+refBytes && h.refcountOffset < h.l1Offset+l1Bytes {
		return refuse("tables", "the L1 and refcount tables overlap")
	}
	return nil
}

func (h *header) checkTable(what string, offset, length uint64, fileSize int64) error {
	cluster := uint64(h.clusterSize())
	switch {
	case offset < cluster || offset%cluster != 0:
		return refuse(what, "the %s lies at offset %d, not at a cluster after the header", what, offset)
	case offset > uint64(fileSize) || length > uint64(fileSize)-offset:
		return refuse("truncated", "the %s (offset %d, %d bytes) lies outside the file of %d bytes", what, offset, length, fileSize)
	}
	return nil
}

// marshal builds the first clusters of an empty qcow2 version 3 file with the
// header's backing file and size: header, refcount table, refcount block, L1 table.
// The L1 table is zero, so everything reads from the backing file.
func (h *header) marshal() ([]byte, error) {
	cluster := h.clusterSize()
	l1Entries := l1Needed(h.size, h.clusterBits, false)
	l1Clusters := max(1, int64(ceilShift(l1Entries*8, h.clusterBits)))
	if l1Entries*8 > maxL1Bytes {
		return nil, fmt.Errorf("a volume of %d bytes needs a larger L1 table than qcow2 has", h.size)
	}
	b := make([]byte, (3+l1Clusters)*cluster)
	be := binary.BigEndian
	copy(b, qcow2Magic)
	be.PutUint32(b[4:], 3)
	be.PutUint32(b[20:], h.clusterBits)
	be.PutUint64(b[24:], h.size)
	be.PutUint32(b[36:], uint32(l1Entries))
	be.PutUint64(b[40:], uint64(3*cluster))
	be.PutUint64(b[48:], uint64(cluster))
	be.PutUint32(b[56:], 1)
	be.PutUint32(b[96:], 4) // refcounts of 16 bits
	be.PutUint32(b[100:], headerV3Length)
	if h.backingFile != "" {
		ext := h.extension()
		if len(h.backingFile) > 1023 || headerV3Length+len(ext)+len(h.backingFile) > int(cluster) {
			return nil, fmt.Errorf("the path of the image is longer than qcow2 allows: %q", h.backingFile)
		}
		copy(b[headerV3Length:], ext)
		at := headerV3Length + len(ext)
		copy(b[at:], h.backingFile)
		be.PutUint64(b[8:], uint64(at))
		be.PutUint32(b[16:], uint32(len(h.backingFile)))
	}
	be.PutUint64(b[cluster:], uint64(2*cluster)) // the one refcount block
	for i := range 3 + l1Clusters {
		be.PutUint16(b[2*cluster+2*i:], 1)
	}
	return b, nil
}

// extension is the backing format's header extension and the end mark.
func (h *header) extension() []byte {
	var b bytes.Buffer
	_ = binary.Write(&b, binary.BigEndian, []uint32{extBackingFormat, uint32(len(h.backingFormat))})
	b.WriteString(h.backingFormat)
	b.Write(make([]byte, -b.Len()&7+8))
	return b.Bytes()
}

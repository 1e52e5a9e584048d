package imagestore

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// patch puts v, of type uint32 or uint64, at offset.
func patch(offset int, v any) func([]byte) []byte {
	return func(b []byte) []byte {
		switch v := v.(type) {
		case uint32:
			binary.BigEndian.PutUint32(b[offset:], v)
		case uint64:
			binary.BigEndian.PutUint64(b[offset:], v)
		}
		return b
	}
}

// extend puts a header extension first, before what QEMU wrote.
func extend(kind uint32, data string) func([]byte) []byte {
	return func(b []byte) []byte {
		at := int(binary.BigEndian.Uint32(b[100:]))
		ext := binary.BigEndian.AppendUint32(nil, kind)
		ext = binary.BigEndian.AppendUint32(ext, uint32(len(data)))
		ext = append(ext, data...)
		ext = append(ext, make([]byte, -len(data)&7+8)...) // padding and the end mark
		copy(b[at:], ext)
		return b
	}
}

func both(fs ...func([]byte) []byte) func([]byte) []byte {
	return func(b []byte) []byte {
		for _, f := range fs {
			b = f(b)
		}
		return b
	}
}

func backing(name string) func([]byte) []byte {
	return both(patch(8, uint64(1024)), patch(16, uint32(len(name))), func(b []byte) []byte { copy(b[1024:], name); return b })
}

// hostile lists what an image may try, each by one change of a sound image of 64 MiB
// with clusters of 64 KiB.
var hostile = []struct {
	name, rule string
	change     func([]byte) []byte
}{
	{"backing file", "backing file", backing("/etc/shadow")},
	{"backing file as a URL", "backing file", backing("nbd://10.0.0.1/secret")},
	{"backing file as JSON", "backing file", backing(`json:{"driver":"raw","file":{"filename":"/etc/shadow"}}`)},
	{"backing offset without a length", "backing file", patch(8, uint64(1024))},
	{"backing length without an offset", "backing file", patch(16, uint32(5))},
	{"backing name past the first cluster", "backing file", both(patch(8, uint64(65530)), patch(16, uint32(20)))},
	{"backing offset that overflows", "backing file", both(patch(8, ^uint64(0)), patch(16, uint32(20)))},
	{"backing format alone", "backing file", extend(extBackingFormat, "raw")},
	{"external data file by its bit", "external data file", patch(72, uint64(incompatDataFile))},
	{"external data file by its name", "external data file", extend(extDataFile, "/dev/sda")},
	{"raw external data", "external data file", patch(88, uint64(autoclearRawData))},
	{"AES", "encryption", patch(32, uint32(1))},
	{"LUKS", "encryption", patch(32, uint32(2))},
	{"LUKS header extension", "encryption", extend(extEncryption, "0123456789abcdef")},
	{"unknown incompatible bit", "unknown feature", patch(72, uint64(1<<5))},
	{"highest incompatible bit", "unknown feature", patch(72, uint64(1<<63))},
	{"unknown extension", "unknown feature", extend(0x6d696361, "x")},
	{"bitmaps", "bitmaps", extend(extBitmaps, "012345678901234567890123")},
	{"extension longer than the header", "header extension", func(b []byte) []byte {
		binary.BigEndian.PutUint32(b[binary.BigEndian.Uint32(b[100:])+4:], 0xfffffff8)
		return b
	}},
	{"marked corrupt", "corrupt", patch(72, uint64(incompatCorrupt))},
	{"marked dirty", "dirty", patch(72, uint64(incompatDirty))},
	{"internal snapshots", "snapshots", patch(60, uint32(1))},
	{"compression bit without a type", "compression", patch(72, uint64(incompatCompression))},
	{"version 1", "version", patch(4, uint32(1))},
	{"version 4", "version", patch(4, uint32(4))},
	{"tiny clusters", "cluster size", patch(20, uint32(8))},
	{"huge clusters", "cluster size", patch(20, uint32(22))},
	{"clusters of 2^4294967295", "cluster size", patch(20, ^uint32(0))},
	{"refcount width", "refcount width", patch(96, uint32(7))},
	{"short header", "header length", patch(100, uint32(96))},
	{"odd header", "header length", patch(100, uint32(105))},
	{"endless header", "header length", patch(100, uint32(0xfffffff8))},
	{"no size", "size", patch(24, uint64(0))},
	{"odd size", "size", patch(24, uint64(64<<20+1))},
	{"size over the limit", "size", patch(24, uint64(DefaultMaxVirtual+512))},
	{"size that is negative", "size", patch(24, uint64(1<<63))},
	{"L1 table too short", "L1 table", patch(24, uint64(1<<40))},
	{"L1 table of 32 GiB", "L1 table", patch(36, ^uint32(0))},
	{"L1 table unaligned", "L1 table", patch(40, uint64(65536+512))},
	{"L1 table in the header", "L1 table", patch(40, uint64(0))},
	{"L1 table past the end", "truncated", patch(40, uint64(1<<40))},
	{"L1 table at the end of the address space", "truncated", patch(40, ^uint64(0xffff))},
	{"no refcount table", "refcount table", patch(56, uint32(0))},
	{"refcount table of 256 TiB", "refcount table", patch(56, ^uint32(0))},
	{"refcount table past the end", "truncated", patch(48, uint64(1<<50))},
	{"refcount table that is the L1 table", "tables", func(b []byte) []byte {
		copy(b[48:56], b[40:48])
		return b
	}},
	{"truncated in the fixed header", "truncated", func(b []byte) []byte { return b[:71] }},
	{"truncated in version 3's header", "truncated", func(b []byte) []byte { return b[:90] }},
	{"truncated in the extensions", "truncated", func(b []byte) []byte { return b[:108] }},
	{"truncated before the tables", "truncated", func(b []byte) []byte { return b[:65536] }},
	{"truncated in the data", "qemu-img check", func(b []byte) []byte { return b[:len(b)-2<<20] }},
	{"L1 entry past the end", "qemu-img check", func(b []byte) []byte {
		return patch(int(binary.BigEndian.Uint64(b[40:])), uint64(1<<63|1<<40))(b)
	}},
	{"clusters used twice", "qemu-img check", func(b []byte) []byte {
		l2 := binary.BigEndian.Uint64(b[binary.BigEndian.Uint64(b[40:]):]) &^ (1 << 63)
		return patch(int(l2), uint64(1<<63)|l2)(b)
	}},
	{"not qcow2 at all", "not qcow2", func(b []byte) []byte { return bytes.Repeat([]byte{7}, 4096) }},
	{"empty", "truncated", func(b []byte) []byte { return nil }},
}

// TestHostileQcow2 counts on qemu-img not being there for whatever our own parser can
// tell: a hostile file must not reach another program.
func TestHostileQcow2(t *testing.T) {
	sound, err := os.ReadFile(qcow2(t, "compat=1.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			if c.rule != "qemu-img check" {
				s.qemu = "/nonexistent/qemu-img"
			}
			_, err := s.Import(t.Context(), bytes.NewReader(c.change(bytes.Clone(sound))), Options{Format: FormatQcow2})
			refused, ok := errors.AsType[*RefusedError](err)
			if !ok || refused.Rule != c.rule {
				t.Errorf("got %v, want a refusal by %q", err, c.rule)
			}
			if all, _ := s.List(); len(all) != 0 {
				t.Errorf("stored %v", all)
			}
			if odd := leftovers(t, s); odd != nil {
				t.Errorf("left behind: %v", odd)
			}
		})
	}
}

func TestRawThatIsSomethingElse(t *testing.T) {
	foreign := map[string][]byte{}
	for _, s := range signatures {
		b := make([]byte, 1<<20)
		at := int(s.offset)
		if at < 0 {
			at += len(b)
		}
		copy(b[at:], s.magic)
		foreign[s.name] = b
	}
	// And by the hand of those who make such files.
	for _, format := range []string{"qcow2", "qcow", "qed", "vmdk", "vpc", "vhdx", "vdi", "parallels"} {
		path := filepath.Join(t.TempDir(), format)
		run(t, "qemu-img", "create", "-q", "-f", format, path, "8M")
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		foreign["real "+format] = b
	}
	for name, content := range foreign {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.qemu = "/nonexistent/qemu-img"
			_, err := s.Import(t.Context(), bytes.NewReader(content), Options{Format: FormatRaw})
			if refused, ok := errors.AsType[*RefusedError](err); !ok || refused.Rule != "format" {
				t.Errorf("declared raw: %v", err)
			}
			if name == "real qcow2" {
				return // which may of course be imported as what it is
			}
			if _, err := s.Import(t.Context(), bytes.NewReader(content), Options{}); err == nil {
				t.Error("undeclared: imported")
			}
		})
	}
}

func TestSizesAreBounded(t *testing.T) {
	s := open(t)
	image := make([]byte, 1<<20)
	for name, opt := range map[string]Options{
		"file": {MaxFile: 1<<20 - 1}, "virtual": {MaxVirtual: 1<<20 - 1}, "format": {Format: "vmdk"},
	} {
		if _, err := s.Import(t.Context(), bytes.NewReader(image), opt); !refused(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Import(t.Context(), bytes.NewReader(image), Options{MaxFile: 1 << 20, MaxVirtual: 1 << 20}); err != nil {
		t.Errorf("just small enough: %v", err)
	}
}

func refused(err error) bool {
	_, ok := errors.AsType[*RefusedError](err)
	return ok
}

// A qemu-img that a hostile file sends round in circles is stopped.
func TestQemuImgIsBounded(t *testing.T) {
	s := open(t)
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s.qemu = "sh"
	out, err := s.qemuImg(t.Context(), budget{wall: 1e9, cpu: 60e9}, nil, "-c", "while :; do :; done")
	if err == nil || !strings.Contains(err.Error(), "took more than 1s") {
		t.Errorf("wall: %q, %v", out, err)
	}
	if out, err := s.qemuImg(t.Context(), budget{wall: 60e9, cpu: 1e9}, nil, "-c", "while :; do :; done"); err == nil {
		t.Errorf("CPU: %q", out)
	}
	if out, err := s.qemuImg(t.Context(), checkBudget, []*os.File{f}, "-c", "echo grow >&3"); err == nil {
		t.Errorf("a check could write to the image: %q", out)
	}
	if os.Geteuid() == 0 {
		here, err := os.Readlink("/proc/self/ns/net")
		if err != nil {
			t.Fatal(err)
		}
		out, err := s.qemuImg(t.Context(), checkBudget, nil, "-c", "id -u; readlink /proc/self/ns/net")
		user, network, _ := strings.Cut(strings.TrimSpace(out), "\n")
		if err != nil || user != "65534" || network == here || !strings.HasPrefix(network, "net:") {
			t.Errorf("runs as user %q in network %q (ours is %q), %v", user, network, here, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.qemuImg(ctx, checkBudget, nil, "-c", ":"); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run: %v", err)
	}
}

// FuzzHeader demands that nothing panics, that what is accepted refers to nothing
// outside the file, and that our own headers read back as they were written.
func FuzzHeader(f *testing.F) {
	own := &header{clusterBits: 16, size: 8 << 30}
	sound, err := own.marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sound[:4096], uint64(len(sound)), "/data/images/x.qcow2", uint64(8<<30))
	for _, c := range hostile {
		if c.rule != "qemu-img check" && c.name != "truncated in the data" {
			b := c.change(bytes.Clone(sound))
			f.Add(b[:min(len(b), 4096)], uint64(len(b)), c.name, uint64(len(b)))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, fileSize uint64, name string, size uint64) {
		fileSize %= 1 << 40
		if h, err := parseHeader(bytes.NewReader(b)); err == nil {
			if h.checkImport(limits{fileSize: int64(fileSize), maxVirtual: DefaultMaxVirtual}) == nil {
				l1End, refEnd := h.l1Offset+uint64(h.l1Size)*8, h.refcountOffset+uint64(h.refcountTables)<<h.clusterBits
				if l1End > fileSize || refEnd > fileSize || h.backingFile != "" || h.incompatible&^uint64(incompatKnown) != 0 || h.size > DefaultMaxVirtual {
					t.Errorf("accepted %+v in a file of %d bytes", h, fileSize)
				}
			}
		}
		mine := &header{clusterBits: volumeClusterBits, size: size % DefaultMaxVirtual &^ 511, backingFile: name, backingFormat: "qcow2"}
		out, err := mine.marshal()
		if err != nil {
			return // a name that is too long
		}
		back, err := parseHeader(bytes.NewReader(out))
		if err != nil || back.backingFile != name || back.size != mine.size || name != "" && back.backingFormat != "qcow2" {
			t.Errorf("wrote %+v, read %+v, %v", mine, back, err)
		}
	})
}

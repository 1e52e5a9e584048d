package flowlog

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/micacloud/mica/netplane/kernel"
)

var t0 = time.Unix(1_700_000_000, 0)

func in(s int) time.Time { return t0.Add(time.Duration(s) * time.Second) }

func nic(id string, addrs ...string) Interface {
	i := Interface{ID: id, Account: "123456789012", VPC: "vpc-1", Subnet: "subnet-1", Instance: "i-" + id, Region: "eu-central-1", ZoneID: "euc1-az1", VPCs: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")}}
	for _, a := range addrs {
		i.Addresses = append(i.Addresses, netip.MustParseAddr(a))
	}
	i.Primary = i.Addresses[0]
	return i
}

func flow(id uint32, a, b string, ab, ba uint64) kernel.Flow {
	return kernel.Flow{ID: id, Protocol: 6, A: netip.MustParseAddrPort(a), B: netip.MustParseAddrPort(b),
		AB: kernel.Count{Packets: ab / 100, Bytes: ab}, BA: kernel.Count{Packets: ba / 100, Bytes: ba}}
}

func reject(src, dst string) kernel.Reject {
	return kernel.Reject{Protocol: 6, Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst), Bytes: 60, TCPFlags: 2}
}

func written(files []File) string {
	var out []string
	for _, f := range files {
		for _, l := range f.Lines {
			out = append(out, f.Folder+"/"+f.Interface+": "+l)
		}
	}
	return strings.Join(out, "\n")
}

func want(t *testing.T, files []File, lines ...string) {
	t.Helper()
	if diff := cmp.Diff(strings.Join(lines, "\n"), written(files)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// Counters' growth is told once, from both interfaces' sides, in the interval in which it
// was seen; what flowed before the log began is not.
func TestAcceptedIsWhatGrew(t *testing.T) {
	r := NewRecorder()
	r.Set([]Log{{ID: "fl-1", Folder: "a", Traffic: "ALL", Interval: time.Minute, Interfaces: []Interface{nic("eni-1", "10.0.0.5"), nic("eni-2", "10.0.0.6")}}}, in(0))
	r.Look([]kernel.Flow{flow(1, "10.0.0.5:1000", "10.0.0.6:80", 5000, 9000)}, in(0))
	r.Look([]kernel.Flow{flow(1, "10.0.0.5:1000", "10.0.0.6:80", 5300, 9000), flow(2, "10.0.0.5:1001", "192.0.2.1:443", 100, 200)}, in(10))
	r.Ended(flow(2, "10.0.0.5:1001", "192.0.2.1:443", 400, 200), in(12))
	if files := r.Roll(in(59), false); len(files) > 0 {
		t.Errorf("before the interval's end: %v", files)
	}
	r.Look([]kernel.Flow{flow(1, "10.0.0.5:1000", "10.0.0.6:80", 5500, 9100)}, in(60))
	want(t, r.Roll(in(60), false),
		"a/eni-1: 2 123456789012 eni-1 10.0.0.5 10.0.0.6 1000 80 6 5 500 1700000010 1700000060 ACCEPT OK",
		"a/eni-1: 2 123456789012 eni-1 10.0.0.5 192.0.2.1 1001 443 6 4 400 1700000010 1700000012 ACCEPT OK",
		"a/eni-1: 2 123456789012 eni-1 10.0.0.6 10.0.0.5 80 1000 6 1 100 1700000060 1700000060 ACCEPT OK",
		"a/eni-1: 2 123456789012 eni-1 192.0.2.1 10.0.0.5 443 1001 6 2 200 1700000010 1700000010 ACCEPT OK",
		"a/eni-2: 2 123456789012 eni-2 10.0.0.5 10.0.0.6 1000 80 6 5 500 1700000010 1700000060 ACCEPT OK",
		"a/eni-2: 2 123456789012 eni-2 10.0.0.6 10.0.0.5 80 1000 6 1 100 1700000060 1700000060 ACCEPT OK")
	r.Look([]kernel.Flow{flow(1, "10.0.0.5:1000", "10.0.0.6:80", 5500, 9100)}, in(120))
	want(t, r.Roll(in(120), false),
		"a/eni-1: 2 123456789012 eni-1 - - - - - - - 1700000060 1700000120 - NODATA",
		"a/eni-2: 2 123456789012 eni-2 - - - - - - - 1700000060 1700000120 - NODATA")
	// Another connection with the same ends is not the continuation of the first.
	r.Look([]kernel.Flow{flow(9, "10.0.0.5:1000", "10.0.0.6:80", 700, 0)}, in(130))
	if got := written(r.Roll(in(180), false)); !strings.Contains(got, "80 6 7 700 ") {
		t.Errorf("a new connection: %s", got)
	}
}

// Each log has its own traffic, interfaces, interval and fields.
func TestLogsDiffer(t *testing.T) {
	const format = "${version} ${vpc-id} ${subnet-id} ${instance-id} ${srcaddr} ${pkt-srcaddr} ${dstaddr} ${pkt-dstaddr} ${flow-direction} ${traffic-path} ${tcp-flags} ${az-id} ${pkt-src-aws-service} ${action}"
	own := nic("eni-1", "10.0.0.5", "10.0.0.50")
	logs := []Log{
		{ID: "fl-1", Folder: "rejects", Traffic: "REJECT", Interval: time.Minute, Interfaces: []Interface{own}},
		{ID: "fl-2", Folder: "accepts", Traffic: "ACCEPT", Format: format, Interval: 10 * time.Minute, Header: true, Interfaces: []Interface{own}},
	}
	r := NewRecorder()
	r.Set(logs, in(0))
	r.Look(nil, in(0))
	r.Look([]kernel.Flow{flow(1, "10.0.0.50:1000", "192.0.2.1:443", 100, 0), flow(2, "10.0.0.5:1001", "10.0.9.9:80", 100, 0)}, in(5))
	for range 3 {
		r.Rejected(reject("203.0.113.7:40000", "10.0.0.50:22"), in(30))
	}
	r.Rejected(reject("203.0.113.7:40000", "10.0.0.99:22"), in(30)) // of no interface that is logged
	want(t, r.Roll(in(60), false), "rejects/eni-1: 2 123456789012 eni-1 203.0.113.7 10.0.0.5 40000 22 6 3 180 1700000030 1700000030 REJECT OK")
	r.Set(logs, in(61)) // the same logs again: their intervals go on
	files := r.Roll(in(600), false)
	want(t, files[1:],
		"accepts/eni-1: 5 vpc-1 subnet-1 i-eni-1 10.0.0.5 10.0.0.5 10.0.9.9 10.0.9.9 egress 1 - euc1-az1 - ACCEPT",
		"accepts/eni-1: 5 vpc-1 subnet-1 i-eni-1 10.0.0.5 10.0.0.50 192.0.2.1 192.0.2.1 egress 8 - euc1-az1 - ACCEPT")
	if !strings.HasPrefix(files[1].Header, "version vpc-id ") {
		t.Errorf("header %q", files[1].Header)
	}
	if files := r.Roll(in(601), true); len(files) != 2 {
		t.Errorf("at the end: %v", files)
	}
	r.Set(logs[:1], in(602))
	if len(r.windows) != 1 {
		t.Errorf("windows of a log that is gone: %v", r.windows)
	}
}

// A scan costs bounded memory and is said; so is what the kernel could not tell.
func TestSkippedIsSaid(t *testing.T) {
	r := NewRecorder()
	r.Set([]Log{{ID: "fl-1", Folder: "a", Traffic: "REJECT", Interval: time.Minute, Interfaces: []Interface{nic("eni-1", "10.0.0.5")}}}, in(0))
	for n := range maxRecords + 500 {
		r.Rejected(reject("10.0.0.5:1000", fmt.Sprintf("10.1.%d.%d:22", n>>8, n&255)), in(1))
	}
	files := r.Roll(in(60), false)
	if got := files[0].Lines; len(got) != maxRecords+1 || !strings.HasSuffix(got[len(got)-1], "- - - - - - - 1700000000 1700000060 - SKIPDATA") {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
	r.Lost()
	want(t, r.Roll(in(120), false), "a/eni-1: 2 123456789012 eni-1 - - - - - - - 1700000060 1700000120 - SKIPDATA")
	want(t, r.Roll(in(180), false), "a/eni-1: 2 123456789012 eni-1 - - - - - - - 1700000120 1700000180 - NODATA")
}

// Files are added to, begin with their header, and are bounded in size and number.
func TestFilesAreBounded(t *testing.T) {
	dir := t.TempDir()
	f := File{Folder: "123456789012/s3/bucket", Interface: "eni-1", Header: "version account-id", Lines: []string{"2 a", "2 b"}}
	for range 2 {
		if err := f.write(dir, 1000); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, f.Folder, "eni-1.log")
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "version account-id\n2 a\n2 b\n2 a\n2 b\n" {
		t.Errorf("%q %v", got, err)
	}
	for n := range 20 {
		f.Lines = []string{fmt.Sprintf("2 %0100d", n)}
		if err := f.write(dir, 300); err != nil {
			t.Fatal(err)
		}
	}
	all, err := filepath.Glob(path + "*")
	if err != nil || len(all) != 1+oldOnes {
		t.Fatalf("files: %v %v", all, err)
	}
	for _, p := range all {
		b, err := os.ReadFile(p)
		if err != nil || len(b) > 500 || !strings.HasPrefix(string(b), "version account-id\n2 ") {
			t.Errorf("%s: %d bytes, %v: %q", p, len(b), err, b)
		}
	}
	newest, _ := os.ReadFile(path)
	if !strings.HasSuffix(string(newest), fmt.Sprintf("2 %0100d\n", 19)) {
		t.Errorf("the newest file ends with %q", newest)
	}
	for _, bad := range []string{"../x", "/etc", ""} {
		if err := (File{Folder: bad, Interface: "eni-1", Lines: []string{"x"}}).write(dir, 100); err == nil {
			t.Errorf("wrote into %q", bad)
		}
	}
}

package store

import (
	"bytes"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/model"
)

// cpu reports CPU time: on a shared machine the clock says little.
func cpu(b *testing.B) func() {
	now := func() float64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return float64(u.Utime.Nano() + u.Stime.Nano())
	}
	start := now()
	return func() { b.ReportMetric((now()-start)/float64(b.N)/1000, "cpu-us/op") }
}

func benchKey(i int) *model.KeyPair {
	return &model.KeyPair{ID: fmt.Sprintf("key-%017x", i), Owned: model.Owned{Account: "123456789012", Region: "bench-1"}, Name: fmt.Sprint("bench-", i),
		Type: "ed25519", Fingerprint: "TdkWyXWPcrJUOCcU2RFRgpYqn+8e6BMEBcJwCbGzFzE=", PublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJmZx0Zc9Q6mS0o0c9VJ0Uj7YyqQwKcT1R5yGJ6mZl0w bench"}
}

// BenchmarkLine is the leader's part of an update of one row, in batches of 64.
func BenchmarkLine(b *testing.B) {
	l := NewReplica().NewLine()
	b.ReportAllocs()
	defer cpu(b)()
	size := 0
	for i := 0; b.Loop(); i++ {
		if _, err := l.Exec(time.Now(), meta, func(tx *Tx) error { return KeyPairs.Put(tx, benchKey(i)) }); err != nil {
			b.Fatal(err)
		}
		if i%64 == 63 {
			size += len(l.Cut().Data)
		}
	}
	b.ReportMetric(float64(size)/float64(b.N), "B/op")
}

// BenchmarkReplay is a follower's part of it.
func BenchmarkReplay(b *testing.B) {
	r := NewReplica()
	l := r.NewLine()
	var entries []*Entry
	for i := range b.N {
		if _, err := l.Exec(time.Now(), meta, func(tx *Tx) error { return KeyPairs.Put(tx, benchKey(i)) }); err != nil {
			b.Fatal(err)
		}
		if i%64 == 63 {
			e, err := DecodeEntry(l.Cut().Data)
			if err != nil {
				b.Fatal(err)
			}
			entries = append(entries, e)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	defer cpu(b)()
	for i, e := range entries {
		if err := r.Apply(uint64(i), e, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRestore is of a snapshot of many rows, beside reading its bytes.
func BenchmarkRestore(b *testing.B) {
	r := NewReplica()
	l := r.NewLine()
	for i := range 200_000 {
		k := benchKey(i * 0x9E3779B97F4A7C)
		if _, err := l.Exec(time.Unix(int64(i), 0), meta, func(tx *Tx) error { return KeyPairs.Put(tx, k) }); err != nil {
			b.Fatal(err)
		}
	}
	batch := l.Cut()
	if err := r.Apply(1, &Entry{Schema: Schema}, batch); err != nil {
		b.Fatal(err)
	}
	data := snapshotBytes(b, r)
	b.SetBytes(int64(len(data)))
	defer cpu(b)()
	for b.Loop() {
		if err := NewReplica().Restore(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}

package benchkit

import (
	"os"
	"strconv"
	"testing"
)

// The bars themselves are `make bench`'s; this shows that all of it can be measured.
func TestMeasures(t *testing.T) {
	n := 4000
	if s := os.Getenv("MICA_BENCH_INSTANCES"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	before := Heap()
	c, err := NewCloud(n)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.2f KiB an instance", float64(Heap()-before)/1024/float64(n))
	next, err := c.Pager(3)
	if err != nil {
		t.Fatal(err)
	}
	for range 4 { // the last is the first again
		took, err := next()
		if err != nil || took <= 0 {
			t.Fatal(took, err)
		}
		t.Log("a page", took)
	}
	ours, read, bytes, err := c.Restore(t.TempDir())
	if err != nil || ours <= 0 || read <= 0 || bytes < int64(n)*100 {
		t.Fatal(ours, read, bytes, err)
	}
	t.Logf("restore %v, reading %d bytes %v", ours, bytes, read)
}

// Package console reads what guests say on their serial port, and lets people talk to
// them there.
//
// The guest's console has two ends: a log, which virtlogd writes and rotates
// (console.log, console.log.0, ...), and a unix socket, which QEMU serves to one client at
// a time.
package console

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// MaxTail is how much of a console is shown: EC2's 64 KiB.
const MaxTail = 64 << 10

// Tail returns the last MaxTail bytes of a console log, reading on into the rotated
// file before it where the log is short, and when something was last said. A guest
// that has said nothing has no log: nothing is returned, and the present time.
func Tail(path string) ([]byte, time.Time, error) {
	var out []byte
	at := time.Now()
	for i := -1; len(out) < MaxTail; i++ {
		name := path
		if i >= 0 {
			name = fmt.Sprintf("%s.%d", path, i)
		}
		part, mod, err := tailOf(name, MaxTail-len(out))
		if errors.Is(err, fs.ErrNotExist) {
			if i < 0 {
				continue // rotated this moment, or never there: see what was before
			}
			break
		}
		if err != nil {
			return nil, time.Time{}, fmt.Errorf("console log: %w", err)
		}
		if len(out) == 0 && len(part) > 0 {
			at = mod
		}
		out = append(part, out...)
	}
	return out, at, nil
}

// tailOf returns a file's last bytes, at most limit.
func tailOf(name string, limit int) ([]byte, time.Time, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, time.Time{}, err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return nil, time.Time{}, err
	}
	if !fi.Mode().IsRegular() {
		return nil, time.Time{}, fmt.Errorf("%s: not a file", name)
	}
	from := max(0, fi.Size()-int64(limit))
	b, err := io.ReadAll(io.NewSectionReader(f, from, int64(limit)))
	return b, fi.ModTime(), err
}

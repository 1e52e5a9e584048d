package flowlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The bound of a log's files for one interface: the newest and so many before it.
const (
	maxFile = 16 << 20
	oldOnes = 4
)

// Write adds lines to the file <folder>/<interface>.log below dir. A file that has grown
// too large becomes .1, and the others one more; the oldest goes.
func (f File) Write(dir string) error { return f.write(dir, maxFile) }

func (f File) write(dir string, most int64) error {
	if !filepath.IsLocal(f.Folder) || !filepath.IsLocal(f.Interface) {
		return fmt.Errorf("flow log: %q is no folder below the host's", f.Folder)
	}
	path := filepath.Join(dir, f.Folder, f.Interface+".log")
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("flow log: %w", err)
	}
	st, err := os.Stat(path)
	if err == nil && st.Size() >= most {
		for n := oldOnes; n > 0; n-- {
			from := fmt.Sprintf("%s.%d", path, n-1)
			if n == 1 {
				from = path
			}
			if err := os.Rename(from, fmt.Sprintf("%s.%d", path, n)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("flow log: %w", err)
			}
		}
		st = nil
	}
	text := strings.Join(f.Lines, "\n") + "\n"
	if f.Header != "" && (err != nil || st == nil || st.Size() == 0) {
		text = f.Header + "\n" + text
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	if err != nil {
		return fmt.Errorf("flow log: %w", err)
	}
	_, err = out.WriteString(text)
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("flow log: %w", err)
	}
	return nil
}

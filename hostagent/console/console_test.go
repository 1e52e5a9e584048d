package console

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTail(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 2*MaxTail/16)
	for _, c := range []struct {
		reason string
		files  map[string]string // by suffix
		want   string
	}{
		{"nothing said yet", nil, ""},
		{"an empty log", map[string]string{"": ""}, ""},
		{"a short log", map[string]string{"": "hello\n"}, "hello\n"},
		{"a long log: its end", map[string]string{"": "x" + long}, long[len(long)-MaxTail:]},
		{"across rotations, oldest first", map[string]string{"": "new", ".0": "older ", ".1": "oldest "}, "oldest older new"},
		{"just rotated: the log is empty", map[string]string{"": "", ".0": "before\n"}, "before\n"},
		{"just rotated: the log is not there", map[string]string{".0": "before\n"}, "before\n"},
		{"the bound holds across files", map[string]string{"": "new", ".0": long}, long[len(long)-MaxTail+3:] + "new"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "console.log")
			for suffix, text := range c.files {
				write(t, path+suffix, text)
			}
			got, at, err := Tail(path)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("%d bytes ending in %.40q, want %d ending in %.40q", len(got), tailEnd(got), len(c.want), tailEnd([]byte(c.want)))
			}
			if age := time.Since(at); age < 0 || age > time.Minute {
				t.Errorf("last said at %v", at)
			}
		})
	}
}

func tailEnd(b []byte) []byte { return b[max(0, len(b)-40):] }

func TestTailTellsWhenItWasSaid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "console.log")
	write(t, path, "")
	write(t, path+".0", "long ago")
	then := time.Unix(1e9, 0)
	if err := os.Chtimes(path+".0", then, then); err != nil {
		t.Fatal(err)
	}
	if _, at, err := Tail(path); err != nil || !at.Equal(then) {
		t.Fatalf("said at %v, %v; want %v", at, err, then)
	}
}

func TestTailReadsOnlyFiles(t *testing.T) {
	if _, _, err := Tail(t.TempDir()); err == nil {
		t.Fatal("a directory was read")
	}
}

// port is a guest's serial port as QEMU serves it: one client at a time.
type port struct {
	net.Listener
	socket, log string
}

func newPort(t *testing.T) *port {
	t.Helper()
	dir, err := os.MkdirTemp("", "mt-con") // short: a socket's path has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := &port{socket: filepath.Join(dir, "s"), log: filepath.Join(dir, "console.log")}
	if p.Listener, err = net.Listen("unix", p.socket); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func (p *port) attach(t *testing.T) *Session {
	t.Helper()
	s, err := Attach(t.Context(), p.socket, p.log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (p *port) accept(t *testing.T) net.Conn {
	t.Helper()
	c, err := p.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func say(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, r io.Reader, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(r, got); err != nil || string(got) != want {
		t.Fatalf("read %q, %v; want %q", got, err, want)
	}
}

func TestSessionsShareOnePort(t *testing.T) {
	p := newPort(t)
	write(t, p.log, "before\n")
	a := p.attach(t)
	guest := p.accept(t)
	expect(t, a, "before\n")
	b := p.attach(t)
	expect(t, b, "before\n")
	say(t, guest, "login: ")
	expect(t, a, "login: ")
	expect(t, b, "login: ")
	say(t, a, "root\n")
	say(t, b, "secret\n")
	expect(t, guest, "root\nsecret\n")

	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Fatalf("read after close: %v", err)
	}
	say(t, guest, "# ")
	expect(t, b, "# ")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := guest.Read(make([]byte, 1)); err != io.EOF {
		t.Fatalf("the last session has left, and the port: %v", err)
	}
	c := p.attach(t) // and the next one dials anew
	say(t, p.accept(t), "again")
	expect(t, c, "before\nagain")
}

func TestTheGuestsEndEndsSessions(t *testing.T) {
	p := newPort(t)
	s := p.attach(t)
	guest := p.accept(t)
	say(t, guest, "Power down\n")
	_ = guest.Close()
	got, err := io.ReadAll(s)
	if err != nil || string(got) != "Power down\n" {
		t.Fatalf("read %q, %v", got, err)
	}
	_ = p.Close()
	if _, err := Attach(t.Context(), p.socket, p.log); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("attach to a guest that has ended: %v", err)
	}
}

func TestScrollbackAndOutputMeetWithoutRepeating(t *testing.T) {
	for _, c := range []struct{ scroll, since, want string }{
		{"abc", "", "abc"},
		{"", "abc", "abc"},
		{"abcdef", "defghi", "abcdefghi"},
		{"abc", "abc", "abc"},
		{"xabc", "abcabc", "xabcabc"},
		{"abc", "xyz", "abcxyz"},
	} {
		s := &Session{wake: make(chan struct{}, 1)}
		s.add([]byte(c.since))
		s.prepend([]byte(c.scroll))
		if string(s.out) != c.want {
			t.Errorf("%q then %q: %q, want %q", c.scroll, c.since, s.out, c.want)
		}
	}
}

// A reader that hangs must not hang the guest, nor the other readers.
func TestASlowReaderIsDropped(t *testing.T) {
	p := newPort(t)
	slow, fast := p.attach(t), p.attach(t)
	guest := p.accept(t)
	chunk := bytes.Repeat([]byte("x"), 32<<10)
	const chunks = backlog/(32<<10) + 2
	done := make(chan error, 1)
	go func() {
		_, err := io.ReadFull(fast, make([]byte, chunks*len(chunk)))
		done <- err
	}()
	for range chunks {
		say(t, guest, string(chunk))
	}
	if err := <-done; err != nil {
		t.Fatalf("the fast reader: %v", err)
	}
	testkit.Wait(t, 10*time.Second, "the slow reader to be dropped", func() bool {
		n, err := slow.Read(make([]byte, 1<<20))
		if err != nil && !errors.Is(err, ErrTooSlow) {
			t.Fatalf("the slow reader: %d, %v", n, err)
		}
		return err != nil
	})
	say(t, guest, "still here")
	expect(t, fast, "still here")
}

func TestManySessionsComeAndGo(t *testing.T) {
	p := newPort(t)
	go func() { // a guest that echoes to whoever comes
		for {
			c, err := p.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); _ = c.Close() }()
		}
	}()
	errs := make(chan error, 20)
	for i := range 20 {
		go func() {
			s, err := Attach(t.Context(), p.socket, p.log)
			if err == nil {
				_, err = fmt.Fprintf(s, "hello %d\n", i)
				_ = s.Close()
			}
			errs <- err
		}()
	}
	for range 20 {
		if err := <-errs; err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	}
	linesMu.Lock()
	defer linesMu.Unlock()
	if len(lines) != 0 {
		t.Errorf("%d lines left open", len(lines))
	}
}

package server

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/pki"
	"github.com/micacloud/mica/internal/testkit"
)

func listenLocal(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// serving runs Serve until the test ends, or until stop is called, which returns
// what Serve did.
func serving(t *testing.T, s *Server, listeners ...net.Listener) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listeners...) }()
	var err error
	var done bool
	stop = func() error {
		cancel()
		if !done {
			err, done = <-ended, true
		}
		return err
	}
	t.Cleanup(func() { _ = stop() })
	return stop
}

func TestServeHTTPS(t *testing.T) {
	ca, err := pki.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cert, err := ca.Server("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, Config{})
	plain, secure := listenLocal(t), listenLocal(t)
	stop := serving(t, f.Server, plain, TLS(secure, cert.GetCertificate))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.Pool()}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	for url, proto := range map[string]string{"http://" + plain.Addr().String(): "HTTP/1.1", "https://" + secure.Addr().String(): "HTTP/2.0"} {
		r, _ := http.NewRequest(http.MethodPost, url, strings.NewReader("Action=DescribeKeyPairs"))
		r.Header.Set("Authorization", account+" eu-central-1 ec2")
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != 200 || resp.Proto != proto || !strings.Contains(string(body), "DescribeKeyPairsResponse") {
			t.Errorf("%s: %s %s %s", url, resp.Status, resp.Proto, body)
		}
	}
	if err := stop(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if c, err := net.Dial("tcp", plain.Addr().String()); err == nil {
		_ = c.Close()
		t.Error("the port is still open")
	}
}

// A request that is under way when the server stops is answered; no new one is taken.
func TestServeDrains(t *testing.T) {
	f := newFixture(t, Config{Drain: time.Minute})
	f.hold = make(chan struct{})
	l := listenLocal(t)
	stop := serving(t, f.Server, l)
	answered := make(chan int, 1)
	go func() {
		r, _ := http.NewRequest(http.MethodPost, "http://"+l.Addr().String(), strings.NewReader("Action=DescribeVpcs"))
		r.Header.Set("Authorization", account+" eu-central-1 ec2")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			answered <- 0
			return
		}
		_ = resp.Body.Close()
		answered <- resp.StatusCode
	}()
	testkit.Wait(t, 10*time.Second, "the request to be in", func() bool { return len(f.slots) == 1 })
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	testkit.Wait(t, 10*time.Second, "the port to close", func() bool {
		c, err := net.Dial("tcp", l.Addr().String())
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
	close(f.hold)
	if status := <-answered; status != 200 {
		t.Errorf("the request under way got %d", status)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// Connections over the limit are closed at once, and the place of a closed one is free.
func TestConnectionLimit(t *testing.T) {
	f := newFixture(t, Config{MaxConns: 2})
	l := listenLocal(t)
	serving(t, f.Server, l)
	answered := func(c net.Conn) bool {
		_, _ = io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: mica\r\n\r\n")
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		n, err := c.Read(make([]byte, 1))
		return n == 1 && err == nil
	}
	dial := func() net.Conn {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a, b := dial(), dial()
	defer b.Close()
	if !answered(a) || !answered(b) {
		t.Fatal("two connections are allowed")
	}
	if c := dial(); answered(c) {
		t.Error("a third was answered")
	} else {
		_ = c.Close()
	}
	_ = a.Close()
	testkit.Wait(t, 10*time.Second, "the place to be free", func() bool {
		c := dial()
		defer c.Close()
		return answered(c)
	})
}

func TestServeFailsWithItsListener(t *testing.T) {
	f := newFixture(t, Config{})
	l := listenLocal(t)
	_ = l.Close()
	if err := f.Serve(t.Context(), l, listenLocal(t)); err == nil {
		t.Error("a closed listener is no reason to go on quietly")
	}
}

func TestAdmin(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run", "mica.sock")
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	a := NewAdmin(slog.New(slog.DiscardHandler))
	a.HandleFunc("GET /hello", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })
	a.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("oh") })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, l) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}}}
	for path, want := range map[string]struct {
		status int
		text   string
	}{"/hello": {200, "hello"}, "/healthz": {200, "ok\n"}, "/panic": {500, "internal error: oh\n"}, "/nothing": {404, "404 page not found\n"}} {
		resp, err := client.Get("http://mica" + path)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != want.status || string(text) != want.text {
			t.Errorf("%s: %d %q", path, resp.StatusCode, text)
		}
	}
	if _, err := Listen(path); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second server on the socket: %v", err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	// The socket of a server that was killed is still there; the next one takes its place.
	l, err = Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := os.WriteFile(path+".not", []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(path + ".not"); err == nil {
		t.Error("a file that is no socket was replaced")
	}
}

// The socket's mode keeps others out already; this is the second lock.
func TestAdminRefusesOtherUsers(t *testing.T) {
	a := NewAdmin(slog.New(slog.DiscardHandler))
	for _, c := range []struct {
		peer peer
		want int
	}{{peer{uid: 0}, 200}, {peer{uid: uint32(os.Geteuid())}, 200}, {peer{uid: 4242}, 403}, {peer{err: io.EOF}, 403}} {
		r, _ := http.NewRequestWithContext(context.WithValue(t.Context(), peerKey{}, c.peer), http.MethodGet, "/healthz", nil)
		w := &recorder{header: http.Header{}}
		a.serveHTTP(w, r)
		if w.status != c.want && !(c.want == 200 && w.status == 0) {
			t.Errorf("%+v got %d, want %d", c.peer, w.status, c.want)
		}
	}
}

type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }
func (r *recorder) WriteHeader(status int)      { r.status = status }

package simnet

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/nettest"
)

// pair is a connection between a and b.
func pair(t testing.TB, n *Network) (a, b net.Conn) {
	t.Helper()
	l, err := n.Listen("b:1")
	if err != nil {
		t.Fatal(err)
	}
	if a, err = n.Dial(context.Background(), "a", "b:1"); err != nil {
		t.Fatal(err)
	}
	if b, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	return a, b
}

// TestConn holds a connection against what net.Conn promises.
func TestConn(t *testing.T) {
	nettest.TestConn(t, func() (a, b net.Conn, stop func(), err error) {
		n := New(1)
		a, b = pair(t, n)
		return a, b, n.Close, nil
	})
}

// TestCutLinksHoldBack: what is sent over a cut link arrives when it is whole again, once
// and in order; the other direction is not touched.
func TestCutLinksHoldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(1)
		a, b := pair(t, n)
		n.Cut("a", "b")
		for _, s := range []string{"one", "two"} {
			if _, err := a.Write([]byte(s)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.Write([]byte("back")); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 6)
		if _, err := io.ReadFull(a, buf[:4]); err != nil || string(buf[:4]) != "back" {
			t.Errorf("%q %v", buf, err)
		}
		_ = b.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := b.Read(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("over a cut link: %v", err)
		}
		_ = b.SetReadDeadline(time.Time{})
		n.Heal()
		if _, err := io.ReadFull(b, buf); err != nil || string(buf) != "onetwo" {
			t.Errorf("%q %v", buf, err)
		}
		n.Close()
	})
}

// TestDeaths: a killed process resets its connections; a machine without power says
// nothing until it is back.
func TestDeaths(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(1)
		a, _ := pair(t, n)
		n.Kill("b")
		if _, err := a.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("after a kill: %v", err)
		}
		if _, err := n.Dial(context.Background(), "a", "b:1"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("nobody listens: %v", err)
		}
		c, _ := pair(t, n)
		n.PowerOff("b")
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := n.Dial(ctx, "a", "b:1"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the machine is off: %v", err)
		}
		_ = c.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a machine that is off said %v", err)
		}
		_ = c.SetReadDeadline(time.Time{})
		n.PowerOn("b")
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("a machine that is back does not know the connection: %v", err)
		}
		n.Close()
	})
}

// TestHTTP: net/http works over it, with its deadlines and its idle connections.
func TestHTTP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(1)
		l, err := n.Listen("b:http")
		if err != nil {
			t.Fatal(err)
		}
		s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })}
		go s.Serve(l)
		tr := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return n.Dial(ctx, "a", "b:http") }}
		c := &http.Client{Transport: tr}
		for range 3 {
			r, err := c.Post("http://b", "text/plain", strings.NewReader("hello"))
			if err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(r.Body); err != nil || string(b) != "hello" {
				t.Errorf("%q %v", b, err)
			}
			r.Body.Close()
		}
		n.Cut("b", "a")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		req, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://b", strings.NewReader("hello"))
		if _, err := c.Do(req); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("without a way back: %v", err)
		}
		tr.CloseIdleConnections()
		s.Close()
		n.Close()
	})
}

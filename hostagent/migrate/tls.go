package migrate

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/micacloud/mica/internal/pki"
)

// proto is what agents speak to each other.
const proto = "mica-migrate/1"

// TLS is Peers by the hosts' own certificates: each side knows which host the other is.
type TLS struct {
	Member *pki.Member
	Listen string // host:port
}

// A host that is silent for this long is gone: the guest may be paused meanwhile.
const silence = 15 * time.Second

// Serve implements Peers.
func (t *TLS) Serve(ctx context.Context, accept func(host string, c net.Conn)) error {
	lc := net.ListenConfig{Control: impatient, KeepAliveConfig: keepAlive}
	l, err := lc.Listen(ctx, "tcp", t.Listen)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		c, err := l.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		all.Go(func() {
			host, conn, err := t.admit(ctx, c)
			if err != nil {
				c.Close()
				return
			}
			accept(host, conn)
		})
	}
}

// admit lets in hosts of this cluster alone.
func (t *TLS) admit(ctx context.Context, c net.Conn) (string, net.Conn, error) {
	host := ""
	conn := tls.Server(c, t.Member.PeerServerConfig(proto, func(who pki.Identity) error {
		host = who.ID
		return onlyHosts(who)
	}))
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		return "", nil, err
	}
	return host, conn, nil
}

func onlyHosts(who pki.Identity) error {
	if who.Role != pki.RoleHost {
		return fmt.Errorf("%v is no host", who)
	}
	return nil
}

// Dial implements Peers.
func (t *TLS) Dial(ctx context.Context, host, address string) (net.Conn, error) {
	if address == "" {
		return nil, errors.New("it takes no guests from other hosts")
	}
	d := tls.Dialer{
		NetDialer: &net.Dialer{Control: impatient, KeepAliveConfig: keepAlive},
		Config: t.Member.PeerClientConfig(proto, func(who pki.Identity) error {
			if err := onlyHosts(who); err != nil {
				return err
			}
			if who.ID != host {
				return fmt.Errorf("it is host %s there", who.ID)
			}
			return nil
		}),
	}
	return d.DialContext(ctx, "tcp", address)
}

var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 3 * time.Second, Count: 3}

// impatient gives up a connection whose data is not acknowledged: by default TCP goes on
// for a quarter of an hour.
func impatient(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(silence.Milliseconds()))
	})
	return errors.Join(err, failed)
}

package imds

import (
	"context"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// conn is an accepted connection.
type conn struct {
	*net.TCPConn
	ip    netip.Addr
	leave func()
}

// Close closes the connection and takes it off its interface's count.
func (c *conn) Close() error {
	c.leave()
	return c.TCPConn.Close()
}

// limitHops sets the IP TTL of all the connection still has to send. It is never
// lifted again: a token's answer may have to be retransmitted later, and must not get
// further then.
func (c *conn) limitHops(ttl int) error {
	rc, err := c.SyscallConn()
	if err != nil {
		return err
	}
	return control(rc, func(fd int) error { return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_TTL, ttl) })
}

// control runs fn on a socket's descriptor.
func control(rc syscall.RawConn, fn func(fd int) error) error {
	var inner error
	if err := rc.Control(func(fd uintptr) { inner = fn(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// hopLimiter is the part of a connection that the handler uses.
type hopLimiter interface{ limitHops(ttl int) error }

type connKey struct{}

func connContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

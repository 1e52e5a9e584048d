package migrate

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"sync"
	"time"

	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/proto/agentpb"
)

// The streams of a migration, each a connection of its own.
const (
	streamControl = "control"
	streamMemory  = "memory"
	streamDisks   = "disks"
)

// hello begins each connection. After it a control stream has requests and responses, the
// others are what QEMU sends.
type hello struct {
	Instance string `json:"instance"`
	Epoch    int64  `json:"epoch"`
	Stream   string `json:"stream"`
}

type request struct {
	Offer     *hypervisor.Offer `json:"offer,omitempty"`
	Finish    bool              `json:"finish,omitempty"`
	Cookie    []byte            `json:"cookie,omitempty"`
	Cancelled bool              `json:"cancelled,omitempty"`
	Flows     []byte            `json:"flows,omitempty"`
}

type response struct {
	Answer hypervisor.Answer `json:"answer"`
	Error  string            `json:"error,omitempty"`
}

// maxFrame bounds what the other host may send at once.
const maxFrame = 64 << 20

func writeFrame(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(b) > maxFrame {
		return fmt.Errorf("a message of %d bytes", len(b))
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...))
	return err
}

func readFrame(r io.Reader, v any) error {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxFrame {
		return fmt.Errorf("a message of %d bytes", n)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// caller asks the other host, one question at a time. The end of the connection ends the
// attempt.
type caller struct {
	c       net.Conn
	answers chan response
	gone    chan struct{}
	once    sync.Once
}

// errGone says that the other host cannot be asked any more.
var errGone = errors.New("the connection to the other host ended")

func newCaller(c net.Conn, cancel context.CancelCauseFunc) *caller {
	o := &caller{c: c, answers: make(chan response), gone: make(chan struct{})}
	go func() {
		for {
			var in response
			if err := readFrame(c, &in); err != nil {
				cancel(fmt.Errorf("%w: %w", errGone, err))
				o.close()
				return
			}
			select {
			case o.answers <- in:
			case <-o.gone:
				return
			}
		}
	}()
	return o
}

func (o *caller) close() {
	o.once.Do(func() {
		close(o.gone)
		o.c.Close()
	})
}

// call asks and waits. One that gets no answer in time ends the connection: the answer
// to come would be taken for another's.
func (o *caller) call(ctx context.Context, limit time.Duration, in request) (response, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := writeFrame(o.c, in); err != nil {
		return response{}, fmt.Errorf("%w: %w", errGone, err)
	}
	select {
	case out := <-o.answers:
		if out.Error != "" {
			return out, errors.New("the other host: " + out.Error)
		}
		return out, nil
	case <-o.gone:
		return response{}, errGone
	case <-ctx.Done():
		o.close()
		return response{}, ctx.Err()
	}
}

// streams are a route's sockets by their streams' names.
func streams(r hypervisor.Route) map[string]string {
	out := map[string]string{}
	if r.Memory != "" {
		out[streamMemory] = r.Memory
	}
	if r.Disks != "" {
		out[streamDisks] = r.Disks
	}
	return out
}

func sweep(r hypervisor.Route) error {
	for _, path := range streams(r) {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// forward takes QEMU's connections at a socket to the other host.
func (m *Mover) forward(ctx context.Context, b *agentpb.Boot, name, path string, cancel context.CancelCauseFunc) (stop func(), err error) {
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o666); err != nil { // the folder lets only QEMU through
		l.Close()
		return nil, err
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			local, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer local.Close()
				c, err := m.open(ctx, b, name)
				if err != nil {
					cancel(fmt.Errorf("the %s: %w", name, err))
					return
				}
				defer c.Close()
				end := context.AfterFunc(ctx, func() { c.Close(); local.Close() })
				defer end()
				join(c, local)
			})
		}
	})
	return func() { l.Close() }, nil
}

// join copies both ways until either end has closed.
func join(a, b net.Conn) {
	var both sync.WaitGroup
	one := func(to, from net.Conn) {
		_, _ = io.Copy(to, from)
		if half, ok := to.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
			return
		}
		a.Close()
		b.Close()
	}
	both.Go(func() { one(a, b) })
	both.Go(func() { one(b, a) })
	both.Wait()
}

package agent

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"google.golang.org/grpc"

	"github.com/micacloud/mica/hostagent/console"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/proto/agentpb"
)

// command does what a server asks for that is no state, and replies.
func (a *Agent) command(ctx context.Context, conn *grpc.ClientConn, c *agentpb.Command) {
	reply := &agentpb.Reply{Id: c.Id, AtUnixNano: time.Now().UnixNano()}
	var err error
	switch k := c.Kind.(type) {
	case *agentpb.Command_ConsoleOutput:
		reply.Data, reply.AtUnixNano, err = a.consoleOutput(k.ConsoleOutput.InstanceId)
	case *agentpb.Command_OpenConsole:
		err = a.openConsole(ctx, conn, k.OpenConsole)
	case *agentpb.Command_Explain:
		reply.Data, err = a.explain(ctx, k.Explain.InstanceId)
	case *agentpb.Command_Probe:
		reply.Data, err = a.probe(ctx, k.Probe)
	case *agentpb.Command_Watch:
		err = a.watches.begin(ctx, a.net, k.Watch)
	case *agentpb.Command_EndWatch:
		reply.Data, err = a.watches.end(ctx, k.EndWatch)
	default:
		reply.Error = "this agent does not know that command: it is older than the server"
	}
	if err != nil {
		reply.Error = err.Error()
	}
	select {
	case a.replies <- reply:
	case <-ctx.Done():
	}
}

func (a *Agent) consoleOutput(instance string) ([]byte, int64, error) {
	out, at, err := console.Tail(a.exec.ConsoleLog(instance))
	return out, at.UnixNano(), err
}

// openConsole dials back to the server and joins the tunnel to the guest's serial port.
func (a *Agent) openConsole(ctx context.Context, conn *grpc.ClientConn, c *agentpb.OpenConsole) error {
	guest, err := console.Attach(ctx, a.exec.ConsoleSocket(c.InstanceId), a.exec.ConsoleLog(c.InstanceId))
	if err != nil {
		return err
	}
	stream, err := agentpb.NewControlClient(conn).Tunnel(ctx)
	if err != nil {
		guest.Close()
		return err
	}
	if err := stream.Send(&agentpb.Chunk{Tunnel: c.Tunnel}); err != nil {
		guest.Close()
		return err
	}
	go func() { // from the guest
		buf := make([]byte, 32<<10)
		for {
			n, err := guest.Read(buf)
			if n > 0 && stream.Send(&agentpb.Chunk{Data: buf[:n]}) != nil {
				break
			}
			if err != nil {
				_ = stream.Send(&agentpb.Chunk{End: true})
				break
			}
		}
		_ = stream.CloseSend()
	}()
	go func() { // to the guest
		defer guest.Close()
		for {
			c, err := stream.Recv()
			if err != nil || c.End {
				return
			}
			if _, err := guest.Write(c.Data); err != nil {
				return
			}
		}
	}()
	return nil
}

var _ io.Closer = (*console.Session)(nil)

// OnHost is what a host has of an instance, for people who want to see inside.
type OnHost struct {
	Host     string                 `json:"host"`
	Dir      string                 `json:"dir"`
	Guest    []hypervisor.Guest     `json:"guest"`
	Domain   hypervisor.Description `json:"domain"`
	Network  []kernel.Object        `json:"network"`
	Leases   []string               `json:"leases,omitempty"` // what DHCP tells each interface
	Steps    []string               `json:"next_steps"`       // what the host would do now
	Problems []string               `json:"problems,omitempty"`
}

func (a *Agent) explain(ctx context.Context, instance string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 8*time.Second)
	defer cancel()
	out := OnHost{Host: a.cfg.Name, Dir: a.exec.Dir(instance)}
	note := func(err error) {
		if err != nil {
			out.Problems = append(out.Problems, err.Error())
		}
	}
	var err error
	out.Guest, err = a.cfg.Hypervisor.Observe(ctx, instance)
	note(err)
	if h, ok := a.cfg.Hypervisor.(hypervisor.Describer); ok {
		out.Domain, err = h.Describe(ctx, instance)
		note(err)
	}
	want := a.set.boot(instance)
	if want != nil {
		out.Leases = a.net.leases(want)
		out.Network, err = a.net.objects(ctx, want)
		note(err)
	}
	steps, err := a.exec.Plan(ctx, want, instance)
	note(err)
	for _, s := range steps {
		out.Steps = append(out.Steps, s.String())
	}
	return json.Marshal(out)
}

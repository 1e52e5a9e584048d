package dispatch

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"

	"github.com/micacloud/mica/proto/agentpb"
)

// maxMessage bounds a message: a complete set of a host with many guests is one.
const maxMessage = 64 << 20

// NewServer makes the gRPC server that agents speak to. It asks agents that are silent
// whether they are there, and lets them ask as often as they do: gRPC's default takes more
// than a ping in five minutes for abuse, and would end the sessions of hosts for which there
// is nothing to say.
func (s *Server) NewServer(opts ...grpc.ServerOption) *grpc.Server {
	g := grpc.NewServer(append([]grpc.ServerOption{
		grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: 10 * time.Second, Timeout: 5 * time.Second}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
	}, opts...)...)
	agentpb.RegisterControlServer(g, s)
	return g
}

package consensus_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/consensus/simdisk"
	"github.com/micacloud/mica/internal/simnet"
)

// stream is a server's side of the network.
type stream struct {
	net.Listener
	nw   *simnet.Network
	name string
}

func (s stream) Dial(to raft.ServerAddress, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return s.nw.Dial(ctx, s.name, string(to))
}

// TestAHeartbeatTakesNoTermBack: a server's disk is slow to write the term of a heartbeat,
// and another server asks for its vote in the next term. Once it has voted it takes nothing
// of the older term any more.
func TestAHeartbeatTakesNoTermBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nw := simnet.New(1)
		var slow atomic.Bool
		disk := &simdisk.Disk{Delay: func() time.Duration {
			if slow.CompareAndSwap(true, false) { // one write
				return time.Second
			}
			return 0
		}}
		listen := func(name string) net.Listener {
			l, err := nw.Listen(name + ":raft")
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		voter := stream{listen("s1"), nw, "s1"}
		node, err := consensus.Open(consensus.Config{
			ID: "s1", Storage: disk.Open(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Fatal: func(err error) { t.Error(err) },
			Stream: &consensus.Stream{Listener: voter.Listener, DialPeer: func(a string, limit time.Duration) (net.Conn, error) {
				return voter.Dial(raft.ServerAddress(a), limit)
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		rpc := func(name string) *raft.NetworkTransport {
			return raft.NewNetworkTransportWithLogger(stream{listen(name), nw, name}, 1, 10*time.Second, hclog.NewNullLogger())
		}
		leader, candidate := rpc("s2"), rpc("s3")
		defer func() {
			for _, x := range []*raft.NetworkTransport{leader, candidate} {
				x.CloseStreams()
				x.Close()
			}
			time.Sleep(time.Second) // until s1 has heard of it
			node.Close()
		}()
		head := func(name string) raft.RPCHeader {
			return raft.RPCHeader{ProtocolVersion: raft.ProtocolVersionMax, ID: []byte(name), Addr: []byte(name + ":raft")}
		}
		send := func(term uint64, entries ...*raft.Log) (resp raft.AppendEntriesResponse) {
			if err := leader.AppendEntries("s1", "s1:raft", &raft.AppendEntriesRequest{RPCHeader: head("s2"), Term: term, Entries: entries}, &resp); err != nil {
				t.Error(err)
			}
			return resp
		}
		if r := send(2); !r.Success {
			t.Fatalf("the first heartbeat is answered with %+v", r)
		}
		slow.Store(true)
		var wg sync.WaitGroup
		wg.Go(func() { send(3) })
		time.Sleep(100 * time.Millisecond) // it is being written
		var vote raft.RequestVoteResponse
		err = candidate.RequestVote("s1", "s1:raft", &raft.RequestVoteRequest{
			RPCHeader: head("s3"), Term: 4, LeadershipTransfer: true,
		}, &vote)
		if err != nil || !vote.Granted {
			t.Fatalf("the vote is %+v, %v", vote, err)
		}
		wg.Wait()
		if r := send(3, &raft.Log{Index: 1, Term: 3, Type: raft.LogNoop}); r.Success || r.Term != 4 {
			t.Errorf("an entry of term 3 is answered with %+v after a vote in term 4", r)
		}
		if s := node.Status(); s.Term != 4 || s.Last != 0 {
			t.Errorf("it is in term %d and has %d entries", s.Term, s.Last)
		}
	})
}

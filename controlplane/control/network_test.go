package control

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// TestNetworksLive: NAT gateways get a host, and another when theirs is lost; what ended
// is shown for its time and is then forgotten; requests for peerings expire. Where nothing
// is due, nothing is written.
func TestNetworksLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := store.NewMemory()
		owned := model.Owned{Account: "1", Region: "r"}
		host := func(id string, up bool) {
			update(t, db, func(tx *store.Tx) error {
				return store.Hosts.Put(tx, &model.Host{ID: id, Name: id, Region: "r", Zone: "ra", Arch: "x86_64", Up: up, VCPUs: 4, MemoryMiB: 4096})
			})
		}
		update(t, db, func(tx *store.Tx) error {
			side := model.PeeringSide{Owned: owned, VPC: "vpc-1"}
			return errors.Join(
				store.Subnets.Put(tx, &model.Subnet{ID: "subnet-1", Owned: owned, VPC: "vpc-1", Zone: "ra", VNI: 5000}),
				store.Interfaces.Put(tx, &model.Interface{ID: "eni-1", Owned: owned, VPC: "vpc-1", Subnet: "subnet-1", MAC: "x", Kind: "nat_gateway"}),
				store.NATGateways.Put(tx, &model.NATGateway{ID: "nat-1", Owned: owned, VPC: "vpc-1", Subnet: "subnet-1", Interface: "eni-1", State: model.NATPending}),
				store.Peerings.Put(tx, &model.Peering{ID: "pcx-1", Owned: owned, Requester: side, Accepter: side, State: model.PeeringPending, Expires: tx.Now().Add(lifecycle.PeeringWaits)}),
			)
		})
		c := &Control{DB: db, Log: slog.New(slog.DiscardHandler), Resync: 30 * time.Second, Ensure: func(*store.Tx) error { return nil }}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { c.Run(ctx) })
		defer wg.Wait()
		defer cancel()
		want := func(host, state string) {
			t.Helper()
			time.Sleep(2 * time.Minute)
			if n := store.NATGateways.Get(db.Stale(), "nat-1"); n.Host != host || n.State != state {
				t.Fatalf("it is %s on %q, want %s on %q", n.State, n.Host, state, host)
			}
		}
		want("", model.NATPending)
		host("host-1", true)
		want("host-1", model.NATPending)
		update(t, db, func(tx *store.Tx) error { return lifecycle.ReportNAT(tx, "host-1", "nat-1", false) })
		want("host-1", model.NATAvailable)
		host("host-2", true)
		host("host-1", false)
		want("host-2", model.NATAvailable)
		host("host-1", true)
		want("host-2", model.NATAvailable) // it does not move back
		before := db.Stale().Version()
		time.Sleep(10 * time.Minute)
		if db.Stale().Version() != before {
			t.Error("the loops write though there is nothing to do")
		}
		update(t, db, func(tx *store.Tx) error { return lifecycle.EndNAT(tx, "nat-1") })
		want("host-2", model.NATDeleting)
		update(t, db, func(tx *store.Tx) error { return store.Hosts.Delete(tx, "host-2") })
		want("", model.NATDeleted)
		if store.Interfaces.Get(db.Stale(), "eni-1") != nil {
			t.Error("its interface is still there")
		}
		time.Sleep(lifecycle.NATShown)
		if store.NATGateways.Get(db.Stale(), "nat-1") != nil {
			t.Error("a deleted NAT gateway is shown for ever")
		}
		time.Sleep(lifecycle.PeeringWaits)
		if p := store.Peerings.Get(db.Stale(), "pcx-1"); p == nil || p.State != model.PeeringExpired {
			t.Fatalf("after a week the request is %+v", p)
		}
		time.Sleep(lifecycle.PeeringShownLater + time.Hour)
		if store.Peerings.Get(db.Stale(), "pcx-1") != nil {
			t.Error("an expired request is shown for ever")
		}
	})
}

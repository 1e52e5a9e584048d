package dispatch

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/ids"
)

// BenchmarkCommit is what one report of one boot costs the leader's senders: every session
// looks whether it concerns its host. There is an instance a host, and as many to a VPC as
// the name says. It is why docs/scale.md says where changes end.
func BenchmarkCommit(b *testing.B) {
	for _, c := range []struct{ hosts, each int }{{100, 10}, {1000, 10}, {10_000, 10}, {1000, 1000}} {
		b.Run(fmt.Sprintf("%d hosts, VPCs of %d", c.hosts, c.each), func(b *testing.B) { commits(b, c.hosts, c.each) })
	}
}

func commits(b *testing.B, hosts, each int) {
	db := store.NewMemory()
	change := func(fn func(*store.Tx) error) {
		if err := db.Update(b.Context(), store.Meta{Action: "bench"}, fn); err != nil {
			b.Fatal(err)
		}
	}
	name := func(k int) string { return fmt.Sprintf("host-%017x", k) }
	var boots []string
	change(func(tx *store.Tx) error {
		for k := range hosts {
			vpc, at := fmt.Sprint("vpc-", k/each), netip.AddrFrom4([4]byte{10, 0, byte(k % each >> 8), byte(k % each)})
			i := &model.Instance{ID: ids.New(ids.Instance), Owned: owner, VPCID: vpc, Desired: model.WantRunning, Epoch: 1}
			n := &model.Interface{ID: ids.Beside(ids.Interface, i.ID), Owned: owner, VPC: vpc, Subnet: "subnet-of-" + vpc, MAC: fmt.Sprint(k), PrivateIP: at, Groups: []string{"sg-of-" + vpc}, Instance: i.ID}
			i.Interfaces, i.RootVolume = []string{n.ID}, ids.Beside(ids.Volume, i.ID)
			boot := &model.Boot{ID: model.BootID(i.ID, 1), Instance: i.ID, Epoch: 1, Host: name(k), Phase: model.PhasePreparing}
			boots = append(boots, boot.ID)
			errs := []error{
				store.Hosts.Put(tx, &model.Host{ID: name(k), Name: name(k), Up: true, Underlay: netip.AddrFrom4([4]byte{192, 168, byte(k >> 8), byte(k)})}),
				store.Instances.Put(tx, i), store.Interfaces.Put(tx, n), store.Boots.Put(tx, boot),
				store.Volumes.Put(tx, &model.Volume{ID: i.RootVolume, Owned: owner, Host: name(k), Instance: i.ID, State: model.VolumeInUse}),
			}
			if k%each == 0 {
				errs = append(errs,
					store.VPCs.Put(tx, &model.VPC{ID: vpc, Owned: owner, CIDR: netip.MustParsePrefix("10.0.0.0/16"), DNSSupport: true}),
					store.Subnets.Put(tx, &model.Subnet{ID: "subnet-of-" + vpc, Owned: owner, VPC: vpc, CIDR: netip.MustParsePrefix("10.0.0.0/16"), VNI: k + 1}),
					store.SecurityGroups.Put(tx, &model.SecurityGroup{ID: "sg-of-" + vpc, Owned: owner, VPC: vpc, Name: "default"}))
			}
			for _, err := range errs {
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	var shared common
	books := make([]ledger, hosts)
	look := func() (sent int) {
		for k := range books {
			if books[k].next(assign(db.Stale(), name(k), &shared)) != nil {
				sent++
			}
		}
		return sent
	}
	if n := look(); n != hosts {
		b.Fatal(n, "hosts were sent a complete set")
	}
	for n := 0; b.Loop(); n++ {
		change(func(tx *store.Tx) error {
			boot := *store.Boots.Get(tx, boots[n%hosts])
			boot.LastChange = tx.Now()
			return store.Boots.Put(tx, &boot)
		})
		if n := look(); n != 0 {
			b.Fatal(n, "hosts were told of what does not matter to them")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(hosts), "us/host")
}

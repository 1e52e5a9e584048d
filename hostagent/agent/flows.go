package agent

import (
	"context"
	"net/netip"
	"path/filepath"
	"sync"
	"time"

	"github.com/micacloud/mica/hostagent/flowlog"
	"github.com/micacloud/mica/netplane/kernel"
	"github.com/micacloud/mica/proto/agentpb"
)

// lookAtFlows is how often the counters of connections are read: records' times are no
// more exact.
const lookAtFlows = 5 * time.Second

// flowLogs are the flow logs of each VPC, with the interfaces here that they are about.
func flowLogs(set *assignments) map[string][]flowlog.Log {
	out := map[string][]flowlog.Log{}
	set.each("flowlog/", func(item *agentpb.Item) {
		f := item.GetFlowLog()
		byVPC := map[string][]flowlog.Interface{}
		set.each("boot/", func(item *agentpb.Item) {
			b := item.GetBoot()
			for _, n := range b.GetInterfaces() {
				if f.Resource == n.Id || f.Resource == n.SubnetId || f.Resource == n.VpcId {
					byVPC[n.VpcId] = append(byVPC[n.VpcId], loggedInterface(set, b, n))
				}
			}
		})
		for vpc, nics := range byVPC {
			out[vpc] = append(out[vpc], flowlog.Log{
				ID: f.Id, Folder: f.Folder, Traffic: f.Traffic, Format: f.Format, Interval: time.Duration(f.IntervalS) * time.Second,
				Header: f.Header, Interfaces: nics,
			})
		}
	})
	return out
}

func loggedInterface(set *assignments, b *agentpb.Boot, n *agentpb.Interface) flowlog.Interface {
	m := b.GetMetadata()
	i := flowlog.Interface{ID: n.Id, Account: m.GetAccount(), VPC: n.VpcId, Subnet: n.SubnetId, Instance: b.InstanceId, Region: m.GetRegion(), ZoneID: m.GetZoneId()}
	add := func(s string) {
		if a, err := netip.ParseAddr(s); err == nil {
			i.Addresses = append(i.Addresses, a)
		}
	}
	add(n.PrivateIp)
	if len(i.Addresses) > 0 {
		i.Primary = i.Addresses[0]
	}
	for _, s := range n.Secondary {
		add(s.PrivateIp)
	}
	for _, c := range set.vpc(n.VpcId).GetCidrs() {
		if p, err := netip.ParsePrefix(c); err == nil {
			i.VPCs = append(i.VPCs, p)
		}
	}
	return i
}

// logFlows writes a VPC's flow logs until ctx ends. What was gathered by then is written
// too: the agent that comes next begins with what flows then.
func (n *hostNetwork) logFlows(ctx context.Context, vpcID string) error {
	var mu sync.Mutex // of r
	r := flowlog.NewRecorder()
	look := func(all bool) error {
		flows, err := n.kernel.FlowTable(vpcID)
		mu.Lock()
		now := time.Now()
		r.Set(flowLogs(n.a.set)[vpcID], now)
		if err == nil {
			r.Look(flows, now)
		}
		files := r.Roll(now, all)
		mu.Unlock()
		for _, f := range files {
			if err := f.Write(filepath.Join(n.a.cfg.DataDir, "flow-logs")); err != nil {
				n.a.cfg.Log.Error("flow records are lost", "vpc_id", vpcID, "err", err)
			}
		}
		return err
	}
	if err := look(false); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	locked := func(fn func()) { mu.Lock(); defer mu.Unlock(); fn() }
	watched := make(chan error, 1)
	go func() {
		defer cancel()
		watched <- n.kernel.WatchFlows(ctx, vpcID, kernel.FlowWatch{
			Ended:    func(f kernel.Flow) { locked(func() { r.Ended(f, time.Now()) }) },
			Rejected: func(p kernel.Reject) { locked(func() { r.Rejected(p, time.Now()) }) },
			Lost:     func() { locked(r.Lost) },
		})
	}()
	tick := time.NewTicker(lookAtFlows)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
			if err := look(false); err != nil {
				n.a.cfg.Log.Warn("flows are not read", "vpc_id", vpcID, "err", err)
			}
		}
	}
	err := <-watched
	_ = look(true) // the namespace may be gone: what was gathered is written all the same
	return err
}

package agent

import (
	"github.com/micacloud/mica/netplane/plan"
	"github.com/micacloud/mica/proto/agentpb"
)

// bound gives each interface of a boot the rate of its instance's type.
func bound(host *plan.Host, set *assignments) {
	rates, of := map[string]plan.Rate{}, map[string]string{}
	set.each("boot/", func(item *agentpb.Item) {
		b := item.GetBoot()
		for _, n := range b.GetInterfaces() {
			rates[n.Id] = plan.Rate{BaselineMbps: int(b.BaselineMbps), BurstMbps: int(b.BurstMbps)}
			of[n.Id] = b.InstanceId
		}
	})
	for v := range host.VPCs {
		for i := range host.VPCs[v].Interfaces {
			n := &host.VPCs[v].Interfaces[i]
			if r := rates[n.ID]; r.BaselineMbps > 0 {
				n.Rate, n.Instance = r, of[n.ID]
			}
		}
	}
}

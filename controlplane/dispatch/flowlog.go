package dispatch

import (
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/proto/agentpb"
)

// flowLogs puts the flow logs that an instance's interfaces are in, by themselves, their
// subnets or their VPCs.
func (a *assigner) flowLogs(i *model.Instance) {
	for _, n := range a.interfaces(i) {
		for _, resource := range []string{n.ID, n.Subnet, n.VPC} {
			for f := range store.FlowLogs.By(a.r, "resource", resource) {
				a.share("flowlog/"+f.ID, "flow log", func() *agentpb.Item {
					return &agentpb.Item{Key: "flowlog/" + f.ID, Value: &agentpb.Item_FlowLog{FlowLog: &agentpb.FlowLog{
						Id: f.ID, Resource: f.Resource, Folder: f.Destination, Traffic: f.Traffic, Format: f.Format, IntervalS: int32(f.Interval),
						Header: f.DestinationType == "s3", // as files in buckets have it; log groups have lines alone
					}}}
				})
			}
		}
	}
}

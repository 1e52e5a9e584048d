package ec2

import (
	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

// What EC2 gives a gp3 volume that asks for nothing.
const (
	defaultVolumeType = "gp3"
	gp3IOPS           = 3000
	gp3Throughput     = 125 // MiB a second
)

func (a *API) registerVolumes(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeVolumes", Resource: "volume"}, a.describeVolumes)
}

var volumeListing = &listing[*model.Volume]{
	action: "DescribeVolumes",
	kind:   volumeKind,
	rows:   mine(store.Volumes),
	get:    mineByID(store.Volumes),
	id:     func(v *model.Volume) string { return v.ID },
	filters: wire.FilterTable[*model.Volume]{
		Fields: map[string]func(*model.Volume) []string{
			"attachment.attach-time": ifInstance(func(v *model.Volume) []string { return timeStr(v.Attached) }),
			"attachment.delete-on-termination": ifInstance(func(v *model.Volume) []string {
				return boolStr(v.DeleteOnTermination)
			}),
			"attachment.device":      ifInstance(func(v *model.Volume) []string { return one(v.Device) }),
			"attachment.instance-id": ifInstance(func(v *model.Volume) []string { return one(v.Instance) }),
			"attachment.status":      ifInstance(func(v *model.Volume) []string { return one(attachmentState(v)) }),
			"availability-zone":      func(v *model.Volume) []string { return one(v.Zone) },
			"create-time":            func(v *model.Volume) []string { return timeStr(v.Created) },
			"encrypted":              func(*model.Volume) []string { return boolStr(false) },
			"fast-restored":          func(*model.Volume) []string { return boolStr(false) },
			"multi-attach-enabled":   func(*model.Volume) []string { return boolStr(false) },
			"size":                   func(v *model.Volume) []string { return intStr(v.SizeGiB) },
			"snapshot-id":            func(v *model.Volume) []string { return one(v.SnapshotID) },
			"status":                 func(v *model.Volume) []string { return one(string(v.State)) },
			"volume-id":              func(v *model.Volume) []string { return one(v.ID) },
			"volume-type":            func(v *model.Volume) []string { return one(v.Type) },
		},
		Tags: func(v *model.Volume) map[string]string { return v.Tags },
	},
	limits: wire.PageLimits{Min: 5, Max: 1000, NotWithIDs: "volumeSet"},
}

func ifInstance(get func(*model.Volume) []string) func(*model.Volume) []string {
	return func(v *model.Volume) []string {
		if v.Instance == "" {
			return nil
		}
		return get(v)
	}
}

func attachmentState(v *model.Volume) string {
	switch v.State {
	case model.VolumeCreating:
		return "attaching"
	case model.VolumeDeleting:
		return "detaching"
	}
	return "attached"
}

func (a *API) describeVolumes(c *action.Call, in *gen.DescribeVolumesRequest) (*gen.DescribeVolumesResult, error) {
	rows, next, err := volumeListing.page(c, selection{IDs: in.VolumeIds, Filters: in.Filters, MaxResults: in.MaxResults, NextToken: in.NextToken})
	if err != nil {
		return nil, err
	}
	out := &gen.DescribeVolumesResult{Volumes: make([]*gen.Volume, 0, len(rows)), NextToken: next}
	for _, v := range rows {
		out.Volumes = append(out.Volumes, toVolume(v))
	}
	return out, nil
}

func toVolume(v *model.Volume) *gen.Volume {
	out := &gen.Volume{
		Attachments: []*gen.VolumeAttachment{}, AvailabilityZone: &v.Zone, CreateTime: &v.Created, Encrypted: new(false),
		Size: new(int64(v.SizeGiB)), SnapshotId: &v.SnapshotID, State: new(string(v.State)), VolumeId: &v.ID, Tags: toTags(v.Tags),
		VolumeType: &v.Type, MultiAttachEnabled: new(false),
	}
	switch v.Type {
	case "gp3":
		out.Iops, out.Throughput = new(int64(gp3IOPS)), new(int64(gp3Throughput))
	case "gp2":
		out.Iops = new(int64(min(16000, max(100, 3*v.SizeGiB))))
	}
	if v.Instance != "" {
		out.Attachments = append(out.Attachments, &gen.VolumeAttachment{
			AttachTime: &v.Attached, Device: &v.Device, InstanceId: &v.Instance, State: new(attachmentState(v)),
			VolumeId: &v.ID, DeleteOnTermination: &v.DeleteOnTermination,
		})
	}
	return out
}

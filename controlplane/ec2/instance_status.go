package ec2

import (
	"iter"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func (a *API) registerInstanceStatus(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "DescribeInstanceStatus", Resource: "instance"}, a.describeInstanceStatus)
}

var statusListing = &listing[*instanceRow]{
	action:  "DescribeInstanceStatus",
	kind:    instanceKind,
	rows:    instanceListing.rows,
	get:     instanceListing.get,
	id:      instanceListing.id,
	filters: statusFilters,
	limits:  wire.PageLimits{Min: 5, Max: 1000, NotWithIDs: "instanceIds"},
}

var statusFilters = wire.FilterTable[*instanceRow]{Fields: map[string]instanceField{
	"availability-zone":            func(i *instanceRow) []string { return one(i.Zone) },
	"availability-zone-id":         func(i *instanceRow) []string { return one(model.ZoneID(i.Zone)) },
	"instance-state-code":          func(i *instanceRow) []string { return intStr(i.state.Code) },
	"instance-state-name":          func(i *instanceRow) []string { return one(i.state.Name) },
	"instance-status.reachability": func(i *instanceRow) []string { return one(instanceCheck(i).reachability) },
	"instance-status.status":       func(i *instanceRow) []string { return one(instanceCheck(i).status) },
	"system-status.reachability":   func(i *instanceRow) []string { return one(systemCheck(i).reachability) },
	"system-status.status":         func(i *instanceRow) []string { return one(systemCheck(i).status) },
	"operator.managed":             always[*instanceRow]("false"),
	"attached-ebs-status.status":   func(i *instanceRow) []string { return one(systemCheck(i).status) },

	"event.code":                none[*instanceRow],
	"event.description":         none[*instanceRow],
	"event.instance-event-id":   none[*instanceRow],
	"event.not-after":           none[*instanceRow],
	"event.not-before":          none[*instanceRow],
	"event.not-before-deadline": none[*instanceRow],
	"operator.principal":        none[*instanceRow],
}}

// check is the outcome of one of EC2's status checks.
type check struct {
	status       string // ok, impaired, insufficient-data, not-applicable
	reachability string // passed, failed, insufficient-data; empty if not applicable
	since        time.Time
}

var (
	checkPassed   = check{status: "ok", reachability: "passed"}
	checkUnknown  = check{status: "insufficient-data", reachability: "insufficient-data"}
	notApplicable = check{status: "not-applicable"}
)

// systemCheck says whether the instance's host answers.
func systemCheck(i *instanceRow) check {
	if i.state != model.StateRunning {
		return notApplicable
	}
	h := store.Hosts.Get(i.r, i.boot.Host)
	switch {
	case h == nil:
		return checkUnknown
	case !h.Up:
		return check{status: "impaired", reachability: "failed", since: h.UpChanged}
	}
	return checkPassed
}

// instanceCheck says whether the guest runs, as far as its host knows.
func instanceCheck(i *instanceRow) check {
	if s := systemCheck(i); s.status != "impaired" {
		return s
	}
	return checkUnknown // the host that would know does not answer
}

func (a *API) describeInstanceStatus(c *action.Call, in *gen.DescribeInstanceStatusRequest) (*gen.DescribeInstanceStatusResult, error) {
	l := *statusListing
	all := val(in.IncludeAllInstances)
	l.rows = func(c *action.Call) iter.Seq[*instanceRow] {
		return func(yield func(*instanceRow) bool) {
			for i := range statusListing.rows(c) {
				if (all || i.state == model.StateRunning) && !yield(i) {
					return
				}
			}
		}
	}
	rows, next, err := l.page(c, selection{in.InstanceIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	out := &gen.DescribeInstanceStatusResult{InstanceStatuses: []*gen.InstanceStatus{}, NextToken: next}
	for _, i := range rows {
		if all || i.state == model.StateRunning {
			out.InstanceStatuses = append(out.InstanceStatuses, toStatus(i))
		}
	}
	return out, nil
}

func toStatus(i *instanceRow) *gen.InstanceStatus {
	return &gen.InstanceStatus{
		AvailabilityZone: &i.Zone, InstanceId: &i.ID, InstanceState: toState(i.state), Events: []*gen.InstanceStatusEvent{},
		InstanceStatus: instanceCheck(i).shown(), SystemStatus: systemCheck(i).shown(),
	}
}

func (k check) shown() *gen.InstanceStatusSummary {
	out := &gen.InstanceStatusSummary{Status: &k.status, Details: []*gen.InstanceStatusDetails{}}
	if k.reachability == "" {
		return out
	}
	d := &gen.InstanceStatusDetails{Name: new("reachability"), Status: &k.reachability}
	if !k.since.IsZero() {
		d.ImpairedSince = &k.since
	}
	out.Details = append(out.Details, d)
	return out
}

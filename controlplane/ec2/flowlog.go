package ec2

import (
	"regexp"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

var flowLogKind = idKind{ids.FlowLog, "InvalidFlowLogId.Malformed", "InvalidFlowLogId.NotFound", "flow log ID"}

func (a *API) registerFlowLogs(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Name: "CreateFlowLogs", Resource: "vpc-flow-log", Mutates: true, Partial: "files of the hosts alone, as plain text"}, a.createFlowLogs)
	wire.Check(r, "CreateFlowLogs", func(in *gen.CreateFlowLogsRequest) error {
		_, err := parseFlowLog(in, "")
		return err
	})
	wire.Handle(r, wire.Spec{Name: "DeleteFlowLogs", Resource: "vpc-flow-log", Mutates: true}, a.deleteFlowLogs)
	wire.Handle(r, wire.Spec{Name: "DescribeFlowLogs", Resource: "vpc-flow-log"}, a.describeFlowLogs)
}

// The types of destinations that flow logs have.
const (
	toLogGroup = "cloud-watch-logs"
	toBucket   = "s3"
)

// defaultFlowFormat is EC2's (Amazon VPC user guide, "Flow log records").
const defaultFlowFormat = "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"

// flowFields are all fields that EC2 has for records. Those about what Mica has not are
// written as "-", as EC2 does.
var flowFields = strings.Fields(`version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes
	start end action log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id
	sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path
	ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id
	ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason
	resource-id encryption-status`)

func checkFlowFormat(format string) error {
	for _, field := range strings.Split(format, " ") {
		name, ok := strings.CutPrefix(field, "${")
		name, closed := strings.CutSuffix(name, "}")
		if !ok || !closed || !slices.Contains(flowFields, name) {
			return apierr.New("InvalidParameter", "LogFormat is invalid: %s. Unknown fields provided in the field list.", clip(field))
		}
	}
	return nil
}

// What a log group and a bucket with a folder may be called. All of it is a path on hosts.
var (
	logGroupName = regexp.MustCompile(`^[A-Za-z0-9_./#-]{1,512}$`)
	bucketPath   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_.!'()=-]+)*/?$`)
)

// flowFolder is where a flow log's files are, below the flow log folder of each host:
// the account, the type of destination, and its name, so that no two accounts share one.
func flowFolder(account, kind, name string) (string, error) {
	parts := []string{account, kind}
	for _, p := range strings.Split(name, "/") {
		switch p {
		case "": // a name may begin with a slash, and end with one
		case ".", "..":
			return "", apierr.New("InvalidParameter", "The destination '%s' is not a valid one.", clip(name))
		default:
			parts = append(parts, p)
		}
	}
	if len(parts) == 2 {
		return "", apierr.New("InvalidParameter", "The destination '%s' has no name.", clip(name))
	}
	return strings.Join(parts, "/"), nil
}

// parseFlowLog makes the row that a request asks for, but for its resource.
func parseFlowLog(in *gen.CreateFlowLogsRequest, account string) (f model.FlowLog, err error) {
	switch {
	case len(in.ResourceIds) == 0:
		return f, missing("ResourceIds")
	case !slices.Contains([]string{"VPC", "Subnet", "NetworkInterface"}, val(in.ResourceType)):
		return f, apierr.New("UnsupportedOperation", "Flow logs of the resource type %s are not supported.", clip(val(in.ResourceType)))
	case in.TrafficType == nil:
		return f, missing("TrafficType")
	case in.MaxAggregationInterval != nil && *in.MaxAggregationInterval != 60 && *in.MaxAggregationInterval != 600:
		return f, apierr.New("InvalidParameter", "Value (%d) for parameter MaxAggregationInterval is invalid. Expecting one of: 60, 600.", *in.MaxAggregationInterval)
	}
	if o := in.DestinationOptions; o != nil && (val(o.FileFormat) == "parquet" || val(o.HiveCompatiblePartitions) || val(o.PerHourPartition)) {
		return f, apierr.New("UnsupportedOperation", "The requested configuration is currently not supported: flow log files other than plain text in one folder.")
	}
	if in.LogFormat != nil && *in.LogFormat != "" {
		if err := checkFlowFormat(*in.LogFormat); err != nil {
			return f, err
		}
	}
	if _, err := parseTagSpecs(in.TagSpecifications, "vpc-flow-log"); err != nil {
		return f, err
	}
	f = model.FlowLog{Traffic: *in.TrafficType, Format: val(in.LogFormat), Interval: int(orDefault(in.MaxAggregationInterval, 600))}
	return f, flowDestination(in, account, &f)
}

// flowDestination fills in where a flow log's records go.
func flowDestination(in *gen.CreateFlowLogsRequest, account string, f *model.FlowLog) (err error) {
	kind, said := orDefault(in.LogDestinationType, toLogGroup), val(in.LogDestination)
	f.DestinationType = kind
	switch kind {
	case toLogGroup:
		if in.LogGroupName != nil && said != "" {
			return apierr.New("InvalidParameter", "Please only provide LogGroupName or only provide LogDestination.")
		}
		name := val(in.LogGroupName)
		if said != "" {
			parts := strings.SplitN(said, ":", 7)
			if len(parts) < 7 || parts[0] != "arn" || parts[2] != "logs" || parts[5] != "log-group" {
				return apierr.New("InvalidParameter", "LogDestination '%s' is not the ARN of a log group.", clip(said))
			}
			name = strings.TrimSuffix(parts[6], ":*")
		}
		if name == "" {
			return apierr.New("InvalidParameter", "LogGroupName or LogDestination must be provided for the destination type %s.", kind)
		}
		if !logGroupName.MatchString(name) {
			return apierr.New("InvalidParameter", "LogGroupName '%s' is invalid. Expecting up to 512 characters of a-z, A-Z, 0-9, '_', '-', '/', '.' and '#'.", clip(name))
		}
		f.LogGroup, f.LogDestination = name, said
		f.Destination, err = flowFolder(account, kind, name)
	case toBucket:
		name, ok := strings.CutPrefix(said, "arn:aws:s3:::")
		switch {
		case in.LogGroupName != nil:
			return apierr.New("InvalidParameter", "LogGroupName cannot be used with the destination type %s.", kind)
		case !ok || !bucketPath.MatchString(name) || len(name) > 512:
			return apierr.New("InvalidParameter", "LogDestination '%s' is not the ARN of a bucket, or of a folder in one.", clip(said))
		}
		f.LogDestination = said
		f.Destination, err = flowFolder(account, kind, name)
	default:
		return apierr.New("UnsupportedOperation", "The requested configuration is currently not supported: flow logs to %s.", clip(kind))
	}
	return err
}

func (a *API) createFlowLogs(c *action.Call, in *gen.CreateFlowLogsRequest) (*gen.CreateFlowLogsResult, error) {
	f, err := parseFlowLog(in, c.Account)
	if err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "vpc-flow-log")
	if err != nil {
		return nil, err
	}
	out := &gen.CreateFlowLogsResult{ClientToken: in.ClientToken, FlowLogIds: []string{}, Unsuccessful: []*gen.UnsuccessfulItem{}}
	for _, id := range in.ResourceIds {
		if err := a.mayLog(c, *in.ResourceType, id, f); err != nil {
			out.Unsuccessful = append(out.Unsuccessful, unsuccessful(id, err))
			continue
		}
		row := f
		row.ID, row.Owned, row.Resource, row.Created, row.Tags = ids.New(ids.FlowLog), owner(c), id, c.Now(), tags["vpc-flow-log"].Clone()
		if err := store.FlowLogs.Put(c.Tx, &row); err != nil {
			return nil, err
		}
		out.FlowLogIds = append(out.FlowLogIds, row.ID)
	}
	return out, nil
}

// mayLog refuses a flow log of a resource that is not there, or that has the same one, or
// as many as it may have.
func (a *API) mayLog(c *action.Call, kind, id string, f model.FlowLog) (err error) {
	switch kind {
	case "VPC":
		_, err = getVPC(c, id)
	case "Subnet":
		_, err = getSubnet(c, id)
	default:
		_, err = getInterface(c, id)
	}
	if err != nil {
		return err
	}
	have := 0
	for other := range store.FlowLogs.By(c, "resource", id) {
		if have++; other.Traffic == f.Traffic && other.Destination == f.Destination {
			return apierr.New("FlowLogAlreadyExists", "Error. There is an existing Flow Log with the same configuration and log destination.")
		}
	}
	return a.within(quotaFlowLogs, have, 1)
}

func unsuccessful(id string, err error) *gen.UnsuccessfulItem {
	e := apierr.From(err)
	return &gen.UnsuccessfulItem{ResourceId: &id, Error: &gen.UnsuccessfulItemError{Code: &e.Code, Message: &e.Message}}
}

func (a *API) deleteFlowLogs(c *action.Call, in *gen.DeleteFlowLogsRequest) (*gen.DeleteFlowLogsResult, error) {
	if len(in.FlowLogIds) == 0 {
		return nil, missing("FlowLogIds")
	}
	if err := flowLogKind.check(in.FlowLogIds...); err != nil {
		return nil, err
	}
	out := &gen.DeleteFlowLogsResult{Unsuccessful: []*gen.UnsuccessfulItem{}}
	for _, id := range in.FlowLogIds {
		if _, err := require(c, flowLogKind, store.FlowLogs, id); err != nil {
			out.Unsuccessful = append(out.Unsuccessful, unsuccessful(id, err))
			continue
		}
		if err := store.FlowLogs.Delete(c.Tx, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

var flowLogListing = &listing[*model.FlowLog]{
	action: "DescribeFlowLogs",
	kind:   flowLogKind,
	rows:   mine(store.FlowLogs),
	get:    mineByID(store.FlowLogs),
	id:     func(f *model.FlowLog) string { return f.ID },
	limits: wire.PageLimits{Min: 1, Max: 1000},
	filters: wire.FilterTable[*model.FlowLog]{
		Tags: func(f *model.FlowLog) map[string]string { return f.Tags },
		Fields: map[string]func(*model.FlowLog) []string{
			"deliver-log-status":   always[*model.FlowLog]("SUCCESS"),
			"flow-log-id":          func(f *model.FlowLog) []string { return one(f.ID) },
			"log-destination-type": func(f *model.FlowLog) []string { return one(f.DestinationType) },
			"log-group-name":       func(f *model.FlowLog) []string { return one(f.LogGroup) },
			"resource-id":          func(f *model.FlowLog) []string { return one(f.Resource) },
			"traffic-type":         func(f *model.FlowLog) []string { return one(f.Traffic) },
		},
	},
}

func (a *API) describeFlowLogs(c *action.Call, in *gen.DescribeFlowLogsRequest) (*gen.DescribeFlowLogsResult, error) {
	rows, next, err := flowLogListing.page(c, selection{in.FlowLogIds, in.Filter, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeFlowLogsResult{FlowLogs: described(rows, toFlowLog), NextToken: next}, nil
}

func toFlowLog(f *model.FlowLog) *gen.FlowLog {
	return &gen.FlowLog{
		FlowLogId: &f.ID, FlowLogStatus: new("ACTIVE"), DeliverLogsStatus: new("SUCCESS"), CreationTime: &f.Created,
		ResourceId: &f.Resource, TrafficType: &f.Traffic, LogDestinationType: &f.DestinationType, LogGroupName: str(f.LogGroup),
		LogDestination: str(f.LogDestination), LogFormat: new(nonEmpty(f.Format, defaultFlowFormat)),
		MaxAggregationInterval: new(int64(f.Interval)), Tags: tagsOrEmpty(f.Tags),
	}
}

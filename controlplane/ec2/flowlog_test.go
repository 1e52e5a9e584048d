package ec2_test

import (
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

func TestFlowLogLife(t *testing.T) {
	c := newCloud(t)
	vpc, subnet := c.defaultVPC(), c.defaultSubnet(zoneA)
	eni := *c.eni(subnet).NetworkInterfaceId
	out := ok[gen.CreateFlowLogsResult](c, "CreateFlowLogs", "ResourceType", "VPC", "ResourceId.1", vpc, "ResourceId.2", "vpc-00000000000000000", "TrafficType", "ALL", "LogGroupName", "/team/flows", "DeliverLogsPermissionArn", "arn:aws:iam::1:role/x",
		"TagSpecification.1.ResourceType", "vpc-flow-log", "TagSpecification.1.Tag.1.Key", "Name")
	if len(out.FlowLogIds) != 1 || len(out.Unsuccessful) != 1 || *out.Unsuccessful[0].ResourceId != "vpc-00000000000000000" || *out.Unsuccessful[0].Error.Code != "InvalidVpcID.NotFound" {
		t.Fatalf("made %+v", out)
	}
	id := out.FlowLogIds[0]
	row := store.FlowLogs.Get(c.db.Stale(), id)
	if row.Destination != me+"/cloud-watch-logs/team/flows" || row.Resource != vpc || row.Interval != 600 || row.Traffic != "ALL" || row.Format != "" {
		t.Errorf("the row is %+v", row)
	}
	shown := ok[gen.DescribeFlowLogsResult](c, "DescribeFlowLogs", "FlowLogId.1", id).FlowLogs[0]
	if *shown.FlowLogStatus != "ACTIVE" || *shown.LogGroupName != "/team/flows" || *shown.LogDestinationType != "cloud-watch-logs" || *shown.MaxAggregationInterval != 600 || !strings.HasPrefix(*shown.LogFormat, "${version} ${account-id}") || len(shown.Tags) != 1 {
		t.Errorf("shown %+v", shown)
	}
	again := ok[gen.CreateFlowLogsResult](c, "CreateFlowLogs", "ResourceType", "VPC", "ResourceId.1", vpc, "TrafficType", "ALL", "LogGroupName", "/team/flows")
	if len(again.FlowLogIds) != 0 || *again.Unsuccessful[0].Error.Code != "FlowLogAlreadyExists" {
		t.Errorf("the same again: %+v", again)
	}
	second := ok[gen.CreateFlowLogsResult](c, "CreateFlowLogs", "ResourceType", "NetworkInterface", "ResourceId.1", eni, "TrafficType", "REJECT", "LogDestinationType", "s3", "LogDestination", "arn:aws:s3:::my-bucket/a/b/", "MaxAggregationInterval", "60", "LogFormat", "${srcaddr} ${action}").FlowLogIds[0]
	if row := store.FlowLogs.Get(c.db.Stale(), second); row.Destination != me+"/s3/my-bucket/a/b" || row.Interval != 60 || row.Format != "${srcaddr} ${action}" {
		t.Errorf("the row is %+v", row)
	}
	byARN := ok[gen.CreateFlowLogsResult](c, "CreateFlowLogs", "ResourceType", "Subnet", "ResourceId.1", subnet, "TrafficType", "ACCEPT", "LogDestination", "arn:aws:logs:eu-central-1:111111111111:log-group:flows:*").FlowLogIds[0]
	if row := store.FlowLogs.Get(c.db.Stale(), byARN); row.Destination != me+"/cloud-watch-logs/flows" {
		t.Errorf("the row is %+v", row)
	}
	for _, tt := range []struct{ filter, value, want string }{
		{"flow-log-id", id, id}, {"log-destination-type", "s3", second}, {"log-group-name", "/team/flows", id}, {"resource-id", eni, second},
		{"traffic-type", "ACCEPT", byARN}, {"tag-key", "Name", id}, {"deliver-log-status", "FAILED", ""},
	} {
		got := list(ok[gen.DescribeFlowLogsResult](c, "DescribeFlowLogs", "Filter.1.Name", tt.filter, "Filter.1.Value.1", tt.value).FlowLogs, func(f *gen.FlowLog) string { return *f.FlowLogId })
		if got != tt.want {
			t.Errorf("%s=%s finds %s, want %s", tt.filter, tt.value, got, tt.want)
		}
	}
	gone := ok[gen.DeleteFlowLogsResult](c, "DeleteFlowLogs", "FlowLogId.1", id, "FlowLogId.2", "fl-00000000000000000")
	if len(gone.Unsuccessful) != 1 || *gone.Unsuccessful[0].Error.Code != "InvalidFlowLogId.NotFound" || store.FlowLogs.Get(c.db.Stale(), id) != nil {
		t.Errorf("deleted: %+v", gone)
	}
	c.fails("InvalidFlowLogId.NotFound", id, "DescribeFlowLogs", "FlowLogId.1", id)
}

// What a user calls a destination never leaves its folder, which is the account's own.
func TestFlowLogErrors(t *testing.T) {
	c := newCloud(t)
	request := func(params ...string) []string {
		return append([]string{"ResourceType", "VPC", "ResourceId.1", c.defaultVPC(), "TrafficType", "ALL"}, params...)
	}
	s3 := func(to string) []string { return request("LogDestinationType", "s3", "LogDestination", to) }
	for _, tt := range []struct {
		code, says string
		params     []string
	}{
		{"InvalidParameter", "must be provided", request()},
		{"InvalidParameter", "not a valid one", request("LogGroupName", "../../etc")},
		{"InvalidParameter", "not a valid one", request("LogGroupName", "a/./b")},
		{"InvalidParameter", "no name", request("LogGroupName", "//")},
		{"InvalidParameter", "is invalid", request("LogGroupName", "a b")},
		{"InvalidParameter", "is invalid", request("LogGroupName", "a\nb")},
		{"InvalidParameter", "only provide", request("LogGroupName", "a", "LogDestination", "arn:aws:logs:r:a:log-group:b")},
		{"InvalidParameter", "log group", request("LogDestination", "arn:aws:s3:::b")},
		{"InvalidParameter", "bucket", s3("arn:aws:s3:::B")},
		{"InvalidParameter", "not a valid one", s3("arn:aws:s3:::bucket/../../x")},
		{"InvalidParameter", "bucket", s3("bucket")},
		{"InvalidParameter", "cannot be used", append(s3("arn:aws:s3:::bucket"), "LogGroupName", "x")},
		{"UnsupportedOperation", "firehose", request("LogDestinationType", "kinesis-data-firehose", "LogDestination", "arn:aws:firehose:r:a:deliverystream/x")},
		{"UnsupportedOperation", "TransitGateway", request("ResourceType", "TransitGateway", "LogGroupName", "x")},
		{"UnsupportedOperation", "plain text", request("LogGroupName", "x", "DestinationOptions.FileFormat", "parquet")},
		{"MissingParameter", "TrafficType", []string{"ResourceType", "VPC", "ResourceId.1", c.defaultVPC(), "LogGroupName", "x"}},
		{"InvalidParameter", "60, 600", request("LogGroupName", "x", "MaxAggregationInterval", "61")},
		{"InvalidParameter", "Unknown fields", request("LogGroupName", "x", "LogFormat", "${srcaddr} ${password}")},
		{"InvalidParameter", "Unknown fields", request("LogGroupName", "x", "LogFormat", "${srcaddr}  ${dstaddr}")},
		{"InvalidParameter", "Unknown fields", request("LogGroupName", "x", "LogFormat", "srcaddr")},
	} {
		c.fails(tt.code, tt.says, "CreateFlowLogs", tt.params...)
	}
	for _, name := range []string{"a", "b"} {
		ok[gen.CreateFlowLogsResult](c, "CreateFlowLogs", request("LogGroupName", name)...)
	}
	third := ok[gen.CreateFlowLogsResult](c, "CreateFlowLogs", request("LogGroupName", "c")...)
	if len(third.Unsuccessful) != 1 || *third.Unsuccessful[0].Error.Code != "FlowLogsLimitExceeded" {
		t.Errorf("a third: %+v", third)
	}
}

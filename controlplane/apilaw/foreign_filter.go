package apilaw

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
)

// foreignFilter is the part of Foreign on what VPCs give to guests and write down of
// them.
var foreignFilter = map[string][]string{
	"CreateDhcpOptions":    {},
	"AssociateDhcpOptions": {"InvalidDhcpOptionID.NotFound DhcpOptionsId={dopt}&VpcId={own:vpc}", "InvalidVpcID.NotFound DhcpOptionsId=default&VpcId={vpc}"},
	"DeleteDhcpOptions":    {"InvalidDhcpOptionID.NotFound DhcpOptionsId={dopt}"},
	"CreateFlowLogs":       {"OK ResourceType=VPC&ResourceId.1={vpc}&TrafficType=ALL&LogGroupName=x", "OK ResourceType=NetworkInterface&ResourceId.1={eni}&TrafficType=ALL&LogGroupName=x"},
	"DeleteFlowLogs":       {"OK FlowLogId.1={fl}"},
	"DescribeFlowLogs":     {"InvalidFlowLogId.NotFound FlowLogId.1={fl}", "OK Filter.1.Name=resource-id&Filter.1.Value.1={vpc}"},
}

func init() { maps.Copy(Foreign, foreignFilter) }

// filter gives the first account what filters packets and no account has at first.
func (w World) filter(t *testing.T) {
	t.Helper()
	subnet := someID.FindString(w.First("DescribeSubnets", url.Values{}).Text)
	for action, form := range map[string]url.Values{
		"CreateManagedPrefixList": {"PrefixListName": {"offices"}, "AddressFamily": {"IPv4"}, "MaxEntries": {"2"}},
		"CreateFlowLogs":          {"ResourceType": {"Subnet"}, "ResourceId.1": {subnet}, "TrafficType": {"ALL"}, "LogGroupName": {"flows"}},
	} {
		if got := w.First(action, form); got.Status != http.StatusOK {
			t.Fatal(got.Text)
		}
	}
}

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
	"CreateDhcpOptions":               {},
	"AssociateDhcpOptions":            {"InvalidDhcpOptionID.NotFound DhcpOptionsId={dopt}&VpcId={own:vpc}", "InvalidVpcID.NotFound DhcpOptionsId=default&VpcId={vpc}"},
	"DeleteDhcpOptions":               {"InvalidDhcpOptionID.NotFound DhcpOptionsId={dopt}"},
	"CreateNetworkInsightsPath":       {"InvalidNetworkInterfaceID.NotFound Source={eni}&Destination={own:eni}&Protocol=tcp&ClientToken=t", "InvalidInstanceID.NotFound Source={own:eni}&Destination={i}&Protocol=tcp&ClientToken=t", "InvalidInternetGatewayID.NotFound Source={igw}&Destination={own:eni}&Protocol=tcp&ClientToken=t"},
	"DeleteNetworkInsightsPath":       {"InvalidNetworkInsightsPathId.NotFound NetworkInsightsPathId={nip}"},
	"DescribeNetworkInsightsPaths":    {"InvalidNetworkInsightsPathId.NotFound NetworkInsightsPathId.1={nip}", "OK Filter.1.Name=source&Filter.1.Value.1={eni}"},
	"StartNetworkInsightsAnalysis":    {"InvalidNetworkInsightsPathId.NotFound NetworkInsightsPathId={nip}&ClientToken=t"},
	"DeleteNetworkInsightsAnalysis":   {"InvalidNetworkInsightsAnalysisId.NotFound NetworkInsightsAnalysisId={nia}"},
	"DescribeNetworkInsightsAnalyses": {"InvalidNetworkInsightsAnalysisId.NotFound NetworkInsightsAnalysisId.1={nia}", "InvalidNetworkInsightsPathId.NotFound NetworkInsightsPathId={nip}"},
	"CreateFlowLogs":                  {"OK ResourceType=VPC&ResourceId.1={vpc}&TrafficType=ALL&LogGroupName=x", "OK ResourceType=NetworkInterface&ResourceId.1={eni}&TrafficType=ALL&LogGroupName=x"},
	"DeleteFlowLogs":                  {"OK FlowLogId.1={fl}"},
	"DescribeFlowLogs":                {"InvalidFlowLogId.NotFound FlowLogId.1={fl}", "OK Filter.1.Name=resource-id&Filter.1.Value.1={vpc}"},
}

func init() { maps.Copy(Foreign, foreignFilter) }

// filter gives the first account what filters packets and no account has at first.
func (w World) filter(t *testing.T) {
	t.Helper()
	subnet := someID.FindString(w.First("DescribeSubnets", url.Values{}).Text)
	var eni string
	for _, m := range someID.FindAllStringSubmatch(w.First("DescribeNetworkInterfaces", url.Values{}).Text, -1) {
		if m[1] == "eni" {
			eni = m[0]
		}
	}
	path := w.First("CreateNetworkInsightsPath", url.Values{"Source": {eni}, "DestinationIp": {"198.51.100.1"}, "Protocol": {"tcp"}, "ClientToken": {"t"}})
	nip := someID.FindString(path.Text)
	for action, form := range map[string]url.Values{
		"CreateManagedPrefixList":      {"PrefixListName": {"offices"}, "AddressFamily": {"IPv4"}, "MaxEntries": {"2"}},
		"StartNetworkInsightsAnalysis": {"NetworkInsightsPathId": {nip}, "ClientToken": {"t"}},
		"CreateFlowLogs":               {"ResourceType": {"Subnet"}, "ResourceId.1": {subnet}, "TrafficType": {"ALL"}, "LogGroupName": {"flows"}},
	} {
		if got := w.First(action, form); got.Status != http.StatusOK {
			t.Fatal(got.Text)
		}
	}
}

package ec2

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/reach"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

var (
	insightsPathKind     = idKind{ids.InsightsPath, "InvalidNetworkInsightsPathId.Malformed", "InvalidNetworkInsightsPathId.NotFound", "network insights path ID"}
	insightsAnalysisKind = idKind{ids.InsightsResult, "InvalidNetworkInsightsAnalysisId.Malformed", "InvalidNetworkInsightsAnalysisId.NotFound", "network insights analysis ID"}
)

func (a *API) registerInsights(r *wire.Registry[*action.Call]) {
	path := func(name string, mutates bool) wire.Spec {
		return wire.Spec{Name: name, Resource: "network-insights-path", Mutates: mutates}
	}
	analysis := func(name string, mutates bool) wire.Spec {
		return wire.Spec{Name: name, Resource: "network-insights-analysis", Mutates: mutates}
	}
	create, start := path("CreateNetworkInsightsPath", true), analysis("StartNetworkInsightsAnalysis", true)
	create.Partial = "between instances, network interfaces and internet gateways"
	start.Partial = "no intermediate components, no additional accounts"
	wire.Handle(r, create, a.createNetworkInsightsPath)
	wire.Check(r, "CreateNetworkInsightsPath", func(in *gen.CreateNetworkInsightsPathRequest) error {
		_, err := parseInsightsPath(in)
		return err
	})
	wire.Handle(r, path("DeleteNetworkInsightsPath", true), a.deleteNetworkInsightsPath)
	wire.Handle(r, path("DescribeNetworkInsightsPaths", false), a.describeNetworkInsightsPaths)
	wire.Handle(r, start, a.startNetworkInsightsAnalysis)
	wire.Check(r, "StartNetworkInsightsAnalysis", checkStartAnalysis)
	wire.Handle(r, analysis("DeleteNetworkInsightsAnalysis", true), a.deleteNetworkInsightsAnalysis)
	wire.Handle(r, analysis("DescribeNetworkInsightsAnalyses", false), a.describeNetworkInsightsAnalyses)
}

// insightsEnd is the id that a request names as an end of a path, by id or by ARN.
func insightsEnd(parameter, s string) (string, error) {
	id := s
	if strings.HasPrefix(s, "arn:") {
		id = s[strings.LastIndexByte(s, '/')+1:]
	}
	for _, k := range []idKind{instanceKind, interfaceKind, gatewayKind} {
		if strings.HasPrefix(id, k.prefix+"-") {
			return id, k.check(id)
		}
	}
	return "", apierr.New("InvalidParameterValue", "Value (%s) for parameter %s is invalid. Expecting an instance, a network interface or an internet gateway.", clip(s), parameter)
}

// parseInsightsPath checks all values of a request.
func parseInsightsPath(in *gen.CreateNetworkInsightsPathRequest) (p model.InsightsPath, err error) {
	if p.Source, err = insightsEnd("source", val(in.Source)); err != nil {
		return p, err
	}
	if in.Destination != nil {
		if p.Destination, err = insightsEnd("destination", *in.Destination); err != nil {
			return p, err
		}
	}
	p.Protocol = val(in.Protocol)
	p.Filters = in.FilterAtSource != nil || in.FilterAtDestination != nil
	if p.Filters && (in.SourceIp != nil || in.DestinationIp != nil || in.DestinationPort != nil) {
		return p, apierr.New("InvalidParameterCombination", "FilterAtSource and FilterAtDestination cannot be used with sourceIp, destinationIp or destinationPort")
	}
	if p.AtSource, err = insightsFilter(in.FilterAtSource); err != nil {
		return p, err
	}
	if p.AtDestination, err = insightsFilter(in.FilterAtDestination); err != nil {
		return p, err
	}
	if !p.Filters {
		if p.AtSource.Source, err = parseAddress(in.SourceIp); err != nil {
			return p, err
		}
		if p.AtSource.Destination, err = parseAddress(in.DestinationIp); err != nil {
			return p, err
		}
		if port := val(in.DestinationPort); in.DestinationPort != nil && (port < 1 || port > 65535) {
			return p, apierr.New("InvalidParameterValue", "Value (%d) for parameter destinationPort is invalid. Expecting 1 to 65535.", port)
		}
		p.AtSource.ToPort = int(val(in.DestinationPort))
	}
	if p.Destination == "" && !p.AtSource.Destination.IsValid() {
		return p, missing("destination")
	}
	_, err = parseTagSpecs(in.TagSpecifications, "network-insights-path")
	return p, err
}

func insightsFilter(f *gen.PathRequestFilter) (h model.Header, err error) {
	if f == nil {
		return h, nil
	}
	if h.Source, err = parseAddress(f.SourceAddress); err != nil {
		return h, err
	}
	if h.Destination, err = parseAddress(f.DestinationAddress); err != nil {
		return h, err
	}
	if h.FromPort, err = insightsPort(f.SourcePortRange); err != nil {
		return h, err
	}
	h.ToPort, err = insightsPort(f.DestinationPortRange)
	return h, err
}

func insightsPort(r *gen.RequestFilterPortRange) (int, error) {
	if r == nil {
		return 0, nil
	}
	if r.FromPort == nil || r.ToPort == nil || *r.FromPort != *r.ToPort || *r.FromPort < 1 || *r.FromPort > 65535 {
		return 0, apierr.New("InvalidParameterValue", "A port range must be one port here, 1 to 65535.")
	}
	return int(*r.FromPort), nil
}

// ownEnd refuses an end that is not the caller's.
func ownEnd(c *action.Call, id string) (err error) {
	switch {
	case id == "":
	case strings.HasPrefix(id, ids.Interface+"-"):
		_, err = getInterface(c, id)
	case strings.HasPrefix(id, ids.InternetGateway+"-"):
		_, err = require(c, gatewayKind, store.InternetGateways, id)
	default:
		_, err = require(c, instanceKind, store.Instances, id)
	}
	return err
}

func (a *API) createNetworkInsightsPath(c *action.Call, in *gen.CreateNetworkInsightsPathRequest) (*gen.CreateNetworkInsightsPathResult, error) {
	p, err := parseInsightsPath(in)
	if err != nil {
		return nil, err
	}
	for _, id := range []string{p.Source, p.Destination} {
		if err := ownEnd(c, id); err != nil {
			return nil, err
		}
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "network-insights-path")
	if err != nil {
		return nil, err
	}
	if err := a.within(quotaInsightsPaths, count(mine(store.InsightsPaths)(c), nil), 1); err != nil {
		return nil, err
	}
	p.ID, p.Owned, p.Created, p.Tags = ids.New(ids.InsightsPath), owner(c), c.Now(), tags["network-insights-path"].Clone()
	c.Made = p.ID
	return &gen.CreateNetworkInsightsPathResult{NetworkInsightsPath: toInsightsPath(&p)}, store.InsightsPaths.Put(c.Tx, &p)
}

func (a *API) deleteNetworkInsightsPath(c *action.Call, in *gen.DeleteNetworkInsightsPathRequest) (*gen.DeleteNetworkInsightsPathResult, error) {
	p, err := require(c, insightsPathKind, store.InsightsPaths, val(in.NetworkInsightsPathId))
	if err != nil {
		return nil, err
	}
	for range store.InsightsAnalyses.By(c, "path", p.ID) {
		return nil, apierr.New("AnalysisExistsForNetworkInsightsPath", "The network insights path '%s' has analyses: delete them first.", p.ID)
	}
	return &gen.DeleteNetworkInsightsPathResult{NetworkInsightsPathId: &p.ID}, store.InsightsPaths.Delete(c.Tx, p.ID)
}

func ports(n int) []string {
	if n == 0 {
		return nil
	}
	return []string{strconv.Itoa(n)}
}

var insightsPathListing = &listing[*model.InsightsPath]{
	action: "DescribeNetworkInsightsPaths",
	kind:   insightsPathKind,
	rows:   mine(store.InsightsPaths),
	get:    mineByID(store.InsightsPaths),
	id:     func(p *model.InsightsPath) string { return p.ID },
	limits: wire.PageLimits{Min: 1, Max: 100},
	filters: wire.FilterTable[*model.InsightsPath]{
		Tags: func(p *model.InsightsPath) map[string]string { return p.Tags },
		Fields: map[string]func(*model.InsightsPath) []string{
			"destination":      func(p *model.InsightsPath) []string { return one(p.Destination) },
			"destination-port": func(p *model.InsightsPath) []string { return ports(p.AtSource.ToPort) },
			"protocol":         func(p *model.InsightsPath) []string { return one(p.Protocol) },
			"source":           func(p *model.InsightsPath) []string { return one(p.Source) },

			"filter-at-source.source-address":              func(p *model.InsightsPath) []string { return addrStr(p.AtSource.Source) },
			"filter-at-source.source-port-range":           func(p *model.InsightsPath) []string { return ports(p.AtSource.FromPort) },
			"filter-at-source.destination-address":         func(p *model.InsightsPath) []string { return addrStr(p.AtSource.Destination) },
			"filter-at-source.destination-port-range":      func(p *model.InsightsPath) []string { return ports(p.AtSource.ToPort) },
			"filter-at-destination.source-address":         func(p *model.InsightsPath) []string { return addrStr(p.AtDestination.Source) },
			"filter-at-destination.source-port-range":      func(p *model.InsightsPath) []string { return ports(p.AtDestination.FromPort) },
			"filter-at-destination.destination-address":    func(p *model.InsightsPath) []string { return addrStr(p.AtDestination.Destination) },
			"filter-at-destination.destination-port-range": func(p *model.InsightsPath) []string { return ports(p.AtDestination.ToPort) },
		},
	},
}

func (a *API) describeNetworkInsightsPaths(c *action.Call, in *gen.DescribeNetworkInsightsPathsRequest) (*gen.DescribeNetworkInsightsPathsResult, error) {
	rows, next, err := insightsPathListing.page(c, selection{in.NetworkInsightsPathIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	return &gen.DescribeNetworkInsightsPathsResult{NetworkInsightsPaths: described(rows, toInsightsPath), NextToken: next}, nil
}

// arnOf names a resource of an account as AWS does.
func arnOf(o model.Owned, id string) *string {
	if id == "" {
		return nil
	}
	types := map[string]string{
		ids.Instance: "instance", ids.Interface: "network-interface", ids.InternetGateway: "internet-gateway", ids.InsightsPath: "network-insights-path",
		ids.InsightsResult: "network-insights-analysis", ids.SecurityGroup: "security-group", ids.NetworkACL: "network-acl", ids.RouteTable: "route-table",
		ids.NATGateway: "natgateway", ids.Peering: "vpc-peering-connection", ids.Subnet: "subnet", ids.VPC: "vpc",
	}
	prefix, _, _ := strings.Cut(id, "-")
	return new("arn:aws:ec2:" + o.Region + ":" + o.Account + ":" + types[prefix] + "/" + id)
}

func addr(a netip.Addr) *string {
	if !a.IsValid() {
		return nil
	}
	return new(a.String())
}

func toInsightsPath(p *model.InsightsPath) *gen.NetworkInsightsPath {
	out := &gen.NetworkInsightsPath{
		NetworkInsightsPathId: &p.ID, NetworkInsightsPathArn: arnOf(p.Owned, p.ID), CreatedDate: &p.Created, Protocol: &p.Protocol,
		Source: &p.Source, SourceArn: arnOf(p.Owned, p.Source), Destination: str(p.Destination), DestinationArn: arnOf(p.Owned, p.Destination), Tags: tagsOrEmpty(p.Tags),
	}
	if p.Filters {
		out.FilterAtSource, out.FilterAtDestination = toInsightsFilter(p.AtSource), toInsightsFilter(p.AtDestination)
		return out
	}
	out.SourceIp, out.DestinationIp = addr(p.AtSource.Source), addr(p.AtSource.Destination)
	if p.AtSource.ToPort != 0 {
		out.DestinationPort = new(int64(p.AtSource.ToPort))
	}
	return out
}

func toInsightsFilter(h model.Header) *gen.PathFilter {
	if h == (model.Header{}) {
		return nil
	}
	port := func(n int) *gen.FilterPortRange {
		if n == 0 {
			return nil
		}
		return &gen.FilterPortRange{FromPort: new(int64(n)), ToPort: new(int64(n))}
	}
	return &gen.PathFilter{SourceAddress: addr(h.Source), DestinationAddress: addr(h.Destination), SourcePortRange: port(h.FromPort), DestinationPortRange: port(h.ToPort)}
}

func checkStartAnalysis(in *gen.StartNetworkInsightsAnalysisRequest) error {
	switch {
	case len(in.FilterInArns) > 0:
		return apierr.New("UnsupportedOperation", "The requested configuration is currently not supported: intermediate components of paths.")
	case len(in.AdditionalAccounts) > 0:
		return apierr.New("UnsupportedOperation", "The requested configuration is currently not supported: paths through additional accounts.")
	}
	_, err := parseTagSpecs(in.TagSpecifications, "network-insights-analysis")
	return err
}

// startNetworkInsightsAnalysis answers at once: the walk is short.
func (a *API) startNetworkInsightsAnalysis(c *action.Call, in *gen.StartNetworkInsightsAnalysisRequest) (*gen.StartNetworkInsightsAnalysisResult, error) {
	if err := checkStartAnalysis(in); err != nil {
		return nil, err
	}
	p, err := require(c, insightsPathKind, store.InsightsPaths, val(in.NetworkInsightsPathId))
	if err != nil {
		return nil, err
	}
	tags, err := parseTagSpecs(in.TagSpecifications, "network-insights-analysis")
	if err != nil {
		return nil, err
	}
	if err := a.within(quotaInsightsAnalyses, count(mine(store.InsightsAnalyses)(c), nil), 1); err != nil {
		return nil, err
	}
	n := &model.InsightsAnalysis{
		ID: ids.New(ids.InsightsResult), Owned: owner(c), Path: p.ID, Started: c.Now(), Tags: tags["network-insights-analysis"].Clone(),
		Result: withFilters(p, reach.Walk(c, reach.Query{Source: p.Source, Destination: p.Destination, Header: queryHeader(p)})),
	}
	c.Made = n.ID
	return &gen.StartNetworkInsightsAnalysisResult{NetworkInsightsAnalysis: toAnalysis(c, n)}, store.InsightsAnalyses.Put(c.Tx, n)
}

func queryHeader(p *model.InsightsPath) model.Header {
	h := p.AtSource
	h.Protocol = p.Protocol
	if h.ToPort == 0 {
		h.ToPort = p.AtDestination.ToPort
	}
	return h
}

// withFilters holds a walk against what the path says of the packet at its destination.
func withFilters(p *model.InsightsPath, got model.Reachability) model.Reachability {
	if !got.Found || len(got.Forward) == 0 {
		return got
	}
	last := got.Forward[len(got.Forward)-1]
	for _, f := range []struct {
		code string
		off  bool
	}{
		{"FILTER_AT_DESTINATION_SOURCE_ADDRESS", p.AtDestination.Source.IsValid() && p.AtDestination.Source != last.Header.Source},
		{"FILTER_AT_DESTINATION_DESTINATION_ADDRESS", p.AtDestination.Destination.IsValid() && p.AtDestination.Destination != last.Header.Destination},
		{"FILTER_AT_DESTINATION_SOURCE_PORT_RANGE", p.AtDestination.FromPort != 0 && p.AtDestination.FromPort != last.Header.FromPort},
		{"FILTER_AT_DESTINATION_DESTINATION_PORT_RANGE", p.AtDestination.ToPort != 0 && p.AtDestination.ToPort != last.Header.ToPort},
	} {
		if f.off {
			return model.Reachability{Obstacles: []model.Obstacle{{Code: f.code, Hop: last}}}
		}
	}
	return got
}

func (a *API) deleteNetworkInsightsAnalysis(c *action.Call, in *gen.DeleteNetworkInsightsAnalysisRequest) (*gen.DeleteNetworkInsightsAnalysisResult, error) {
	n, err := require(c, insightsAnalysisKind, store.InsightsAnalyses, val(in.NetworkInsightsAnalysisId))
	if err != nil {
		return nil, err
	}
	return &gen.DeleteNetworkInsightsAnalysisResult{NetworkInsightsAnalysisId: &n.ID}, store.InsightsAnalyses.Delete(c.Tx, n.ID)
}

var analysisListing = &listing[*model.InsightsAnalysis]{
	action: "DescribeNetworkInsightsAnalyses",
	kind:   insightsAnalysisKind,
	rows:   mine(store.InsightsAnalyses),
	get:    mineByID(store.InsightsAnalyses),
	id:     func(n *model.InsightsAnalysis) string { return n.ID },
	limits: wire.PageLimits{Min: 1, Max: 100},
	filters: wire.FilterTable[*model.InsightsAnalysis]{
		Tags: func(n *model.InsightsAnalysis) map[string]string { return n.Tags },
		Fields: map[string]func(*model.InsightsAnalysis) []string{
			"path-found": func(n *model.InsightsAnalysis) []string { return boolStr(n.Result.Found) },
			"status":     always[*model.InsightsAnalysis]("succeeded"),
		},
	},
}

func (a *API) describeNetworkInsightsAnalyses(c *action.Call, in *gen.DescribeNetworkInsightsAnalysesRequest) (*gen.DescribeNetworkInsightsAnalysesResult, error) {
	rows, next, err := analysisListing.page(c, selection{in.NetworkInsightsAnalysisIds, in.Filters, in.MaxResults, in.NextToken})
	if err != nil {
		return nil, err
	}
	if in.NetworkInsightsPathId != nil {
		if _, err := require(c, insightsPathKind, store.InsightsPaths, *in.NetworkInsightsPathId); err != nil {
			return nil, err
		}
	}
	out := &gen.DescribeNetworkInsightsAnalysesResult{NetworkInsightsAnalyses: []*gen.NetworkInsightsAnalysis{}, NextToken: next}
	for _, n := range rows {
		if (in.NetworkInsightsPathId == nil || n.Path == *in.NetworkInsightsPathId) && between(n.Started, in.AnalysisStartTime, in.AnalysisEndTime) {
			out.NetworkInsightsAnalyses = append(out.NetworkInsightsAnalyses, toAnalysis(c, n))
		}
	}
	return out, nil
}

func between(t time.Time, from, to *time.Time) bool {
	return (from == nil || !t.Before(*from)) && (to == nil || !t.After(*to))
}

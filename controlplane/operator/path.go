package operator

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/reach"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

// Path is a walk from one thing to another, with what names its hops on hosts.
type Path struct {
	Query  reach.Query
	Result model.Reachability
	// Interfaces are those that the walk meets, by id, and the hosts that they are on.
	Interfaces map[string]*model.Interface
	Hosts      map[string]string
	// NAT are the interfaces of NAT gateways, by the gateways' ids.
	NAT map[string]string
	// Live is what a kernel did, if it was asked.
	Live *Live `json:",omitempty"`
}

// path answers GET /v1/path?from=A&to=B&protocol=tcp&port=443. A and B are instances by id
// or Name, network interfaces, or internet gateways; B may be an address too.
func (a *API) path(r *http.Request) (any, error) {
	_, out, err := a.walk(r)
	return out, err
}

func (a *API) walk(r *http.Request) (store.View, *Path, error) {
	v, err := a.read(r)
	if err != nil {
		return v, nil, err
	}
	q, err := pathQuery(v, r)
	if err != nil {
		return v, nil, err
	}
	out := &Path{Query: q, Result: reach.Walk(v, q), Interfaces: map[string]*model.Interface{}, Hosts: map[string]string{}, NAT: map[string]string{}}
	hops := append(append([]model.Hop{}, out.Result.Forward...), out.Result.Return...)
	for _, o := range out.Result.Obstacles {
		hops = append(hops, o.Hop)
	}
	for _, h := range hops {
		if g := store.NATGateways.Get(v, h.ID); g != nil {
			out.NAT[h.ID] = g.Interface
		}
		i := store.Interfaces.Get(v, h.ID)
		if h.Kind != model.HopInterface || i == nil {
			continue
		}
		out.Interfaces[i.ID] = i
		out.Hosts[i.ID] = hostOf(v, i)
	}
	return v, out, nil
}

// hostOf is the host that an interface is on now, empty if on none.
func hostOf(v store.Reader, i *model.Interface) string {
	for g := range store.NATGateways.By(v, "interface", i.ID) {
		return g.Host
	}
	if instance := store.Instances.Get(v, i.Instance); i.Instance != "" && instance != nil {
		if b := lifecycle.Boot(v, instance); b != nil {
			return b.Host
		}
	}
	return ""
}

func pathQuery(v store.Reader, r *http.Request) (q reach.Query, err error) {
	in := r.URL.Query()
	if q.Source, err = pathEnd(v, in.Get("from")); err != nil {
		return q, err
	}
	to := in.Get("to")
	if address, err := netip.ParseAddr(to); err == nil {
		q.Header.Destination = address
	} else if q.Destination, err = pathEnd(v, to); err != nil {
		return q, err
	}
	switch p := in.Get("protocol"); p {
	case "tcp", "udp":
		q.Header.Protocol = p
	case "icmp": // an echo request
		q.Header.Protocol, q.Header.ToPort = p, 8
	default:
		return q, apierr.New("InvalidParameterValue", "the protocol %q is not tcp, udp or icmp", p)
	}
	if port := in.Get("port"); port != "" && q.Header.Protocol != "icmp" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return q, apierr.New("InvalidParameterValue", "the port %q is not a number from 1 to 65535", port)
		}
		q.Header.ToPort = int(n)
	}
	return q, nil
}

// pathEnd is the id of an end of a path.
func pathEnd(v store.Reader, name string) (string, error) {
	if strings.HasPrefix(name, "eni-") || strings.HasPrefix(name, "igw-") {
		return name, nil
	}
	i, err := find(v, name)
	if err != nil {
		return "", err
	}
	return i.ID, nil
}

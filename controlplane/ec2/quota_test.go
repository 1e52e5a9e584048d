package ec2

import (
	"testing"

	"github.com/micacloud/mica/controlplane/wire/gen"
)

// An operator's setting counts, and EC2's default where there is none.
func TestQuotasCanBeRaised(t *testing.T) {
	w := newWorld(t)
	names := map[string]int{}
	for name, limit := range QuotaNames() {
		names[name] = limit
	}
	if names["security-groups-per-interface"] != 5 || names["rules-per-network-acl"] != 20 || names["rules-per-security-group"] != 60 {
		t.Errorf("the defaults are %v", names)
	}
	w.api.deps.Quotas = map[string]int{"network-acls-per-vpc": 2}
	vpc := w.defaultVPC().ID // it has one
	must(w, do, w.api.createNetworkACL, &gen.CreateNetworkAclRequest{VpcId: &vpc})
	_, err := do(w, w.api.createNetworkACL, &gen.CreateNetworkAclRequest{VpcId: &vpc})
	wantCode(t, err, "NetworkAclLimitExceeded", "a third ACL of two")
	w.api.deps.Quotas["network-acls-per-vpc"] = 3
	must(w, do, w.api.createNetworkACL, &gen.CreateNetworkAclRequest{VpcId: &vpc})
}

package operator

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// Two interfaces of a subnet, one of which lets in HTTPS alone.
func TestPath(t *testing.T) {
	db := store.NewMemory()
	err := db.Update(t.Context(), store.Meta{}, func(tx *store.Tx) error {
		eni := func(id, address, group, instance string) error {
			return errors.Join(
				store.Interfaces.Put(tx, &model.Interface{ID: id, VPC: "vpc-1", Subnet: "subnet-1", MAC: "02:" + id, PrivateIP: netip.MustParseAddr(address), Groups: []string{group}, Instance: instance, SourceDestCheck: true}),
				store.Instances.Put(tx, &model.Instance{ID: instance, VPCID: "vpc-1", Interfaces: []string{id}, Epoch: 1, Tags: model.Tags{"Name": "n" + instance}}),
				store.Boots.Put(tx, &model.Boot{ID: model.BootID(instance, 1), Instance: instance, Epoch: 1, Host: "host-" + instance}))
		}
		return errors.Join(
			store.Subnets.Put(tx, &model.Subnet{ID: "subnet-1", VPC: "vpc-1", CIDR: netip.MustParsePrefix("10.0.0.0/24")}),
			store.SecurityRules.Put(tx, &model.SecurityRule{ID: "sgr-1", Group: "sg-a", Egress: true, Protocol: "-1", CIDR: netip.MustParsePrefix("0.0.0.0/0")}),
			store.SecurityRules.Put(tx, &model.SecurityRule{ID: "sgr-2", Group: "sg-b", Protocol: "tcp", FromPort: 443, ToPort: 443, Source: "sg-a"}),
			eni("eni-a", "10.0.0.4", "sg-a", "i-a"), eni("eni-b", "10.0.0.5", "sg-b", "i-b"))
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	(&API{DB: db}).Register(func(pattern string, h http.HandlerFunc) { mux.HandleFunc(pattern, h) })
	for query, want := range map[string]int{
		"from=ni-a&to=i-b&protocol=tcp&port=443":      200,
		"from=i-a&to=10.0.0.5&protocol=tcp&port=443":  200,
		"from=eni-a&to=eni-b&protocol=tcp":            200, // any port that is open
		"from=i-a&to=i-b&protocol=tcp&port=80":        0,
		"from=i-b&to=i-a&protocol=tcp&port=443":       0,
		"from=i-a&to=i-b&protocol=icmp":               0,
		"from=nobody&to=i-b&protocol=tcp":             404,
		"from=i-a&to=i-b&protocol=gre":                400,
		"from=i-a&to=i-b&protocol=tcp&port=port":      400,
		"from=i-a&to=nobody&protocol=udp&port=123456": 404,
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/path?"+query, nil))
		if want >= 400 {
			if w.Code != want {
				t.Errorf("%s: %d %s", query, w.Code, w.Body)
			}
			continue
		}
		var p Path
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d %v", query, w.Code, err)
		}
		if p.Result.Found != (want == 200) || p.Hosts["eni-a"] != "host-i-a" && p.Hosts["eni-b"] != "host-i-b" {
			t.Errorf("%s: %+v on %v", query, p.Result, p.Hosts)
		}
		if p.Result.Found && p.Result.Forward[2].Rule.ID != "sgr-2" {
			t.Errorf("%s was decided by %+v", query, p.Result.Forward[2])
		}
	}
}

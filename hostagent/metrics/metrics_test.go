package metrics

import (
	"fmt"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestServicesCount(t *testing.T) {
	reg := prometheus.NewRegistry()
	s := NewServices(reg)
	s.IMDS(200)
	s.IMDS(200)
	s.IMDS(401)
	s.DHCP("ACK")
	s.DNS("NXDOMAIN", true)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			key := f.GetName()
			for _, l := range m.GetLabel() {
				key += fmt.Sprintf(" %s=%s", l.GetName(), l.GetValue())
			}
			got[key] = m.GetCounter().GetValue()
		}
	}
	want := map[string]float64{
		"mica_agent_imds_answers_total status=200":                2,
		"mica_agent_imds_answers_total status=401":                1,
		"mica_agent_dhcp_answers_total type=ACK":                  1,
		"mica_agent_dns_answers_total code=NXDOMAIN private=true": 1,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("gathered %v, want %v", got, want)
	}
}

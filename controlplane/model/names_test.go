package model

import (
	"net/netip"
	"testing"
)

func TestNames(t *testing.T) {
	a := netip.MustParseAddr("172.31.0.5")
	for _, c := range []struct{ got, want string }{
		{PrivateHostname(a), "ip-172-31-0-5"},
		{PrivateDomain("us-east-1"), "ec2.internal"},
		{PrivateDomain("eu-central-1"), "eu-central-1.compute.internal"},
		{PublicHostname(a, "us-east-1"), "ec2-172-31-0-5.compute-1.amazonaws.com"},
		{PublicHostname(a, "eu-west-1"), "ec2-172-31-0-5.eu-west-1.compute.amazonaws.com"},
		{ZoneID("us-east-1a"), "use1-az1"},
		{ZoneID("eu-central-1c"), "euc1-az3"},
		{ZoneID("ap-northeast-1b"), "apne1-az2"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

package sts

import (
	"testing"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/wire/gen/sts"
)

func TestGetCallerIdentity(t *testing.T) {
	for _, c := range []struct{ user, arn, id string }{
		{"root", "arn:aws:iam::123456789012:root", "123456789012"},
		{"ada", "arn:aws:iam::123456789012:user/ada", "ada"},
	} {
		out, err := getCallerIdentity(&action.Call{Account: "123456789012", Identity: action.Identity{Account: "123456789012", User: c.user}}, &sts.GetCallerIdentityRequest{})
		if err != nil {
			t.Fatal(err)
		}
		if *out.Account != "123456789012" || *out.Arn != c.arn || *out.UserId != c.id {
			t.Errorf("%s: %s %s %s", c.user, *out.Account, *out.Arn, *out.UserId)
		}
	}
}

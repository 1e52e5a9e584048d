// Package sts has the actions of AWS STS that do not need IAM.
package sts

import (
	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen/sts"
)

// Register adds the actions to a registry.
func Register(r *wire.Registry[*action.Call]) {
	wire.Handle(r, wire.Spec{Service: "sts", Name: "GetCallerIdentity", Resource: "identity"}, getCallerIdentity)
}

// getCallerIdentity names the caller. The user id of an account's root is the
// account's own, as at AWS.
func getCallerIdentity(c *action.Call, _ *sts.GetCallerIdentityRequest) (*sts.GetCallerIdentityResponse, error) {
	user := c.Account
	if c.Identity.User != "" && c.Identity.User != "root" {
		user = c.Identity.User
	}
	return &sts.GetCallerIdentityResponse{Account: &c.Account, Arn: new(c.Identity.ARN()), UserId: &user}, nil
}

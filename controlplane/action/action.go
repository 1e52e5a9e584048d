// Package action has what the handler of an API action is called with. It is apart
// from wire, which knows no store, and from server, which knows no service.
package action

import (
	"context"

	"github.com/micacloud/mica/controlplane/store"
)

// Identity is who signed a request, and what for.
type Identity struct {
	Account   string // 12 digits
	User      string // "root", or a user's name
	AccessKey string
	// Region and Service are the credential scope's: they choose what the request is
	// about, as all services share one address.
	Region, Service string
}

// ARN names the identity as AWS does.
func (i Identity) ARN() string {
	if i.User == "root" || i.User == "" {
		return "arn:aws:iam::" + i.Account + ":root"
	}
	return "arn:aws:iam::" + i.Account + ":user/" + i.User
}

// Call is one call of an action. It is a context, and a reader of the store.
type Call struct {
	// Tx is the transaction: an update if the action mutates, else one that only reads.
	*store.Tx
	context.Context

	Account   string // whose resources the call is about
	Region    string
	Actor     string // the ARN of who called
	RequestID string
	Identity  Identity

	// Prepared is the result of the action's Prepare.
	Prepared any
	// Made is set by a handler to the id of what it made. It is kept with the client
	// token and given to the action's Replay.
	Made string
}

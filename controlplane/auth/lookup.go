package auth

import (
	"context"

	"github.com/micacloud/mica/controlplane/store"
)

// FromStore finds access keys in the rows of a store. It reads what is here, without
// asking the leader: each request would wait for that.
func FromStore(db store.DB) Lookup {
	return func(_ context.Context, accessKey string) (*Key, error) {
		k := store.AccessKeys.Get(db.Stale(), accessKey)
		if k == nil {
			return nil, nil
		}
		key := &Key{Secret: k.Secret, Account: k.Account, ARN: "arn:aws:iam::" + k.Account + ":user/" + k.User, UserID: k.User}
		if k.User == "root" {
			key.ARN, key.UserID = "arn:aws:iam::"+k.Account+":root", k.Account
		}
		return key, nil
	}
}

package auth

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"

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

// NewKey returns a fresh access key in the form of AWS's: an id of 20 characters and a
// secret of 40.
func NewKey() (id, secret string) {
	var raw [40]byte
	_, _ = rand.Read(raw[:]) // it never fails: it ends the program instead
	return "AKIA" + base32.StdEncoding.EncodeToString(raw[:10]), base64.RawStdEncoding.EncodeToString(raw[10:])
}

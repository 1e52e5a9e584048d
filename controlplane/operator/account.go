package operator

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

// NewAccount is an account as it is asked for, and as it was made. The secret is told
// here and never again.
type NewAccount struct {
	Name      string `json:"name"`
	ID        string `json:"id,omitempty"`
	AccessKey string `json:"access_key,omitempty"`
	SecretKey string `json:"secret_key,omitempty"`
}

// AccountView is an account as `mica account list` shows it.
type AccountView struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Created    time.Time `json:"created"`
	AccessKeys []string  `json:"access_keys"` // their ids, sorted
}

// addAccount makes an account, its root access key and what EC2 gives an account to
// start with, all in one transaction.
func (a *API) addAccount(r *http.Request) (any, error) {
	var in NewAccount
	d := json.NewDecoder(io.LimitReader(r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return nil, apierr.New("InvalidParameterValue", "the account's description: %v", err)
	}
	if !validAccountName(in.Name) {
		return nil, apierr.New("InvalidParameterValue", "the account's name %q: 1 to 50 printable ASCII characters are wanted, none of them a space at an end", in.Name)
	}
	var out NewAccount
	err := a.DB.Update(r.Context(), store.Meta{Action: "CreateAccount", Actor: "operator"}, func(tx *store.Tx) (err error) {
		out, err = makeAccount(tx, in.Name)
		if err != nil || a.EnsureAccount == nil {
			return err
		}
		return a.EnsureAccount(tx, out.ID)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// makeAccount writes an account and its key. Names are unique, so that asking again
// after a lost answer makes no second account.
func makeAccount(tx *store.Tx, name string) (NewAccount, error) {
	for other := range store.Accounts.List(tx) {
		if other.Name == name {
			return NewAccount{}, apierr.New("DuplicateAccountName", "account %s is named %q already", other.ID, name)
		}
	}
	out := NewAccount{Name: name}
	for out.ID == "" || store.Accounts.Get(tx, out.ID) != nil {
		n, err := rand.Int(rand.Reader, big.NewInt(1e12))
		if err != nil {
			return NewAccount{}, err
		}
		out.ID = fmt.Sprintf("%012d", n)
	}
	out.AccessKey, out.SecretKey = auth.NewKey()
	if err := store.Accounts.Put(tx, &model.Account{ID: out.ID, Name: name, Created: tx.Now()}); err != nil {
		return NewAccount{}, err
	}
	return out, store.AccessKeys.Put(tx, &model.AccessKey{ID: out.AccessKey, Secret: out.SecretKey, Account: out.ID, User: "root", Created: tx.Now()})
}

func validAccountName(s string) bool {
	return s != "" && len(s) <= 50 && s == strings.TrimSpace(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

func (a *API) accounts(r *http.Request) (any, error) {
	v, err := a.read(r)
	if err != nil {
		return nil, err
	}
	out := []AccountView{}
	for row := range store.Accounts.List(v) {
		view := AccountView{ID: row.ID, Name: row.Name, Created: row.Created, AccessKeys: []string{}}
		for k := range store.AccessKeys.By(v, "account", row.ID) {
			view.AccessKeys = append(view.AccessKeys, k.ID)
		}
		slices.Sort(view.AccessKeys)
		out = append(out, view)
	}
	slices.SortFunc(out, func(x, y AccountView) int { return cmp.Or(x.Created.Compare(y.Created), cmp.Compare(x.ID, y.ID)) })
	return out, nil
}

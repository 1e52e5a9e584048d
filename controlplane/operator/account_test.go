package operator

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// bench is the operator's API over a state of its own.
func bench(t *testing.T, a *API) func(method, path, body string) (int, string) {
	t.Helper()
	a.Log = slog.New(slog.DiscardHandler)
	mux := http.NewServeMux()
	a.Register(func(pattern string, h http.HandlerFunc) { mux.HandleFunc(pattern, h) })
	return func(method, path, body string) (int, string) {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body)))
		return w.Code, w.Body.String()
	}
}

func TestAccounts(t *testing.T) {
	db := store.NewMemory()
	var ensured []string
	call := bench(t, &API{DB: db, EnsureAccount: func(tx *store.Tx, account string) error {
		ensured = append(ensured, account)
		return store.VPCs.Put(tx, &model.VPC{ID: "vpc-" + account, Owned: model.Owned{Account: account}})
	}})
	var made NewAccount
	status, body := call("POST", "/v1/accounts", `{"name":"team a"}`)
	if err := json.Unmarshal([]byte(body), &made); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, body, err)
	}
	if len(made.ID) != 12 || len(made.AccessKey) != 20 || len(made.SecretKey) != 40 {
		t.Errorf("made %+v", made)
	}
	if len(ensured) != 1 || ensured[0] != made.ID || store.VPCs.Get(db.Stale(), "vpc-"+made.ID) == nil {
		t.Errorf("what an account has from the start was made for %q", ensured)
	}
	// What it signs is known at once.
	key, err := auth.FromStore(db)(t.Context(), made.AccessKey)
	if err != nil || key == nil || key.Account != made.ID || key.Secret != made.SecretKey || key.ARN != "arn:aws:iam::"+made.ID+":root" {
		t.Errorf("the key is %+v, %v", key, err)
	}
	before := db.Stale().Version()
	for _, bad := range []string{`{"name":"team a"}`, `{"name":""}`, `{"name":" x"}`, `{"name":"a\nb"}`, `{"name":"` + strings.Repeat("x", 51) + `"}`, `{"nome":"x"}`, `{`} {
		if status, body := call("POST", "/v1/accounts", bad); status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
	if db.Stale().Version() != before {
		t.Error("a refused account changed something")
	}
	status, body = call("GET", "/v1/accounts", "")
	var all []AccountView
	if err := json.Unmarshal([]byte(body), &all); err != nil || status != http.StatusOK || len(all) != 1 || all[0].Name != "team a" || len(all[0].AccessKeys) != 1 || all[0].AccessKeys[0] != made.AccessKey {
		t.Errorf("the list: %d %s %v", status, body, err)
	}
	if strings.Contains(body, made.SecretKey) {
		t.Error("the list tells a secret")
	}
}

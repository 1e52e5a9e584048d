package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// BenchmarkMutation is what a signed mutation costs without a network and a log.
func BenchmarkMutation(b *testing.B) {
	f := newFixture(b, Config{})
	err := f.db.Update(b.Context(), store.Meta{}, func(tx *store.Tx) error {
		return store.AccessKeys.Put(tx, &model.AccessKey{ID: "AKIA", Secret: "secret", Account: account, User: "root"})
	})
	if err != nil {
		b.Fatal(err)
	}
	f.Server.auth = Signed(&auth.Verifier{Lookup: auth.FromStore(f.db)})
	signer := auth.Signer{AccessKey: "AKIA", Secret: "secret", Region: "eu-central-1", Service: "ec2"}
	target, _ := url.Parse("/")
	w := &recorder{header: http.Header{}}
	i := 0
	for b.Loop() {
		b.StopTimer()
		i++
		body := fmt.Sprintf("Action=ImportKeyPair&Version=2016-11-15&KeyName=k%d&PublicKeyMaterial=aGk%%3D", i)
		r := &http.Request{Method: http.MethodPost, URL: target, Host: "mica.example", Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}},
			Body: http.NoBody, ContentLength: int64(len(body))}
		if err := signer.Sign(r, []byte(body), time.Now()); err != nil {
			b.Fatal(err)
		}
		r.Body = nopCloser{strings.NewReader(body)}
		b.StartTimer()
		if f.ServeHTTP(w, r); w.status != 200 {
			b.Fatal(w.status)
		}
	}
}

type nopCloser struct{ *strings.Reader }

func (nopCloser) Close() error { return nil }

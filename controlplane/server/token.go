package server

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"slices"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/xmlenc"
)

// tokenLife is how long a client token is remembered, by the log's clock.
const tokenLife = 24 * time.Hour

// token makes an action happen once for a client token. The row that remembers it is
// written in the transaction of the action's effect, so there is never one without
// the other.
type token struct {
	key    string // account, region, action and the client's token
	digest string // of the parameters
}

// token returns nil for a request without one.
func (c *exchange) token(in wire.Input, form url.Values) *token {
	t, _ := in.Token()
	if t == nil || *t == "" {
		return nil
	}
	return &token{key: c.who.Account + "/" + c.who.Region + "/" + c.action.Name + "/" + *t, digest: digest(form)}
}

// digest is the same for the same parameters, in whatever order they were sent.
func digest(form url.Values) string {
	names := make([]string, 0, len(form))
	for name := range form {
		if name != "ClientToken" && name != "DryRun" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	h := sha256.New()
	for _, name := range names {
		_, _ = io.WriteString(h, url.QueryEscape(name)+"="+url.QueryEscape(form.Get(name))+"&")
	}
	return hex.EncodeToString(h.Sum(nil))
}

// once runs the action, or answers as its first run did.
func (t *token) once(call *action.Call, a *wire.Action[*action.Call], in wire.Input) (xmlenc.Appender, error) {
	first := store.ClientTokens.Get(call, t.key)
	if first != nil && call.Now().Sub(first.At) < tokenLife {
		if first.Parameters != t.digest {
			return nil, errMismatch
		}
		if out, ok, err := a.Replay(call, first.Resource); ok {
			return out, err
		}
		return xmlenc.Raw(first.Response), nil
	}
	out, err := a.Call(call, in)
	if err != nil {
		return nil, err
	}
	row := &model.ClientToken{ID: t.key, Parameters: t.digest, Resource: call.Made, At: call.Now()}
	if !a.Replays() || call.Made == "" {
		row.Response = out.AppendXML(nil)
	}
	if err := store.ClientTokens.Put(call.Tx, row); err != nil {
		return nil, err
	}
	return out, forget(call.Tx, t.key)
}

// forget removes a few outlived rows that come after key. Clients choose tokens at
// random, so new ones pass over the whole table in time: it never holds much more
// than what a day brings.
func forget(tx *store.Tx, key string) error {
	left := 4
	for row := range store.ClientTokens.From(tx, key) {
		if left--; left < 0 {
			break
		}
		if tx.Now().Sub(row.At) < tokenLife {
			continue
		}
		if err := store.ClientTokens.Delete(tx, row.ID); err != nil {
			return err
		}
	}
	return nil
}

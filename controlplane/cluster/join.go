package cluster

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
	"github.com/micacloud/mica/internal/join"
	"github.com/micacloud/mica/internal/pki"
)

func refuse(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if e, ok := errors.AsType[*apierr.Error](err); ok {
		http.Error(w, e.Message, e.Status)
		return
	}
	if errors.Is(err, store.ErrNotLeader) || errors.Is(err, store.ErrUnknownOutcome) {
		status = http.StatusServiceUnavailable
	}
	http.Error(w, err.Error(), status)
}

func denied(format string, args ...any) error {
	return apierr.WithStatus(http.StatusForbidden, "JoinRefused", format, args...)
}

// join makes the holder of a token a member.
func (c *Cluster) join(w http.ResponseWriter, r *http.Request) {
	var in join.Request
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in); err != nil {
		http.Error(w, "the request to join: "+err.Error(), http.StatusBadRequest)
		return
	}
	out, err := c.admitMember(r.Context(), &in)
	if err != nil {
		c.cfg.Log.Warn("refused to let a member join", "role", in.Role, "id", in.ID, "err", err)
		refuse(w, err)
		return
	}
	c.cfg.Log.Info("a member joined", "role", in.Role, "id", in.ID, "address", in.Address)
	writeJSON(w, out)
}

func (c *Cluster) admitMember(ctx context.Context, in *join.Request) (*join.Answer, error) {
	if err := checkJoin(in); err != nil {
		return nil, err
	}
	key, err := requestKey(in.CSR)
	if err != nil {
		return nil, err
	}
	n := c.node.Load()
	err = n.Update(ctx, store.Meta{Action: "Join", Actor: in.ID}, func(tx *store.Tx) error { return c.enter(tx, in, key) })
	if err != nil {
		return nil, err
	}
	out := &join.Answer{Authority: c.cfg.CA.PEM()}
	if out.Certificate, err = c.cfg.CA.Sign(in.CSR, pki.Identity{Role: in.Role, ID: in.ID}, c.cfg.CertificateLife); err != nil {
		return nil, err
	}
	if in.Role == pki.RoleServer {
		if out.AuthorityKey, err = c.cfg.CA.ExportKey(); err != nil {
			return nil, err
		}
	}
	for s := range store.Servers.List(n.Stale()) {
		out.Servers = append(out.Servers, join.Server{ID: s.ID, Address: s.Address})
	}
	out.Settings, err = c.cfg.Settings(in.Role)
	return out, err
}

func checkJoin(in *join.Request) error {
	switch {
	case in.Role == pki.RoleHost && !ids.Valid(ids.Host, in.ID), in.Role == pki.RoleServer && !ids.Valid(ids.Server, in.ID):
		return apierr.New("JoinRefused", "%q is no id of a %s", in.ID, in.Role)
	case in.Role != pki.RoleHost && in.Role != pki.RoleServer:
		return apierr.New("JoinRefused", "%q is no role", in.Role)
	case in.Role == pki.RoleServer && in.Address == "":
		return apierr.New("JoinRefused", "a server must say where the others reach it")
	case in.Role == pki.RoleServer && in.Schema < store.Schema:
		return denied("this server reads the state up to schema %d, the cluster writes %d: upgrade it before it joins", in.Schema, store.Schema)
	}
	return nil
}

// requestKey is a digest of the key that is to be signed.
func requestKey(csr []byte) (string, error) {
	req, err := x509.ParseCertificateRequest(csr)
	if err != nil {
		return "", apierr.New("JoinRefused", "the certificate request: %v", err)
	}
	sum := sha256.Sum256(req.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:]), nil
}

// enter spends the token and writes the member down.
func (c *Cluster) enter(tx *store.Tx, in *join.Request, key string) error {
	row := store.JoinTokens.Get(tx, in.Token)
	hash := pki.Token{Secret: in.Secret}.Hash()
	if row == nil || subtle.ConstantTimeCompare([]byte(row.Hash), []byte(hash)) != 1 {
		return denied("this cluster does not know the token: `mica token list` shows those that it does")
	}
	t := *row
	if why := t.Shut(tx.Now()); why != "" {
		return denied("the token cannot be used: %s", why)
	}
	if t.Role != string(in.Role) {
		return denied("the token is for a %s, not for a %s", t.Role, in.Role)
	}
	if t.Host != "" && t.Host != in.ID {
		return denied("the token is for %s alone", t.Host)
	}
	again := t.UsedBy == in.ID && t.UsedKey == key // its answer was lost
	if in.Role == pki.RoleHost && !t.Used.IsZero() && !again {
		return denied("the token was used by %s at %s, and is good for one host", t.UsedBy, t.Used.UTC().Format(time.RFC3339))
	}
	m := model.Membership{ID: in.ID, Role: string(in.Role), CA: c.cfg.CA.Digest(), Joined: tx.Now()}
	if old := store.Memberships.Get(tx, in.ID); old != nil && !again {
		switch {
		case !old.Removed.IsZero():
			return denied("%s was removed from this cluster; to join again it needs a new id: begin with an empty data directory", in.ID)
		case old.CA == m.CA && t.Host != in.ID:
			return denied("%s is a member already. If its certificate was lost, make a token with --host %s", in.ID, in.ID)
		}
	}
	t.Used, t.UsedBy, t.UsedKey = tx.Now(), in.ID, key
	if err := errors.Join(store.JoinTokens.Put(tx, &t), store.Memberships.Put(tx, &m)); err != nil {
		return err
	}
	if in.Role == pki.RoleServer {
		return putServer(tx, model.Server{ID: in.ID, Name: in.Name, Address: in.Address, Version: in.Version})
	}
	return nil
}

// putServer writes where a server is.
func putServer(tx *store.Tx, s model.Server) error {
	for other := range store.Servers.By(tx, "address", s.Address) {
		if other.ID != s.ID {
			return denied("%s has the address %s: remove it first (mica cluster remove %s)", other.ID, s.Address, other.ID)
		}
	}
	s.Joined = tx.Now()
	if old := store.Servers.Get(tx, s.ID); old != nil {
		if s.Joined = old.Joined; *old == s {
			return nil
		}
	}
	return store.Servers.Put(tx, &s)
}

// renew signs a member's next certificate.
func (c *Cluster) renew(w http.ResponseWriter, r *http.Request) {
	var in join.Renewal
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	der, err := c.cfg.CA.Sign(in.DER, *callerOf(r), c.cfg.CertificateLife)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	writeJSON(w, join.Renewal{DER: der})
}

// TokenRequest says what a token is to be good for.
type TokenRequest struct {
	Role string        `json:"role"` // server or host; agent means host
	TTL  time.Duration `json:"ttl"`
	Host string        `json:"host,omitempty"`
}

// maxTokenLife bounds how long a forgotten token opens the cluster.
const maxTokenLife = 30 * 24 * time.Hour

// CreateToken makes a token. Its text is given once, here.
func (c *Cluster) CreateToken(ctx context.Context, in TokenRequest) (string, *model.JoinToken, error) {
	if in.Role == "agent" {
		in.Role = string(pki.RoleHost)
	}
	if in.Role != string(pki.RoleHost) && in.Role != string(pki.RoleServer) {
		return "", nil, apierr.New("InvalidParameterValue", "role %q: server or agent is wanted", in.Role)
	}
	if in.TTL <= 0 || in.TTL > maxTokenLife {
		return "", nil, apierr.New("InvalidParameterValue", "a token lives for up to %v, not %v", maxTokenLife, in.TTL)
	}
	if in.Host != "" && (in.Role != string(pki.RoleHost) || !ids.Valid(ids.Host, in.Host)) {
		return "", nil, apierr.New("InvalidParameterValue", "host %q: the id of a host, for the role agent, is wanted", in.Host)
	}
	t := pki.NewToken(c.cfg.CA.Digest())
	row := &model.JoinToken{ID: t.ID, Hash: t.Hash(), Role: in.Role, Host: in.Host}
	err := c.node.Load().Update(ctx, store.Meta{Action: "CreateToken", Actor: "operator"}, func(tx *store.Tx) error {
		put := *row
		put.Created, put.Expires = tx.Now(), tx.Now().Add(in.TTL)
		row = &put
		return store.JoinTokens.Put(tx, row)
	})
	return t.String(), row, err
}

// RevokeToken makes a token useless. Who joined with it stays.
func (c *Cluster) RevokeToken(ctx context.Context, id string) error {
	return c.node.Load().Update(ctx, store.Meta{Action: "RevokeToken", Actor: "operator"}, func(tx *store.Tx) error {
		row := store.JoinTokens.Get(tx, id)
		if row == nil {
			return apierr.WithStatus(http.StatusNotFound, "InvalidToken.NotFound", "there is no token %q", id)
		}
		t := *row
		t.Revoked = true
		return store.JoinTokens.Put(tx, &t)
	})
}

// Tokens lists the tokens that are kept, newest first.
func Tokens(v store.Reader) []*model.JoinToken {
	out := []*model.JoinToken{}
	for t := range store.JoinTokens.List(v) {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *model.JoinToken) int {
		if n := b.Created.Compare(a.Created); n != 0 {
			return n
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// forgetOld removes tokens and removals that nobody can come with any more.
func (c *Cluster) forgetOld(tx *store.Tx) error {
	for t := range store.JoinTokens.List(tx) {
		if tx.Now().Sub(t.Expires) > 7*24*time.Hour {
			if err := store.JoinTokens.Delete(tx, t.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

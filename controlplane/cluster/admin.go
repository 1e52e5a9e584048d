package cluster

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
)

// Overview is the cluster as `mica cluster status` shows it.
type Overview struct {
	Leader   string
	Term     uint64
	Commit   uint64
	Version  store.Version
	Schema   int
	Voters   int
	Answer   int // of the voters
	CanLose  int // of the voters that answer, without losing the quorum
	Servers  []Seen
	Hosts    int
	Up       int
	Asked    string // the server that this was asked of
	Answered string // and the one that answered
}

// NewToken is the answer to the making of a token: its text is shown once.
type NewToken struct {
	Token   string
	ID      string
	Role    string
	Expires time.Time
}

// Register adds the operator's handlers. All of them want the leader.
func (c *Cluster) Register(handle func(pattern string, h http.HandlerFunc)) {
	handle("GET /v1/cluster", func(w http.ResponseWriter, r *http.Request) { writeJSON(w, c.overview()) })
	handle("GET /v1/backup", c.backup)
	handle("GET /v1/tokens", func(w http.ResponseWriter, r *http.Request) {
		v, err := c.node.Load().Read(r.Context())
		if err != nil {
			refuse(w, err)
			return
		}
		out := Tokens(v)
		for i, t := range out {
			shown := *t
			shown.Hash = ""
			out[i] = &shown
		}
		writeJSON(w, out)
	})
	handle("POST /v1/tokens", func(w http.ResponseWriter, r *http.Request) {
		var in TokenRequest
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&in); err != nil {
			refuse(w, apierr.New("InvalidParameterValue", "the token's description: %v", err))
			return
		}
		text, row, err := c.CreateToken(r.Context(), in)
		if err != nil {
			refuse(w, err)
			return
		}
		writeJSON(w, NewToken{Token: text, ID: row.ID, Role: row.Role, Expires: row.Expires})
	})
	handle("DELETE /v1/tokens/{id}", func(w http.ResponseWriter, r *http.Request) {
		done(w, c.RevokeToken(r.Context(), r.PathValue("id")))
	})
	handle("DELETE /v1/members/{id}", func(w http.ResponseWriter, r *http.Request) {
		done(w, c.Remove(r.Context(), r.PathValue("id"), r.URL.Query().Get("force") == "true"))
	})
	handle("GET /v1/members", func(w http.ResponseWriter, r *http.Request) {
		out := []*model.Membership{}
		for m := range store.Memberships.List(c.node.Load().Stale()) {
			out = append(out, m)
		}
		writeJSON(w, out)
	})
}

func done(w http.ResponseWriter, err error) {
	if err != nil {
		refuse(w, err)
		return
	}
	writeJSON(w, struct{}{})
}

func (c *Cluster) overview() Overview {
	n := c.node.Load()
	s := n.Status()
	out := Overview{Leader: s.Leader.ID, Term: s.Term, Commit: s.Commit, Version: s.Version, Schema: store.Schema, Servers: c.Members(), Answered: c.ID()}
	for _, m := range out.Servers {
		if m.Voter {
			out.Voters++
			if m.Healthy {
				out.Answer++
			}
		}
	}
	out.CanLose = max(0, out.Answer-majority(max(out.Voters, 1)))
	for h := range store.Hosts.List(n.Stale()) {
		out.Hosts++
		if h.Up {
			out.Up++
		}
	}
	return out
}

package cluster

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/join"
	"github.com/micacloud/mica/internal/pki"
)

const pathAnnounce = "/v1/peer/announce"

// tendEvery is how often the leader looks after the servers.
const tendEvery = 500 * time.Millisecond

// PeerStatus is what a server says of itself.
type PeerStatus struct {
	consensus.Status
	Build  string // its program
	Schema int
}

func (c *Cluster) status() PeerStatus {
	return PeerStatus{Status: c.node.Load().Status(), Build: c.cfg.Version, Schema: store.Schema}
}

// health is what the leader heard of the servers.
type health struct {
	mu    sync.Mutex
	peers map[string]*heard
}

type heard struct {
	at     time.Time // of the last answer, or of when the leader began to ask
	ok     bool
	err    string
	status PeerStatus
}

// tend keeps the servers in order while this one leads.
func (c *Cluster) tend(ctx context.Context) {
	c.health.mu.Lock()
	c.health.peers = map[string]*heard{} // an earlier term's are old
	c.health.mu.Unlock()
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	for round := 0; ; round++ {
		if err := c.tendOnce(ctx, round); err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrNotLeader) {
			c.cfg.Log.Warn("cannot look after the servers", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (c *Cluster) tendOnce(ctx context.Context, round int) error {
	if round%1000 == 0 {
		alone := filepath.Join(c.cfg.DataDir, aloneFile)
		_, marked := os.Stat(alone)
		err := c.node.Load().Update(ctx, store.Meta{Action: "TendMembers", Actor: c.ID()}, func(tx *store.Tx) error {
			if marked == nil {
				if err := c.shutOutOthers(tx); err != nil {
					return err
				}
			}
			return errors.Join(c.writeSelf(tx), c.forgetOld(tx))
		})
		if err == nil && marked == nil {
			err = os.Remove(alone)
		}
		if err != nil {
			return err
		}
	}
	n := c.node.Load()
	c.probe(ctx, n)
	p := Decide(c.view(n), c.cfg.RemoveDeadAfter, time.Now())
	if p.Do == "" {
		return nil
	}
	c.cfg.Log.Info("changing the cluster", "step", p.Do, "server", p.ID, "why", p.Why)
	switch p.Do {
	case stepAdd:
		return n.AddServer(consensus.Server{ID: p.ID, Address: p.Address})
	case stepPromote:
		return n.AddServer(consensus.Server{ID: p.ID, Address: p.Address, Voter: true})
	case stepDrop:
		return n.RemoveServer(p.ID)
	case stepShutOut:
		return c.shutOut(ctx, p.ID, c.ID())
	}
	return fmt.Errorf("cluster: no step %q", p.Do)
}

// writeSelf makes this server's own rows.
func (c *Cluster) writeSelf(tx *store.Tx) error {
	if store.Memberships.Get(tx, c.ID()) == nil {
		m := &model.Membership{ID: c.ID(), Role: string(pki.RoleServer), CA: c.cfg.CA.Digest(), Joined: tx.Now()}
		if err := store.Memberships.Put(tx, m); err != nil {
			return err
		}
	}
	return putServer(tx, c.self())
}

func (c *Cluster) self() model.Server {
	return model.Server{ID: c.ID(), Name: c.cfg.Name, Address: c.port.Address(), Version: c.cfg.Version}
}

// announce tells the leader where this server is, until the state says so.
func (c *Cluster) announce(ctx context.Context) {
	n := c.node.Load()
	for {
		changed := n.Changed()
		row := store.Servers.Get(n.Stale(), c.ID())
		self := c.self()
		if row != nil {
			self.Joined = row.Joined
		}
		if n.LeaderServer().ID == "" {
			c.outcast(ctx, n)
		}
		var pause <-chan time.Time
		if !n.Leader() && row != nil && *row != self {
			if leader := n.LeaderServer(); leader.ID != "" && leader.ID != c.ID() {
				if err := join.Post(ctx, c.client, leader.Address, pathAnnounce, self, &struct{}{}); err != nil && ctx.Err() == nil {
					c.cfg.Log.Warn("cannot tell the leader where this server is", "err", err)
				}
			}
			pause = time.After(time.Second)
			changed = nil
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-pause:
		case <-time.After(5 * time.Second):
		}
	}
}

// outcast says so if the others refuse this server: it would wait for them for ever.
func (c *Cluster) outcast(ctx context.Context, n *consensus.Node) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for s := range store.Servers.List(n.Stale()) {
		if s.ID == c.ID() {
			continue
		}
		if _, err := c.askStatus(ctx, s.Address); err != nil && strings.Contains(err.Error(), "tls: bad certificate") {
			c.cfg.Log.Error("this server was removed from the cluster: the others refuse its certificate. End it; to join again it needs an empty data directory and a new token", "asked", s.ID)
			return
		}
	}
}

// announced writes where another server is.
func (c *Cluster) announced(w http.ResponseWriter, r *http.Request) {
	var s model.Server
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&s); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if r.Header.Get(relayed) == "" && s.ID != callerOf(r).ID {
		http.Error(w, "a server speaks for itself alone", http.StatusForbidden)
		return
	}
	err := c.node.Load().Update(r.Context(), store.Meta{Action: "AnnounceServer", Actor: s.ID}, func(tx *store.Tx) error {
		if store.Servers.Get(tx, s.ID) == nil {
			return denied("%s is no server of this cluster", s.ID)
		}
		return putServer(tx, s)
	})
	if err != nil {
		refuse(w, err)
		return
	}
	writeJSON(w, struct{}{})
}

// probe asks all servers how they are, at once.
func (c *Cluster) probe(ctx context.Context, n *consensus.Node) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for s := range store.Servers.List(n.Stale()) {
		if s.ID == c.ID() {
			continue
		}
		wg.Go(func() {
			status, err := c.askStatus(ctx, s.Address)
			if err == nil && status.ID != s.ID {
				err = fmt.Errorf("%s answers at %s", status.ID, s.Address)
			}
			c.health.heard(s.ID, status, err)
		})
	}
	wg.Wait()
}

func (h *health) heard(id string, status PeerStatus, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.peers[id]
	if p == nil {
		p = &heard{at: time.Now()}
		h.peers[id] = p
	}
	if p.ok = err == nil; !p.ok {
		p.err = err.Error()
		return
	}
	p.at, p.err, p.status = time.Now(), "", status
}

func (c *Cluster) askStatus(ctx context.Context, address string) (out PeerStatus, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+address+pathStatus, nil)
	if err != nil {
		return out, err
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return out, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return out, errors.New(resp.Status)
	}
	return out, json.NewDecoder(resp.Body).Decode(&out)
}

// view is what Decide looks at.
func (c *Cluster) view(n *consensus.Node) []Seen {
	status := n.Status()
	inRaft := map[string]consensus.Server{}
	for _, s := range status.Servers {
		inRaft[s.ID] = s
	}
	seen := map[string]*Seen{}
	for s := range store.Servers.List(n.Stale()) {
		seen[s.ID] = &Seen{ID: s.ID, Name: s.Name, Address: s.Address, Version: s.Version, Wanted: true}
	}
	for id, s := range inRaft {
		if seen[id] == nil {
			seen[id] = &Seen{ID: id, Address: s.Address}
		}
		seen[id].InRaft, seen[id].Voter = true, s.Voter
	}
	c.health.mu.Lock()
	defer c.health.mu.Unlock()
	for id, s := range seen {
		if m := store.Memberships.Get(n.Stale(), id); m != nil {
			s.Removed = !m.Removed.IsZero()
		}
		switch p := c.health.peers[id]; {
		case id == c.ID():
			s.Healthy, s.Leader, s.Heard, s.Last, s.Schema = true, n.Leader(), time.Now(), status.Last, store.Schema
		case p != nil:
			s.Healthy, s.Heard, s.Err, s.Last, s.Schema = p.ok, p.at, p.err, p.status.Last, p.status.Schema
		}
		s.Healthy = s.Healthy && !s.Removed // what it said before does not count: it is refused
		s.CaughtUp = s.Last+catchUp >= status.Commit
	}
	out := make([]Seen, 0, len(seen))
	for _, s := range seen {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Seen) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// Members returns the servers as the leader sees them.
func (c *Cluster) Members() []Seen { return c.view(c.node.Load()) }

// Remove shuts a server or a host out: its certificate is refused from now on, and a
// server leaves Raft. One that the quorum needs stays unless force says otherwise.
func (c *Cluster) Remove(ctx context.Context, id string, force bool) error {
	n := c.node.Load()
	if id == c.ID() {
		if err := n.TransferLeadership(); err != nil {
			return apierr.New("ServerInUse", "%s leads, and can pass that on to nobody: %v", id, err)
		}
		return store.ErrNotLeader // the next leader is asked again
	}
	if m := store.Memberships.Get(n.Stale(), id); m == nil {
		return apierr.WithStatus(http.StatusNotFound, "InvalidMember.NotFound", "%q is no server and no host that joined this cluster", id)
	} else if !m.Removed.IsZero() {
		return nil
	}
	if why := unsafe(c.view(n), id); why != "" && !force {
		return apierr.New("QuorumAtRisk", "%s stays: %s", id, why)
	}
	return c.shutOut(ctx, id, "operator")
}

func (c *Cluster) shutOut(ctx context.Context, id, actor string) error {
	return c.node.Load().Update(ctx, store.Meta{Action: "RemoveMember", Actor: actor}, func(tx *store.Tx) error {
		return ShutOut(tx, id)
	})
}

// ShutOut has a member refused from now on. What it runs, if it is a host, is not
// touched: see to that first.
func ShutOut(tx *store.Tx, id string) error {
	if m := store.Memberships.Get(tx, id); m != nil && m.Removed.IsZero() {
		row := *m
		row.Removed = tx.Now()
		if err := store.Memberships.Put(tx, &row); err != nil {
			return err
		}
	}
	if store.Servers.Get(tx, id) != nil {
		return store.Servers.Delete(tx, id)
	}
	return nil
}

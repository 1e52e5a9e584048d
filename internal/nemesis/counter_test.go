package nemesis

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
)

// counter is one row that many count up, straight on the store: a lost, a repeated and a
// half-done update each leave it at a wrong number.
type counter struct {
	c             *cluster
	wg            sync.WaitGroup
	mu            sync.Mutex
	done, unknown int
}

const counterRow = "key-00000000000000000"

func newCounter(c *cluster) *counter { return &counter{c: c} }

// burst counts a few times in quick succession, without waiting for answers.
func (n *counter) burst(rng *rand.Rand, times int) {
	for range times {
		time.Sleep(time.Duration(rng.IntN(1500)) * time.Microsecond)
		if leader := n.c.leading(); leader != nil {
			if node := leader.node(); node != nil {
				n.wg.Go(func() { n.count(node) })
			}
		}
	}
}

func (n *counter) count(node *consensus.Node) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := node.Update(ctx, store.Meta{Action: "count"}, func(tx *store.Tx) error {
		row := model.KeyPair{ID: counterRow, Name: "counter", Owned: model.Owned{Account: account, Region: region}}
		if old := store.KeyPairs.Get(tx, counterRow); old != nil {
			row = *old
		}
		row.Fingerprint = strconv.Itoa(number(&row) + 1)
		return store.KeyPairs.Put(tx, &row)
	})
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case err == nil:
		n.done++
	case errors.Is(err, store.ErrUnknownOutcome):
		n.unknown++
	}
}

func number(row *model.KeyPair) int {
	v, _ := strconv.Atoi(row.Fingerprint) // zero before the first
	return v
}

// finish waits for all counts and checks the number.
func (n *counter) finish() {
	n.wg.Wait()
	leader := n.c.leader()
	if leader == nil {
		return
	}
	got := 0
	if row := store.KeyPairs.Get(leader.node().Stale(), counterRow); row != nil {
		got = number(row)
	}
	if got < n.done || got > n.done+n.unknown {
		n.c.fail("the counter is at %d; %d counts were answered with success, and of %d it is not known", got, n.done, n.unknown)
	}
}

package cluster

import (
	"context"
	"sync"

	"github.com/micacloud/mica/controlplane/consensus"
)

// asker shares questions: whoever asks while one is on its way waits for the next, which
// is one for all of them. A question answers only those who asked before it was sent.
type asker struct {
	ask func(ctx context.Context, leader consensus.Server) (int64, error)

	mu   sync.Mutex
	busy bool
	next *question
}

type question struct {
	leader consensus.Server
	done   chan struct{}
	rev    int64
	err    error
}

// share returns the answer to a question that is sent after the call.
func (a *asker) share(ctx context.Context, leader consensus.Server) (int64, error) {
	a.mu.Lock()
	q := a.next
	if q == nil || q.leader != leader {
		q = &question{leader: leader, done: make(chan struct{})}
		if a.busy && a.next == nil {
			a.next = q
		} else {
			// Nothing is on its way, or what waits is for another leader.
			a.busy = true
			go a.run(q)
		}
	}
	a.mu.Unlock()
	select {
	case <-q.done:
		return q.rev, q.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (a *asker) run(q *question) {
	for q != nil {
		ctx, cancel := context.WithTimeout(context.Background(), askLimit)
		q.rev, q.err = a.ask(ctx, q.leader)
		cancel()
		close(q.done)
		a.mu.Lock()
		q, a.next = a.next, nil
		a.busy = q != nil
		a.mu.Unlock()
	}
}

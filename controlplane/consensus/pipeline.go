package consensus

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"github.com/micacloud/mica/controlplane/store"
)

// errAgain says that nothing was done, and that the queue is to be tried again.
var errAgain = errors.New("again")

// call is an Update on its way.
type call struct {
	meta  store.Meta
	fn    func(*store.Tx) error
	err   error      // fn's answer
	done  chan error // with room for one answer
	mu    sync.Mutex // held while fn runs: it never does after Update has returned
	taken bool       // by the loop to run it, or by the caller who gives up
}

func (c *call) take() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.taken
	c.taken = true
	return !was
}

// riders are calls without effect. Their answers rest on writes that may be lost, or on a
// leadership that may be over: they are true only if an entry sent later is applied.
type riders []*call

// batch is an entry in flight with those who wait for it.
type batch struct {
	*store.Batch
	calls  []*call // with a change set each
	riders riders
	known  bool // its fate is, and the callers have been told; guarded by Node.mu
	gone   bool // the line has been told that it is in flight no more; guarded by Node.mu
	ended  chan<- landing
	// Of the line's goroutine alone.
	future  raft.ApplyFuture
	watched bool
	seen    bool // in flight at the last look
}

// Update implements store.DB. It serves on the leader only.
func (n *Node) Update(ctx context.Context, m store.Meta, fn func(*store.Tx) error) error {
	for {
		c := &call{meta: m, fn: fn, done: make(chan error, 1)}
		select {
		case n.queue <- c:
		case <-ctx.Done():
		case <-n.stop:
		}
		select {
		case err := <-c.done:
			if err != errAgain {
				return err
			}
			continue
		case <-ctx.Done():
		case <-n.stop:
		}
		if c.take() {
			return errors.Join(store.ErrNotLeader, ctx.Err()) // nobody will run it
		}
		return errors.Join(store.ErrUnknownOutcome, ctx.Err())
	}
}

// run answers the queue until the node is closed.
func (n *Node) run() {
	for {
		select {
		case <-n.stop:
			return
		case c := <-n.queue:
			c.done <- store.ErrNotLeader
		case lead := <-n.raft.LeaderCh():
			for lead && n.openEpoch() && n.serve() {
			}
		}
	}
}

// openEpoch commits the entry that opens an epoch. It is the new leader's barrier, and
// tells all servers that nothing more will come of earlier epochs.
func (n *Node) openEpoch() bool {
	for n.raft.State() == raft.Leader && n.dead.Load() == nil {
		f := n.raft.Apply(store.OpenEntry(n.cfg.Now()), 0)
		if f.Error() == nil && n.replica.Version().Epoch == int64(f.Index()) {
			return true
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-n.stop:
			return false
		}
	}
	return false
}

// landing says that a batch is in flight no more, and what Raft or the log said of it.
type landing struct {
	*batch
	err error
}

// line is the leader's working state with the calls whose writes are in it.
type line struct {
	*Node
	work   *store.Line
	calls  []*call // of the batch being filled
	riders riders
	flight []*batch
	ended  chan landing // with room for all that is in flight
	look   *time.Timer  // at the futures of what is in flight; set while look is due
	due    bool
}

// lookAfter is how long the state machine has to tell of an entry before Raft's future of
// it is asked. Nearly always it tells at once, and to wait for the future as well would
// cost each update a goroutine that stands in the way of those who wait.
const lookAfter = 50 * time.Millisecond

// serve runs calls until leadership changes or a batch fails, or returns false to stop.
func (n *Node) serve() bool {
	l := &line{Node: n, work: n.replica.NewLine(), ended: make(chan landing, n.cfg.Depth), look: time.NewTimer(lookAfter), due: true}
	defer l.look.Stop()
	n.setLeads(true)
	defer n.setLeads(false)
	for broken := false; !broken || len(l.flight) > 0; {
		queue := n.queue
		if broken || l.full() {
			queue = nil
		}
		select {
		case c := <-queue:
			l.exec(c)
			continue
		default:
		}
		if !broken && len(l.calls)+len(l.riders) > 0 && len(l.flight) < n.cfg.Depth {
			l.send()
			continue
		}
		select {
		case c := <-queue:
			l.exec(c)
		case b := <-l.ended:
			l.flight = slices.DeleteFunc(l.flight, func(f *batch) bool { return f == b.batch })
			broken = broken || b.err != nil
		case <-l.look.C:
			l.due = false
			l.watch(false)
		case <-n.raft.LeaderCh(): // lost, or lost and won again
			broken = true
		case <-n.stop:
			return false
		}
		if broken {
			n.setLeads(false)
			l.watch(true)
		}
	}
	answer(l.calls, errAgain)
	answer(l.riders, errAgain)
	return true
}

func (l *line) full() bool {
	return len(l.calls)+len(l.riders) >= l.cfg.MaxSets || l.work.Size() >= l.cfg.MaxBytes
}

// exec runs one update on the working state.
func (l *line) exec(c *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken {
		return
	}
	c.taken = true
	wrote, err := l.work.Exec(l.cfg.Now(), c.meta, c.fn)
	if c.err = err; wrote {
		l.calls = append(l.calls, c)
	} else {
		l.riders = append(l.riders, c)
	}
}

// send hands the filled batch to Raft. Its fate is decided by the FSM, which sees what the
// log came to be, or by an error that says that the log never had it.
func (l *line) send() {
	b := &batch{Batch: l.work.Cut(), calls: l.calls, riders: l.riders, ended: l.ended}
	l.calls, l.riders = nil, nil
	l.flight = append(l.flight, b)
	l.mu.Lock()
	l.own[b.Version] = b
	l.mu.Unlock()
	b.future = l.raft.Apply(b.Data, 0)
	l.lookLater()
}

func (l *line) lookLater() {
	if !l.due {
		l.due = true
		l.look.Reset(lookAfter)
	}
}

// watch waits for the futures of what has been in flight for long, or of all.
func (l *line) watch(all bool) {
	for _, b := range l.flight {
		if (all || b.seen) && !b.watched {
			b.watched = true
			l.wg.Go(func() { l.await(b) })
		}
		b.seen = true
	}
	if len(l.flight) > 0 {
		l.lookLater()
	}
}

// await tells what Raft says of an entry, where the state machine does not.
func (n *Node) await(b *batch) {
	err := b.future.Error()
	if err == nil {
		err, _ = b.future.Response().(error)
	}
	switch {
	case err == nil: // the state machine has told
	case err == store.ErrRefused, err == raft.ErrNotLeader, err == raft.ErrLeadershipTransferInProgress:
		n.decide(b, errAgain)
	default:
		n.doubt(b)
	}
	n.leave(b, err)
}

// leave tells the line, once, that a batch is in flight no more.
func (n *Node) leave(b *batch, err error) {
	n.mu.Lock()
	was := b.gone
	b.gone = true
	n.mu.Unlock()
	if !was {
		b.ended <- landing{b, err}
	}
}

// doubt lets go of the riders, who need not know what becomes of a batch, and gives the
// log some time to tell the rest.
func (n *Node) doubt(b *batch) {
	n.mu.Lock()
	var free riders
	if !b.known {
		free, b.riders = b.riders, nil
	}
	n.mu.Unlock()
	answer(free, errAgain)
	time.AfterFunc(n.cfg.Verdict, func() { n.decide(b, store.ErrUnknownOutcome) })
}

// decide tells the callers of b, if they do not know yet, what became of it.
func (n *Node) decide(b *batch, fate error) {
	n.mu.Lock()
	was, free := b.known, b.riders
	b.known = true
	delete(n.own, b.Version)
	n.mu.Unlock()
	if was {
		return
	}
	n.leave(b, fate) // before the callers, so that the scheduler runs them first
	answer(b.calls, fate)
	if fate != nil {
		answer(free, errAgain)
		return
	}
	for _, c := range free {
		c.done <- c.err
	}
}

func answer(calls []*call, err error) {
	for _, c := range calls {
		c.done <- err
	}
}

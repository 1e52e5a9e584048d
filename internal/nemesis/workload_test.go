package nemesis

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// workload is users who launch, stop, start, terminate and look, each from a place of
// their own on the network.
type workload struct {
	c    *cluster
	h    *history
	stop chan struct{}
	wg   sync.WaitGroup
	idle time.Duration // the longest that a user rests between two calls

	mu    sync.Mutex
	made  map[string]*made
	order []string // tokens with an answer, oldest first
	fresh int      // numbers tokens
}

// made is what a token was answered with.
type made struct {
	reservation string
	ids         []string
	gone        bool // somebody asked for its end
}

// startWorkload lets some users work until finish is called.
func startWorkload(c *cluster, users int, idle time.Duration) *workload {
	w := &workload{c: c, h: newHistory(), stop: make(chan struct{}), idle: idle, made: map[string]*made{}}
	for n := range users {
		u := &user{w: w, n: n, client: c.client(fmt.Sprint("c", n+1)), rng: rand.New(rand.NewPCG(c.seed, uint64(n)+1000))}
		w.wg.Go(u.work)
	}
	return w
}

// finish stops the users and waits for their last answers.
func (w *workload) finish() {
	close(w.stop)
	w.wg.Wait()
}

// user is one of them.
type user struct {
	*client
	w   *workload
	n   int
	rng *rand.Rand
}

func (u *user) work() {
	defer u.http.CloseIdleConnections()
	for {
		select {
		case <-u.w.stop:
			return
		case <-time.After(time.Duration(u.rng.Int64N(int64(u.w.idle)))):
		}
		switch token := u.w.pick(u.rng); {
		case token == "" || u.rng.IntN(100) < u.w.appetite():
			u.launch(u.w.next(u.rng))
		default:
			u.use(token)
		}
	}
}

// use does something with what a token made.
func (u *user) use(token string) {
	switch n := u.rng.IntN(100); {
	case n < 10:
		u.launch(token)
	case n < 45:
		u.look(token)
	case n < 60:
		u.move(token, "StopInstances")
	case n < 80:
		u.move(token, "StartInstances")
	default:
		u.move(token, "TerminateInstances")
	}
}

// somewhere makes one call of any server, with a patience of its own.
func (u *user) somewhere(call func(ctx context.Context, server string) answer) answer {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(500+u.rng.IntN(8000))*time.Millisecond)
	defer cancel()
	a := call(ctx, u.c.servers[u.rng.IntN(len(u.c.servers))].name)
	u.w.h.tally(a)
	return a
}

// launch runs a token's instances, and asks again as long as the outcome is unknown; or
// gives up, as users do.
func (u *user) launch(token string) {
	in := opIn{token: token, action: "RunInstances", n: count(token)}
	for tries := 1 + u.rng.IntN(6); tries > 0; tries-- {
		began := time.Now()
		var reservation string
		var all []shown
		a := u.somewhere(func(ctx context.Context, server string) (a answer) {
			a, reservation, all = u.run(ctx, server, token, in.n, kind(token))
			return a
		})
		switch {
		case a.ok():
			out := opOut{reservation: reservation}
			for _, i := range all {
				out.ids, out.states = append(out.ids, i.ID), append(out.states, i.State)
			}
			u.w.h.add(u.n, began, in, out)
			u.w.learn(token, reservation, out.ids)
			return
		case a.unknown:
			u.w.h.add(u.n, began, in, opOut{unknown: true})
		case !a.again():
			return // refused: there was no room
		}
		time.Sleep(time.Duration(u.rng.IntN(300)) * time.Millisecond)
	}
}

// look describes a token's instances.
func (u *user) look(token string) {
	m := u.w.of(token)
	began := time.Now()
	var all []shown
	a := u.somewhere(func(ctx context.Context, server string) (a answer) {
		a, all = u.describe(ctx, server, m.ids...)
		return a
	})
	switch {
	case a.ok():
		u.w.h.add(u.n, began, opIn{token: token, action: "DescribeInstances", n: len(m.ids)}, opOut{states: inOrder(m.ids, all)})
	case !a.unknown && !a.again():
		u.c.fail("DescribeInstances of %v, which a client was told of: %s %s", m.ids, a.code, a.message)
	}
}

// inOrder returns the states of instances, in the order of ids.
func inOrder(ids []string, all []shown) (states []string) {
	for _, id := range ids {
		if at := slices.IndexFunc(all, func(s shown) bool { return s.ID == id }); at >= 0 {
			states = append(states, all[at].State)
		}
	}
	return states
}

// move asks for another state of one of a token's instances.
func (u *user) move(token, action string) {
	m := u.w.of(token)
	in := opIn{token: token, action: action, n: len(m.ids), which: u.rng.IntN(len(m.ids))}
	began := time.Now()
	var all []change
	a := u.somewhere(func(ctx context.Context, server string) (a answer) {
		a, all = u.change(ctx, server, action, m.ids[in.which])
		return a
	})
	switch {
	case a.ok():
		u.w.h.add(u.n, began, in, opOut{before: all[0].Previous, after: all[0].Current})
	case a.unknown:
		u.w.h.add(u.n, began, in, opOut{unknown: true})
	case a.code == "IncorrectInstanceState":
		u.w.h.add(u.n, began, in, opOut{code: a.code})
	case a.code == "InvalidInstanceID.NotFound":
		u.c.fail("%s of %s, which a client was told of: %s", action, m.ids[in.which], a.message)
	}
	if action == "TerminateInstances" && (a.ok() || a.unknown) {
		u.w.end(token)
	}
}

// count and kind are what a token asks for: the same whoever uses it.
func count(token string) int { return 1 + int(hash(token)%most) }

func kind(token string) string {
	return []string{"t3.nano", "t3.micro", "t3.small"}[hash(token)/most%3]
}

func hash(s string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s))
	return h.Sum32()
}

// next returns a token for a launch: mostly a new one, now and then one that another
// user may be using right now.
func (w *workload) next(rng *rand.Rand) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if rng.IntN(3) > 0 {
		w.fresh++
	}
	return fmt.Sprint("t", w.fresh)
}

// pick returns a token with an answer, mostly one of the newest; empty if there is none.
func (w *workload) pick(rng *rand.Rand) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.order) == 0 {
		return ""
	}
	if n := len(w.order); n > 8 && rng.IntN(4) > 0 {
		return w.order[n-1-rng.IntN(8)]
	}
	return w.order[rng.IntN(len(w.order))]
}

// appetite is how often of a hundred times a user launches: seldom when there is much.
func (w *workload) appetite() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	alive := 0
	for _, m := range w.made {
		if !m.gone {
			alive++
		}
	}
	return max(5, 40-4*alive)
}

func (w *workload) of(token string) *made {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.made[token]
}

func (w *workload) learn(token, reservation string, ids []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.made[token] == nil {
		w.made[token] = &made{reservation: reservation, ids: ids}
		w.order = append(w.order, token)
	}
}

func (w *workload) end(token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made[token].gone = true
}

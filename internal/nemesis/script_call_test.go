package nemesis

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/hostagent/hypervisor"
)

// asked is what a script asks of the API.
type asked struct {
	via   string // a server; empty is any that answers
	fails string // the error that is to come
}

func (s *script) asks(a *words) asked {
	via := a.text("via", "")
	if via != "" {
		via = s.name(via)
	}
	return asked{via, a.text("fails", "")}
}

// ask calls until there is an answer, and checks whether it is the one that is to come.
func (s *script) ask(q asked, call func(ctx context.Context, server string) answer) (answer, error) {
	out := s.k.persist(time.Minute, func(ctx context.Context, server string) answer {
		if q.via != "" {
			server = q.via
		}
		return call(ctx, server)
	})
	if out.code != q.fails || out.unknown {
		return out, fmt.Errorf("answered %q %s, want %q", out.code, out.message, q.fails)
	}
	return out, nil
}

// launch: run web 3 type=t3.micro via=s2 fails=CODE. The name is the token, too.
func (s *script) launch(a words) error {
	token, q := a.word(0), s.asks(&a)
	in := opIn{token: token, action: "RunInstances", n: a.number(1)}
	if a.err != nil || in.n > most {
		return fmt.Errorf("at most %d instances: %w", most, a.err)
	}
	began := time.Now()
	_, err := s.ask(q, func(ctx context.Context, server string) answer {
		out, reservation, all := s.k.run(ctx, server, token, in.n, a.text("type", "t3.micro"))
		switch {
		case out.unknown:
			s.w.h.add(0, began, in, opOut{unknown: true})
		case out.ok():
			s.told(token, in, began, reservation, all)
		}
		return out
	})
	return err
}

// told notes the answer to a launch.
func (s *script) told(token string, in opIn, began time.Time, reservation string, all []shown) {
	out := opOut{reservation: reservation, ids: ids(all)}
	for _, i := range all {
		out.states = append(out.states, i.State)
	}
	s.w.h.add(0, began, in, out)
	s.w.learn(token, reservation, out.ids)
}

func ids(all []shown) (out []string) {
	for _, i := range all {
		out = append(out, i.ID)
	}
	return out
}

// again: the same launch under the same token, through every server that is up; each must
// give the first answer.
func (s *script) again(a words) error {
	token := a.word(0)
	m := s.w.of(token)
	for _, o := range s.c.servers {
		if o.node() == nil {
			continue
		}
		_, err := s.ask(asked{via: o.name}, func(ctx context.Context, server string) answer {
			out, reservation, all := s.k.run(ctx, server, token, len(m.ids), a.text("type", "t3.micro"))
			if out.ok() && (reservation != m.reservation || len(inOrder(m.ids, all)) != len(m.ids)) {
				s.c.fail("%s: %s asked again gave %s with %v; first it was %s with %v", server, token, reservation, all, m.reservation, m.ids)
			}
			return out
		})
		if err != nil {
			return err
		}
	}
	return a.err
}

// race: race 16 web 2, so many clients at once with one token. All must get one answer.
func (s *script) race(a words) error {
	clients, token, n := a.number(0), a.word(1), a.number(2)
	if a.err != nil {
		return a.err
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]int{}
	in := opIn{token: token, action: "RunInstances", n: n}
	for c := range clients {
		wg.Go(func() {
			k := s.c.client(fmt.Sprint("racer", c))
			defer k.http.CloseIdleConnections()
			turn := c
			out := k.persist(time.Minute, func(ctx context.Context, _ string) answer {
				turn++
				began := time.Now()
				out, reservation, all := k.run(ctx, s.c.servers[turn%len(s.c.servers)].name, token, n, a.text("type", "t3.micro"))
				switch {
				case out.unknown:
					s.w.h.add(c, began, in, opOut{unknown: true})
				case out.ok():
					s.told(token, in, began, reservation, all)
					mu.Lock()
					defer mu.Unlock()
					answers[fmt.Sprint(reservation, ids(all))]++
				}
				return out
			})
			if !out.ok() {
				s.c.fail("client %d of %s: %q %s", c, token, out.code, out.message)
			}
		})
	}
	wg.Wait()
	if len(answers) != 1 {
		return fmt.Errorf("the answers differ: %v", answers)
	}
	return nil
}

// changing asks for another state of all instances of a run: stop web via=s1 fails=CODE
func changing(action string) command {
	return func(s *script, a words) error {
		token, q := a.word(0), s.asks(&a)
		m := s.w.of(token)
		if m == nil {
			return fmt.Errorf("nothing was run as %q", token)
		}
		began := time.Now()
		_, err := s.ask(q, func(ctx context.Context, server string) answer {
			out, all := s.k.change(ctx, server, action, m.ids...)
			for n := range m.ids {
				in := opIn{token: token, action: action, n: len(m.ids), which: n}
				switch {
				case out.unknown:
					s.w.h.add(0, began, in, opOut{unknown: true})
				case out.ok():
					s.w.h.add(0, began, in, opOut{before: all[n].Previous, after: all[n].Current})
				}
			}
			return out
		})
		return err
	}
}

// expect: expect web running within 10s; expect host h1 down; expect no h1 guests; expect
// leader not s1.
func (s *script) expect(a words) error {
	limit := a.within()
	var why string
	ok := func() bool { why = "no such expectation"; return false }
	switch {
	case a.word(0) == "host":
		h, up := s.host(a.word(1)), a.word(2) == "up"
		ok = func() bool {
			row := store.Hosts.Get(s.c.leader().node().Stale(), h.id)
			why = fmt.Sprintf("up is %v", row.Up)
			return row.Up == up
		}
	case a.word(0) == "leader" && a.word(1) == "not":
		ok = func() bool {
			l := s.c.leading()
			why = "nobody else leads"
			return l != nil && l.name != a.word(2)
		}
	case a.word(0) == "no":
		h := s.host(a.word(1))
		ok = func() bool { why = fmt.Sprint(h.guests()); return len(h.guests()) == 0 }
	case a.word(1) == "on":
		ids, h := s.w.of(a.word(0)).ids, s.host(a.word(2))
		ok = func() bool {
			n := 0
			for _, g := range h.guests() {
				if slices.Contains(ids, g.Instance) && g.State == hypervisor.Running {
					n++
				}
			}
			why = fmt.Sprintf("%d of %d are", n, len(ids))
			return n == len(ids)
		}
	case s.w.of(a.word(0)) != nil:
		ok = func() bool {
			states := s.states(a.word(0), a.text("via", ""))
			why = fmt.Sprint(states, s.reasons(a.word(0)))
			return len(states) > 0 && !slices.ContainsFunc(states, func(got string) bool { return got != a.word(1) })
		}
	}
	if a.err != nil {
		return a.err
	}
	for end := time.Now().Add(limit); !ok(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			return fmt.Errorf("not within %v: %s", limit, why)
		}
	}
	return nil
}

// reasons are why a run's instances are as they are, for people.
func (s *script) reasons(token string) (out []string) {
	if l := s.c.leading(); l != nil {
		for _, id := range s.w.of(token).ids {
			if i := store.Instances.Get(l.node().Stale(), id); i != nil {
				out = append(out, model.StateReasonOf(i).Message)
			}
		}
	}
	return out
}

// states are those of a run's instances, by a linearizable read.
func (s *script) states(token, via string) []string {
	m := s.w.of(token)
	began := time.Now()
	var states []string
	_, _ = s.ask(asked{via: s.name(via)}, func(ctx context.Context, server string) answer {
		out, all := s.k.describe(ctx, server, m.ids...)
		if states = inOrder(m.ids, all); out.ok() {
			s.w.h.add(0, began, opIn{token: token, action: "DescribeInstances", n: len(m.ids)}, opOut{states: states})
		}
		return out
	})
	return states
}

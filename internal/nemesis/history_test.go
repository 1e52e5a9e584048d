package nemesis

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
)

// What users see is held against a model, by porcupine: each token is an object of its
// own, with the instances that it made. An instance is in one of EC2's states and moves by
// itself along paths that EC2 documents; a call moves it too, and says where it was and
// where it is. The model keeps the set of states that an instance may be in: an answer
// narrows it, an unknown outcome widens it.

// possible is a set of states of one instance.
type possible uint8

const (
	absent possible = 1 << iota
	pending
	running
	stopping
	stopped
	shuttingDown
	terminated
)

var stateBits = map[string]possible{
	"pending": pending, "running": running, "stopping": stopping, "stopped": stopped, "shutting-down": shuttingDown, "terminated": terminated,
}

// moves are what happens by itself: a launch works or fails, a guest ends, a host
// confirms an end.
var moves = []struct{ from, to possible }{
	{pending, running}, {pending, stopping}, {pending, shuttingDown},
	{running, stopping}, {running, shuttingDown}, {stopping, stopped}, {shuttingDown, terminated},
	{running, pending}, // its host was lost: it is started elsewhere
}

// later returns the states that an instance may have come to meanwhile.
func (p possible) later() possible {
	for before := possible(0); before != p; {
		before = p
		for _, m := range moves {
			if p&m.from != 0 {
				p |= m.to
			}
		}
	}
	return p
}

// most is how many instances a token makes at most.
const most = 3

// object is what a token made.
type object struct {
	reservation string
	ids         string // joined by spaces; empty until an answer has told
	of          [most]possible
}

// opIn is a call. Calls are about all instances of a token but for change, which is about
// one.
type opIn struct {
	token  string
	action string // RunInstances, DescribeInstances, StartInstances, ...
	n      int    // how many instances the token makes
	which  int    // of change
}

// opOut is its answer.
type opOut struct {
	unknown       bool
	code          string // of an error that says something of the state
	reservation   string
	ids           []string
	states        []string
	before, after string // of change
}

var cloudModel = porcupine.Model{
	Partition: func(all []porcupine.Operation) [][]porcupine.Operation {
		by := map[string][]porcupine.Operation{}
		var order []string
		for _, o := range all {
			token := o.Input.(opIn).token
			if by[token] == nil {
				order = append(order, token)
			}
			by[token] = append(by[token], o)
		}
		var out [][]porcupine.Operation
		for _, token := range order {
			out = append(out, by[token])
		}
		return out
	},
	Init: func() any { return object{of: [most]possible{absent, absent, absent}} },
	Step: func(state, input, output any) (bool, any) {
		o := state.(object)
		ok := o.step(input.(opIn), output.(opOut))
		return ok, o
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v -> %+v", input, output) },
}

// step moves the object by a call, and reports whether its answer can be.
func (o *object) step(in opIn, out opOut) bool {
	for j := range in.n {
		o.of[j] = o.of[j].later()
	}
	switch {
	case in.action == "RunInstances":
		return o.run(in, out)
	case in.action == "DescribeInstances":
		return o.seen(in, out)
	case out.unknown:
		o.of[in.which] |= changed(in.action, o.of[in.which])
		return true
	case out.code != "":
		return o.keep(in.which, refusing(in.action))
	}
	if !o.keep(in.which, stateBits[out.before]) {
		return false
	}
	o.of[in.which] = stateBits[out.after]
	return changed(in.action, stateBits[out.before])&stateBits[out.after] != 0
}

// keep narrows what an instance may be in, and reports whether anything is left.
func (o *object) keep(which int, to possible) bool {
	o.of[which] &= to
	return o.of[which] != 0
}

func (o *object) run(in opIn, out opOut) bool {
	if out.unknown {
		for j := range in.n {
			if o.of[j]&absent != 0 {
				o.of[j] |= pending
			}
		}
		return true
	}
	ids := strings.Join(out.ids, " ")
	if len(out.ids) != in.n || o.ids != "" && (o.ids != ids || o.reservation != out.reservation) {
		return false
	}
	o.ids, o.reservation = ids, out.reservation
	for j, s := range out.states {
		may := o.of[j] &^ absent
		if o.of[j]&absent != 0 {
			may |= pending
		}
		if o.of[j] = may & stateBits[s]; o.of[j] == 0 {
			return false
		}
	}
	return true
}

func (o *object) seen(in opIn, out opOut) bool {
	if len(out.states) != in.n {
		return false
	}
	for j, s := range out.states {
		if !o.keep(j, stateBits[s]) {
			return false
		}
	}
	return true
}

// changed returns the states to which a call takes an instance that may be in p.
func changed(action string, p possible) (to possible) {
	switch action {
	case "TerminateInstances":
		if p&^absent != 0 {
			to = shuttingDown | terminated
		}
	case "StopInstances":
		if p&(pending|running|stopping) != 0 {
			to |= stopping | stopped
		}
		to |= p & stopped
	case "StartInstances":
		to |= p & (pending | running)
		if p&stopped != 0 {
			to |= pending
		}
	}
	return to
}

// refusing returns the states in which a call answers IncorrectInstanceState.
func refusing(action string) possible {
	switch action {
	case "StopInstances":
		return pending | shuttingDown | terminated
	case "StartInstances":
		return stopping | shuttingDown | terminated
	}
	return 0
}

// history is what users did and were told.
type history struct {
	mu    sync.Mutex
	began time.Time
	ops   []porcupine.Operation
	count map[string]int // answers, by what they were
}

func newHistory() *history { return &history{began: time.Now(), count: map[string]int{}} }

// add notes a call that began at the given time and was answered now.
func (h *history) add(client int, began time.Time, in opIn, out opOut) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ret := int64(time.Since(h.began))
	if out.unknown {
		ret = 1 << 62 // it may happen at any time from its beginning on
	}
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: in, Call: int64(began.Sub(h.began)), Output: out, Return: ret})
}

// tally counts what calls came to.
func (h *history) tally(a answer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case a.unknown:
		h.count["unknown"]++
	case a.ok():
		h.count["ok"]++
	default:
		h.count[a.code]++
	}
}

// check finds an order of all calls that explains all answers, or tells of the tokens
// that have none.
func (h *history) check(c *cluster) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, ops := range cloudModel.Partition(h.ops) {
		switch porcupine.CheckOperationsTimeout(cloudModel, ops, time.Minute) {
		case porcupine.Ok:
		case porcupine.Unknown:
			c.fail("porcupine found no answer for %s in a minute", ops[0].Input.(opIn).token)
		default:
			slices.SortFunc(ops, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
			var b strings.Builder
			for _, o := range ops {
				fmt.Fprintf(&b, "\n  %12v %12v client %d %s", time.Duration(o.Call), time.Duration(o.Return), o.ClientId, cloudModel.DescribeOperation(o.Input, o.Output))
			}
			c.fail("no order explains what users saw:%s", b.String())
		}
	}
}

package dispatch

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/proto/agentpb"
)

// ledger remembers what a host was sent, to send only what differs.
type ledger struct {
	seq     uint64
	started bool // the first, complete update was made
	sent    assignments
}

// next returns the update that makes the host's set what it is to be, or nil if it is that
// already.
func (l *ledger) next(now assignments) *agentpb.Update {
	d := difference{put: map[string]*agentpb.Item{}, del: map[string]bool{}}
	d.add(l.sent.items, now.items)
	for vpc := range now.remotes {
		if !same(l.sent.remotes[vpc], now.remotes[vpc]) {
			d.add(maps.Collect(l.sent.elsewhere(vpc)), maps.Collect(now.elsewhere(vpc)))
		}
	}
	for vpc := range l.sent.remotes {
		if now.remotes[vpc] == nil {
			d.add(maps.Collect(l.sent.elsewhere(vpc)), nil)
		}
	}
	l.sent = now // what is equal may be other memory
	if l.started && len(d.put)+len(d.del) == 0 {
		return nil
	}
	u := &agentpb.Update{Complete: !l.started}
	for _, key := range slices.Sorted(maps.Keys(d.put)) {
		u.Put = append(u.Put, d.put[key])
	}
	for _, key := range slices.Sorted(maps.Keys(d.del)) {
		if d.put[key] == nil { // it may only have moved
			u.Del = append(u.Del, key)
		}
	}
	l.seq++
	u.Seq, l.started = l.seq, true
	return u
}

// same reports whether two slices are the same memory: then nothing in them differs.
func same(a, b []remote) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// difference is what makes one set another.
type difference struct {
	put map[string]*agentpb.Item
	del map[string]bool
}

func (d *difference) add(old, now map[string]*agentpb.Item) {
	for key, item := range now {
		if had := old[key]; had != item && !proto.Equal(had, item) {
			d.put[key] = item
		}
	}
	for key := range old {
		if now[key] == nil {
			d.del[key] = true
		}
	}
}

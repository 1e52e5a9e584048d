package dispatch

import (
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/proto/agentpb"
)

// ledger remembers what a host was sent, to send only what differs.
type ledger struct {
	seq  uint64
	sent map[string]*agentpb.Item // nil until the first, complete update
}

// next returns the update that makes the host's set items, or nil if it has it already.
func (l *ledger) next(items map[string]*agentpb.Item) *agentpb.Update {
	u := &agentpb.Update{Complete: l.sent == nil}
	var put []string // sorting all keys would be most of what a change costs that is another host's
	for key, item := range items {
		if old := l.sent[key]; old != item && !proto.Equal(old, item) {
			put = append(put, key)
		}
	}
	slices.Sort(put)
	for _, key := range put {
		u.Put = append(u.Put, items[key])
	}
	for key := range l.sent {
		if items[key] == nil {
			u.Del = append(u.Del, key)
		}
	}
	slices.Sort(u.Del)
	if !u.Complete && len(u.Put)+len(u.Del) == 0 {
		return nil
	}
	l.seq++
	u.Seq, l.sent = l.seq, items
	return u
}

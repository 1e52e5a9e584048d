package dispatch

import (
	"maps"
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
	for _, key := range slices.Sorted(maps.Keys(items)) {
		if !proto.Equal(l.sent[key], items[key]) {
			u.Put = append(u.Put, items[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.sent)) {
		if items[key] == nil {
			u.Del = append(u.Del, key)
		}
	}
	if !u.Complete && len(u.Put)+len(u.Del) == 0 {
		return nil
	}
	l.seq++
	u.Seq, l.sent = l.seq, items
	return u
}

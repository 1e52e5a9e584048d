package agent

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/micacloud/mica/internal/atomicfile"
	"github.com/micacloud/mica/proto/agentpb"
)

// errGap says that an update was missed: only a new session's complete one helps.
var errGap = errors.New("a gap in the assignments' sequence")

// assignments is the host's set, as last sent by the servers. It is on disk before
// anything acts on it, so that a restarted agent goes on without them.
type assignments struct {
	path string

	mu    sync.RWMutex
	seq   uint64
	rev   uint64
	items map[string]*agentpb.Item
	found *index
}

// load reads the saved set. A damaged file is an error: acting on half a set could end
// guests that should run.
func (a *assignments) load() error {
	a.items, a.rev = map[string]*agentpb.Item{}, 1
	defer func() { a.found = newIndex(a.items) }()
	b, err := os.ReadFile(a.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(b) < sha256.Size || sha256.Sum256(b[sha256.Size:]) != [sha256.Size]byte(b) {
		return fmt.Errorf("%s is damaged: move it away, and the servers will send it anew", a.path)
	}
	var u agentpb.Update
	if err := proto.Unmarshal(b[sha256.Size:], &u); err != nil {
		return fmt.Errorf("%s: %w", a.path, err)
	}
	for _, item := range u.Put {
		a.items[item.Key] = item
	}
	return nil
}

// apply takes an update and returns the keys that differ now. The new set is on disk
// when it returns.
func (a *assignments) apply(u *agentpb.Update) ([]string, error) {
	a.mu.RLock()
	if !u.Complete && u.Seq != a.seq+1 {
		defer a.mu.RUnlock()
		return nil, fmt.Errorf("%w: %d after %d", errGap, u.Seq, a.seq)
	}
	next := maps.Clone(a.items)
	a.mu.RUnlock()
	if u.Complete {
		next = map[string]*agentpb.Item{}
	}
	for _, item := range u.Put {
		next[item.Key] = item
	}
	for _, key := range u.Del {
		delete(next, key)
	}
	if err := a.save(next); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	changed := map[string]bool{}
	for k, v := range next {
		if !proto.Equal(v, a.items[k]) {
			changed[k] = true
		}
	}
	for k := range a.items {
		if next[k] == nil {
			changed[k] = true
		}
	}
	for k := range next {
		if !changed[k] {
			next[k] = a.items[k] // the same pointer as long as nothing changed: others keep what they made of it
		}
	}
	a.items, a.seq, a.found = next, u.Seq, newIndex(next)
	a.rev++
	return slices.Sorted(maps.Keys(changed)), nil
}

func (a *assignments) save(items map[string]*agentpb.Item) error {
	u := &agentpb.Update{}
	for _, k := range slices.Sorted(maps.Keys(items)) {
		u.Put = append(u.Put, items[k])
	}
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(u)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	if err := os.MkdirAll(filepath.Dir(a.path), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(a.path, append(sum[:], b...), 0o600)
}

// boot returns what is wanted of an instance here, nil for nothing.
func (a *assignments) boot(instance string) *agentpb.Boot {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.items["boot/"+instance].GetBoot()
}

// each calls fn for every item under a prefix, in the order of keys.
func (a *assignments) each(prefix string, fn func(*agentpb.Item)) {
	a.mu.RLock()
	items := a.items // never changed, only replaced
	a.mu.RUnlock()
	for _, k := range slices.Sorted(maps.Keys(items)) {
		if strings.HasPrefix(k, prefix) {
			fn(items[k])
		}
	}
}

func (a *assignments) vpc(id string) *agentpb.VPC {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.items["vpc/"+id].GetVpc()
}

// revision numbers the sets that this process has had.
func (a *assignments) revision() uint64 {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.rev
}

// index finds boots by what a guest is known by on the wire. It is made once a set.
func (a *assignments) index() *index {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.found
}

// index has boots by VPC and address, by VPC and MAC, and by VPC, and the ids of interfaces by
// VPC and address.
type index struct {
	byAddress, byMAC map[string]*agentpb.Boot
	byVPC            map[string][]*agentpb.Boot
	interfaces       map[string]string
}

func newIndex(items map[string]*agentpb.Item) *index {
	x := &index{byAddress: map[string]*agentpb.Boot{}, byMAC: map[string]*agentpb.Boot{}, byVPC: map[string][]*agentpb.Boot{}, interfaces: map[string]string{}}
	for _, k := range slices.Sorted(maps.Keys(items)) {
		b := items[k].GetBoot()
		vpcs := map[string]bool{}
		for _, n := range b.GetMetadata().GetInterfaces() {
			for _, a := range n.Secondary {
				x.byAddress[n.VpcId+"/"+a.PrivateIp] = b
			}
		}
		for _, n := range b.GetInterfaces() {
			x.byAddress[n.VpcId+"/"+n.PrivateIp] = b
			x.byMAC[n.VpcId+"/"+n.Mac] = b
			x.interfaces[n.VpcId+"/"+n.PrivateIp] = n.Id
			for _, a := range n.Secondary {
				x.interfaces[n.VpcId+"/"+a.PrivateIp] = n.Id
			}
			if !vpcs[n.VpcId] {
				vpcs[n.VpcId] = true
				x.byVPC[n.VpcId] = append(x.byVPC[n.VpcId], b)
			}
		}
	}
	return x
}

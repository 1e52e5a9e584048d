// Package benchkit measures what many instances cost, for `make bench`: memory, pages of
// DescribeInstances, and reading a snapshot. The rows are as RunInstances makes them.
package benchkit

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
)

const (
	account = "123456789012"
	region  = "bench-1"
	zone    = region + "a"
)

// Cloud is a state with instances of one account, and the API over it.
type Cloud struct {
	replica  *store.Replica
	registry *wire.Registry[*action.Call]
	index    uint64
}

// perEntry is how many instances an entry of the log makes.
const perEntry = 1000

// NewCloud launches one instance by RunInstances, and makes n of it: each with a row of
// its own of everything that the first one has, under its own names.
func NewCloud(n int) (*Cloud, error) {
	c := &Cloud{replica: store.NewReplica(), registry: wire.NewRegistry[*action.Call](wire.EC2)}
	ec2.Register(c.registry, ec2.Deps{PublicPool: netip.MustParsePrefix("100.127.0.0/16"), Regions: []ec2.Region{{Name: region, Zones: []ec2.Zone{{Name: zone, ID: "use1-az1"}}}}})
	first, err := c.first()
	if err != nil {
		return nil, err
	}
	for done := 0; done < n; done += perEntry {
		err := c.update(func(tx *store.Tx) error {
			for k := done; k < min(n, done+perEntry); k++ {
				if err := first.copyTo(tx, k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Cloud) update(fn func(*store.Tx) error) error {
	line := c.replica.NewLine()
	if _, err := line.Exec(time.Now(), store.Meta{Action: "bench"}, fn); err != nil {
		return err
	}
	b := line.Cut()
	e, err := store.DecodeEntry(b.Data)
	if err != nil {
		return err
	}
	c.index++
	return c.replica.Apply(c.index, e, b)
}

// template is an instance with what belongs to it.
type template struct {
	reservation model.Reservation
	instance    model.Instance
	boot        model.Boot
	nic         model.Interface
	volume      model.Volume
}

// first makes an account, its network, an image and a host, and launches an instance.
func (c *Cloud) first() (*template, error) {
	var id string
	owned := model.Owned{Account: account, Region: region}
	err := c.update(func(tx *store.Tx) error {
		if err := ec2.EnsureAccountNetwork(tx, account, region, []string{zone}); err != nil {
			return err
		}
		if err := store.Hosts.Put(tx, &model.Host{ID: "host-0", Name: "h", Region: region, Zone: zone, Arch: "x86_64", VCPUs: 64, MemoryMiB: 1 << 20, Up: true}); err != nil {
			return err
		}
		image, err := ec2.RegisterLocalImage(tx, ec2.LocalImage{Owner: owned, Name: "debian", Digest: strings.Repeat("a", 64), VirtualBytes: 2 << 30})
		if err != nil {
			return err
		}
		run, err := c.registry.Find(wire.EC2, "RunInstances")
		if err != nil {
			return err
		}
		in, err := run.Decode(map[string][]string{"ImageId": {image.ID}, "InstanceType": {"t3.micro"}, "MinCount": {"1"}, "MaxCount": {"1"},
			"TagSpecification.1.ResourceType": {"instance"}, "TagSpecification.1.Tag.1.Key": {"Name"}, "TagSpecification.1.Tag.1.Value": {"bench"}})
		if err != nil {
			return err
		}
		out, err := run.Call(&action.Call{Tx: tx, Context: context.Background(), Account: account, Region: region}, in)
		if err != nil {
			return err
		}
		id = *any(out).(*gen.Reservation).Instances[0].InstanceId
		return lifecycle.ReportBoot(tx, "host-0", lifecycle.BootReport{Instance: id, Epoch: 1, Phase: model.PhaseRunning, Steps: steps(tx.Now())})
	})
	if err != nil {
		return nil, err
	}
	v := c.replica.View()
	i := store.Instances.Get(v, id)
	return &template{
		*store.Reservations.Get(v, i.ReservationID), *i, *lifecycle.Boot(v, i),
		*store.Interfaces.Get(v, i.Interfaces[0]), *store.Volumes.Get(v, i.RootVolume),
	}, nil
}

// steps are those that a host reports of a launch.
func steps(at time.Time) (out []model.Step) {
	for _, name := range []string{"committed", "image-ready", "volume-ready", "domain-started", "network-ready", "resumed", "dhcp-answered", "first-token", "user-data-fetched"} {
		out = append(out, model.Step{Name: name, At: at})
	}
	return out
}

// idOf is as RunInstances chooses ids: the first eight digits are the same for all that
// belongs to one instance (ids.Beside), the others each one's own.
func idOf(prefix string, k int) string {
	h := uint64(k) * 0x9E3779B97F4A7C15 // all different
	own := h & math.MaxUint32 * 0xD6E8FEB86659FD93
	for _, c := range prefix {
		own += uint64(c) * 0xA24BAED4963EE407
	}
	return fmt.Sprintf("%s-%08x%09x", prefix, h>>32, own%(1<<36))
}

// copyTo writes the template's rows under other names. Addresses go through a network
// larger than any subnet: nobody asks here whether they are in theirs.
func (t *template) copyTo(tx *store.Tx, k int) error {
	id := func(prefix string) string { return idOf(prefix, k) }
	address := t.nic.PrivateIP.As4()
	address[0], address[1], address[2], address[3] = 10, byte(k>>16), byte(k>>8), byte(k)
	res, i, b, n, v := t.reservation, t.instance, t.boot, t.nic, t.volume
	res.ID = id("r")
	i.ID, i.ReservationID, i.RootVolume, i.Interfaces = id("i"), res.ID, id("vol"), []string{id("eni")}
	i.Tags = model.Tags{"Name": fmt.Sprint("bench-", k)}
	later := time.Duration(k) * 123_456_789 // no two are launched at one time
	for _, at := range []*time.Time{&i.LaunchTime, &i.Created, &i.DesiredAt, &b.Created, &b.LastChange, &n.Attached, &n.Created, &v.Attached, &v.Created, &res.Created} {
		*at = at.Add(later)
	}
	b.ID, b.Instance, b.Steps = model.BootID(i.ID, 1), i.ID, append([]model.Step(nil), b.Steps...)
	b.Placement = strings.Clone(b.Placement)
	for s := range b.Steps {
		b.Steps[s].At = b.Steps[s].At.Add(later + time.Duration(s*s+k%1000)*time.Millisecond)
	}
	n.ID, n.Instance, n.AttachmentID, n.PrivateIP, n.PublicIP = id("eni"), i.ID, id("eni-attach"), netip.AddrFrom4(address), netip.Addr{}
	n.MAC = fmt.Sprintf("02:%02x:%02x:%02x:%02x:00", byte(k>>24), byte(k>>16), byte(k>>8), byte(k))
	n.Groups = append([]string(nil), n.Groups...)
	v.ID, v.Instance = id("vol"), i.ID
	for _, err := range []error{store.Reservations.Put(tx, &res), store.Instances.Put(tx, &i), store.Boots.Put(tx, &b), store.Interfaces.Put(tx, &n), store.Volumes.Put(tx, &v)} {
		if err != nil {
			return err
		}
	}
	return nil
}

// Heap returns the bytes that are in use, after a collection.
func Heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Pager finds up to n pages of 1,000 instances that do not overlap, and returns a function
// that asks for one after the other, and then again from the first, and tells how long each
// took: the handler, and the answer's encoding.
func (c *Cloud) Pager(n int) (func() (time.Duration, error), error) {
	describe, err := c.registry.Find(wire.EC2, "DescribeInstances")
	if err != nil {
		return nil, err
	}
	call := &action.Call{Tx: c.replica.View().ReadOnly(), Context: context.Background(), Account: account, Region: region}
	tokens, err := tokens(call, n)
	if err != nil {
		return nil, err
	}
	var buf []byte
	turn := 0
	return func() (time.Duration, error) {
		token := tokens[turn%len(tokens)]
		turn++
		began := time.Now()
		out, err := page(call, describe, 1000, token)
		if err != nil {
			return 0, err
		}
		buf = wire.EC2.AppendAnswer(buf[:0], "DescribeInstances", "59dbff89-35bd-4eac-99ed-be587a000000", out)
		took := time.Since(began)
		if n := len(out.Reservations); n != 1000 {
			return 0, fmt.Errorf("a page has %d instances", n)
		}
		return took, nil
	}, nil
}

// tokens returns those of n pages that begin at even distances and do not overlap, as far
// as there are as many.
func tokens(r store.Reader, n int) (out []string, err error) {
	p, err := wire.PageLimits{Min: 1, Max: 1}.Page(store.Key("DescribeInstances", account, region), 0, new(int64(1)), nil)
	if err != nil {
		return nil, err
	}
	total, at := 0, 0
	for range store.Instances.List(r) {
		total++
	}
	for i := range store.Instances.List(r) {
		if at++; at < (len(out)+1)*max(1000, total/(n+1)) {
			continue
		}
		_, token := wire.Take(p, slices.Values([]string{i.ID, i.ID + "~"}), func(s string) string { return s }, func(string) bool { return true })
		if out = append(out, *token); len(out) == n {
			break
		}
	}
	return out, nil
}

// page asks for a page of instances.
func page(call *action.Call, describe *wire.Action[*action.Call], max int, token string) (*gen.DescribeInstancesResult, error) {
	form := map[string][]string{"MaxResults": {fmt.Sprint(max)}}
	if token != "" {
		form["NextToken"] = []string{token}
	}
	in, err := describe.Decode(form)
	if err != nil {
		return nil, err
	}
	out, err := describe.Call(call, in)
	if err != nil {
		return nil, err
	}
	return any(out).(*gen.DescribeInstancesResult), nil
}

// Restore writes a snapshot to a file, forgets the state, and returns how long reading it
// into a new one takes, and how long reading the file alone. The cloud is of no use then.
func (c *Cloud) Restore(dir string) (ours, read time.Duration, bytes int64, err error) {
	f, err := os.CreateTemp(dir, "snapshot-")
	if err != nil {
		return 0, 0, 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if bytes, err = c.replica.Snapshot().WriteTo(f); err != nil {
		return 0, 0, 0, err
	}
	c.replica = nil
	runtime.GC()
	for range 2 { // the first brings the file into memory
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return 0, 0, 0, err
		}
		began := time.Now()
		buf := make([]byte, 1<<16)
		if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{f}, buf); err != nil {
			return 0, 0, 0, err
		}
		read = time.Since(began)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 0, 0, 0, err
	}
	into := store.NewReplica()
	began := time.Now()
	err = into.Restore(f)
	return time.Since(began), read, bytes, err
}

package ec2_test

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/ec2"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/sts"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/controlplane/wire/xmlenc"
	"github.com/micacloud/mica/internal/apierr"
)

const (
	me     = "111111111111"
	other  = "222222222222"
	region = "eu-central-1"
	zoneA  = "eu-central-1a"
	zoneB  = "eu-central-1b"
)

// cloud calls actions as a client does, with form parameters, on a store in memory with
// hosts that the test speaks for.
type cloud struct {
	t       testing.TB
	db      *store.Memory
	reg     *wire.Registry[*action.Call]
	account string
	region  string
	image   string
	console func(host, instance string, latest bool) ([]byte, time.Time, error)
}

func newCloud(t testing.TB) *cloud { return newCloudWith(t, nil) }

func newCloudWith(t testing.TB, types *ec2.TypeTable) *cloud { return makeCloud(t, types, nil) }

// newCloudOf is a cloud with quotas of its own.
func newCloudOf(t testing.TB, quotas map[string]int) *cloud { return makeCloud(t, nil, quotas) }

func makeCloud(t testing.TB, types *ec2.TypeTable, quotas map[string]int) *cloud {
	c := &cloud{t: t, db: store.NewMemory(), reg: wire.NewRegistry[*action.Call](wire.EC2, wire.STS), account: me, region: region}
	sts.Register(c.reg)
	ec2.Register(c.reg, ec2.Deps{
		Regions: []ec2.Region{
			{Name: region, Zones: []ec2.Zone{{Name: zoneA, ID: "euc1-az1"}, {Name: zoneB, ID: "euc1-az2"}}},
			{Name: "us-east-1", Zones: []ec2.Zone{{Name: "us-east-1a", ID: "use1-az1"}}},
		},
		Types: types, Quotas: quotas,
		PublicPool: netip.MustParsePrefix("100.127.0.0/24"),
		Console: func(_ context.Context, host, instance string, latest bool) ([]byte, time.Time, error) {
			return c.console(host, instance, latest)
		},
	})
	c.update(func(tx *store.Tx) error {
		for _, account := range []string{me, other} {
			if err := ec2.EnsureAccountNetwork(tx, account, region, []string{zoneA, zoneB}); err != nil {
				return err
			}
		}
		i, err := ec2.RegisterLocalImage(tx, ec2.LocalImage{Owner: model.Owned{Account: me, Region: region}, Name: "debian", Digest: strings.Repeat("a", 64), VirtualBytes: 2<<30 + 1})
		c.image = i.ID
		return err
	})
	c.host("host-a1", zoneA, 64, 65536)
	return c
}

// as is the same cloud for another account or region.
func (c *cloud) as(account, region string) *cloud {
	d := *c
	d.account, d.region = account, region
	return &d
}

func (c *cloud) update(fn func(*store.Tx) error) {
	c.t.Helper()
	if err := c.db.Update(context.Background(), store.Meta{Action: "test"}, fn); err != nil {
		c.t.Fatalf("update: %v", err)
	}
}

func (c *cloud) host(id, zone string, vcpus, mib int) {
	c.t.Helper()
	c.update(func(tx *store.Tx) error {
		return store.Hosts.Put(tx, &model.Host{ID: id, Name: id, Region: region, Zone: zone, Arch: "x86_64", VCPUs: vcpus, MemoryMiB: mib, Up: true, UpChanged: tx.Now()})
	})
}

// form makes a form of names and values in turn.
func form(params []string) url.Values {
	v := url.Values{}
	for n := 0; n < len(params); n += 2 {
		v.Set(params[n], params[n+1])
	}
	return v
}

// raw runs an action as the server's chain does, and returns its answer and the id
// that it left for a repeated client token.
func (c *cloud) raw(name string, params ...string) (out xmlenc.Appender, made string, err error) {
	a, err := c.reg.Find(wire.EC2, name)
	if err != nil {
		return nil, "", err
	}
	in, err := a.Decode(form(params))
	if err != nil {
		return nil, "", err
	}
	prepared, err := a.Prepare(context.Background(), in)
	if err != nil {
		return nil, "", err
	}
	call := &action.Call{Context: context.Background(), Account: c.account, Region: c.region, Prepared: prepared}
	if !a.Mutates {
		call.Tx = c.db.Stale().ReadOnly()
		out, err = a.Call(call, in)
		return out, "", err
	}
	err = c.db.Update(context.Background(), store.Meta{Action: name}, func(tx *store.Tx) (err error) {
		call.Tx = tx
		out, err = a.Call(call, in)
		return err
	})
	return out, call.Made, err
}

// ok calls an action that must succeed.
func ok[Out any](c *cloud, name string, params ...string) *Out {
	c.t.Helper()
	out, _, err := c.raw(name, params...)
	if err != nil {
		c.t.Fatalf("%s %q: %v", name, params, err)
	}
	return any(out).(*Out)
}

// fails calls an action that must answer with an error of EC2's, and change nothing.
func (c *cloud) fails(code, says, name string, params ...string) {
	c.t.Helper()
	before := c.db.Stale().Version()
	_, _, err := c.raw(name, params...)
	if !apierr.Is(err, code) {
		c.t.Errorf("%s %q: %v; want %s", name, params, err, code)
	} else if !strings.Contains(err.Error(), says) {
		c.t.Errorf("%s %q: %v; it should say %q", name, params, err, says)
	}
	if c.db.Stale().Version() != before {
		c.t.Errorf("%s %q failed and changed something", name, params)
	}
}

// run launches one instance and returns its id.
func (c *cloud) run(params ...string) string {
	c.t.Helper()
	return *c.reserve(params...).Instances[0].InstanceId
}

func (c *cloud) reserve(params ...string) *gen.Reservation {
	c.t.Helper()
	return ok[gen.Reservation](c, "RunInstances", c.launch(params...)...)
}

// launch is a launch's parameters; those given come last and count.
func (c *cloud) launch(params ...string) []string {
	return append([]string{"ImageId", c.image, "InstanceType", "t3.micro", "MinCount", "1", "MaxCount", "1"}, params...)
}

func (c *cloud) row(id string) *model.Instance {
	c.t.Helper()
	i := store.Instances.Get(c.db.Stale(), id)
	if i == nil {
		c.t.Fatalf("there is no instance %s", id)
	}
	return i
}

// report says as the host of an instance's boot how far that is. The guest of one that runs
// has the interfaces that it is to have, and no others.
func (c *cloud) report(id string, phase model.Phase, cause model.EndCause) {
	c.t.Helper()
	i := c.row(id)
	c.update(func(tx *store.Tx) error {
		st := lifecycle.BootReport{Instance: id, Epoch: i.Epoch, Phase: phase, Cause: cause}
		if phase == model.PhaseRunning {
			st.Attachments = attachmentsNow(tx, i)
		}
		return lifecycle.ReportBoot(tx, lifecycle.Boot(tx, i).Host, st)
	})
}

// attachmentsNow is what the host of an instance says of its interfaces when it has done all
// that it was asked for.
func attachmentsNow(r store.Reader, i *model.Instance) (out []lifecycle.AttachmentReport) {
	for _, id := range i.Interfaces {
		eni := store.Interfaces.Get(r, id)
		out = append(out, lifecycle.AttachmentReport{ID: eni.AttachmentID, Gone: eni.Leaving != model.LeaveNot})
	}
	return out
}

// running launches an instance and says that it runs.
func (c *cloud) running(params ...string) string {
	c.t.Helper()
	id := c.run(params...)
	c.report(id, model.PhaseRunning, "")
	return id
}

// stopped launches an instance, and stops it.
func (c *cloud) stopped(params ...string) string {
	c.t.Helper()
	id := c.running(params...)
	ok[gen.StopInstancesResult](c, "StopInstances", "InstanceId.1", id)
	c.report(id, model.PhaseReleased, model.EndAsked)
	return id
}

func (c *cloud) describe(id string) *gen.Instance {
	c.t.Helper()
	return ok[gen.DescribeInstancesResult](c, "DescribeInstances", "InstanceId.1", id).Reservations[0].Instances[0]
}

// ids are those of the instances that DescribeInstances shows.
func (c *cloud) ids(params ...string) (out []string) {
	c.t.Helper()
	for _, r := range ok[gen.DescribeInstancesResult](c, "DescribeInstances", params...).Reservations {
		for _, i := range r.Instances {
			out = append(out, *i.InstanceId)
		}
	}
	return out
}

func (c *cloud) wantState(id, state string) {
	c.t.Helper()
	if got := *c.describe(id).State.Name; got != state {
		c.t.Errorf("%s is %s, want %s", id, got, state)
	}
}

// defaultSubnet returns the id of the default subnet of a zone.
func (c *cloud) defaultSubnet(zone string) string {
	c.t.Helper()
	out := ok[gen.DescribeSubnetsResult](c, "DescribeSubnets", "Filter.1.Name", "availability-zone", "Filter.1.Value.1", zone, "Filter.2.Name", "default-for-az", "Filter.2.Value.1", "true")
	return *out.Subnets[0].SubnetId
}

func (c *cloud) group(name string) string {
	c.t.Helper()
	return *ok[gen.CreateSecurityGroupResult](c, "CreateSecurityGroup", "GroupName", name, "GroupDescription", name).GroupId
}

func text(p *string) string {
	if p == nil {
		return "<nil>"
	}
	return *p
}

func list[T any](all []*T, of func(*T) string) string {
	var out []string
	for _, x := range all {
		out = append(out, of(x))
	}
	return strings.Join(out, " ")
}

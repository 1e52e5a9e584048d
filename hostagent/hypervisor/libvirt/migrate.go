package libvirt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	golibvirt "github.com/digitalocean/go-libvirt"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"libvirt.org/go/libvirtxml"
)

var _ hypervisor.Migrator = (*Driver)(nil)

// sendLimit bounds the transfer itself; who sends gives up by its context long before.
const sendLimit = 24 * time.Hour

// migrateFlags are those of both sides: the guest stays defined here until we say
// otherwise, arrives paused, and is slowed down if it writes faster than the wire.
func migrateFlags(r hypervisor.Route) golibvirt.DomainMigrateFlags {
	f := golibvirt.MigrateLive | golibvirt.MigratePersistDest | golibvirt.MigratePaused |
		golibvirt.MigrateChangeProtection | golibvirt.MigrateAutoConverge | golibvirt.MigrateAbortOnError
	if r.Disks == "" {
		return f | golibvirt.MigrateUnsafe // libvirt cannot tell that the storage is shared: we know
	}
	return f | golibvirt.MigrateNonSharedInc
}

func routeParams(r hypervisor.Route, more ...golibvirt.TypedParam) []golibvirt.TypedParam {
	p := append(more, stringParam(golibvirt.MigrateParamURI, "unix://"+r.Memory))
	if r.Disks != "" {
		p = append(p, stringParam(golibvirt.MigrateParamDisksURI, "unix://"+r.Disks))
	}
	return p
}

func stringParam(name, value string) golibvirt.TypedParam {
	return golibvirt.TypedParam{Field: name, Value: *golibvirt.NewTypedParamValueString(value)}
}

// own opens a connection for one migration alone: libvirt ties what is half done to it,
// and calls on it may take long.
func (d *Driver) own(ctx context.Context) (*session, error) {
	s, err := connect(ctx, d.opt.Sockets, d.opt.URI, d.opt.CallLimit)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", hypervisor.ErrUnavailable, err)
	}
	return s, nil
}

// sending is a migration as its source sees it.
type sending struct {
	d      *Driver
	s      *session
	dom    golibvirt.Domain
	flags  golibvirt.DomainMigrateFlags
	cookie []byte
}

// Send implements hypervisor.Migrator: libvirt's own protocol, of which each step is a
// call to this host's libvirtd.
func (d *Driver) Send(ctx context.Context, instance string, epoch int64, route hypervisor.Route, to hypervisor.Receiver) (hypervisor.Sent, error) {
	fail := func(err error) error { return fmt.Errorf("send %s/%d: %w", instance, epoch, err) }
	dom, g, err := d.find(ctx, instance)
	switch {
	case err != nil:
		return nil, fail(err)
	case g.Epoch != epoch:
		return nil, fail(fmt.Errorf("%w (%d)", hypervisor.ErrEpoch, g.Epoch))
	case g.State != hypervisor.Running:
		return nil, fail(hypervisor.ErrState)
	}
	s, err := d.own(ctx)
	if err != nil {
		return nil, fail(err)
	}
	m := &sending{d: d, s: s, dom: dom, flags: migrateFlags(route)}
	if err = d.lend(ctx, s, route); err == nil {
		err = m.send(ctx, route, to)
	}
	if err != nil {
		_ = s.conn.Close()
		return nil, fail(err)
	}
	return m, nil
}

func (m *sending) send(ctx context.Context, route hypervisor.Route, to hypervisor.Receiver) error {
	var offer hypervisor.Offer
	err := m.s.within(ctx, m.d.opt.CallLimit, func(l *golibvirt.Libvirt) (err error) {
		offer.Cookie, offer.Definition, err = l.DomainMigrateBegin3Params(m.dom, routeParams(route), uint32(m.flags))
		return err
	})
	if err != nil {
		return err
	}
	answer, err := to.Prepare(ctx, offer)
	if err == nil && len(answer.Cookie) == 0 { // which ends libvirtd 9
		err = errors.New("the other host sent nothing of its libvirt")
	}
	if err != nil {
		return errors.Join(err, m.confirm(true))
	}
	err = m.perform(ctx, route, answer)
	if err == nil {
		err = to.Finish(ctx, m.cookie, false)
	} else {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		err = errors.Join(err, to.Finish(late, nil, true))
	}
	if err != nil {
		return errors.Join(err, m.confirm(true))
	}
	return nil
}

// perform sends all of the guest, and leaves it paused here.
func (m *sending) perform(ctx context.Context, route hypervisor.Route, answer hypervisor.Answer) error {
	params := routeParams(route, stringParam(golibvirt.MigrateParamPersistXML, answer.Definition))
	stop := context.AfterFunc(ctx, func() {
		_ = m.s.within(context.Background(), m.d.opt.CallLimit, func(l *golibvirt.Libvirt) error { return l.DomainAbortJob(m.dom) })
	})
	defer stop()
	// Not with ctx: the call returns when the job was aborted, and until then it is not
	// known what became of the guest.
	return m.s.within(context.WithoutCancel(ctx), sendLimit, func(l *golibvirt.Libvirt) (err error) {
		m.cookie, err = l.DomainMigratePerform3Params(m.dom, nil, params, answer.Cookie, m.flags)
		return err
	})
}

// confirm ends the guest here, or lets it run on.
func (m *sending) confirm(cancelled bool) error {
	var flag int32
	if cancelled {
		flag = 1
	}
	return m.s.within(context.Background(), m.d.opt.CallLimit, func(l *golibvirt.Libvirt) error {
		return l.DomainMigrateConfirm3Params(m.dom, nil, nil, uint32(m.flags), flag)
	})
}

// Release implements hypervisor.Sent.
func (m *sending) Release(context.Context) error {
	defer m.s.conn.Close()
	return m.confirm(false)
}

// arriving is a migration as its destination sees it.
type arriving struct {
	d      *Driver
	s      *session
	name   string
	answer hypervisor.Answer
	route  hypervisor.Route
}

// Receive implements hypervisor.Migrator.
func (d *Driver) Receive(ctx context.Context, spec hypervisor.Spec, route hypervisor.Route, offer hypervisor.Offer) (hypervisor.Arriving, error) {
	fail := func(err error) error { return fmt.Errorf("receive %s/%d: %w", spec.Instance, spec.Epoch, err) }
	_, g, err := d.find(ctx, spec.Instance)
	switch {
	case errors.Is(err, hypervisor.ErrNoGuest):
	case err != nil:
		return nil, fail(err)
	default:
		return nil, fail(fmt.Errorf("%w (%d)", hypervisor.ErrEpoch, g.Epoch))
	}
	xml, err := rehome(d.opt.Prefix, offer.Definition, spec)
	if err != nil {
		return nil, fail(err)
	}
	s, err := d.own(ctx)
	if err != nil {
		return nil, fail(err)
	}
	m := &arriving{d: d, s: s, name: DomainName(d.opt.Prefix, spec.Instance), route: route, answer: hypervisor.Answer{Definition: xml}}
	d.forgetReboots(spec.Instance)
	if err = d.lend(ctx, s, route); err == nil {
		err = s.within(ctx, d.opt.StartLimit, func(l *golibvirt.Libvirt) (err error) {
			params := routeParams(route, stringParam(golibvirt.MigrateParamDestXML, xml))
			m.answer.Cookie, _, err = l.DomainMigratePrepare3Params(params, offer.Cookie, uint32(migrateFlags(route)))
			return err
		})
	}
	if err != nil {
		_ = s.conn.Close()
		return nil, fail(err)
	}
	return m, nil
}

// Answer implements hypervisor.Arriving.
func (m *arriving) Answer() hypervisor.Answer { return m.answer }

// Finish implements hypervisor.Arriving.
func (m *arriving) Finish(ctx context.Context, cookie []byte, cancelled bool) error {
	var flag int32
	if cancelled {
		flag = 1
	}
	err := m.s.within(ctx, m.d.opt.StartLimit, func(l *golibvirt.Libvirt) error {
		params := routeParams(m.route, stringParam(golibvirt.MigrateParamDestName, m.name))
		_, _, err := l.DomainMigrateFinish3Params(params, cookie, uint32(migrateFlags(m.route)), flag)
		return err
	})
	if cancelled {
		return nil // there is no domain to return, which is an answer like a failure
	}
	return err
}

// Close implements hypervisor.Arriving: libvirt ends what has not finished.
func (m *arriving) Close() { _ = m.s.conn.Close() }

// lend makes the folder of the sockets QEMU's own: it makes them there, and nobody else
// may.
func (d *Driver) lend(ctx context.Context, s *session, route hypervisor.Route) error {
	uid, gid, err := d.qemuUser(ctx, s)
	if err != nil {
		return err
	}
	return os.Chown(filepath.Dir(route.Memory), uid, gid)
}

// qemuUser asks libvirt as whom it runs QEMU.
func (d *Driver) qemuUser(ctx context.Context, s *session) (uid, gid int, err error) {
	var text string
	err = s.within(ctx, d.opt.CallLimit, func(l *golibvirt.Libvirt) (err error) {
		text, err = l.ConnectGetCapabilities()
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	var caps libvirtxml.Caps
	if err := caps.Unmarshal(text); err != nil {
		return 0, 0, err
	}
	for _, m := range caps.Host.SecModel {
		for _, label := range m.Labels {
			if m.Name != "dac" || label.Type != "kvm" && label.Type != "qemu" {
				continue
			}
			user, group, ok := strings.Cut(strings.TrimPrefix(label.Value, "+"), ":+")
			if uid, err = strconv.Atoi(user); !ok || err != nil {
				return 0, 0, fmt.Errorf("libvirt's QEMU user %q: a number is wanted", label.Value)
			}
			gid, err = strconv.Atoi(group)
			return uid, gid, err
		}
	}
	return 0, 0, nil // it changes to nobody: as root
}

// rehome returns the definition of a guest on the host that takes it. It is that host's
// own; the other's is only asked for what the guest has seen: the machine's version, the
// processor, and where the devices are on their buses.
func rehome(prefix, definition string, spec hypervisor.Spec) (string, error) {
	var theirs libvirtxml.Domain
	if err := theirs.Unmarshal(definition); err != nil {
		return "", fmt.Errorf("the other host's definition: %w", err)
	}
	text, err := DomainXML(prefix, spec)
	if err != nil {
		return "", err
	}
	var d libvirtxml.Domain
	if err := d.Unmarshal(text); err != nil {
		return "", err
	}
	x, y := theirs.Devices, d.Devices
	switch {
	case theirs.UUID != d.UUID || theirs.Type != d.Type:
		return "", fmt.Errorf("the other host offers %s of type %s, and %s of type %s is wanted", theirs.UUID, theirs.Type, d.UUID, d.Type)
	case x == nil || theirs.OS == nil || theirs.OS.Type == nil:
		return "", errors.New("the other host's guest has no devices")
	case len(x.Disks) != len(y.Disks) || len(x.Interfaces) != len(y.Interfaces) || len(x.RNGs) != len(y.RNGs) || len(x.Panics) != len(y.Panics) || len(x.Graphics) > 1:
		return "", errors.New("the other host's guest has other devices than are wanted")
	}
	d.OS.Type.Machine, d.CPU = theirs.OS.Type.Machine, theirs.CPU
	y.Controllers, y.Videos = x.Controllers, x.Videos
	y.Graphics = nil
	if len(x.Graphics) == 1 && x.Graphics[0].VNC != nil { // it has the display that it was started with
		y.Graphics = []libvirtxml.DomainGraphic{{VNC: &libvirtxml.DomainGraphicVNC{
			Listeners: []libvirtxml.DomainGraphicListener{{Socket: &libvirtxml.DomainGraphicListenerSocket{}}},
		}}}
	}
	for i := range y.Disks {
		y.Disks[i].Address = x.Disks[i].Address
	}
	for i := range y.Interfaces {
		y.Interfaces[i].Address = x.Interfaces[i].Address
	}
	for i := range y.RNGs {
		y.RNGs[i].Address = x.RNGs[i].Address
	}
	for i := range y.Panics {
		y.Panics[i].Address = x.Panics[i].Address
	}
	if x.MemBalloon != nil && y.MemBalloon != nil {
		y.MemBalloon.Address = x.MemBalloon.Address
	}
	out, err := d.Marshal()
	if err != nil {
		return "", err
	}
	return out + "\n", nil
}

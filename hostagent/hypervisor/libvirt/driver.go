// Package libvirt runs guests through libvirtd, monolithic or modular, over its unix
// socket. It alone imports go-libvirt.
//
// Guests are persistent domains: libvirtd then remembers why one that is off ended,
// for as long as it runs itself. A guest's epoch is in its domain's metadata.
package libvirt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	golibvirt "github.com/digitalocean/go-libvirt"
	"github.com/micacloud/mica/hostagent/hypervisor"
)

// Options say where libvirtd is and how patient to be. Zero fields take the default.
type Options struct {
	Sockets    []string         // tried in this order; libvirtd's, then virtqemud's
	URI        string           // qemu:///system
	Prefix     string           // of domain names; mica
	CallLimit  time.Duration    // for one call; 30 s
	StartLimit time.Duration    // for starting a guest; 3 min, as libvirt may first probe QEMU for one
	Ping       time.Duration    // between questions whether libvirtd is alive; 10 s
	Wait       time.Duration    // how long a call waits for a connection; 2 s
	Backoff    [2]time.Duration // between connection attempts, first and longest; 100 ms, 5 s
	Log        *slog.Logger     // slog.Default
}

func (o Options) withDefaults() Options {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	set(&o.CallLimit, 30*time.Second)
	set(&o.StartLimit, 3*time.Minute)
	set(&o.Ping, 10*time.Second)
	set(&o.Wait, 2*time.Second)
	set(&o.Backoff[0], 100*time.Millisecond)
	set(&o.Backoff[1], 5*time.Second)
	if len(o.Sockets) == 0 {
		o.Sockets = []string{"/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock"}
	}
	if o.URI == "" {
		o.URI = string(golibvirt.QEMUSystem)
	}
	if o.Prefix == "" {
		o.Prefix = "mica"
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// Driver is a hypervisor. Make it with Open.
type Driver struct {
	opt  Options
	conn supervisor
	stop context.CancelFunc
	done chan struct{}

	mu      sync.Mutex
	subs    map[chan hypervisor.Event]struct{}
	reboots map[string]rebootCount // by instance
}

// rebootCount counts a guest's reboots. One reboot is a burst of resets: SeaBIOS, when
// it finds itself started softly, resets the machine again, a few times over.
type rebootCount struct {
	n     int
	began time.Time // the latest burst's first reset
	reset time.Time // and its latest
}

// burst is how far apart the resets of one reboot may be. A small guest on a fast host
// may be up within that time: a reboot that we are asked for ends the burst before.
const burst = 3 * time.Second

// over ends the latest burst.
func (c rebootCount) over() rebootCount {
	c.reset = time.Time{}
	return c
}

func (c rebootCount) add(now time.Time) rebootCount {
	if c.n == 0 || now.Sub(c.reset) > burst {
		c.n, c.began = c.n+1, now
	}
	c.reset = now
	return c
}

var (
	_ hypervisor.Hypervisor = (*Driver)(nil)
	_ hypervisor.Describer  = (*Driver)(nil)
)

// Open returns a driver that connects in the background, and again whenever the
// connection is lost. It needs no libvirtd to be there yet.
func Open(opt Options) *Driver {
	ctx, cancel := context.WithCancel(context.Background())
	d := &Driver{
		opt:     opt.withDefaults(),
		stop:    cancel,
		done:    make(chan struct{}),
		subs:    map[chan hypervisor.Event]struct{}{},
		reboots: map[string]rebootCount{},
	}
	d.conn.opt, d.conn.log, d.conn.changed = d.opt, d.opt.Log, make(chan struct{})
	d.conn.lastErr = errors.New("not connected yet")
	d.conn.onOpen = d.subscribe
	go func() {
		defer close(d.done)
		d.conn.run(ctx)
	}()
	return d
}

// Close ends the connection. Guests go on.
func (d *Driver) Close() {
	d.stop()
	<-d.done
}

// Start implements hypervisor.Hypervisor.
func (d *Driver) Start(ctx context.Context, spec hypervisor.Spec) error {
	fail := func(err error) error { return fmt.Errorf("start %s/%d: %w", spec.Instance, spec.Epoch, err) }
	_, g, err := d.find(ctx, spec.Instance)
	switch {
	case errors.Is(err, hypervisor.ErrNoGuest):
	case err != nil:
		return fail(err)
	case g.Epoch != spec.Epoch:
		return fail(fmt.Errorf("%w (%d)", hypervisor.ErrEpoch, g.Epoch))
	case g.State != hypervisor.Ended:
		return nil
	}
	if spec.VNC && !d.vnc(ctx, spec.Accel) {
		spec.VNC = false
	}
	xml, err := DomainXML(d.opt.Prefix, spec)
	if err != nil {
		return fail(err)
	}
	var dom golibvirt.Domain
	err = d.conn.call(ctx, d.opt.CallLimit, func(l *golibvirt.Libvirt) (err error) {
		dom, err = l.DomainDefineXMLFlags(xml, 0) // its schema check costs 20 ms: the tests do it
		return err
	})
	if err != nil {
		return fail(err)
	}
	d.forgetReboots(spec.Instance)
	err = d.conn.call(ctx, d.opt.StartLimit, func(l *golibvirt.Libvirt) error {
		_, err := l.DomainCreateWithFlags(dom, uint32(golibvirt.DomainStartPaused))
		return err
	})
	if err != nil {
		return fail(err)
	}
	return nil
}

// vnc asks what this QEMU can do; no answer is a no.
func (d *Driver) vnc(ctx context.Context, a hypervisor.Accel) bool {
	var caps string
	err := d.conn.call(ctx, d.opt.StartLimit, func(l *golibvirt.Libvirt) (err error) {
		caps, err = l.ConnectGetDomainCapabilities(nil, golibvirt.OptString{"x86_64"}, golibvirt.OptString{"q35"}, golibvirt.OptString{virtType(a)}, 0)
		return err
	})
	return err == nil && hasVNC(caps)
}

// Observe implements hypervisor.Hypervisor.
func (d *Driver) Observe(ctx context.Context, instance string) ([]hypervisor.Guest, error) {
	if instance != "" {
		_, g, err := d.find(ctx, instance)
		if errors.Is(err, hypervisor.ErrNoGuest) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("observe %s: %w", instance, err)
		}
		return []hypervisor.Guest{g}, nil
	}
	var doms []golibvirt.Domain
	err := d.conn.call(ctx, d.opt.CallLimit, func(l *golibvirt.Libvirt) (err error) {
		doms, _, err = l.ConnectListAllDomains(1, 0)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("observe: %w", err)
	}
	var guests []hypervisor.Guest
	for _, dom := range doms {
		id, ours := strings.CutPrefix(dom.Name, d.opt.Prefix+"-")
		if !ours {
			continue
		}
		g, err := d.look(ctx, dom, id)
		switch {
		case errors.Is(err, hypervisor.ErrNoGuest), errors.Is(err, errNotOurs):
			continue // gone since, or somebody else's under a name like ours
		case err != nil:
			return nil, fmt.Errorf("observe %s: %w", dom.Name, err)
		}
		guests = append(guests, g)
	}
	return guests, nil
}

// find looks up an instance's domain; ErrNoGuest if there is none.
func (d *Driver) find(ctx context.Context, instance string) (golibvirt.Domain, hypervisor.Guest, error) {
	var dom golibvirt.Domain
	err := d.conn.call(ctx, d.opt.CallLimit, func(l *golibvirt.Libvirt) (err error) {
		dom, err = l.DomainLookupByName(DomainName(d.opt.Prefix, instance))
		return err
	})
	if err != nil {
		return dom, hypervisor.Guest{}, noGuest(err)
	}
	g, err := d.look(ctx, dom, instance)
	return dom, g, err
}

// look reads a domain's epoch and state. The reboots are read before the state, so
// that one who sees a state has seen the reboots before it.
func (d *Driver) look(ctx context.Context, dom golibvirt.Domain, instance string) (hypervisor.Guest, error) {
	var meta string
	var state, reason int32
	d.mu.Lock()
	reboots := d.reboots[instance]
	d.mu.Unlock()
	err := d.conn.call(ctx, d.opt.CallLimit, func(l *golibvirt.Libvirt) (err error) {
		meta, err = l.DomainGetMetadata(dom, int32(golibvirt.DomainMetadataElement), golibvirt.OptString{namespace}, golibvirt.DomainAffectCurrent)
		if err == nil {
			state, reason, err = l.DomainGetState(dom, 0)
		}
		return err
	})
	if hasCode(err, golibvirt.ErrNoDomainMetadata) {
		return hypervisor.Guest{}, fmt.Errorf("domain %s: %w", dom.Name, errNotOurs)
	}
	if err != nil {
		return hypervisor.Guest{}, noGuest(err)
	}
	id, epoch, err := parseMetadata(meta)
	if err != nil {
		return hypervisor.Guest{}, err
	}
	if id != instance {
		return hypervisor.Guest{}, fmt.Errorf("domain %s says it is %s: %w", dom.Name, id, errNotOurs)
	}
	g := hypervisor.Guest{Instance: id, Epoch: epoch, Reboots: reboots.n, LastReboot: reboots.began}
	if g.State, g.End, g.Stalled = guestState(state, reason); g.State == hypervisor.Ended {
		return g, nil
	}
	definition, err := d.definition(ctx, dom)
	if err != nil {
		return hypervisor.Guest{}, noGuest(err)
	}
	g.NICs, err = nicStates(definition)
	return g, err
}

// Describe implements hypervisor.Describer.
func (d *Driver) Describe(ctx context.Context, instance string) (hypervisor.Description, error) {
	dom, _, err := d.find(ctx, instance)
	if err != nil {
		return hypervisor.Description{}, fmt.Errorf("describe %s: %w", instance, err)
	}
	var xml string
	err = d.conn.call(ctx, d.opt.CallLimit, func(l *golibvirt.Libvirt) (err error) {
		xml, err = l.DomainGetXMLDesc(dom, 0)
		return err
	})
	if err != nil {
		return hypervisor.Description{}, fmt.Errorf("describe %s: %w", instance, noGuest(err))
	}
	virsh := "virsh -c " + d.opt.URI + " "
	return hypervisor.Description{Definition: xml, Commands: []string{
		virsh + "domstate --reason " + dom.Name,
		virsh + "dumpxml " + dom.Name,
		virsh + "domblklist --details " + dom.Name,
		virsh + "domiflist " + dom.Name,
		virsh + "domstats " + dom.Name,
		virsh + "event --all --loop --domain " + dom.Name,
		"tail /var/log/libvirt/qemu/" + dom.Name + ".log",
	}}, nil
}

func hasCode(err error, code golibvirt.ErrorNumber) bool {
	e, ok := errors.AsType[golibvirt.Error](err)
	return ok && e.Code == uint32(code)
}

// noGuest turns libvirt's word for a domain that is not there into ours.
func noGuest(err error) error {
	if hasCode(err, golibvirt.ErrNoDomain) {
		return hypervisor.ErrNoGuest
	}
	return err
}

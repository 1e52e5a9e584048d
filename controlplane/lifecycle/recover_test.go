package lifecycle

import (
	"testing"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/schedule"
	"github.com/micacloud/mica/controlplane/store"
)

// shared is a world whose host-1, with a guarded guest i on it, shares storage with host-2
// and not with host-3.
func shared(t *testing.T, change func(*model.Instance)) *world {
	w := newWorld(t)
	for _, h := range []model.Host{{ID: "host-1", Storage: "nfs"}, {ID: "host-2", Storage: "nfs"}, {ID: "host-3"}} {
		w.update(func(tx *store.Tx) error {
			h.Name, h.Region, h.Zone, h.Arch, h.VCPUs, h.MemoryMiB, h.Up = h.ID, "r", "ra", "x86_64", 64, 65536, true
			return store.Hosts.Put(tx, &h)
		})
	}
	w.launch("i", func(i *model.Instance, _ *model.Interface, _ *model.Volume) {
		i.Zone, i.Arch = "ra", "x86_64"
		if change != nil {
			change(i)
		}
	})
	w.update(func(tx *store.Tx) error {
		return ReportBoot(tx, "host-1", BootReport{Instance: "i", Epoch: 1, Phase: model.PhaseRunning, Guarded: true})
	})
	return w
}

func (w *world) hostUp(id string, up bool) {
	w.update(func(tx *store.Tx) error {
		h := *store.Hosts.Get(tx, id)
		h.Up = up
		return store.Hosts.Put(tx, &h)
	})
}

func (w *world) recover(fenced bool) *model.Boot {
	w.update(func(tx *store.Tx) error {
		return Recover(tx, "i", schedule.Policy{}, func(string) bool { return fenced })
	})
	return Boot(w.view(), w.instance("i"))
}

// TestRecover: the instance gets its next epoch on the host that has its storage, and
// keeps its address; the old host is told to be done with the old one.
func TestRecover(t *testing.T) {
	w := shared(t, nil)
	address := store.Interfaces.Get(w.view(), "eni-i").PublicIP
	w.hostUp("host-1", false)
	if b := w.recover(false); b.Epoch != 1 {
		t.Fatalf("recovered before the host was fenced: %+v", b)
	}
	b := w.recover(true)
	if b.Epoch != 2 || b.Host != "host-2" {
		t.Fatalf("recovered as %+v", b)
	}
	old := store.Boots.Get(w.view(), model.BootID("i", 1))
	if old.Phase != model.PhaseEnded || old.Cause != model.EndFenced || old.Reason.Code != "Server.HostLost" {
		t.Errorf("the old boot is %+v", old)
	}
	if v := store.Volumes.Get(w.view(), "vol-i"); v.Host != "host-2" {
		t.Errorf("the volume is on %s", v.Host)
	}
	if now := store.Interfaces.Get(w.view(), "eni-i").PublicIP; now != address || !now.IsValid() {
		t.Errorf("the address was %v and is %v", address, now)
	}
	for host, boots := range map[string]int{"host-1": 0, "host-2": 1} {
		if u := usage(w.view(), host); u.Boots != boots || u.MemoryMiB != boots*1024 {
			t.Errorf("%s holds %+v", host, u)
		}
	}
	w.wantState("i", "pending")
	if again := w.recover(true); again.Epoch != 2 {
		t.Errorf("recovered twice: %+v", again)
	}
	// The old host is back: its word about the old boot changes nothing but that boot.
	w.reported("i", 1, model.PhaseReleased, model.EndFenced)
	if u := usage(w.view(), "host-1"); u.Boots != 0 {
		t.Errorf("host-1 holds %+v", u)
	}
	if Boot(w.view(), w.instance("i")).Epoch != 2 {
		t.Error("the instance has another boot")
	}
}

// TestAGuestThatItsGuardianEnded is started anew although its host is back in time.
func TestAGuestThatItsGuardianEnded(t *testing.T) {
	w := shared(t, nil)
	address := store.Interfaces.Get(w.view(), "eni-i").PublicIP
	w.reported("i", 1, model.PhaseReleased, model.EndFenced)
	if b := w.recover(false); b.Epoch != 2 {
		t.Fatalf("the guest that was ended stays so: %+v", b)
	}
	if now := store.Interfaces.Get(w.view(), "eni-i").PublicIP; now != address || !now.IsValid() {
		t.Errorf("the address was %v and is %v", address, now)
	}
}

func TestWhatIsNotRecovered(t *testing.T) {
	for name, c := range map[string]struct {
		instance func(*model.Instance)
		do       func(*world)
	}{
		"its owner forbade it":   {instance: func(i *model.Instance) { i.AutoRecovery = "disabled" }},
		"its owner stopped it":   {do: func(w *world) { w.stop("i", false) }},
		"nobody has its storage": {do: func(w *world) { w.hostUp("host-2", false) }},
		"nobody guards it": {do: func(w *world) {
			w.update(func(tx *store.Tx) error {
				b := *store.Boots.Get(tx, "i/1")
				b.Guarded = false
				return store.Boots.Put(tx, &b)
			})
		}},
		"its storage is the host's own": {do: func(w *world) {
			w.update(func(tx *store.Tx) error {
				h := *store.Hosts.Get(tx, "host-1")
				h.Storage = ""
				return store.Hosts.Put(tx, &h)
			})
		}},
		"the other has no room": {do: func(w *world) {
			w.update(func(tx *store.Tx) error {
				h := *store.Hosts.Get(tx, "host-2")
				h.MemoryMiB = 512
				return store.Hosts.Put(tx, &h)
			})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := shared(t, c.instance)
			w.hostUp("host-1", false)
			if c.do != nil {
				c.do(w)
			}
			if b := w.recover(true); b.Epoch != 1 || b.Host != "host-1" {
				t.Errorf("it was: %+v", b)
			}
			if u := usage(w.view(), "host-1"); u.Boots != 1 {
				t.Errorf("host-1 holds %+v", u)
			}
		})
	}
}

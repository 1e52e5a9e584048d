package ec2_test

import (
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/micacloud/mica/controlplane/auth"
	"github.com/micacloud/mica/controlplane/lifecycle"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/server"
	"github.com/micacloud/mica/controlplane/store"
)

// serveCloud answers the API of a cloud over HTTP, with hosts that do at once what they
// are asked for.
func serveCloud(t *testing.T) (c *cloud, address string) {
	t.Helper()
	c = newCloud(t)
	c.console = func(string, string, bool) ([]byte, time.Time, error) { return []byte("login: "), time.Now(), nil }
	c.update(func(tx *store.Tx) error {
		if err := store.Accounts.Put(tx, &model.Account{ID: me}); err != nil {
			return err
		}
		return store.AccessKeys.Put(tx, &model.AccessKey{ID: "AKIAEXAMPLE", Secret: "secret", Account: me, User: "root"})
	})
	cfg := server.Config{Regions: []string{region}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	s, err := server.New(cfg, c.db, c.reg, server.Signed(&auth.Verifier{Lookup: auth.FromStore(c.db)}))
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(s)
	t.Cleanup(front.Close)
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	t.Cleanup(func() { stop(); wg.Wait() })
	wg.Go(func() { c.play(ctx) })
	return c, front.URL
}

// play is all hosts: it brings boots and volumes to where they are wanted.
func (c *cloud) play(ctx context.Context) {
	for {
		changed := c.db.Changed()
		err := c.db.Update(ctx, store.Meta{Action: "Report"}, func(tx *store.Tx) error {
			for b := range store.Boots.List(tx) {
				if err := playBoot(tx, b); err != nil {
					return err
				}
			}
			if err := playNATs(tx); err != nil {
				return err
			}
			for v := range store.Volumes.List(tx) {
				if v.State == model.VolumeDeleting {
					if err := lifecycle.ReportVolume(tx, v.Host, v.ID, lifecycle.VolumeDeleted, ""); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil && ctx.Err() == nil {
			c.t.Errorf("hosts: %v", err)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

func playBoot(tx *store.Tx, b *model.Boot) error {
	i := store.Instances.Get(tx, b.Instance)
	if i == nil || b.Epoch != i.Epoch || b.Phase == model.PhaseReleased {
		return nil
	}
	st := lifecycle.BootReport{Instance: b.Instance, Epoch: b.Epoch, Phase: model.PhaseRunning}
	switch want := lifecycle.WantOf(tx, i, b); {
	case want != lifecycle.Run || b.Phase >= model.PhaseEnded:
		st.Phase, st.Cause = model.PhaseReleased, model.EndAsked
	default:
		st.Attachments = attachmentsNow(tx, i)
	}
	return lifecycle.ReportBoot(tx, b.Host, st)
}

// TestInstancesWithBoto3 does with Amazon's own client what its users do, every waiter
// included.
func TestInstancesWithBoto3(t *testing.T) {
	c, address := serveCloud(t)
	cmd := exec.Command(python(t), filepath.Join("testdata", "instances.py"), address, c.image)
	cmd.Env = append(clientEnv(t), "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "fine" {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestPlacementWithBoto3 does the same for hosts, placement groups and reserved capacity.
func TestPlacementWithBoto3(t *testing.T) {
	c, address := serveCloud(t)
	c.fleet(6)
	cmd := exec.Command(python(t), filepath.Join("testdata", "placement.py"), address, c.image)
	cmd.Env = append(clientEnv(t), "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "fine" {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestPlacementWithTerraform applies, changes and destroys a placement group, a Dedicated
// Host and a capacity reservation with their instances.
func TestPlacementWithTerraform(t *testing.T) {
	if testing.Short() {
		t.Skip("short") // as the next
	}
	t.Parallel()
	dir := terraformDir(t, "terraform-placement")
	c, address := serveCloud(t)
	c.fleet(5)
	for _, x := range []struct{ args, says []string }{
		{[]string{"apply", "-auto-approve"}, []string{"1,2 off t3.micro host 1"}},
		{[]string{"plan"}, []string{"No changes"}},
		{[]string{"apply", "-auto-approve", "-var", "reserved=2"}, []string{"1,2 off t3.micro host 2", "0 added, 1 changed, 0 destroyed"}},
		{[]string{"destroy", "-auto-approve"}, nil},
	} {
		out, err := terraform(t, dir, []string{"TF_VAR_endpoint=" + address}, x.args...)
		if err != nil {
			t.Fatalf("terraform %s: %v\n%s", strings.Join(x.args, " "), err, out)
		}
		for _, s := range x.says {
			if !strings.Contains(out, s) {
				t.Errorf("terraform %s does not say %q:\n%s", x.args[0], s, out)
			}
		}
	}
	for u := range store.HostUsage.List(c.db.Stale()) {
		if u.Boots+u.Reserved+u.Dedicated > 0 || u.Allocation != "" {
			t.Errorf("left on a host: %+v", u)
		}
	}
}

// TestInstancesWithTerraform applies, changes and destroys instances. The change must be
// all that Terraform finds to do: what it reads back is what it asked for.
func TestInstancesWithTerraform(t *testing.T) {
	if testing.Short() {
		t.Skip("short") // the provider takes seconds to start, and waits long between looks
	}
	t.Parallel()
	dir := terraformDir(t, "terraform-instance")
	c, address := serveCloud(t)
	key := "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3o5c9QdVY0rVqGQ0yk1sW6a0h0o0cP1kXhXl4m7Z2b me@here"
	for _, x := range []struct {
		args []string
		says []string
	}{
		{[]string{"apply", "-auto-approve"}, []string{"/dev/xvda 2 1024 eu-central-1a,eu-central-1b running 10 true 2"}},
		{[]string{"apply", "-auto-approve", "-var", "type=t3.small"}, []string{"/dev/xvda 2 2048 eu-central-1a,eu-central-1b running 10 true 2", "0 added, 1 changed, 0 destroyed"}},
		{[]string{"destroy", "-auto-approve"}, nil},
	} {
		out, err := terraform(t, dir, []string{"TF_VAR_endpoint=" + address, "TF_VAR_public_key=" + key}, x.args...)
		if err != nil {
			t.Fatalf("terraform %s: %v\n%s", strings.Join(x.args, " "), err, out)
		}
		for _, s := range x.says {
			if !strings.Contains(out, s) {
				t.Errorf("terraform %s does not say %q:\n%s", x.args[0], s, out)
			}
		}
	}
	for i := range store.Instances.List(c.db.Stale()) {
		if s := lifecycle.State(c.db.Stale(), i); s != model.StateTerminated {
			t.Errorf("%s is %s after destroy", i.ID, s.Name)
		}
	}
}

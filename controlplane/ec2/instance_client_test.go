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
	case b.Phase == model.PhaseRunning:
		return nil
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

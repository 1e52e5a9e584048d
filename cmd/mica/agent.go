package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"github.com/micacloud/mica/hostagent/uplink"
	"github.com/micacloud/mica/internal/atomicfile"
	"github.com/micacloud/mica/internal/join"
)

func agentCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "agent",
		Short: "Run this host for a cluster: its guests, their network and metadata",
		Long: "Run this host for a cluster. It joins once, with --join and a token that\n" +
			"`mica token create --role agent` made on a server; after that it finds the servers by itself.\n" +
			"Guests belong to libvirt: ending this process, in whatever way, does not stop them.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(cmd)
			if err != nil {
				return err
			}
			if err := cfg.makeDirs(); err != nil {
				return err
			}
			log, err := logTo(cfg)
			if err != nil {
				return err
			}
			up, err := uplink.Open(cfg.agentDir(), log)
			if err == nil && (up == nil || cfg.joinsAnother(up)) {
				up, err = joinHost(cmd.Context(), cfg, log)
			}
			if err != nil {
				return err
			}
			if cfg, err = loadConfig(cmd); err != nil { // with what the servers told
				return err
			}
			cfg.hostOnly = true
			if zone, _ := cmd.Flags().GetString("zone"); zone != "" {
				cfg.HostZone = zone
			}
			if err := cfg.check(); err != nil {
				return err
			}
			return runAgent(cmd.Context(), cfg, log, up)
		},
	}
	hostFlags(c)
	joinFlags(c)
	c.Flags().String("zone", "", "zone of this host, a letter or a full name (default: the first)")
	c.Flags().Lookup("host-zone").Hidden = true
	c.Flags().StringSlice("region", []string{"us-east-1"}, "regions that are served")
	_ = c.Flags().MarkHidden("region") // the servers say which
	return c
}

func (c *config) agentDir() string { return filepath.Join(c.DataDir, "agent") }

// joinsAnother reports whether the token that was given is of another cluster than the
// host is in: one that was restored from a backup has a new authority.
func (c *config) joinsAnother(up *uplink.Uplink) bool {
	token, addresses, err := c.joining()
	if err == nil {
		up.Seed(addresses)
	}
	return err == nil && token.Digest != up.Digest()
}

// joinHost makes this machine a host of the cluster that cfg.Join names.
func joinHost(ctx context.Context, cfg *config, log *slog.Logger) (*uplink.Uplink, error) {
	if len(cfg.Join) == 0 {
		return nil, fmt.Errorf("%s has no host yet: --join with --token joins a cluster", cfg.DataDir)
	}
	token, addresses, err := cfg.joining()
	if err != nil {
		return nil, err
	}
	id, err := hostID(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	link, err := uplink.Join(ctx, cfg.agentDir(), addresses, token, join.Request{ID: id, Version: version}, log)
	if err != nil {
		return nil, err
	}
	return link, atomicfile.Write(cfg.settingsFile(), link.Settings(), 0o600)
}

// runAgent runs this host until ctx ends.
func runAgent(ctx context.Context, cfg *config, log *slog.Logger, up *uplink.Uplink) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	if cfg.Underlay == "" {
		source, err := up.Source()
		if err != nil {
			return err
		}
		if !source.IsLoopback() { // else the servers are on this machine, and no way to another host is known
			cfg.Underlay = source.String()
		}
	}
	h, err := startHosts(ctx, cfg, log, link{id: up.ID(), member: up.Member(), servers: up.Servers, dial: up.Dial, found: up.Found, fetch: func(ctx context.Context, digest string) (io.ReadCloser, error) {
		return up.Get(ctx, pathImages+digest)
	}})
	if err != nil {
		return err
	}
	defer h.stop()
	linked, bg := newGroup(ctx)
	bg.wg.Go(func() { up.Run(linked) })
	defer bg.stop()
	log.Info("mica agent is up", "host_id", up.ID(), "zone", cfg.HostZone, "hypervisor", cfg.Hypervisor, "data_dir", cfg.DataDir)
	_, _ = daemon.SdNotify(false, daemon.SdNotifyReady) // without systemd there is nobody to tell
	<-ctx.Done()
	_, _ = daemon.SdNotify(false, daemon.SdNotifyStopping)
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	log.Info("mica agent is going down; guests keep running")
	return nil
}

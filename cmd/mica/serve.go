package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"github.com/micacloud/mica/imagestore"
	"github.com/micacloud/mica/internal/join"
	"github.com/micacloud/mica/internal/pki"
)

func serverCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "server",
		Short: "Run a server of a cluster: the API, its replicated state, and what hosts connect to",
		Long: "Run a server. The first one of a cluster is started with --bootstrap, the others with --join and a\n" +
			"token that `mica token create --role server` made; after that neither is wanted again. One, three or\n" +
			"five servers have a vote; further ones stand by. Hosts join with `mica agent`.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(cmd)
			if err != nil {
				return err
			}
			if err := cfg.makeDirs(); err != nil {
				return err
			}
			if cfg, err = becomeServer(cmd, cfg); err != nil {
				return err
			}
			cfg.serverOnly = true
			if err := cfg.check(); err != nil {
				return err
			}
			log, err := logTo(cfg)
			if err != nil {
				return err
			}
			return serveAlone(cmd.Context(), cfg, log)
		},
	}
	apiFlags(c)
	clusterFlags(c, ":"+join.DefaultPort)
	joinFlags(c)
	c.Flags().Bool("bootstrap", false, "begin a new cluster with this server, unless it has a state already")
	return c
}

// becomeServer joins, if that was not done before, and reads the settings that come with
// it.
func becomeServer(cmd *cobra.Command, cfg *config) (*config, error) {
	if cfg.ClusterListen == "" {
		return nil, errors.New("cluster-listen: a server needs an address for the others; `mica up` does without")
	}
	member, err := pki.OpenMember(cfg.pkiDir())
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(cfg.raftDir()); member != nil || err == nil || cfg.Bootstrap {
		if cfg.Bootstrap && member == nil && len(cfg.Join) > 0 {
			return nil, errors.New("--bootstrap begins a cluster and --join joins one: choose")
		}
		return cfg, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(cfg.Join) == 0 {
		return nil, fmt.Errorf("%s has no server yet: --bootstrap begins a cluster, --join with --token joins one", cfg.DataDir)
	}
	if err := joinServer(cmd.Context(), cfg); err != nil {
		return nil, err
	}
	return loadConfig(cmd)
}

func (c *config) makeDirs() error {
	for dir, mode := range map[string]os.FileMode{c.DataDir: 0o711, c.RunDir: 0o755} {
		if err := os.MkdirAll(dir, mode); err != nil {
			return err
		}
	}
	return nil
}

// serveAlone runs a server without a host until ctx ends.
func serveAlone(ctx context.Context, cfg *config, log *slog.Logger) error {
	collectLess()
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	images, err := imagestore.Open(cfg.DataDir)
	if err != nil {
		return err
	}
	defer images.Close()
	s, err := startServer(ctx, fail, cfg, log)
	if err != nil {
		return err
	}
	defer s.stop()
	s.keepImages(images)
	if err := s.serve(ctx); err != nil {
		return err
	}
	log.Info("mica server is up", "server_id", s.id, "https", cfg.Listen, "http", cfg.ListenHTTP, "cluster", cfg.ClusterListen, "data_dir", cfg.DataDir)
	_, _ = daemon.SdNotify(false, daemon.SdNotifyReady) // without systemd there is nobody to tell
	<-ctx.Done()
	_, _ = daemon.SdNotify(false, daemon.SdNotifyStopping)
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	log.Info("mica server is going down; guests keep running")
	return nil
}

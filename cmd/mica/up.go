package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"
)

func upCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "up",
		Short: "Run a server and an agent on this host",
		Long: "Run Mica on this host: the API, its replicated state, and the agent that boots guests.\n" +
			"Guests belong to libvirt: ending this process, in whatever way, does not stop them.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(cmd)
			if err == nil {
				err = cfg.check()
			}
			if err != nil {
				return err
			}
			log, err := newLogger(cfg)
			if err != nil {
				return err
			}
			slog.SetDefault(log)
			return up(cmd.Context(), cfg, log)
		},
	}
	upFlags(c)
	return c
}

func newLogger(cfg *config) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		return nil, fmt.Errorf("log-level: %w", err)
	}
	opts := &slog.HandlerOptions{Level: level}
	switch cfg.LogFormat {
	case "text":
		return slog.New(slog.NewTextHandler(os.Stderr, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(os.Stderr, opts)), nil
	}
	return nil, fmt.Errorf("log-format %q: text or json is wanted", cfg.LogFormat)
}

// up runs everything until ctx ends, and stops it in the opposite order.
func up(ctx context.Context, cfg *config, log *slog.Logger) error {
	if err := cfg.makeDirs(); err != nil {
		return err
	}
	cfg.Bootstrap = true
	collectLess()
	// Whatever fails ends all the rest.
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	s, err := startServer(ctx, fail, cfg, log)
	if err != nil {
		return err
	}
	defer s.stop()
	a, err := startAgents(ctx, cfg, log, s)
	if err != nil {
		return err
	}
	defer a.stop()
	if err := s.serve(ctx); err != nil {
		return err
	}
	if err := s.settled(ctx, len(a.agents)); err != nil {
		return err
	}
	_, _ = daemon.SdNotify(false, daemon.SdNotifyReady) // without systemd there is nobody to tell
	log.Info("mica is up", "https", cfg.Listen, "http", cfg.ListenHTTP, "data_dir", cfg.DataDir, "hypervisor", cfg.Hypervisor)
	<-ctx.Done()
	_, _ = daemon.SdNotify(false, daemon.SdNotifyStopping)
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	log.Info("mica is going down; guests keep running")
	return nil
}

// collectLess: the state is small beside what requests allocate, so that collecting half
// as often buys processor time under load for some megabytes.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}

// group runs goroutines that end with their context.
type group struct {
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

func newGroup(ctx context.Context) (context.Context, *group) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	return ctx, &group{cancel: cancel}
}

func (g *group) stop() {
	g.cancel()
	g.wg.Wait()
}

// listen opens an address, and says what to do when another has it.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w: choose another with --listen and --listen-http", err)
	}
	return l, nil
}

func (c *config) adminSocket() string { return filepath.Join(c.RunDir, "mica.sock") }
func (c *config) agentSocket() string { return filepath.Join(c.RunDir, "agent.sock") }

// wait polls until ok or ctx ends.
func wait(ctx context.Context, ok func() bool) error {
	for !ok() {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

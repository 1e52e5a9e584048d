package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/micacloud/mica/hostagent/doctor"
	"github.com/micacloud/mica/hostagent/hypervisor"
	"github.com/micacloud/mica/hostagent/hypervisor/accel"
	"github.com/micacloud/mica/netplane/kernel"
)

func doctorCommand() *cobra.Command {
	var asJSON, fix bool
	c := &cobra.Command{
		Use: "doctor", Short: "Check this host, and say how to mend it", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(cmd)
			if err == nil {
				err = cfg.check()
			}
			if err != nil {
				return err
			}
			return diagnose(cmd, cfg, asJSON, fix)
		},
	}
	upFlags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	c.Flags().BoolVar(&fix, "fix", false, "mend what can be mended without asking")
	return c
}

func diagnose(cmd *cobra.Command, cfg *config, asJSON, fix bool) error {
	checks := doctor.Run(cmd.Context(), doctorConfig(cfg))
	if fix {
		for _, c := range checks {
			if c.Fixable && c.Status != doctor.Pass {
				fmt.Fprintf(cmd.ErrOrStderr(), "mending %s: %s\n", c.Name, c.Fix)
				if err := c.Apply(cmd.Context()); err != nil {
					fmt.Fprintf(cmd.ErrOrStderr(), "  did not work: %v\n", err)
				}
			}
		}
		checks = doctor.Run(cmd.Context(), doctorConfig(cfg))
	}
	if asJSON {
		return json.NewEncoder(cmd.OutOrStdout()).Encode(checks)
	}
	failed := 0
	for _, c := range checks {
		fmt.Fprintf(cmd.OutOrStdout(), "%-4s  %-18s %s\n", c.Status, c.Name, c.Detail)
		if c.Status != doctor.Pass && c.Fix != "" {
			fmt.Fprintf(cmd.OutOrStdout(), "      fix: %s\n", c.Fix)
		}
		if c.Status == doctor.Fail {
			failed++
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks failed", failed, len(checks))
	}
	return nil
}

func doctorConfig(cfg *config) doctor.Config {
	return doctor.Config{
		DataDir: cfg.DataDir, RunDir: cfg.RunDir, Prefix: cfg.NamePrefix, QEMU: cfg.Emulator, Accel: accel.Mode(cfg.Accel),
		AccelCache: filepath.Join(cfg.DataDir, "agent", "accel"), Listen: []string{cfg.Listen, cfg.ListenHTTP}, PublicPool: cfg.pool, PoolOnLAN: cfg.PoolOnLAN,
		VPCs: []netip.Prefix{netip.MustParsePrefix("172.31.0.0/16")},
	}
}

func downCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "down", Short: "End this host's guests and remove their networks", Args: cobra.NoArgs,
		Long: "End every guest of this Mica on this host and remove domains, namespaces, links, rules and sets.\n" +
			"`mica up` must not be running. State, images and volumes stay: the next `mica up` shows the instances as stopped.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(cmd)
			if err != nil {
				return err
			}
			return down(cmd.Context(), cfg)
		},
	}
	c.Flags().String("libvirt-socket", "", "path of libvirt's socket (default: the first that is there)")
	return c
}

// down leaves nothing of ours running on this host.
func down(ctx context.Context, cfg *config) error {
	if conn, err := net.DialTimeout("unix", filepath.Join(cfg.RunDir, "mica.sock"), time.Second); err == nil {
		conn.Close()
		return errors.New("`mica up` is running: end it first, or it would start its guests again")
	}
	k, err := kernel.New(kernel.Config{Prefix: cfg.NamePrefix})
	if err != nil {
		return err
	}
	return errors.Join(endGuests(ctx, cfg), k.Cleanup(ctx))
}

func endGuests(ctx context.Context, cfg *config) error {
	driver := newDriver(cfg, slog.Default())
	defer driver.Close()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	guests, err := driver.Observe(ctx, "")
	if errors.Is(err, hypervisor.ErrUnavailable) {
		return nil // without libvirt there are no guests of ours
	}
	for _, g := range guests {
		err = errors.Join(err, driver.Signal(ctx, g.Instance, g.Epoch, hypervisor.Destroy), driver.Signal(ctx, g.Instance, g.Epoch, hypervisor.Forget))
	}
	return err
}

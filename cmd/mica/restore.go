package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/micacloud/mica/controlplane/cluster"
	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/internal/atomicfile"
	"github.com/micacloud/mica/internal/join"
	"github.com/micacloud/mica/internal/pki"
)

func clusterBackupCommand() *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write the whole state to a file", Args: cobra.ExactArgs(1),
		Long: "Write the state, with all that was answered before, to a file with a checksum. It has what opens doors, such as\n" +
			"the secrets of access keys: keep it safe. Images and volumes, and the authority's key, are not in it.",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			resp, err := c.open(cmd.Context(), http.MethodGet, "/v1/backup", nil)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			return keepBackup(cmd, args[0], resp.Body)
		},
	}
}

// keepBackup writes a backup so that a file of the name is a whole one.
func keepBackup(cmd *cobra.Command, path string, from io.Reader) error {
	tmp := path + ".part"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	n, err := io.Copy(f, from)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	var info cluster.BackupInfo
	if err := cluster.ReadBackup(tmp, func(i cluster.BackupInfo, _ io.Reader) error { info = i; return nil }); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s: %d bytes, version %d of the state, %s\n", path, n, info.Rev, info.At.Format(time.RFC3339))
	return nil
}

func clusterRestoreCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "restore FILE", Short: "Make a first server of a backup, in an empty data directory", Args: cobra.ExactArgs(1),
		Long: "Make the first server of a new cluster of a backup: run it, then let other servers and the hosts join with new\n" +
			"tokens. Hosts keep what runs. The data directory must have no state; a pki folder copied there from an old server\n" +
			"beforehand keeps the authority, so that certificates stay good. The old servers must not run any more.",
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := loadConfig(cmd)
			if err == nil {
				err = cfg.makeDirs()
			}
			if err != nil {
				return err
			}
			return cluster.ReadBackup(args[0], func(info cluster.BackupInfo, state io.Reader) error {
				if err := restore(cfg, info, state); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "restored version %d of the state, of %s; start it: mica server --data-dir %s\n", info.Rev, info.At.Format(time.RFC3339), cfg.DataDir)
				return nil
			})
		},
	}
	clusterFlags(c, ":"+join.DefaultPort)
	return c
}

func restore(cfg *config, info cluster.BackupInfo, state io.Reader) error {
	address, err := advertise(cfg.ClusterListen, cfg.ClusterAdvertise)
	if err != nil {
		return err
	}
	if _, err := os.Stat(cfg.raftDir()); err == nil {
		return fmt.Errorf("%s has a state already", cfg.DataDir)
	}
	ca, err := pki.Open(cfg.pkiDir())
	if err != nil {
		return err
	}
	if err := os.Remove(cfg.pkiDir() + "/member.pem"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err // another server's, that came with the folder
	}
	cfg.serverOnly = true
	member, err := firstMember(cfg, ca)
	if err != nil {
		return err
	}
	if err := errors.Join(cluster.MarkAlone(cfg.DataDir), atomicfile.Write(cfg.settingsFile(), info.Settings, 0o600)); err != nil {
		return err
	}
	// Last: with it the directory is a server's.
	return consensus.Restore(consensus.Config{ID: member.Identity().ID, Dir: cfg.raftDir(), Logger: slog.New(slog.DiscardHandler)}, address, state)
}

const recoverWarning = `This makes the server of %s the only one of its cluster, because too many others are lost for good.

  - Changes that the lost servers had committed, and this one had not heard of, are gone.
  - Changes in its log that were never committed become committed.
  - The other servers must never run again with what they have: stop them, and empty their data
    directories before they join anew.

If a majority of the servers can still be started, start them instead. To go on, say --yes.
`

func clusterRecoverCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use: "recover", Short: "Go on with this server alone, when most servers are lost for good", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(cmd)
			if err != nil {
				return err
			}
			if !yes {
				fmt.Fprintf(cmd.ErrOrStderr(), recoverWarning, cfg.DataDir)
				return errors.New("nothing was done")
			}
			address, err := advertise(cfg.ClusterListen, cfg.ClusterAdvertise)
			if err != nil {
				return err
			}
			id := aloneID
			if member, err := pki.OpenMember(cfg.pkiDir()); err != nil {
				return err
			} else if member != nil {
				id = member.Identity().ID
			}
			if err := cluster.MarkAlone(cfg.DataDir); err != nil {
				return err
			}
			err = consensus.Recover(consensus.Config{ID: id, Dir: cfg.raftDir(), Logger: slog.New(slog.DiscardHandler)}, address)
			if errors.Is(err, consensus.ErrInUse) {
				return errors.New("the server runs: end it first")
			}
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "%s is alone now; start it: mica server --data-dir %s\n", id, cfg.DataDir)
			}
			return err
		},
	}
	clusterFlags(c, ":"+join.DefaultPort)
	c.Flags().BoolVar(&yes, "yes", false, "do it: the other servers are lost for good")
	return c
}

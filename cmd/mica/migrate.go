package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/operator"
)

func instanceCommand() *cobra.Command {
	c := &cobra.Command{Use: "instance", Short: "What the AWS CLI has no word for: move instances between hosts"}
	c.AddCommand(migrateCommand())
	return c
}

func migrateCommand() *cobra.Command {
	var to string
	var wait bool
	c := onAdmin(&cobra.Command{
		Use: "migrate NAME|ID", Short: "Move a running instance to another host", Args: cobra.ExactArgs(1),
		Long: "Move a running instance to another host of its zone, without stopping it. Its connections stay\n" +
			"open. Volumes on the host's own disk are copied; those on storage that both hosts have are not.\n" +
			"If either host fails meanwhile, the instance runs on one of them, or says why it does not.",
	}, func(cmd *cobra.Command, c *adminClient, args []string) error {
		path := "/v1/instances/" + url.PathEscape(args[0]) + "/migrate"
		if to != "" {
			path += "?to=" + url.QueryEscape(to)
		}
		var m operator.Migration
		if err := c.do(cmd.Context(), http.MethodPost, path, nil, &m); err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s moves from %s to %s, as boot %d (%s)\n", m.Instance, m.From, m.To, m.Epoch, m.Why)
		if !wait {
			return nil
		}
		return c.followMove(cmd, m)
	})
	c.Flags().StringVar(&to, "to", "", "the host's name or id (default: the scheduler chooses)")
	c.Flags().BoolVar(&wait, "wait", true, "show how it goes, and return when it is over")
	return c
}

// followMove shows the steps of a migration until it is over.
func (c *adminClient) followMove(cmd *cobra.Command, m operator.Migration) error {
	shown := map[string]bool{}
	for {
		boots, err := c.boots(cmd.Context(), m.Instance)
		if err != nil {
			return err
		}
		over, running := true, false
		for _, b := range boots {
			if b.Epoch != m.Epoch {
				continue
			}
			over = false
			for _, s := range b.Steps {
				if !shown[s.Name] {
					shown[s.Name] = true
					fmt.Fprintf(cmd.OutOrStdout(), "  %+8.3fs  %-18s %s\n", s.At.Sub(b.Created).Seconds(), s.Name, s.Detail)
				}
				running = running || s.Name == "resumed"
			}
			if b.Phase >= model.PhaseEnded {
				return errors.New(b.Reason.Message)
			}
		}
		if over {
			return fmt.Errorf("instance %s has no boot %d any more: see `mica explain instance %s`", m.Instance, m.Epoch, m.Instance)
		}
		if running {
			return nil
		}
		select {
		case <-cmd.Context().Done():
			return cmd.Context().Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (c *adminClient) boots(ctx context.Context, instance string) ([]*model.Boot, error) {
	var out []*model.Boot
	err := c.do(ctx, http.MethodGet, "/v1/instances/"+url.PathEscape(instance)+"/boots", nil, &out)
	return out, err
}

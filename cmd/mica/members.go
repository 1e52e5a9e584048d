package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/micacloud/mica/controlplane/cluster"
	"github.com/micacloud/mica/controlplane/model"
)

func tokenCommand() *cobra.Command {
	c := &cobra.Command{Use: "token", Short: "Make, list and revoke what servers and hosts join with"}
	c.AddCommand(tokenCreateCommand(), tokenListCommand(), &cobra.Command{
		Use: "revoke TOKEN-ID", Short: "Make a token useless; who joined with it stays", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			return c.do(cmd.Context(), http.MethodDelete, "/v1/tokens/"+args[0], nil, &struct{}{})
		},
	})
	return c
}

func tokenCreateCommand() *cobra.Command {
	var in cluster.TokenRequest
	c := &cobra.Command{
		Use: "create --role server|agent", Short: "Print a token; it is shown this once", Args: cobra.NoArgs,
		Long: "Print a token that lets its holder join. It names the cluster's authority, so that the joiner knows the\n" +
			"cluster, and has a secret, of which the cluster keeps a hash alone. An agent's token is good for one host,\n" +
			"a server's until it expires.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			var out cluster.NewToken
			if err := c.do(cmd.Context(), http.MethodPost, "/v1/tokens", in, &out); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%s, for a %s, until %s\n", out.ID, out.Role, out.Expires.Local().Format(time.DateTime))
			fmt.Fprintln(cmd.OutOrStdout(), out.Token)
			return nil
		},
	}
	c.Flags().StringVar(&in.Role, "role", "", "server or agent")
	c.Flags().DurationVar(&in.TTL, "ttl", time.Hour, "how long the token is good")
	c.Flags().StringVar(&in.Host, "host", "", "the one host that may use it, which may be a member already")
	return c
}

func tokenListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the tokens, without their secrets", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			var all []model.JoinToken
			if err := c.do(cmd.Context(), http.MethodGet, "/v1/tokens", nil, &all); err != nil {
				return err
			}
			t := newTable(cmd)
			t.AppendHeader(table.Row{"token", "role", "expires", "state", "used by"})
			for _, k := range all {
				state := "open"
				if why := k.Shut(time.Now()); why != "" {
					state, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimPrefix(why, "it was "), "it "), " at ")
				} else if k.Role == "host" && !k.Used.IsZero() {
					state = "used"
				}
				t.AppendRow(table.Row{k.ID, k.Role, k.Expires.Local().Format(time.DateTime), state, k.UsedBy})
			}
			t.Render()
			return nil
		},
	}
}

func clusterCommand() *cobra.Command {
	c := &cobra.Command{Use: "cluster", Short: "Look at the servers, and change which there are"}
	c.AddCommand(clusterStatusCommand(), clusterMembersCommand(), clusterRemoveCommand(), clusterBackupCommand(), clusterRestoreCommand(), clusterRecoverCommand())
	return c
}

func clusterStatusCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "status", Short: "Show the servers as the leader sees them", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			var o cluster.Overview
			if err := c.do(cmd.Context(), http.MethodGet, "/v1/cluster", nil, &o); err != nil {
				return err
			}
			if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
				return printJSON(cmd, o)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "leader %s, term %d, committed to %d, schema %d\n", o.Leader, o.Term, o.Commit, o.Schema)
			fmt.Fprintf(cmd.OutOrStdout(), "%d of %d voters answer; %d more may be lost. %d of %d hosts are up\n", o.Answer, o.Voters, o.CanLose, o.Up, o.Hosts)
			t := newTable(cmd)
			t.AppendHeader(table.Row{"server", "name", "address", "role", "health", "behind", "version"})
			for _, s := range o.Servers {
				health := "ok"
				if !s.Healthy {
					health = "silent"
					if !s.Heard.IsZero() {
						health += " for " + time.Since(s.Heard).Round(time.Second).String()
					}
				}
				t.AppendRow(table.Row{s.ID, s.Name, s.Address, s.Role(), health, int64(o.Commit) - int64(min(s.Last, o.Commit)), s.Version})
			}
			t.Render()
			return nil
		},
	}
	c.Flags().Bool("json", false, "as JSON")
	return c
}

func clusterMembersCommand() *cobra.Command {
	return &cobra.Command{
		Use: "members", Short: "List the servers and hosts that joined, and those that were removed", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			var all []model.Membership
			if err := c.do(cmd.Context(), http.MethodGet, "/v1/members", nil, &all); err != nil {
				return err
			}
			t := newTable(cmd)
			t.AppendHeader(table.Row{"member", "role", "joined", "removed"})
			for _, m := range all {
				removed := ""
				if !m.Removed.IsZero() {
					removed = m.Removed.Local().Format(time.DateTime)
				}
				t.AppendRow(table.Row{m.ID, m.Role, m.Joined.Local().Format(time.DateTime), removed})
			}
			t.Render()
			return nil
		},
	}
}

func clusterRemoveCommand() *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use: "remove SERVER|HOST", Short: "Shut a server or a host out, for good", Args: cobra.ExactArgs(1),
		Long: "Shut a server or a host out: its certificate is refused from now on, on connections that are open too, and\n" +
			"a server loses its vote. A server that the quorum needs stays. To come back it joins anew, with an empty\n" +
			"data directory. What runs on a host is not touched: stop or move it first.",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			for try := 0; ; try++ {
				err := c.do(cmd.Context(), http.MethodDelete, fmt.Sprintf("/v1/members/%s?force=%t", args[0], force), nil, &struct{}{})
				// A leader that is to go lets another lead first.
				if err == nil || try == 20 || !strings.Contains(err.Error(), "not the leader") {
					return err
				}
				select {
				case <-cmd.Context().Done():
					return errors.Join(err, cmd.Context().Err())
				case <-time.After(200 * time.Millisecond):
				}
			}
		},
	}
	c.Flags().BoolVar(&force, "force", false, "even if the quorum needs it")
	return c
}

func printJSON(cmd *cobra.Command, v any) error {
	e := json.NewEncoder(cmd.OutOrStdout())
	e.SetIndent("", "  ")
	return e.Encode(v)
}

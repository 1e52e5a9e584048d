package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/micacloud/mica/controlplane/operator"
)

func accountCommand() *cobra.Command {
	c := &cobra.Command{Use: "account", Short: "Make and list accounts"}
	c.AddCommand(accountCreateCommand(), accountListCommand())
	return c
}

func accountCreateCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "create NAME", Short: "Make an account with a root access key and a default network", Args: cobra.ExactArgs(1),
		Long: "Make an account, its root access key and its default network in every region.\nThe secret is printed once: it cannot be asked for again.",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			var out operator.NewAccount
			if err := c.do(cmd.Context(), http.MethodPost, "/v1/accounts", operator.NewAccount{Name: args[0]}, &out); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(out)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "account     %s\naccess key  %s\nsecret key  %s\n", out.ID, out.AccessKey, out.SecretKey)
			fmt.Fprintln(cmd.ErrOrStderr(), "keep the secret key: it is not shown again")
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func accountListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List the accounts and the ids of their access keys", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			var all []operator.AccountView
			if err := c.do(cmd.Context(), http.MethodGet, "/v1/accounts", nil, &all); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(all)
			}
			t := newTable(cmd)
			t.AppendHeader(table.Row{"account", "name", "created", "access keys"})
			for _, a := range all {
				t.AppendRow(table.Row{a.ID, a.Name, a.Created.Format(time.RFC3339), strings.Join(a.AccessKeys, " ")})
			}
			t.Render()
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/micacloud/mica/controlplane/consensus"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/operator"
	"github.com/micacloud/mica/hostagent/agent"
)

func explainCommand() *cobra.Command {
	c := &cobra.Command{Use: "explain", Short: "Show what is inside and why"}
	instance := &cobra.Command{
		Use: "instance NAME|ID", Short: "From the API's record to the host's objects, with the commands that show them", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
				resp, err := c.open(cmd.Context(), http.MethodGet, "/v1/instances/"+args[0], nil)
				if err != nil {
					return err
				}
				defer resp.Body.Close()
				_, err = io.Copy(cmd.OutOrStdout(), resp.Body)
				return err
			}
			e, err := c.explain(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			printExplanation(cmd.OutOrStdout(), e)
			return nil
		},
	}
	instance.Flags().Bool("json", false, "as JSON")
	c.AddCommand(instance, explainPathCommand())
	return c
}

func printExplanation(w io.Writer, e *operator.Explanation) {
	i := e.Record
	fmt.Fprintf(w, "Instance %s %q: %s\n", i.ID, e.Instance.Name, e.Instance.State)
	if e.Reason.Code != "" {
		fmt.Fprintf(w, "  because     %s\n", e.Reason.Message)
	}
	fmt.Fprintf(w, "  record      %s of %s in %s, wanted %s, boot %d\n", i.Type, i.ImageID, i.Zone, i.Effective(), i.Epoch)
	fmt.Fprintf(w, "  metadata    tokens %s, hop limit %d, endpoint %s\n", i.Metadata.HTTPTokens, i.Metadata.HopLimit, i.Metadata.HTTPEndpoint)
	if v := e.Volume; v != nil {
		fmt.Fprintf(w, "  root        %s, %d GiB, %s, over image %s\n", v.ID, v.SizeGiB, v.State, v.ImageDigest[:min(12, len(v.ImageDigest))])
	}
	for _, n := range e.Interfaces {
		public := "none"
		if n.PublicIP.IsValid() {
			public = n.PublicIP.String()
		}
		fmt.Fprintf(w, "  interface   %s %s in %s, public %s, groups %s\n", n.ID, n.PrivateIP, n.Subnet, public, strings.Join(n.Groups, " "))
	}
	for _, g := range e.Groups {
		fmt.Fprintf(w, "  group       %s %q\n", g.ID, g.Name)
		for _, r := range g.Rules {
			fmt.Fprintf(w, "    %s\n", ruleText(r))
		}
	}
	for _, b := range e.Boots {
		printBoot(w, b)
	}
	printOnHost(w, e)
}

func ruleText(r *model.SecurityRule) string {
	direction, peer := "in from", r.Source
	if r.Egress {
		direction = "out to"
	}
	if r.CIDR.IsValid() {
		peer = r.CIDR.String()
	}
	what := r.Protocol
	if what == "-1" {
		what = "everything"
	} else if r.FromPort >= 0 && r.FromPort != r.ToPort {
		what += fmt.Sprintf(" %d-%d", r.FromPort, r.ToPort)
	} else if r.FromPort >= 0 {
		what += fmt.Sprintf(" %d", r.FromPort)
	}
	return fmt.Sprintf("%s %s %s %s", r.ID, what, direction, peer)
}

func printBoot(w io.Writer, b *model.Boot) {
	fmt.Fprintf(w, "\nBoot %d on %s: %s", b.Epoch, b.Host, b.Phase)
	if b.Cause != "" {
		fmt.Fprintf(w, " (%s)", b.Cause)
	}
	fmt.Fprintf(w, "\n  placed      %s\n", b.Placement)
	if b.Reason.Message != "" {
		fmt.Fprintf(w, "  said        %s\n", b.Reason.Message)
	}
	steps := slices.Clone(b.Steps)
	slices.SortStableFunc(steps, func(x, y model.Step) int { return x.At.Compare(y.At) })
	for _, s := range steps {
		fmt.Fprintf(w, "  %+9.3fs  %-20s %s\n", s.At.Sub(b.Created).Seconds(), s.Name, s.Detail)
	}
}

func printOnHost(w io.Writer, e *operator.Explanation) {
	if e.OnHostErr != "" {
		fmt.Fprintf(w, "\nOn the host: not known: %s\n", e.OnHostErr)
	}
	if e.OnHost == nil {
		return
	}
	var h agent.OnHost
	if err := json.Unmarshal(e.OnHost, &h); err != nil {
		fmt.Fprintf(w, "\nOn the host: its answer cannot be read: %v\n", err)
		return
	}
	fmt.Fprintf(w, "\nOn host %s\n  folder      %s\n", h.Host, h.Dir)
	for _, g := range h.Guest {
		fmt.Fprintf(w, "  guest       boot %d is %s %s\n", g.Epoch, g.State, g.End)
	}
	for _, g := range h.Guest {
		for _, mac := range slices.Sorted(maps.Keys(g.NICs)) {
			fmt.Fprintf(w, "  interface   %-22s %s in the guest\n", mac, g.NICs[mac])
		}
	}
	for _, l := range h.Leases {
		fmt.Fprintf(w, "  lease       %s\n", l)
	}
	for _, o := range h.Network {
		there := ""
		if !o.Present {
			there = "   (missing!)"
		}
		fmt.Fprintf(w, "  %-11s %-22s %s%s\n", o.Kind, o.Name, o.Command, there)
	}
	for _, c := range h.Domain.Commands {
		fmt.Fprintf(w, "  look        %s\n", c)
	}
	for _, s := range h.Steps {
		fmt.Fprintf(w, "  next        %s\n", s)
	}
	for _, p := range h.Problems {
		fmt.Fprintf(w, "  problem     %s\n", p)
	}
	if h.Domain.Definition != "" {
		fmt.Fprintf(w, "\n%s\n", h.Domain.Definition)
	}
}

// printLog prints the audit log, a line each update and one each row.
func printLog(w io.Writer, r io.Reader) error {
	return decodeLines(r, func(rec consensus.LogRecord) error {
		what := rec.Action
		if rec.Epoch {
			what = "(a leader's term begins)"
		}
		if rec.Refused {
			what += " (refused: built on a lost version)"
		}
		if _, err := fmt.Fprintf(w, "%d %s %s by %s %s\n", rec.Index, rec.Time.Format(time.RFC3339Nano), what, rec.Actor, rec.RequestID); err != nil {
			return err
		}
		for _, row := range rec.Rows {
			verb := "put"
			if row.Deleted {
				verb = "delete"
			}
			if _, err := fmt.Fprintf(w, "    %s %s %s\n", verb, row.Table, row.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

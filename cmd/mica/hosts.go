package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/micacloud/mica/controlplane/operator"
)

func hostCommand() *cobra.Command {
	c := &cobra.Command{Use: "host", Short: "Look at the hosts, empty them, take them out"}
	c.AddCommand(
		onAdmin(&cobra.Command{Use: "list", Short: "List the hosts and what they hold", Args: cobra.NoArgs}, listHosts),
		onAdmin(&cobra.Command{Use: "show HOST", Short: "Show a host and what is on it", Args: cobra.ExactArgs(1)}, showHost),
		onAdmin(&cobra.Command{Use: "cordon HOST", Short: "Let no new instances onto a host", Args: cobra.ExactArgs(1)}, changeHost("cordon")),
		onAdmin(&cobra.Command{Use: "uncordon HOST", Short: "Let a host take instances again", Args: cobra.ExactArgs(1)}, changeHost("uncordon")),
		drainCommand(), setHostCommand(), removeHostCommand(),
	)
	return c
}

// onAdmin gives a command the connection to the admin socket.
func onAdmin(c *cobra.Command, run func(cmd *cobra.Command, c *adminClient, args []string) error) *cobra.Command {
	c.RunE = func(cmd *cobra.Command, args []string) error {
		client, err := newAdminClient(cmd)
		if err != nil {
			return err
		}
		return run(cmd, client, args)
	}
	return c
}

func listHosts(cmd *cobra.Command, c *adminClient, _ []string) error {
	var all []operator.HostView
	if err := c.do(cmd.Context(), http.MethodGet, "/v1/hosts", nil, &all); err != nil {
		return err
	}
	t := newTable(cmd)
	t.AppendHeader(table.Row{"host", "name", "zone", "rack", "state", "runs by", "vcpus", "memory", "guests"})
	for _, h := range all {
		t.AppendRow(table.Row{h.ID, h.Name, h.Zone, h.Rack, h.State(), h.Hypervisor + "/" + h.Accel, fmt.Sprintf("%d used on %d cpus", h.UsedVCPUs, h.VCPUs), memoryOf(&h), h.Guests})
	}
	t.Render()
	return nil
}

func memoryOf(h *operator.HostView) string {
	out := fmt.Sprintf("%d of %d MiB", h.UsedMemoryMiB, h.MemoryMiB)
	if h.ReservedMemoryMiB > 0 {
		out += fmt.Sprintf(", %d reserved", h.ReservedMemoryMiB)
	}
	return out
}

func showHost(cmd *cobra.Command, c *adminClient, args []string) error {
	var h operator.HostDetail
	if err := c.do(cmd.Context(), http.MethodGet, "/v1/hosts/"+args[0], nil, &h); err != nil {
		return err
	}
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "Host %s %q: %s since %s\n", h.ID, h.Name, h.State(), h.UpChanged.Format(time.RFC3339))
	fmt.Fprintf(w, "  in          %s, rack %q\n", h.Zone, h.Rack)
	fmt.Fprintf(w, "  runs by     %s/%s on %s\n", h.Hypervisor, h.Accel, h.Arch)
	fmt.Fprintf(w, "  vcpus       %d used on %d processors%s\n", h.UsedVCPUs, h.VCPUs, ownRatio(h.VCPURatio, "%d for each"))
	fmt.Fprintf(w, "  memory      %s%s\n", memoryOf(&h.HostView), ownRatio(h.MemoryPercent, "%d%% given out"))
	fmt.Fprintf(w, "  volumes     %d\n", h.Volumes)
	if h.DedicatedHost != "" {
		fmt.Fprintf(w, "  dedicated   %s of account %s\n", h.DedicatedHost, h.Owner)
	} else if h.Owner != "" {
		fmt.Fprintf(w, "  dedicated   to instances of account %s\n", h.Owner)
	}
	for _, id := range slices.Sorted(maps.Keys(h.Reservations)) {
		fmt.Fprintf(w, "  reserved    %d of %s\n", h.Reservations[id], id)
	}
	for _, i := range h.Instances {
		fmt.Fprintf(w, "  instance    %s %q %s of account %s\n", i.ID, i.Name, i.State, i.Account)
	}
	return nil
}

func ownRatio(n int, format string) string {
	if n == 0 {
		return ""
	}
	return ", " + fmt.Sprintf(format, n)
}

// changeHost posts a command on a host.
func changeHost(verb string) func(*cobra.Command, *adminClient, []string) error {
	return func(cmd *cobra.Command, c *adminClient, args []string) error {
		return c.do(cmd.Context(), http.MethodPost, "/v1/hosts/"+args[0]+"/"+verb, nil, nil)
	}
}

func drainCommand() *cobra.Command {
	var wait, stop bool
	c := onAdmin(&cobra.Command{
		Use: "drain HOST", Short: "Cordon a host and move its instances away", Args: cobra.ExactArgs(1),
		Long: "Cordon a host and move the running instances on it to other hosts, two at a time. One that cannot be\n" +
			"moved is stopped, with the StateReason Server.ScheduledStop and why; so is one that did not come through\n" +
			"twice. Volumes of stopped instances stay: those can be started when the host is uncordoned.",
	}, func(cmd *cobra.Command, c *adminClient, args []string) error {
		var out operator.HostChange
		if err := c.do(cmd.Context(), http.MethodPost, fmt.Sprintf("/v1/hosts/%s/drain?stop=%t", args[0], stop), nil, &out); err != nil {
			return err
		}
		for _, id := range out.Moving {
			fmt.Fprintf(cmd.OutOrStdout(), "moving %s\n", id)
		}
		for _, id := range out.Waiting {
			fmt.Fprintf(cmd.OutOrStdout(), "next %s\n", id)
		}
		for _, id := range out.Stopped {
			fmt.Fprintf(cmd.OutOrStdout(), "stopping %s %s\n", id, out.Why[id])
		}
		if !wait {
			return nil
		}
		return c.untilEmpty(cmd.Context(), args[0])
	})
	c.Flags().BoolVar(&wait, "wait", false, "return when no guest is left on the host")
	c.Flags().BoolVar(&stop, "stop", false, "stop the instances, and move none")
	return c
}

// untilEmpty waits until a host has no guests.
func (c *adminClient) untilEmpty(ctx context.Context, host string) error {
	for {
		var h operator.HostDetail
		if err := c.do(ctx, http.MethodGet, "/v1/hosts/"+host, nil, &h); err != nil || len(h.Instances) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func setHostCommand() *cobra.Command {
	var rack string
	var cpu int
	var memory float64
	c := onAdmin(&cobra.Command{
		Use: "set HOST", Short: "Say which rack a host is in, or what it gives out", Args: cobra.ExactArgs(1),
		Long: "Say which rack a host is in (placement groups go by it), or how much it gives out if that is not\nwhat the cluster's settings say. It holds for what is placed from now on.",
	}, func(cmd *cobra.Command, c *adminClient, args []string) error {
		var in operator.HostSettings
		f := cmd.Flags()
		if f.Changed("rack") {
			in.Rack = &rack
		}
		if f.Changed("cpu-ratio") {
			in.VCPURatio = &cpu
		}
		if f.Changed("memory-ratio") {
			in.MemoryPercent = new(int(memory*100 + 0.5))
		}
		if in == (operator.HostSettings{}) {
			return errors.New("say what to set: --rack, --cpu-ratio or --memory-ratio")
		}
		return c.do(cmd.Context(), http.MethodPatch, "/v1/hosts/"+args[0], in, nil)
	})
	c.Flags().StringVar(&rack, "rack", "", "the rack's name; empty is not known")
	c.Flags().IntVar(&cpu, "cpu-ratio", 0, "vCPUs for each processor; 0 is the cluster's --cpu-overcommit")
	c.Flags().Float64Var(&memory, "memory-ratio", 0, "memory given out, as a part of what the host has; 0 is the cluster's --memory-overcommit")
	return c
}

func removeHostCommand() *cobra.Command {
	var lost, yes bool
	c := onAdmin(&cobra.Command{
		Use: "remove HOST", Short: "Take an empty host out of the cluster for good", Args: cobra.ExactArgs(1),
		Long: "Take a host out of the cluster. It must be cordoned and have no guests and no volumes; it cannot come\n" +
			"back under its id. With --lost a host that is down is given up with all that is on it: its instances are\n" +
			"terminated, and their volumes deleted.",
	}, func(cmd *cobra.Command, c *adminClient, args []string) error {
		path := "/v1/hosts/" + args[0]
		if lost {
			if !yes && !confirm(cmd, fmt.Sprintf("All instances and volumes on %s are lost. Go on?", args[0])) {
				return errors.New("nothing was done")
			}
			path += "?lost=true"
		}
		return c.do(cmd.Context(), http.MethodDelete, path, nil, nil)
	})
	c.Flags().BoolVar(&lost, "lost", false, "the host will not come back: give up what is on it")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// confirm asks a question to be answered with yes.
func confirm(cmd *cobra.Command, question string) bool {
	fmt.Fprintf(cmd.ErrOrStderr(), "%s [yes/no] ", question)
	var answer string
	_, _ = fmt.Fscanln(cmd.InOrStdin(), &answer)
	return strings.EqualFold(answer, "yes")
}

package main

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/micacloud/mica/deploy/lab"
)

func labCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "lab", Short: "A cluster on this machine, for learning and for tests",
		Long: "A cluster on this machine: each node has namespaces, an init and a disk of its own, hosts have their own libvirtd\n" +
			"and real guests, and a switch joins them. Everything that can be done to a cluster can be done to it, and taken back.\n" +
			"Nodes are s1, s2, ... (servers), h1, h2, ... (hosts), switch, and machine for this one.",
	}
	c.PersistentFlags().String("lab-dir", "/var/lib/mica-lab", "folder of the lab's state")
	c.PersistentFlags().BoolP("verbose", "v", false, "show the commands that change this machine")
	c.AddCommand(labUp(), labDown(), labStatus(), labShell(), labPartition(), labHeal(), labKill(), labStart(), labRestart(),
		labSignal("pause", "Stop processes of a node without ending them", (*lab.Lab).Pause),
		labSignal("resume", "Let paused processes go on", (*lab.Lab).Resume), labSlow(), labNode())
	return c
}

// openLab finds the lab that the flags name.
func openLab(cmd *cobra.Command) (*lab.Lab, error) {
	dir, log, err := labDir(cmd)
	if err != nil {
		return nil, err
	}
	return lab.Open(dir, log)
}

func labDir(cmd *cobra.Command) (string, io.Writer, error) {
	dir, _ := cmd.Flags().GetString("lab-dir")
	dir, err := filepath.Abs(dir)
	if verbose, _ := cmd.Flags().GetBool("verbose"); verbose {
		return dir, cmd.ErrOrStderr(), err
	}
	return dir, nil, err
}

func labUp() *cobra.Command {
	var s lab.Spec
	var network string
	c := &cobra.Command{
		Use: "up", Short: "Make a lab, or power on what is off in the one that is there", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, log, err := labDir(cmd)
			if err != nil {
				return err
			}
			l, err := lab.Open(dir, log)
			if errors.Is(err, lab.ErrNone) {
				if s.Range, err = netip.ParsePrefix(network); err != nil {
					return err
				}
				if s.Binary, err = os.Executable(); err != nil {
					return err
				}
				l, err = lab.Create(dir, s, log)
			}
			if err != nil {
				return err
			}
			if err := l.Up(cmd.Context()); err != nil {
				return err
			}
			return printLab(cmd, l)
		},
	}
	f := c.Flags()
	f.StringVar(&s.Name, "lab-name", "lab", "begins the name of the lab's one link on this machine")
	f.IntVar(&s.Hosts, "hosts", 2, "hypervisor hosts")
	f.IntVar(&s.Servers, "servers", 3, "servers of the control plane")
	f.StringVar(&network, "range", "10.213.0.0/23", "network of the lab: the lower half for nodes, the upper for guests' public addresses")
	f.IntVar(&s.DiskMiB, "server-disk", 0, "size in MiB of a disk of each server's own (0: a folder on this machine's)")
	f.StringVar(&s.Region, "region", "eu-central-1", "region served")
	f.BoolVar(&s.Shared, "shared-storage", false, "hosts share the folder of images and volumes, so that instances of a lost host are started elsewhere")
	f.DurationVar(&s.Lease, "host-lease", 10*time.Second, "how long a host may be silent before it counts as down")
	f.StringVar(&s.Accel, "accel", "", "of guests: kvm or tcg (default: measured)")
	f.StringSliceVar(&s.Flags, "server-flag", nil, "a further flag of the servers, such as --throttle=false")
	return c
}

func labDown() *cobra.Command {
	return &cobra.Command{
		Use: "down", Short: "End the lab and leave nothing of it", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := openLab(cmd)
			if errors.Is(err, lab.ErrNone) {
				return nil
			}
			if err != nil {
				return err
			}
			return l.Down(cmd.Context())
		},
	}
}

func labStatus() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Show nodes, what runs on them, and what is cut", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := openLab(cmd)
			if err != nil {
				return err
			}
			return printLab(cmd, l)
		},
	}
}

func printLab(cmd *cobra.Command, l *lab.Lab) error {
	nodes, err := l.Status()
	if err != nil {
		return err
	}
	cuts, err := l.Cuts()
	if err != nil {
		return err
	}
	t := newTable(cmd)
	t.AppendHeader(table.Row{"node", "address", "init", "units", "guests", "wire"})
	for _, n := range nodes {
		pid := "off"
		if n.Pid != 0 {
			pid = fmt.Sprint(n.Pid)
		}
		var units, guests []string
		for _, u := range n.Units {
			text := u.Name + " " + u.What
			if u.Pid != 0 {
				text = fmt.Sprintf("%s %d", text, u.Pid)
			}
			units = append(units, text)
		}
		for _, g := range n.Guests {
			guests = append(guests, fmt.Sprintf("%s %d", g.Guest, g.Pid))
		}
		t.AppendRow(table.Row{n.Name, n.Address, pid, strings.Join(units, "\n"), strings.Join(guests, "\n"), n.Slow})
	}
	t.Render()
	for _, c := range cuts {
		fmt.Fprintf(cmd.OutOrStdout(), "cut: %s -> %s\n", c.From, c.To)
	}
	return nil
}

func labShell() *cobra.Command {
	return &cobra.Command{
		Use: "shell NODE [-- COMMAND...]", Short: "A shell inside a node, or one command", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := openLab(cmd)
			if err != nil {
				return err
			}
			argv := args[1:]
			if len(argv) == 0 {
				argv = []string{"bash", "--norc"}
			}
			if argv[0] == "mica" { // the lab's own, wherever that is
				argv[0] = l.Spec.Binary
			}
			c, err := l.Command(cmd.Context(), args[0], argv...)
			if err != nil {
				return err
			}
			path, err := exec.LookPath(c.Path)
			if err != nil {
				return err
			}
			env := append(os.Environ(), `PS1=\h:\w\$ `, "MICA_DATA_DIR="+filepath.Join(l.Dir, args[0], "data"))
			return syscall.Exec(path, c.Args, env)
		},
	}
}

func labPartition() *cobra.Command {
	var oneWay bool
	c := &cobra.Command{
		Use: "partition A[,A...] B[,B...]", Short: "Cut the wires between two sides; machine is a name too", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := openLab(cmd)
			if err != nil {
				return err
			}
			return l.Partition(strings.Split(args[0], ","), strings.Split(args[1], ","), oneWay)
		},
	}
	c.Flags().BoolVar(&oneWay, "one-way", false, "cut only from A to B")
	return c
}

func labHeal() *cobra.Command {
	return &cobra.Command{
		Use: "heal", Short: "Take back all partitions and slow wires", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := openLab(cmd)
			if err != nil {
				return err
			}
			return l.Heal()
		},
	}
}

func labKill() *cobra.Command {
	var hold bool
	c := &cobra.Command{
		Use: "kill NODE [UNIT|INSTANCE|qemu|all]", Short: "kill -9 something on a node, or cut the node's power", Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := openLab(cmd)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return l.PowerOff(cmd.Context(), args[0])
			}
			if hold {
				if err := l.Hold(args[0], args[1]); err != nil {
					return err
				}
			}
			return l.Kill(args[0], args[1])
		},
	}
	c.Flags().BoolVar(&hold, "hold", false, "do not start the unit again until `mica lab start`")
	return c
}

func labStart() *cobra.Command {
	return &cobra.Command{
		Use: "start NODE [UNIT]", Short: "Power a node on, and start units that were held", Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := openLab(cmd)
			if err != nil {
				return err
			}
			if err := l.Release(args[0], strings.Join(args[1:], "")); err != nil {
				return err
			}
			return l.PowerOn(cmd.Context(), args[0])
		},
	}
}

func labRestart() *cobra.Command {
	return &cobra.Command{
		Use: "restart NODE UNIT", Short: "Ask a unit to end, as an upgrade does, and start it again", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := openLab(cmd)
			if err != nil {
				return err
			}
			return l.Restart(cmd.Context(), args[0], args[1])
		},
	}
}

func labSignal(name, short string, do func(*lab.Lab, string, string) error) *cobra.Command {
	return &cobra.Command{
		Use: name + " NODE [UNIT|INSTANCE|qemu|all]", Short: short, Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := openLab(cmd)
			if err != nil {
				return err
			}
			what := "all"
			if len(args) == 2 {
				what = args[1]
			}
			return do(l, args[0], what)
		},
	}
}

func labSlow() *cobra.Command {
	return &cobra.Command{
		Use: "slow NODE RATE|off", Short: "Bound what a node sends and receives, such as 1mbit", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := openLab(cmd)
			if err != nil {
				return err
			}
			return l.Slow(args[0], args[1])
		},
	}
}

func labNode() *cobra.Command {
	var leash bool
	c := &cobra.Command{
		Use: "node DIR", Short: "A node's init", Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return lab.RunNode(cmd.Context(), args[0], leash) },
	}
	c.Flags().BoolVar(&leash, "leash", false, "end with the pipe at descriptor 3")
	return c
}

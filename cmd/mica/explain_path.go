package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/operator"
	"github.com/micacloud/mica/netplane/plan"
)

func explainPathCommand() *cobra.Command {
	var protocol, port string
	var live bool
	c := &cobra.Command{
		Use: "path FROM TO", Short: "Whether one thing reaches another, hop by hop, with the rule that decides", Args: cobra.ExactArgs(2),
		Long: "Whether FROM reaches TO, from the model. Both are instances by id or Name, network interfaces\n(eni-...) or internet gateways (igw-...); TO may be an address. Under each hop is the command that shows it on the host.\n\nWith --live one packet is sent in FROM's place on its host, and what the kernel did with it is told. It is a real\npacket, which TO may answer. Where model and kernel disagree, the command fails.",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := newAdminClient(cmd)
			if err != nil {
				return err
			}
			cfg, err := loadConfig(cmd)
			if err != nil {
				return err
			}
			var p operator.Path
			query := url.Values{"from": {args[0]}, "to": {args[1]}, "protocol": {protocol}, "port": {port}}
			method := http.MethodGet
			if live {
				method = http.MethodPost
			}
			if err := c.do(cmd.Context(), method, "/v1/path?"+query.Encode(), nil, &p); err != nil {
				return err
			}
			printPath(cmd.OutOrStdout(), &p, cfg.NamePrefix)
			return printLive(cmd.OutOrStdout(), &p, cfg.NamePrefix)
		},
	}
	c.Flags().StringVar(&protocol, "protocol", "tcp", "tcp, udp or icmp")
	c.Flags().BoolVar(&live, "live", false, "also send a packet, and tell what the kernel does with it")
	c.Flags().StringVar(&port, "port", "", "the destination's; without one, any that a rule lets through")
	return c
}

// printPath prints a walk: a line a hop, and under it the command that shows the same on
// the host.
func printPath(w io.Writer, p *operator.Path, prefix string) {
	verdict := "reachable"
	if !p.Result.Found {
		verdict = "not reachable"
	}
	to := p.Query.Destination
	if to == "" {
		to = p.Query.Header.Destination.String()
	}
	fmt.Fprintf(w, "%s -> %s, %s: %s\n", p.Query.Source, to, p.Query.Header.Protocol, verdict)
	printHops(w, p, p.Result.Forward, prefix)
	if len(p.Result.Return) > 0 {
		fmt.Fprintln(w, "\nThe answer's way back (groups let it pass)")
		printHops(w, p, p.Result.Return, prefix)
	}
	for _, o := range p.Result.Obstacles {
		where := "It stops here"
		if o.Return {
			where = "The answer stops here"
		}
		fmt.Fprintf(w, "\n%s: %s\n  %s\n", where, o.Code, hopText(p, o.Hop))
		for _, g := range o.Groups {
			fmt.Fprintf(w, "     no rule of %s\n", g)
			look(w, onHost(p, o.Hop), groupCommand(prefix, o.Hop, g))
		}
		if len(o.Groups) == 0 {
			look(w, onHost(p, o.Hop), hopCommands(p, o.Hop, prefix)...)
		}
	}
}

func printHops(w io.Writer, p *operator.Path, hops []model.Hop, prefix string) {
	for n, h := range hops {
		fmt.Fprintf(w, "  %2d %s\n", n+1, hopText(p, h))
		look(w, onHost(p, h), hopCommands(p, h, prefix)...)
	}
}

func look(w io.Writer, host string, commands ...string) {
	for _, c := range commands {
		if c != "" {
			fmt.Fprintf(w, "     %s%s\n", host, c)
		}
	}
}

// onHost names the host of an interface's hop; other hops are looked at on the source's.
func onHost(p *operator.Path, h model.Hop) string {
	if host := p.Hosts[h.ID]; host != "" {
		return host + "# "
	}
	return "# "
}

func direction(egress bool) string {
	if egress {
		return "egress"
	}
	return "ingress"
}

// hopText says what a hop is and what decided there.
func hopText(p *operator.Path, h model.Hop) string {
	packet := fmt.Sprintf("%s > %s", h.Header.Source, h.Header.Destination)
	if h.Header.Protocol != "icmp" {
		packet = fmt.Sprintf("%s:%d > %s:%d", h.Header.Source, h.Header.FromPort, h.Header.Destination, h.Header.ToPort)
	}
	what := strings.ReplaceAll(h.Kind, "-", " ")
	switch h.Kind {
	case model.HopGroup:
		if h.Rule.ID == "" {
			return fmt.Sprintf("%s %s of %s, %s", what, direction(h.Egress), h.Subnet, packet)
		}
		return fmt.Sprintf("%s %s %s: rule %s", what, h.ID, direction(h.Egress), ruleText(&h.Rule))
	case model.HopACL:
		verb := "denies"
		if h.Entry.Allow {
			verb = "allows"
		}
		return fmt.Sprintf("%s %s %s of %s: entry %d %s protocol %s, %s", what, h.ID, direction(h.Egress), h.Subnet, h.Entry.Number, verb, h.Entry.Protocol, h.Entry.CIDR)
	case model.HopRouteTable:
		if h.Route.Target == "" {
			return fmt.Sprintf("%s %s of %s: no route to %s", what, h.ID, h.Subnet, h.Header.Destination)
		}
		to := h.Route.PrefixList
		if to == "" {
			to = h.Route.Destination.String()
		}
		return fmt.Sprintf("%s %s of %s: %s to %s", what, h.ID, h.Subnet, to, h.Route.Target)
	case model.HopInterface:
		if i := p.Interfaces[h.ID]; i != nil && i.Instance != "" {
			return fmt.Sprintf("%s %s of %s, %s", what, h.ID, i.Instance, packet)
		}
	}
	return strings.TrimRight(fmt.Sprintf("%s %s, %s", what, h.ID, packet), " ")
}

func groupCommand(prefix string, h model.Hop, group string) string {
	chain := group + "-in"
	if h.Egress {
		chain = group + "-out"
	}
	return "ip netns exec " + plan.NamespaceName(prefix, h.VPC) + " iptables -S " + chain
}

// hopCommands are what a sysadmin types to see a hop on a host, by the names that the
// network plan gives.
func hopCommands(p *operator.Path, h model.Hop, prefix string) []string {
	ns := plan.NamespaceName(prefix, h.VPC)
	switch h.Kind {
	case model.HopInterface:
		i := p.Interfaces[h.ID]
		if i == nil || i.Instance == "" || p.Hosts[h.ID] == "" {
			return nil
		}
		return []string{
			"ip -n " + ns + " -d link show dev " + plan.TapName(prefix, i.ID),
			"ip netns exec " + ns + " bridge fdb get " + i.MAC + " br " + plan.BridgeName(i.Subnet),
		}
	case model.HopGroup:
		return []string{groupCommand(prefix, h, h.ID)}
	case model.HopACL: // the same form of chain; one that allows all has none
		return []string{groupCommand(prefix, h, h.ID)}
	case model.HopRouteTable:
		return []string{fmt.Sprintf("ip -n %s route show table %d", ns, plan.RouteTable(h.Subnet))}
	case model.HopInternet:
		return []string{"ip netns exec " + ns + " iptables -t nat -S"}
	case model.HopNAT:
		return []string{"ip netns exec " + plan.NATName(prefix, p.NAT[h.ID]) + " iptables -t nat -S POSTROUTING"}
	case model.HopPeering:
		return []string{"ip -n " + ns + " -d link show dev " + plan.PeeringName(h.ID)}
	}
	return nil
}

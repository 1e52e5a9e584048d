package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/micacloud/mica/controlplane/operator"
	"github.com/micacloud/mica/netplane/plan"
)

// errDisagree is how `mica explain path --live` ends when the kernel does not do what the
// model says.
var errDisagree = errors.New("the model and the kernel disagree")

// printLive prints what the kernel did with a path's packet, and errs if that is not what
// the model says.
func printLive(w io.Writer, p *operator.Path, prefix string) error {
	l := p.Live
	if l == nil {
		return nil
	}
	h := l.Header
	packet := fmt.Sprintf("%s %s > %s", h.Protocol, h.Source, h.Destination)
	if h.Protocol != "icmp" {
		packet = fmt.Sprintf("%s %s:%d > %s:%d", h.Protocol, h.Source, h.FromPort, h.Destination, h.ToPort)
	}
	if l.Unsent != "" {
		fmt.Fprintf(w, "\nLive, on %s: no packet was sent\n", l.Host)
	} else {
		fmt.Fprintf(w, "\nLive, on %s: sent %s\n", l.Host, packet)
	}
	if l.Reached != "" && len(l.Passed) > 0 {
		fmt.Fprintf(w, "  went to %s\n", l.Reached)
	}
	if len(l.Counters) > 0 {
		fmt.Fprintln(w, "  counters that moved meanwhile, by this packet or by others:")
	}
	var looked []string
	for _, c := range l.Counters {
		fmt.Fprintf(w, "     %-6s %s\n", c.Table, c.Rule)
		command := fmt.Sprintf("ip netns exec %s iptables -t %s -vnxL", plan.NamespaceName(prefix, c.VPC), c.Table)
		if !slices.Contains(looked, command) {
			looked = append(looked, command)
		}
	}
	look(w, l.Host+"# ", looked...)
	fmt.Fprintf(w, "  %s: %s\n", l.Verdict, l.Why)
	model := "reachable"
	if !p.Result.Found {
		model = "not reachable"
	}
	switch {
	case l.Disagrees:
		fmt.Fprintf(w, "\nMODEL AND KERNEL DISAGREE: the model says %s, the kernel's verdict is %s\n", model, l.Verdict)
		return fmt.Errorf("%w: the model says %s, the packet was %s", errDisagree, model, l.Verdict)
	case l.Verdict == operator.VerdictUnknown:
		fmt.Fprintf(w, "\nThe model says %s; the kernel of %s does not contradict it, as far as it decides\n", model, l.Host)
	default:
		fmt.Fprintln(w, "\nModel and kernel agree")
	}
	return nil
}

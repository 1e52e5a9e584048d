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
	printCounters(w, l.Host, l.Counters, prefix)
	printFar(w, l, prefix)
	fmt.Fprintf(w, "\n%s: %s\n", l.Verdict, l.Why)
	model := "reachable"
	if !p.Result.Found {
		model = "not reachable"
	}
	switch {
	case l.Disagrees:
		fmt.Fprintf(w, "\nMODEL AND KERNEL DISAGREE: the model says %s, the kernel's verdict is %s\n", model, l.Verdict)
		return fmt.Errorf("%w: the model says %s, the packet was %s", errDisagree, model, l.Verdict)
	case l.Verdict == operator.VerdictUnknown:
		fmt.Fprintf(w, "\nThe model says %s; what was seen does not contradict it, as far as it goes\n", model)
	default:
		fmt.Fprintln(w, "\nModel and kernel agree")
	}
	return nil
}

// printCounters prints the rules that counted packets on a host, and what shows them there.
func printCounters(w io.Writer, host string, counters []operator.Counter, prefix string) {
	if len(counters) > 0 {
		fmt.Fprintln(w, "  counters that moved meanwhile, by this packet or by others:")
	}
	var looked []string
	for _, c := range counters {
		fmt.Fprintf(w, "     %-6s %s\n", c.Table, c.Rule)
		command := fmt.Sprintf("ip netns exec %s iptables -t %s -vnxL", plan.NamespaceName(prefix, c.VPC), c.Table)
		if !slices.Contains(looked, command) {
			looked = append(looked, command)
		}
	}
	look(w, host+"# ", looked...)
}

// printFar prints what the host saw of a packet to whom it was to come first.
func printFar(w io.Writer, l *operator.Live, prefix string) {
	f := l.Far
	switch {
	case f == nil:
		return
	case f.Unasked != "":
		fmt.Fprintf(w, "\nOn %s, at %s: not watched: %s\n", f.Host, f.Interface, f.Unasked)
		return
	case len(f.Seen) == 0:
		fmt.Fprintf(w, "\nOn %s, at %s: it did not come\n", f.Host, f.Interface)
	default:
		fmt.Fprintf(w, "\nOn %s, at %s:\n", f.Host, f.Interface)
	}
	for _, s := range f.Seen {
		way := "in by"
		if s.Out {
			way = "out by"
		}
		fmt.Fprintf(w, "  %-6s %-15s %s > %s\n", way, s.Link, s.Source, s.Destination)
	}
	if f.Host != l.Host { // else they were told above
		printCounters(w, f.Host, f.Counters, prefix)
	}
}

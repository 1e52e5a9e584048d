package lab

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Partition cuts the wires between each node of a and each of b, in both directions or
// only from a to b. The switch drops the frames, so that nothing in a node knows of it.
// Machine is an end like any other.
func (l *Lab) Partition(a, b []string, oneWay bool) error {
	for _, name := range slices.Concat(a, b) {
		if _, err := l.node(name); err != nil && name != Machine {
			return err
		}
	}
	for _, from := range a {
		for _, to := range b {
			if from == to {
				return fmt.Errorf("%s is on both sides", from)
			}
			if err := l.cut(from, to); err != nil {
				return err
			}
			if !oneWay {
				if err := l.cut(to, from); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *Lab) cut(from, to string) error {
	cuts, err := l.Cuts()
	if err != nil || slices.Contains(cuts, Cut{from, to}) {
		return err
	}
	return l.do(l.enter(Switch, "ebtables", "-A", "FORWARD", "-i", from, "-o", to, "-j", "DROP"))
}

// Cut is one direction between two ports that is cut.
type Cut struct{ From, To string }

var cutRule = regexp.MustCompile(`-i (\S+) -o (\S+) -j DROP`)

// Cuts lists what is partitioned.
func (l *Lab) Cuts() ([]Cut, error) {
	if l.init(Switch) == 0 {
		return nil, nil
	}
	out, err := l.enter(Switch, "ebtables-save").Output()
	if err != nil {
		return nil, fmt.Errorf("ebtables-save: %w", err)
	}
	var cuts []Cut
	for _, m := range cutRule.FindAllStringSubmatch(string(out), -1) {
		cuts = append(cuts, Cut{m[1], m[2]})
	}
	return cuts, nil
}

// Slow bounds what a node can send and receive, such as "1mbit"; "off" takes it back.
// A queue in front of the wire holds up to half a second of it; more is dropped.
func (l *Lab) Slow(node, rate string) error {
	if _, err := l.node(node); err != nil {
		return err
	}
	for _, end := range []struct{ in, dev string }{{node, "eth0"}, {Switch, node}} {
		if rate == "off" {
			_ = l.enter(end.in, "tc", "qdisc", "del", "dev", end.dev, "root").Run() // fails where there is none
			continue
		}
		err := l.do(l.enter(end.in, "tc", "qdisc", "replace", "dev", end.dev, "root", "tbf", "rate", rate, "burst", "16kb", "latency", "500ms"))
		if err != nil {
			return err
		}
	}
	return nil
}

// slowness returns the rate that a node is bound to, empty for none.
func (l *Lab) slowness(node string) string {
	out, _ := l.enter(Switch, "tc", "qdisc", "show", "dev", node).Output()
	f := strings.Fields(string(out))
	if i := slices.Index(f, "rate"); i >= 0 && i+1 < len(f) {
		return f[i+1]
	}
	return ""
}

// Heal takes back all partitions and slow wires. What was killed or paused stays so.
func (l *Lab) Heal() error {
	errs := []error{l.do(l.enter(Switch, "ebtables", "-F", "FORWARD"))}
	for _, n := range l.Spec.Nodes() {
		if l.init(n.Name) != 0 && l.slowness(n.Name) != "" {
			errs = append(errs, l.Slow(n.Name, "off"))
		}
	}
	return errors.Join(errs...)
}

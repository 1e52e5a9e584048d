package lab

import (
	"os"
	"path/filepath"
	"slices"
)

// NodeStatus is what a node is seen to do.
type NodeStatus struct {
	Node
	Pid    int    // of its init; 0 if it is off
	Slow   string // the rate that it is bound to
	Units  []UnitStatus
	Guests []Process
}

// UnitStatus is one unit's.
type UnitStatus struct {
	Name string
	Pid  int    // 0 if it is down
	What string // running, paused, held or down
}

// Status looks at all nodes.
func (l *Lab) Status() ([]NodeStatus, error) {
	var out []NodeStatus
	for _, n := range l.Spec.Nodes() {
		s := NodeStatus{Node: n, Pid: l.init(n.Name)}
		if s.Pid != 0 {
			s.Slow = l.slowness(n.Name)
		}
		all, err := l.Processes(n.Name)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			if p.Guest != "" {
				s.Guests = append(s.Guests, p)
			}
		}
		for _, u := range l.Spec.Units(n, l.Dir) {
			s.Units = append(s.Units, l.unit(n.Name, u.Name, all))
		}
		out = append(out, s)
	}
	return out, nil
}

func (l *Lab) unit(node, name string, all []Process) UnitStatus {
	u := UnitStatus{Name: name, What: "down"}
	if i := slices.IndexFunc(all, func(p Process) bool { return p.Unit == name }); i >= 0 {
		u.Pid, u.What = all[i].Pid, "running"
		if all[i].State == 'T' {
			u.What = "paused"
		}
	} else if _, err := os.Stat(filepath.Join(l.dir(node), "units", name+".hold")); err == nil {
		u.What = "held"
	}
	return u
}

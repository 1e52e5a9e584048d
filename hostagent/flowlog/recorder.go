// Package flowlog gathers what flows at interfaces into records in EC2's format, and writes
// them to files of the host.
//
// What is accepted is read from connection tracking's counters, again and again: what grew
// since the last look is what flowed. What is rejected is told packet by packet. Records are
// gathered by interface, the two ends and the protocol over an interval, as EC2 does.
package flowlog

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/micacloud/mica/netplane/kernel"
)

// maxRecords bounds the records of one interface and interval. What is more is left out,
// and the interval has a SKIPDATA line: a guest that scans the net costs no more memory.
const maxRecords = 10000

// Log is one flow log.
type Log struct {
	ID       string
	Folder   string // below the host's flow log folder
	Traffic  string // ACCEPT, REJECT or ALL
	Format   string // EC2's; empty is DefaultFormat
	Interval time.Duration
	Header   bool // files begin with the names of the fields

	Interfaces []Interface // on this host
}

// File is what is to be added to an interface's file of a log.
type File struct {
	Folder, Interface, Header string
	Lines                     []string
}

// Recorder gathers the flows of one VPC. It is used by one goroutine.
type Recorder struct {
	logs    []Log
	byAddr  map[netip.Addr][]at
	windows map[windowKey]*window
	last    map[flowKey]counts
	first   bool // the next look is the first: what there is already flowed before
}

type at struct {
	log int
	nic *Interface
}

type windowKey struct{ log, nic string }

type window struct {
	began   time.Time
	records map[key]*sum
	skipped bool
}

type flowKey struct {
	id       uint32
	protocol uint8
	a, b     netip.AddrPort
}

type counts struct{ ab, ba kernel.Count }

// NewRecorder returns a Recorder that logs nothing yet.
func NewRecorder() *Recorder {
	return &Recorder{windows: map[windowKey]*window{}, last: map[flowKey]counts{}, first: true}
}

// Set makes these the logs. Windows of those that stay go on.
func (r *Recorder) Set(logs []Log, now time.Time) {
	r.logs, r.byAddr = logs, map[netip.Addr][]at{}
	keep := map[windowKey]bool{}
	for l := range logs {
		for n := range logs[l].Interfaces {
			nic := &logs[l].Interfaces[n]
			k := windowKey{logs[l].ID, nic.ID}
			keep[k] = true
			if r.windows[k] == nil {
				r.windows[k] = &window{began: now, records: map[key]*sum{}}
			}
			for _, a := range nic.Addresses {
				r.byAddr[a] = append(r.byAddr[a], at{l, nic})
			}
		}
	}
	for k := range r.windows {
		if !keep[k] {
			delete(r.windows, k)
		}
	}
}

// Look takes all connections that are tracked now.
func (r *Recorder) Look(flows []kernel.Flow, now time.Time) {
	seen := map[flowKey]counts{}
	for _, f := range flows {
		k := flowKey{f.ID, f.Protocol, f.A, f.B}
		seen[k] = counts{f.AB, f.BA}
		if !r.first {
			r.grew(f, r.last[k], now)
		}
	}
	r.last, r.first = seen, false
}

// Ended takes a connection's last counters.
func (r *Recorder) Ended(f kernel.Flow, now time.Time) {
	k := flowKey{f.ID, f.Protocol, f.A, f.B}
	if !r.first {
		r.grew(f, r.last[k], now)
	}
	delete(r.last, k)
}

func (r *Recorder) grew(f kernel.Flow, before counts, now time.Time) {
	r.add(key{Src: f.A, Dst: f.B, Protocol: f.Protocol, Action: Accept}, less(f.AB, before.ab), 0, now)
	r.add(key{Src: f.B, Dst: f.A, Protocol: f.Protocol, Action: Accept}, less(f.BA, before.ba), 0, now)
}

// less is what a counter grew by; one that is smaller than before began anew.
func less(now, before kernel.Count) kernel.Count {
	if now.Packets < before.Packets || now.Bytes < before.Bytes {
		return now
	}
	return kernel.Count{Packets: now.Packets - before.Packets, Bytes: now.Bytes - before.Bytes}
}

// Rejected takes a packet that no rule let pass.
func (r *Recorder) Rejected(p kernel.Reject, now time.Time) {
	r.add(key{Src: p.Src, Dst: p.Dst, Protocol: p.Protocol, Action: Reject}, kernel.Count{Packets: 1, Bytes: uint64(p.Bytes)}, p.TCPFlags, now)
}

// Lost notes that something was not told: no interval that is open now is complete.
func (r *Recorder) Lost() {
	for _, w := range r.windows {
		w.skipped = true
	}
}

// add adds to the records of both ends.
func (r *Recorder) add(k key, c kernel.Count, flags uint8, now time.Time) {
	if c.Packets == 0 {
		return
	}
	for _, egress := range []bool{true, false} {
		k.Egress = egress
		end := k.Dst.Addr()
		if egress {
			end = k.Src.Addr()
		}
		for _, a := range r.byAddr[end] {
			if l := &r.logs[a.log]; l.Traffic == "ALL" || l.Traffic == k.Action {
				r.windows[windowKey{l.ID, a.nic.ID}].add(k, c, flags, now)
			}
		}
	}
}

func (w *window) add(k key, c kernel.Count, flags uint8, now time.Time) {
	s := w.records[k]
	if s == nil {
		if len(w.records) >= maxRecords {
			w.skipped = true
			return
		}
		s = &sum{Start: now}
		w.records[k] = s
	}
	s.Packets, s.Bytes, s.End, s.Flags = s.Packets+c.Packets, s.Bytes+c.Bytes, now, s.Flags|flags
}

// Roll ends the intervals that are over, all of them if the recorder is to end, and returns
// their lines.
func (r *Recorder) Roll(now time.Time, all bool) []File {
	var out []File
	for l := range r.logs {
		log := &r.logs[l]
		names := fields(log.Format)
		for n := range log.Interfaces {
			nic := &log.Interfaces[n]
			w := r.windows[windowKey{log.ID, nic.ID}]
			if !all && now.Sub(w.began) < log.Interval {
				continue
			}
			f := File{Folder: log.Folder, Interface: nic.ID, Lines: w.lines(names, nic, now)}
			if log.Header {
				f.Header = strings.Join(names, " ")
			}
			out = append(out, f)
			*w = window{began: now, records: map[key]*sum{}}
		}
	}
	return out
}

func (w *window) lines(names []string, nic *Interface, now time.Time) []string {
	var out []string
	for k, s := range w.records {
		out = append(out, line(names, nic, k, *s, statusOK))
	}
	slices.Sort(out)
	whole := sum{Start: w.began, End: now}
	switch {
	case w.skipped:
		out = append(out, line(names, nic, key{}, whole, skipData))
	case len(out) == 0:
		out = append(out, line(names, nic, key{}, whole, noData))
	}
	return out
}

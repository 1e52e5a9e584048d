package schedule

import (
	"fmt"
	"strings"
)

// Explanation says how the decision came about.
type Explanation struct {
	Hosts    int            // how many were looked at
	Fit      int            // how many had room for one at least, in any allowed zone
	Rejected map[string]int // hosts by why they had not
	Some     bool           // there are more hosts, which were not looked at
	Named    bool           // only those that the request names were looked at
	Room     int            // how many boots the best zone had room for, at most Max
	Wanted   int            // Min
	Strategy Strategy
}

// Reasons for which a host is passed over, in the order in which they are told.
const (
	noUp        = "down"
	noClosed    = "cordoned or draining"
	noZone      = "in other zones"
	noHost      = "not among those that will do"
	noArch      = "of another architecture"
	noAccel     = "without the acceleration"
	noAllocated = "allocated as Dedicated Hosts"
	noOwner     = "dedicated to others"
	noEmpty     = "not empty"
	noGroup     = "against the placement group"
	noMemory    = "without memory"
	noVCPUs     = "without vCPUs"
)

var reasonOrder = []string{noUp, noClosed, noZone, noHost, noArch, noAccel, noAllocated, noOwner, noEmpty, noGroup, noMemory, noVCPUs}

// reject counts a host that is passed over.
func (e *Explanation) reject(why string) {
	if e.Rejected == nil {
		e.Rejected = map[string]int{}
	}
	e.Rejected[why]++
}

// String tells the decision in one sentence, such as "3 of 8 hosts have room: 3 down,
// 2 without memory".
func (e Explanation) String() string {
	var b strings.Builder
	looked := ""
	if e.Some {
		looked = " looked at"
	} else if e.Named {
		looked = " that will do"
	}
	switch {
	case e.Hosts == 0 && e.Named:
		return "no host that will do is there"
	case e.Hosts == 0 && !e.Some:
		return "there are no hosts"
	case e.Fit == 1:
		fmt.Fprintf(&b, "1 of %d hosts%s has room", e.Hosts, looked)
	default:
		fmt.Fprintf(&b, "%d of %d hosts%s have room", e.Fit, e.Hosts, looked)
	}
	sep := ": "
	for _, r := range reasonOrder {
		if n := e.Rejected[r]; n > 0 {
			fmt.Fprintf(&b, "%s%d %s", sep, n, r)
			sep = ", "
		}
	}
	if e.Fit > 0 && e.Room < e.Wanted {
		fmt.Fprintf(&b, "; room for %d of %d in one zone", e.Room, e.Wanted)
	}
	return b.String()
}

package agent

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/micacloud/mica/hostagent/boot"
	"github.com/micacloud/mica/hostagent/console"
	"github.com/micacloud/mica/proto/agentpb"
)

// stepCloudInit is when the guest's console said that cloud-init has finished.
const stepCloudInit = "cloud-init-finished"

// steps are the moments of a boot's timeline that the guest itself marks: an address by
// DHCP, a metadata token, its user data, cloud-init's end.
type steps struct {
	agent *Agent
	mu    sync.Mutex
	seen  map[string][]*agentpb.Step // by instance and epoch
}

func stepKey(instance string, epoch int64) string { return fmt.Sprintf("%s/%d", instance, epoch) }

// mark adds a step, unless the boot has it.
func (s *steps) mark(instance string, epoch int64, name string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := stepKey(instance, epoch)
	for _, st := range s.seen[key] {
		if st.Name == name {
			return
		}
	}
	s.seen[key] = append(s.seen[key], &agentpb.Step{Name: name, AtUnixNano: at.UnixNano()})
	s.agent.boots.Hint(instance)
}

func (s *steps) of(instance string, epoch int64) []*agentpb.Step {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[stepKey(instance, epoch)]
}

// forget drops an instance's steps, when nothing of it is left here.
func (s *steps) forget(instance string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.seen, func(key string, _ []*agentpb.Step) bool { return strings.HasPrefix(key, instance+"/") })
}

func (s *steps) has(instance string, epoch int64, name string) bool {
	for _, st := range s.of(instance, epoch) {
		if st.Name == name {
			return true
		}
	}
	return false
}

// finished is cloud-init's last line: "Cloud-init v. 22.4.2 finished at Sat, 21 Nov 2026
// 01:22:21 +0000. Datasource DataSourceEc2Local.  Up 120.21 seconds".
var finished = regexp.MustCompile(`Cloud-init v\. \S+ finished at (\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4})\.`)

// watchConsoles looks for cloud-init's last line in the consoles of running guests.
func (a *Agent) watchConsoles(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		a.set.each("boot/", func(i *agentpb.Item) {
			if b := i.GetBoot(); a.reports.phase(b.InstanceId, b.Epoch) == boot.PhaseRunning && !a.steps.has(b.InstanceId, b.Epoch, stepCloudInit) {
				a.lookForCloudInit(b)
			}
		})
	}
}

// lookForCloudInit marks the step if the line is there and of this boot: the log keeps
// the boots before.
func (a *Agent) lookForCloudInit(b *agentpb.Boot) {
	out, said, err := console.Tail(a.exec.ConsoleLog(b.InstanceId))
	if err != nil || said.UnixNano() < b.AcceptedUnixNano {
		return
	}
	all := finished.FindAllSubmatch(out, -1)
	if len(all) == 0 {
		return
	}
	at, err := time.Parse("Mon, 02 Jan 2006 15:04:05 -0700", string(all[len(all)-1][1]))
	if err == nil && at.UnixNano() >= b.AcceptedUnixNano {
		a.steps.mark(b.InstanceId, b.Epoch, stepCloudInit, at)
	}
}

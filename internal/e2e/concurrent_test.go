package e2e

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/micacloud/mica/internal/testkit"
)

// TestManyClients has 32 clients launch, stop, start and terminate on 100 hosts that they
// more than fill; once undisturbed, and once with mica killed in the middle and started
// again, when every client asks again until it is answered.
func TestManyClients(t *testing.T) {
	for name, kill := range map[string]bool{"undisturbed": false, "killed": true} {
		t.Run(name, func(t *testing.T) {
			w := &crowd{t: t, killed: kill}
			w.m = Start(t, Options{Sim: true, Flags: []string{"--sim-hosts", "100", "--sim-vcpus", "2", "--sim-memory", "4G", "--cpu-overcommit", "1"}})
			w.run(w.m.ImportTiny())
		})
	}
}

// What a crowd is made of: t3.nano has 2 vCPUs, so that a host of it has room for one.
const (
	clients    = 32
	rounds     = 16 // of each client
	crowdHosts = 100
)

// crowd is many clients of one Mica, and what was acknowledged to them.
type crowd struct {
	t      *testing.T
	m      *Mica
	killed bool
	done   atomic.Int64 // calls that were answered
	full   atomic.Int64 // of these, with no capacity

	mu    sync.Mutex
	wants map[string]string // the state that an instance is to end in
}

func (w *crowd) run(ami string) {
	w.wants = map[string]string{}
	var working sync.WaitGroup
	for n := range clients {
		working.Go(func() { w.client(n, ami) })
	}
	finished := make(chan struct{})
	go func() { working.Wait(); close(finished) }()
	if w.killed {
		testkit.Wait(w.t, patience, "the crowd to be in the middle", func() bool { return w.done.Load() > clients*rounds/2 })
		w.m.Kill()
		w.m.Up()
	}
	for looking := true; looking; {
		select {
		case <-finished:
			looking = false
		case <-time.After(20 * time.Millisecond):
		}
		w.check()
	}
	if w.full.Load() == 0 {
		w.t.Error("the hosts were never full: nothing was contended for")
	}
	var wrong []string
	deadline := time.Now().Add(patience)
	for wrong = w.wrong(); len(wrong) > 0 && time.Now().Before(deadline); wrong = w.wrong() {
		<-time.After(100 * time.Millisecond)
	}
	if len(wrong) > 0 {
		w.t.Errorf("of %d instances these did not come to what was acknowledged:\n%s", len(w.wants), strings.Join(wrong, "\n"))
	}
	w.check()
	w.held()
}

// client does its share, one call after the other.
func (w *crowd) client(n int, ami string) {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	var mine []string
	for round := range rounds {
		if len(mine) == 0 || r.IntN(3) == 0 {
			mine = append(mine, w.launch(fmt.Sprintf("client-%d-%d", n, round), ami, 1+r.IntN(6))...)
			continue
		}
		i := r.IntN(len(mine))
		id := mine[i]
		switch action := []string{"StopInstances", "StartInstances", "TerminateInstances", "DescribeInstances"}[r.IntN(4)]; action {
		case "DescribeInstances":
			if body, code := w.call(action, url.Values{"InstanceId.1": {id}}); code != "" || !strings.Contains(string(body), id) {
				w.t.Errorf("what was acknowledged is not there: %s: %s", id, code)
			}
		default:
			_, code := w.call(action, url.Values{"InstanceId.1": {id}})
			switch {
			case code == "":
				w.want(map[string]string{"StopInstances": "stopped", "StartInstances": "running", "TerminateInstances": "terminated"}[action], id)
			case code != "IncorrectInstanceState" && code != "InsufficientInstanceCapacity":
				w.t.Errorf("%s of %s: %s", action, id, code)
			}
			if action == "TerminateInstances" {
				mine = slices.Delete(mine, i, i+1)
			}
		}
	}
}

func (w *crowd) want(state string, ids ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		w.wants[id] = state
	}
}

// launch asks for instances twice at once with one token: both hear of one reservation.
func (w *crowd) launch(token, ami string, count int) []string {
	form := url.Values{"ImageId": {ami}, "InstanceType": {"t3.nano"}, "MinCount": {"1"}, "MaxCount": {fmt.Sprint(count)}, "ClientToken": {token}}
	type answer struct {
		Reservation string   `xml:"reservationId"`
		IDs         []string `xml:"instancesSet>item>instanceId"`
	}
	var answers [2]answer
	var codes [2]string
	var both sync.WaitGroup
	for i := range answers {
		both.Go(func() {
			var body []byte
			if body, codes[i] = w.call("RunInstances", form); codes[i] == "" {
				if err := xml.Unmarshal(body, &answers[i]); err != nil {
					w.t.Error(err)
				}
			}
		})
	}
	both.Wait()
	for i, a := range answers {
		slices.Sort(a.IDs)
		if codes[i] == "" {
			w.want("running", a.IDs...)
		} else if codes[i] != "InsufficientInstanceCapacity" {
			w.t.Errorf("launch: %s", codes[i])
		}
	}
	switch a, b := answers[0], answers[1]; {
	case codes[0] == "" && codes[1] == "" && (a.Reservation != b.Reservation || !slices.Equal(a.IDs, b.IDs)):
		w.t.Errorf("token %s made %+v and %+v", token, a, b)
	case codes[0] != "": // there was room for the other, or for none
		return b.IDs
	}
	return answers[0].IDs
}

var errorCode = regexp.MustCompile(`<Code>([^<]*)</Code>`)

// call makes a call, again while mica is away, and returns the error's code. No answer is
// the server's fault but that there is no capacity, which EC2 says so.
func (w *crowd) call(action string, form url.Values) ([]byte, string) {
	for deadline := time.Now().Add(patience); ; <-time.After(20 * time.Millisecond) {
		status, body, err := w.m.Post("ec2", "2016-11-15", action, form)
		if err != nil {
			if !w.killed || time.Now().After(deadline) {
				w.t.Errorf("%s: %v", action, err)
				return nil, "NoAnswer"
			}
			continue
		}
		code := "?"
		if m := errorCode.FindSubmatch(body); m != nil {
			code = string(m[1])
		}
		if code == "Unavailable" && w.killed && time.Now().Before(deadline) {
			continue // it has just started: AWS's own clients ask again, too
		}
		w.done.Add(1)
		if status == http.StatusOK {
			return body, ""
		}
		if code == "InsufficientInstanceCapacity" {
			w.full.Add(1)
		} else if status >= 500 {
			w.t.Errorf("%s: %d %s", action, status, body)
		}
		return body, code
	}
}

// check holds what is so at any moment: no host has more than it can take, and no address
// is held twice.
func (w *crowd) check() {
	body, err := w.m.Admin("/v1/hosts")
	if err != nil {
		w.t.Errorf("hosts: %v", err)
		return
	}
	var hosts []struct {
		ID                       string
		VCPUs, UsedVCPUs         int
		MemoryMiB, UsedMemoryMiB int
	}
	if err := json.Unmarshal(body, &hosts); err != nil || len(hosts) != crowdHosts {
		w.t.Errorf("%d hosts, %v", len(hosts), err)
	}
	for _, h := range hosts {
		if h.UsedVCPUs < 0 || h.UsedVCPUs > h.VCPUs || h.UsedMemoryMiB < 0 || h.UsedMemoryMiB > h.MemoryMiB {
			w.t.Errorf("a host holds more than it can take, or less than nothing: %+v", h)
		}
	}
	holder := map[string]string{}
	for _, i := range w.m.describe(w.t) {
		if i.Address == "" {
			continue
		}
		at := i.Subnet + " " + i.Address
		if other := holder[at]; other != "" {
			w.t.Errorf("%s is held by %s and %s", at, other, i.ID)
		}
		holder[at] = i.ID
	}
}

// wrong lists the instances that are not what was acknowledged, and those of which nobody
// was told.
func (w *crowd) wrong() []string {
	left := maps.Clone(w.wants)
	var out []string
	for _, i := range w.m.describe(w.t) {
		want, told := left[i.ID]
		switch {
		case !told:
			out = append(out, fmt.Sprintf("%s was told to nobody; its token is %q", i.ID, i.Token))
		case i.State != want:
			out = append(out, fmt.Sprintf("%s is %s, not %s: %s", i.ID, i.State, want, i.Reason))
		}
		delete(left, i.ID)
	}
	for id, want := range left {
		out = append(out, fmt.Sprintf("%s, which is to be %s, is not there", id, want))
	}
	return out
}

// held compares what hosts are said to hold with the guests that are placed on them.
func (w *crowd) held() {
	var hosts []struct {
		ID                string
		UsedVCPUs, Guests int
	}
	var instances []struct{ ID, State, Host string }
	for path, out := range map[string]any{"/v1/hosts": &hosts, "/v1/instances": &instances} {
		body, err := w.m.Admin(path)
		if err == nil {
			err = json.Unmarshal(body, out)
		}
		if err != nil {
			w.t.Fatalf("%s: %v", path, err)
		}
	}
	on := map[string]int{}
	for _, i := range instances {
		if i.State == "running" {
			on[i.Host]++
		}
	}
	for _, h := range hosts {
		if h.Guests != on[h.ID] || h.UsedVCPUs != 2*on[h.ID] {
			w.t.Errorf("host %s is said to hold %d guests with %d vCPUs; %d run there", h.ID, h.Guests, h.UsedVCPUs, on[h.ID])
		}
	}
}
